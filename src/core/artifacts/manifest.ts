import { UserError } from "../../errors.ts";
import { compareText } from "../text/order.ts";
import { type Content, digestOf, isDirectory, type Md5, md5, type Sha256 } from "./digest.ts";
import { unsafePath } from "./path.ts";

/** One file of a directory. */
export interface ManifestEntry {
  /** Below the directory, with `/`. */
  readonly relpath: string;
  readonly md5: Md5;
}

/** The files of a directory, by code points of their paths. */
export type Manifest = readonly ManifestEntry[];

/** A directory's file as it was hashed. */
export interface ManifestFile extends ManifestEntry {
  readonly sha256: Sha256;
  readonly size: number;
}

/**
 * A manifest's text, byte for byte as DVC's Python writes it, since its md5 is the directory's name.
 *
 * @example printManifest([{ relpath: "é.txt", md5: "60b725f10c9c85c70d97880dfe8191b3" }]) // => '[{"md5": "60b725f10c9c85c70d97880dfe8191b3", "relpath": "\\u00e9.txt"}]'
 * @example printManifest([]) // => "[]"
 */
export function printManifest(manifest: Manifest): string {
  return printList(
    "md5",
    manifest.map(({ md5, relpath }) => [md5, relpath]),
  );
}

/** Rows of one key and `relpath`, sorted by that, as `json.dumps(…, sort_keys=True)` prints. */
function printList(
  key: "md5" | "sha256",
  rows: readonly (readonly [value: string, relpath: string])[],
): string {
  const sorted = [...rows].sort(([, a], [, b]) => compareText(a, b));
  return `[${sorted.map(([value, relpath]) => printEntry(key, value, relpath)).join(", ")}]`;
}

/**
 * One file of a manifest, as Python prints it.
 *
 * @example printEntry("md5", "60b725f10c9c85c70d97880dfe8191b3", "a") // => '{"md5": "60b725f10c9c85c70d97880dfe8191b3", "relpath": "a"}'
 */
export function printEntry(key: "md5" | "sha256", value: string, relpath: string): string {
  const [first, second] = [`"${key}": "${value}"`, `"relpath": ${pythonString(relpath)}`];
  return key === "md5" ? `{${first}, ${second}}` : `{${second}, ${first}}`;
}

/** A JSON string in ASCII: everything from 0x7f on is escaped, surrogate pairs one half at a time. */
function pythonString(text: string): string {
  if (/^[ !#-[\]-~]*$/.test(text)) return `"${text}"`;
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * What a directory of these files holds: its md5 is DVC's; its sha256 is that of a manifest with
 * sha256 in place of md5, so that it does not rest on md5 anywhere.
 *
 * @example directoryContent([]).md5 // => "d751713988987e9331980363e24189ce.dir"
 */
export function directoryContent(files: readonly ManifestFile[]): Content {
  const long = printList(
    "sha256",
    files.map(({ relpath, sha256 }) => [sha256, relpath]),
  );
  return {
    md5: `${digestOf(printManifest(files)).md5}.dir` as Md5,
    sha256: digestOf(long).sha256,
    size: files.reduce((sum, { size }) => sum + size, 0),
    nfiles: files.length,
  };
}

/**
 * Reads a manifest that may come from anywhere; keys that are not known are left aside.
 *
 * @param where for messages, such as the object's name
 * @throws {UserError} where it is no manifest, or names a file outside of its directory
 *
 * @example parseManifest('[{"md5": "60b725f10c9c85c70d97880dfe8191b3", "relpath": "../x"}]', "m") // throws "leads out"
 */
export function parseManifest(text: string, where: string): Manifest {
  const manifest = listOf(text, where).map((row, index) => entryOf(row, `entry ${index + 1} of ${where}`));
  const names = new Set(manifest.map(({ relpath }) => relpath));
  if (names.size < manifest.length) throw new UserError(`${where} lists a file twice`);
  for (const name of names) {
    for (let cut = name.lastIndexOf("/"); cut > 0; cut = name.lastIndexOf("/", cut - 1)) {
      if (names.has(name.slice(0, cut))) throw new UserError(`${where} lists a file as a folder: "${name}"`);
    }
  }
  return manifest;
}

function listOf(text: string, where: string): readonly unknown[] {
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list)) return list;
  } catch {
    // said below
  }
  throw new UserError(`${where} is not the list of a directory's files; push the directory again`);
}

function entryOf(row: unknown, where: string): ManifestEntry {
  const { md5: name, relpath } = (row ?? {}) as { md5?: unknown; relpath?: unknown };
  const short = typeof name === "string" ? md5(name) : undefined;
  if (short === undefined || isDirectory(short)) throw new UserError(`${where} has no md5`);
  if (typeof relpath !== "string") throw new UserError(`${where} has no relpath`);
  const reason = unsafePath(relpath);
  if (reason !== undefined) throw new UserError(`${where} is "${relpath}", which ${reason}`);
  return { relpath, md5: short };
}
