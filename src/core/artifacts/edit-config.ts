import { UserError } from "../../errors.ts";
import { type Item, itemsOf, linesOf, printValue, printValues } from "./config-grammar.ts";
import { sectionName } from "./dvc-config.ts";

/*
 * Changes of `.dvc/config` as text. Comments, blank lines and everything that is not asked for stay; what is
 * written is what DVC writes. Sections have the names that `parseDvcConfig` gives them: `core`, `remote store`.
 */

/**
 * A configuration with a setting; where the key is there, its line is written anew, with its comment.
 *
 * @throws {UserError} where the value cannot be written in DVC's grammar
 *
 * @example setSetting("", "core", "remote", "store") // => "[core]\n    remote = store\n"
 * @example setSetting("[core]\n    remote = a # ours\n", "core", "remote", "b") // => "[core]\n    remote = b # ours\n"
 * @example setSetting("[core]\n", "remote store", "url", "s3://b") // => "[core]\n['remote \"store\"']\n    url = s3://b\n"
 */
export function setSetting(
  text: string,
  section: string,
  key: string,
  value: string | readonly string[],
): string {
  const printed = typeof value === "string" ? printValue(value) : printValues(value);
  if (printed === undefined) throw new UserError(`the value of "${key}" holds quotes of every kind`);
  const name = key.toLowerCase();
  const items = itemsOf(text);
  const lines = bodyOf(text);
  const known = settingsOf(items, section)
    .filter((item) => item.key.toLowerCase() === name)
    .at(-1);
  if (known !== undefined) {
    lines.splice(known.from, known.to - known.from, `${known.indent}${name} = ${printed}${known.comment}`);
    return textOf(lines, text);
  }
  const line = `    ${name} = ${printed}`;
  const last = [...items].filter((item) => inSection(items, item, section)).at(-1);
  if (last === undefined) lines.push(`[${headOf(section)}]`, line);
  else lines.splice(last.to, 0, line);
  return textOf(lines, text);
}

/**
 * A configuration without a setting; the section stays.
 *
 * @example unsetSetting("[core]\n    remote = a\n    autostage = true\n", "core", "remote") // => "[core]\n    autostage = true\n"
 */
export function unsetSetting(text: string, section: string, key: string): string {
  const lines = bodyOf(text);
  const gone = settingsOf(itemsOf(text), section).filter(
    (item) => item.key.toLowerCase() === key.toLowerCase(),
  );
  for (const { from, to } of gone.reverse()) lines.splice(from, to - from);
  return textOf(lines, text);
}

/**
 * A configuration without a section, and without the comments between its settings; those right before
 * the next section belong to that one.
 *
 * @example removeSection("[core]\n    remote = a\n['remote \"a\"']\n    url = /a\n", "remote a") // => "[core]\n    remote = a\n"
 */
export function removeSection(text: string, section: string): string {
  const items = itemsOf(text);
  const lines = bodyOf(text);
  const inside = items.filter((item) => inSection(items, item, section));
  for (const head of inside.filter(({ kind }) => kind === "section").reverse()) {
    const next = items.find((item) => item.kind === "section" && item.from > head.from)?.from ?? Infinity;
    const end = inside.filter(({ from }) => from >= head.from && from < next).at(-1)?.to ?? head.to;
    lines.splice(head.from, end - head.from);
  }
  return textOf(lines, text);
}

/**
 * A configuration with another name for a section.
 *
 * @example renameSection("['remote \"a\"'] # ours\n    url = /a\n", "remote a", "remote b") // => "['remote \"b\"'] # ours\n    url = /a\n"
 */
export function renameSection(text: string, section: string, name: string): string {
  const lines = bodyOf(text);
  for (const item of itemsOf(text)) {
    if (item.kind !== "section" || sectionName(item.name) !== section) continue;
    const comment = /\]\s*(#.*)$/.exec(lines[item.from] ?? "")?.[1];
    lines[item.from] = `[${headOf(name)}]${comment === undefined ? "" : ` ${comment}`}`;
  }
  return textOf(lines, text);
}

/** Whether an item is a section's head or stands below it. */
function inSection(items: readonly Item[], item: Item, section: string): boolean {
  const head = items.filter((one) => one.kind === "section" && one.from <= item.from).at(-1);
  return head?.kind === "section" && sectionName(head.name) === section;
}

function settingsOf(items: readonly Item[], section: string): (Item & { kind: "setting" })[] {
  return items.flatMap((item) => (item.kind === "setting" && inSection(items, item, section) ? [item] : []));
}

/** `remote store` is written `'remote "store"'`. @throws {UserError} for names that no section can have */
function headOf(section: string): string {
  const [, kind, name] = /^(remote|machine|db) (.*)$/s.exec(section) ?? [];
  if (kind === undefined) return section;
  if (name === undefined || name === "" || /["'\n\r[\]]/.test(name)) {
    throw new UserError(`"${name}" is no name for a ${kind}; it has neither quotes nor brackets`);
  }
  return `'${kind} "${name}"'`;
}

function bodyOf(text: string): string[] {
  const lines = linesOf(text);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function textOf(lines: readonly string[], before: string): string {
  const end = before.includes("\r\n") ? "\r\n" : "\n";
  return lines.map((line) => `${line}${end}`).join("");
}
