import { isMap, isPair, isScalar, visit } from "yaml";
import { UserError } from "../../errors.ts";
import { readPlainYaml } from "./plain-yaml.ts";
import { parseYamlFile } from "./yaml-file.ts";

/** A value of a YAML file and the keys that lead to it. */
export interface Found {
  readonly value: unknown;
  readonly path: readonly (string | number)[];
}

/** What is wrong with a value; its place is looked up only when it is asked for. */
class Wrong extends Error {
  readonly path: Found["path"];

  constructor({ path }: Found, message: string) {
    super(message);
    this.path = path;
  }
}

/**
 * Reads a YAML file that may come from a stranger into something typed. The usual file, which DVC or
 * Trainyard printed, is read without a whole YAML parser; only what is wrong is looked up again, with
 * its line and column.
 *
 * @param file its path, for messages
 * @param read called with the whole file; refuses with `wrong` and the readers below
 * @throws {UserError} at line and column
 *
 * @example readFound("a: 3\n", "f.yaml", (top) => countAt(top, "a")) // => 3
 * @example readFound("a: x\n", "f.yaml", (top) => countAt(top, "a")) // throws 'f.yaml:1:4 "a" is not a whole number'
 */
export function readFound<T>(text: string, file: string, read: (top: Found) => T): T {
  const plain = readPlainYaml(text);
  const value = plain ?? wholeYaml(text, file);
  try {
    return read({ value, path: [] });
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    throw new UserError(error.message, { at: parseYamlFile(text, file).place(error.path) });
  }
}

/** Keys whose values are texts, although some of them look like numbers. */
const TEXTS = new Set(["md5", "etag", "checksum", "version_id", "rev", "rev_lock", "schema"]);

function wholeYaml(text: string, file: string): unknown {
  const { document } = parseYamlFile(text, file);
  visit(document, {
    Pair(_key, { key, value }) {
      if (!isScalar(key) || !TEXTS.has(String(key.value)) || !isScalar(value)) return;
      if (typeof value.value === "number" && value.source !== undefined) value.value = value.source;
    },
    Map(_key, map) {
      if (map.items.some((pair) => isPair(pair) && isScalar(pair.key) && pair.key.value === "__proto__")) {
        throw new UserError('"__proto__" is no name for a key', { at: { file } });
      }
    },
  });
  return isMap(document.contents) ? document.toJS({ maxAliasCount: 0 }) : undefined;
}

/** Refuses a value, in one sentence that does not name its place. */
export function wrong(found: Found, message: string): never {
  throw new Wrong(found, message);
}

/** The value under a key, which may be undefined; null counts as not there. */
export function under({ value, path }: Found, key: string | number): Found {
  const inner = (value as Readonly<Record<string, unknown>>)[key];
  return { value: inner === null ? undefined : inner, path: [...path, key] };
}

/** Whether a value is a map, and no list. */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The map under a key, or undefined. */
export function mapAt(map: Found, key: string | number): Found | undefined {
  const found = under(map, key);
  if (found.value === undefined || isMapping(found.value))
    return found.value === undefined ? undefined : found;
  return wrong(found, `"${key}" is not a map`);
}

/** The values of the list under a key; none where it is not there. */
export function listAt(map: Found, key: string): readonly Found[] {
  const found = under(map, key);
  if (found.value === undefined) return [];
  if (!Array.isArray(found.value)) return wrong(found, `"${key}" is not a list`);
  return found.value.map((value: unknown, index) => ({ value, path: [...found.path, index] }));
}

/** The maps of the list under a key. */
export function mapsAt(map: Found, key: string): readonly Found[] {
  return listAt(map, key).map((item) =>
    isMapping(item.value) ? item : wrong(item, `"${key}" holds something that is not a map`),
  );
}

/** The entries of the map under a key, in the file's order. */
export function entriesAt(map: Found, key: string): readonly (readonly [string, Found])[] {
  const found = mapAt(map, key);
  return Object.keys((found?.value as object | undefined) ?? {}).map((name) => [
    name,
    under(found as Found, name),
  ]);
}

/** The text under a key; undefined where it is not there. */
export function textAt(map: Found, key: string): string | undefined {
  const found = under(map, key);
  if (found.value === undefined || typeof found.value === "string") return found.value;
  return wrong(found, `"${key}" is not a text`);
}

/** The whole number under a key, zero or more. */
export function countAt(map: Found, key: string): number | undefined {
  const found = under(map, key);
  if (found.value === undefined) return undefined;
  if (typeof found.value === "number" && Number.isSafeInteger(found.value) && found.value >= 0) {
    return found.value;
  }
  return wrong(found, `"${key}" is not a whole number`);
}

/** The true or false under a key; a text such as `yes` is neither. */
export function flagAt(map: Found, key: string): boolean | undefined {
  const found = under(map, key);
  if (found.value === undefined || typeof found.value === "boolean") return found.value;
  return wrong(found, `"${key}" is neither true nor false`);
}
