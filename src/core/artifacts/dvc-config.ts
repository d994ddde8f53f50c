import { type Place, UserError } from "../../errors.ts";

/** A setting and where it stands. */
export interface Setting {
  readonly value: string;
  readonly at: Place;
}

/** Settings by section and key; a remote's section is called `remote NAME`. */
export type DvcConfig = ReadonlyMap<string, ReadonlyMap<string, Setting>>;

/**
 * Reads `.dvc/config`: the part of ConfigObj's grammar that DVC writes. Keys are lower-cased.
 *
 * @param file its path, for messages
 * @throws {UserError} at the line that is neither section, setting nor comment
 *
 * @example parseDvcConfig("[core]\n    remote = store\n['remote \"store\"']\n    url = ../store\n", "config").get("remote store").get("url").value // => "../store"
 * @example parseDvcConfig("[core]\nremote\n", "config") // throws "config:2"
 */
export function parseDvcConfig(text: string, file: string): DvcConfig {
  const sections = new Map<string, Map<string, Setting>>();
  let section: Map<string, Setting> | undefined;
  for (const [index, raw] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    const at = { file, line: index + 1 };
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const head = /^\[\s*([^[\]].*?)\s*\]\s*(#.*)?$/.exec(line)?.[1];
    if (head !== undefined) {
      const name = sectionName(head);
      section = sections.get(name) ?? new Map();
      sections.set(name, section);
      continue;
    }
    const [, key, value] = /^(["']?[^"'=\s]+["']?)\s*=\s*(.*)$/.exec(line) ?? [];
    if (key === undefined || value === undefined) {
      throw new UserError(`"${line}" is neither a [section] nor "key = value"`, { at });
    }
    if (section === undefined) throw new UserError(`"${line}" stands before the first [section]`, { at });
    section.set(unquoted(key).toLowerCase(), { value: settingOf(value, at), at });
  }
  return sections;
}

/** `'remote "store"'` and `remote "store"` are one name, `remote store`. */
function sectionName(head: string): string {
  const [, kind, name] = /^(\w+)\s*"(.*)"$/.exec(unquoted(head)) ?? [];
  return kind === undefined ? unquoted(head) : `${kind} ${name}`;
}

function unquoted(text: string): string {
  return /^(["'])(.*)\1$/.exec(text)?.[2] ?? text;
}

function settingOf(text: string, at: Place): string {
  if (/^("""|''')/.test(text)) throw new UserError("a value of several lines is not supported", { at });
  const quoted = /^(["'])(.*?)\1\s*(#.*)?$/.exec(text)?.[2];
  const value = quoted ?? text.replace(/\s*#.*$/, "");
  if (quoted === undefined && /^["']/.test(value))
    throw new UserError(`the quote of ${value} does not end`, { at });
  if (/%\(.*\)s/.test(value)) throw new UserError(`"${value}" refers to another value; write it out`, { at });
  return value;
}

/** Settings of several files in one; later files win. */
export function mergeDvcConfigs(...configs: readonly DvcConfig[]): DvcConfig {
  const merged = new Map<string, Map<string, Setting>>();
  for (const config of configs) {
    for (const [section, settings] of config) {
      merged.set(section, new Map([...(merged.get(section) ?? []), ...settings]));
    }
  }
  return merged;
}

/** A remote of the configuration: where it is, as it was written. */
export interface RemoteSetting {
  readonly name: string;
  readonly url: Setting;
  /** Everything else that its section says: `endpointurl`, `user`, `keyfile` … */
  readonly options: ReadonlyMap<string, Setting>;
}

/** The repository names no remote at all: a beginning, not a mistake. */
export class NoRemoteSet extends UserError {}

/**
 * The remote of a name, or the default one.
 *
 * @throws {NoRemoteSet} where no name is asked for and there is no default
 * @throws {UserError} where there is none of that name, or no default, naming those that there are
 *
 * @example remoteSetting(new Map()) // throws "no remote"
 */
export function remoteSetting(config: DvcConfig, name?: string): RemoteSetting {
  const names = [...config.keys()].flatMap((section) => /^remote (.*)$/.exec(section)?.[1] ?? []);
  const there = names.length === 0 ? "there is none" : `there is ${names.join(", ")}`;
  const asDefault = config.get("core")?.get("remote");
  const wanted = name ?? asDefault?.value;
  if (wanted === undefined) {
    throw new NoRemoteSet(`no remote is set; write "[core]" with "remote = NAME" to .dvc/config (${there})`);
  }
  const { url, ...rest } = Object.fromEntries(config.get(`remote ${wanted}`) ?? []);
  if (url !== undefined) return { name: wanted, url, options: new Map(Object.entries(rest)) };
  throw new UserError(`no remote "${wanted}" with a url in .dvc/config; ${there}`, {
    ...(name === undefined && asDefault !== undefined ? { at: asDefault.at } : {}),
  });
}
