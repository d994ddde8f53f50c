import { type Document, isMap, isScalar, isSeq, type YAMLMap } from "yaml";
import { type Content, digestOf, digitsOf, type ObjectName } from "./digest.ts";
import type { CloudVersion } from "./entry.ts";
import type { SourceRepo } from "./pointer.ts";
import { pythonJson } from "./python-json.ts";
import { parseYamlFile } from "./yaml-file.ts";

const STYLE = { indentSeq: false, lineWidth: 0, singleQuote: true } as const;
/** What another system called the bytes that were there before. */
const OF_OLD_BYTES = ["cloud", "files", "etag", "checksum", "version_id"];

/**
 * A pointer file for `path`, as DVC 3 writes it; what else the file held before stays, comments too.
 * An entry of DVC 2 becomes one of DVC 3.
 *
 * @param path the file's name, in the pointer's folder
 * @param before the pointer file as it was
 *
 * @example printPointer("a.txt", { md5: "60b725f10c9c85c70d97880dfe8191b3", sha256: "", size: 2 }) // => "outs:\n- md5: 60b725f10c9c85c70d97880dfe8191b3\n  size: 2\n  hash: md5\n  path: a.txt\n"
 */
export function printPointer(
  path: string,
  { md5, size, nfiles }: Pick<Content, "md5" | "size" | "nfiles">,
  options: { readonly executable?: boolean; readonly before?: string; readonly file?: string } = {},
): string {
  const entry = {
    md5,
    size,
    nfiles,
    isexec: options.executable === true ? true : undefined,
    hash: "md5",
    path,
  };
  const { document } = parseYamlFile(options.before ?? "outs: []\n", options.file ?? `${path}.dvc`);
  const kept = entryFor(document, path);
  if (kept === undefined) {
    document.set("outs", document.createNode([present(entry)]));
  } else if (!update(kept, entry) && options.before !== undefined) {
    return options.before;
  }
  if (isMap(document.contents) && document.has("deps")) {
    const own = selfMd5(document.toString(STYLE), options.file ?? `${path}.dvc`);
    document.set("md5", own);
  }
  return document.toString(STYLE);
}

/** The entry of a path: of several the one that says so, else the only one. */
export function entryFor(document: Document, path: string): YAMLMap | undefined {
  const outs = document.get("outs", true);
  const maps = isSeq(outs) ? outs.items.filter((item) => isMap(item)) : [];
  return maps.find((map) => map.get("path") === path) ?? (maps.length === 1 ? maps[0] : undefined);
}

/** Whether anything had to be changed. Keys keep their order, as DVC keeps it; new ones come last. */
function update(map: YAMLMap, entry: Readonly<Record<string, unknown>>): boolean {
  let changed = false;
  for (const [key, value] of Object.entries(entry)) {
    const node = map.get(key, true);
    const now =
      isScalar(node) && typeof node.value === "number" && key === "md5" ? node.source : map.get(key);
    if (key === "path" || now === value) continue;
    changed = true;
    if (value === undefined) map.delete(key);
    else map.set(key, value);
  }
  if (changed) for (const key of OF_OLD_BYTES) map.delete(key);
  return changed;
}

function present(map: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).filter(([, value]) => value !== undefined));
}

/** What an import's pointer says. */
export interface Import {
  /** The file's name, in the pointer's folder. */
  readonly path: string;
  /** What came over; undefined before anything did. */
  readonly content?: Pick<Content, "md5" | "size" | "nfiles">;
  readonly executable?: boolean;
  readonly from:
    | { readonly path: string; readonly repo: SourceRepo }
    | ({
        readonly url: string;
        readonly size?: number;
        readonly nfiles?: number;
        readonly name?: ObjectName;
      } & Omit<CloudVersion, "remote">);
  /** Of another repository's file always, of a url where nobody is to ask whether it has changed. */
  readonly frozen: boolean;
  /** Kept from the pointer as it was: descriptions, labels, a remote of its own. */
  readonly before?: string;
}

/**
 * A pointer file for what was imported, as DVC 3 writes it, with the md5 over its own content.
 *
 * @example printImport({ path: "x", frozen: true, content: { md5: "60b725f10c9c85c70d97880dfe8191b3", size: 2 }, from: { path: "a/x", repo: { url: "../lib", revLock: "1234567890123456789012345678901234567890" } } }).split("\n")[1] // => "frozen: true"
 */
export function printImport(wanted: Import): string {
  const { path, content, from } = wanted;
  const dep =
    "repo" in from
      ? {
          path: from.path,
          repo: present({
            url: from.repo.url,
            rev: from.repo.rev,
            rev_lock: from.repo.revLock,
            config: from.repo.config,
            remote: from.repo.remote,
          }),
        }
      : present({
          md5: from.name === undefined ? undefined : digitsOf(from.name),
          size: from.size,
          nfiles: from.nfiles,
          version_id: from.versionId,
          etag: from.etag,
          checksum: from.checksum,
          hash: "md5",
          path: from.url,
        });
  const out = present({
    md5: content?.md5,
    size: content?.size,
    nfiles: content?.nfiles,
    isexec: wanted.executable === true ? true : undefined,
    hash: "md5",
    path,
  });
  const { document } = parseYamlFile(wanted.before ?? "md5: x\n", `${path}.dvc`);
  const kept = wanted.before === undefined ? undefined : entryFor(document, path);
  if (wanted.frozen) document.set("frozen", true);
  else document.delete("frozen");
  document.delete("locked");
  document.set("deps", document.createNode([dep]));
  if (kept === undefined) document.set("outs", document.createNode([out]));
  else update(kept, { md5: undefined, size: undefined, nfiles: undefined, isexec: undefined, ...out });
  document.set("md5", selfMd5(document.toString(STYLE), `${path}.dvc`));
  return document.toString(STYLE);
}

/** What says nothing of what was imported, and may be changed without importing anew. */
const ASIDE = new Set([
  "desc",
  "type",
  "labels",
  "meta",
  "locked",
  "frozen",
  "metric",
  "persist",
  "isexec",
  "size",
  "nfiles",
]);

/**
 * The md5 that a pointer file of an import has over its own content. DVC takes an import for changed
 * where it is another one.
 *
 * @example selfMd5("frozen: true\ndeps:\n- path: a\n  repo:\n    url: u\nouts:\n- path: a\n", "a.dvc") // => "e3f92ef8c7805ef62dd3c58fafbbb440"
 */
export function selfMd5(text: string, file: string): string {
  const { document } = parseYamlFile(text, file);
  const top = document.contents;
  if (!isMap(top)) return digestOf("{}").md5;
  top.delete("md5");
  if (top.get("wdir") === ".") top.delete("wdir");
  for (const key of ["deps", "outs"]) {
    const list = top.get(key, true);
    if (isSeq(list)) for (const item of list.items) if (isMap(item)) normalise(item);
  }
  for (const key of ["wdir", "always_changed", "deps", "outs"]) dropEmpty(top, key);
  return digestOf(pythonJson(top, ASIDE)).md5;
}

/** As DVC would write the entry anew: without what is the default, and of another repository's its path alone. */
function normalise(entry: YAMLMap): void {
  const repo = entry.get("repo", true);
  if (isMap(repo)) {
    for (const pair of [...entry.items]) {
      const key = String(isScalar(pair.key) ? pair.key.value : pair.key);
      if (key !== "path" && key !== "repo") entry.delete(key);
    }
    for (const key of ["rev", "rev_lock", "config", "remote"]) dropEmpty(repo, key);
  }
  for (const key of ["cache", "push"]) if (entry.get(key) === true) entry.delete(key);
  for (const key of ["md5", "etag", "checksum", "version_id", "remote", "plot", "fs_config", "cloud"]) {
    dropEmpty(entry, key);
  }
  const name = entry.get("md5", true);
  if (isScalar(name)) {
    name.value = (typeof name.value === "number" ? (name.source ?? "") : String(name.value)).toLowerCase();
  }
}

function dropEmpty(map: YAMLMap, key: string): void {
  const value: unknown = map.get(key);
  const items: unknown = (value as { items?: unknown } | undefined)?.items;
  if (value === null || value === "" || value === false || (Array.isArray(items) && items.length === 0)) {
    map.delete(key);
  }
}
