import type { Place } from "../errors.ts";
import type { Issue } from "./issues.ts";
import { foundText } from "./words.ts";
import { type Located, type Path, pathText, withNode } from "./yaml/located.ts";
import { readYaml } from "./yaml/read.ts";

/** Where the values of an override stand, for messages. */
export const overridePlace = (text: string): Place => ({
  file: `--set ${text.length > 120 ? `${text.slice(0, 120)}…` : text}`.replace(/\s+/g, " "),
});

/**
 * Sets one value of a contract from the command line: `train.params.epochs=5`.
 *
 * Entries of lists are numbered from 0, a name with a dot stands in double quotes, the value is a YAML
 * scalar or in brackets, and `null` or nothing takes a key out. What the contract may hold is asked later.
 */
export function override(
  root: Located,
  text: string,
): { readonly root: Located; readonly issues: readonly Issue[] } {
  const place = overridePlace(text);
  const wrong = (message: string) => ({ root, issues: [{ place, message }] });
  const parts = /^((?:"[^"]*"|[^"=])+)=([\s\S]*)$/.exec(text);
  const path = parts?.[1] === undefined ? undefined : readPath(parts[1].trim());
  if (path === undefined) return wrong("is not PATH=VALUE, such as train.params.epochs=5");

  const written = parts?.[2]?.trim() ?? "";
  const reading = written === "" ? undefined : readYaml(written, place.file, place);
  if (reading !== undefined && (reading.root === undefined || reading.issues.length > 0)) {
    return { root, issues: reading.issues };
  }
  const value: Located | undefined = reading?.root;
  const none = value === undefined || (value.kind === "scalar" && value.value === null);

  let grown = root;
  let parent = root;
  for (const [index, step] of path.entries()) {
    const here = path.slice(0, index);
    const above = pathText(here);
    if (parent.kind === "scalar")
      return wrong(`"${above}" is ${foundText(parent)}, which has no entry "${step}"`);
    if (parent.kind === "list" && (typeof step !== "number" || step > parent.items.length)) {
      return wrong(
        `"${above}" is a list of ${parent.items.length}; its entries are ${above}.0 to ${above}.${parent.items.length} (a new one)`,
      );
    }
    if (index === path.length - 1) break;
    const next = parent.kind === "map" ? parent.entries.get(String(step)) : parent.items[Number(step)];
    if (next === undefined) {
      if (none) return { root, issues: [] };
      const made = emptyFor(path[index + 1], place);
      grown = withNode(grown, [...here, step], made) ?? grown;
      parent = made;
    } else parent = next;
  }
  const keyless = parent.kind === "map" && none;
  return {
    root: withNode(grown, path, keyless ? undefined : (value ?? nothing(place))) ?? grown,
    issues: [],
  };
}

const nothing = (place: Place): Located => ({
  kind: "scalar",
  at: place,
  key: place,
  value: null,
  within: () => place,
});

const emptyFor = (step: string | number | undefined, place: Place): Located =>
  step === 0
    ? { kind: "list", at: place, key: place, items: [] }
    : { kind: "map", at: place, key: place, entries: new Map() };

/** `a.0.b`, `a[0].b` or `a."b.c"`; `undefined` where it is none of them. */
function readPath(text: string): Path | undefined {
  const path: (string | number)[] = [];
  const step = /(?:^|\.)(?:"([^"]+)"|([^."[\]\s]+))|\[(\d{1,6})\]/y;
  while (step.lastIndex < text.length) {
    const match = step.exec(text);
    if (match === null) return undefined;
    const [, quoted, word, index] = match;
    const number = index ?? (word !== undefined && /^\d{1,6}$/.test(word) ? word : undefined);
    path.push(number === undefined ? (quoted ?? word ?? "") : Number(number));
  }
  return path.length === 0 || path.includes("__proto__") ? undefined : path;
}
