import { type Document, isMap, isSeq, type YAMLMap } from "yaml";
import { UserError } from "../../errors.ts";
import { digestOf, isDirectory, type Md5, md5 } from "./digest.ts";
import { type Manifest, printManifest } from "./manifest.ts";
import { choose, type Favour, mergeManifests, type Sides } from "./merge.ts";
import { meaningOf } from "./merge-stages.ts";
import { parseYamlFile } from "./yaml-file.ts";

/** A pointer file with the changes of both sides. */
export interface MergedPointer {
  /** What collides is as it is in ours. */
  readonly text: string;
  /** A sentence for each collision. */
  readonly conflicts: readonly string[];
  /** Manifests of directories that are new: nothing but their names is in the text. */
  readonly manifests: readonly { readonly name: Md5; readonly text: string }[];
}

/** What says which bytes a file or directory has: from one side, all of it or nothing. */
const CONTENT = [
  "md5",
  "etag",
  "checksum",
  "version_id",
  "size",
  "nfiles",
  "isexec",
  "hash",
  "cloud",
  "files",
];
/** What a merged directory says of its bytes. */
const KEPT = ["md5", "size", "nfiles", "hash"];
/** So many files of a directory are named in a sentence. */
const NAMED = 5;

/** The directories whose manifests `mergePointer` wants to know. @throws {UserError} */
export function manifestsWanted({ base, ours, theirs }: Sides<string>, file: string): readonly Md5[] {
  const sides = [base, ours, theirs].flatMap((text) => (text === undefined ? [] : [read(text, file)]));
  const names = sides.flatMap((side) => [...outsOf(side).values()].flatMap((out) => directoryOf(out) ?? []));
  return new Set(names).size > 1 ? [...new Set(names)] : [];
}

/**
 * Merges a pointer file three-way: what one side changed is taken from there, and directories that both
 * changed are merged file by file, which needs their manifests and none of their data.
 *
 * @param file its path, for messages
 * @param manifests by name; a directory that is not among them is not merged
 * @param favour whose bytes count where both sides changed them; that is no conflict then
 * @throws {UserError} where a side is no pointer file
 */
export function mergePointer(
  sides: Sides<string>,
  file: string,
  manifests: ReadonlyMap<string, Manifest>,
  favour?: Favour,
): MergedPointer {
  const { base, ours, theirs } = sides;
  const [here, there] = [read(ours, file), read(theirs, file)];
  const was = read(base ?? "outs: []\n", file);
  const whole = choose(meaningOf(was.contents), meaningOf(here.contents), meaningOf(there.contents));
  if (whole !== undefined) return { text: whole === "ours" ? ours : theirs, conflicts: [], manifests: [] };
  if (here.has("deps") || there.has("deps")) return mergeImport(sides, file, favour);

  const conflicts: string[] = [];
  const made: MergedPointer["manifests"][number][] = [];
  mergeKeys(was, here, there, ["outs"], file, favour, conflicts);
  const [before, own, other] = [outsOf(was), outsOf(here), outsOf(there)];
  const merged = new Map<string, YAMLMap | undefined>();
  for (const path of new Set([...own.keys(), ...other.keys()])) {
    const [b, o, t] = [before.get(path), own.get(path), other.get(path)];
    const chosen = choose(b, o, t, (x, y) => meaningOf(x) === meaningOf(y));
    if (chosen !== undefined) merged.set(path, chosen === "ours" ? o : t);
    else if (o === undefined || t === undefined) {
      if (favour === undefined) conflicts.push(`"${path}" was changed on one side and removed on the other`);
      merged.set(path, favour === "theirs" ? t : o);
    } else {
      const out = mergeOut({ base: b, ours: o, theirs: t }, path, manifests, favour, conflicts);
      if (out !== undefined) made.push(out);
      merged.set(path, o);
    }
  }
  const outs = here.get("outs");
  if (isSeq(outs)) outs.items = [...merged.values()].filter((out) => out !== undefined);
  return { text: print(here), conflicts, manifests: made };
}

/** An import is one thing: where it came from and what it is belong together. */
function mergeImport({ ours, theirs }: Sides<string>, file: string, favour?: Favour): MergedPointer {
  if (favour !== undefined) return { text: favour === "ours" ? ours : theirs, conflicts: [], manifests: [] };
  return {
    text: ours,
    conflicts: [`it was imported anew on both sides; keep one, then run \`trainyard update ${file}\``],
    manifests: [],
  };
}

/** Merges one file or directory into ours; the new manifest, where there is one. */
function mergeOut(
  { base, ours, theirs }: Sides<YAMLMap>,
  path: string,
  manifests: ReadonlyMap<string, Manifest>,
  favour: Favour | undefined,
  conflicts: string[],
): MergedPointer["manifests"][number] | undefined {
  mergeKeys(base, ours, theirs, [...CONTENT, "path"], `"${path}"`, favour, conflicts);
  const bytes = (out: YAMLMap | undefined): string =>
    CONTENT.map((key) => meaningOf(out?.get(key, true))).join();
  const chosen = choose(bytes(base), bytes(ours), bytes(theirs));
  if (chosen === "ours") return undefined;
  if (chosen === "theirs") {
    take(ours, theirs);
    return undefined;
  }
  const [b, o, t] = [base && directoryOf(base), directoryOf(ours), directoryOf(theirs)];
  const [mine, other] = [o && manifests.get(o), t && manifests.get(t)];
  const origin = b === undefined ? [] : manifests.get(b);
  if (mine === undefined || other === undefined || origin === undefined) {
    if (favour === "theirs") take(ours, theirs);
    if (favour === undefined) conflicts.push(unmerged(path, [b, o, t], manifests));
    return undefined;
  }
  const { manifest, collisions, doubled } = mergeManifests(
    { base: origin, ours: mine, theirs: other },
    favour,
  );
  if (collisions.length > 0) {
    const names = collisions.slice(0, NAMED).map((one) => one.path);
    const more = collisions.length > NAMED ? ` and ${collisions.length - NAMED} more` : "";
    conflicts.push(
      `in "${path}" both sides changed, each its own way: ${names.join(", ")}${more}; all other files merge`,
    );
    return undefined;
  }
  const text = printManifest(manifest);
  const name = `${digestOf(text).md5}.dir` as Md5;
  const size = doubled || favour !== undefined ? undefined : sizeOf(base, ours, theirs);
  for (const key of CONTENT) if (!KEPT.includes(key)) ours.delete(key); // it says where ours alone is stored
  const entry = { md5: name, size, nfiles: manifest.length };
  for (const [key, value] of Object.entries(entry)) {
    if (value === undefined) ours.delete(key);
    else ours.set(key, value);
  }
  return { name, text };
}

function unmerged(
  path: string,
  names: readonly (Md5 | undefined)[],
  manifests: ReadonlyMap<string, Manifest>,
): string {
  const lost = names.find((name) => name !== undefined && !manifests.has(name));
  if (lost !== undefined && names[1] !== undefined && names[2] !== undefined) {
    return `"${path}" has other files on either side, and the list of ${lost} is neither in the cache nor in the remote; push it from where it was made`;
  }
  return `"${path}" has other bytes on either side`;
}

/** Sizes add up where no change was made twice. */
function sizeOf(base: YAMLMap | undefined, ours: YAMLMap, theirs: YAMLMap): number | undefined {
  const [b, o, t] = [base === undefined ? 0 : base.get("size"), ours.get("size"), theirs.get("size")];
  if (typeof b !== "number" || typeof o !== "number" || typeof t !== "number") return undefined;
  const size = o + t - b;
  return size >= 0 ? size : undefined;
}

/** Merges what stands under all keys but some into ours. */
function mergeKeys(
  base: YAMLMap | Document | undefined,
  ours: YAMLMap | Document,
  theirs: YAMLMap | Document,
  but: readonly string[],
  where: string,
  favour: Favour | undefined,
  conflicts: string[],
): void {
  for (const key of new Set([...keysOf(ours), ...keysOf(theirs), ...keysOf(base)])) {
    if (but.includes(key)) continue;
    const [b, o, t] = [base, ours, theirs].map((side) => side?.get(key, true));
    const chosen = choose(b, o, t, (x, y) => meaningOf(x) === meaningOf(y)) ?? favour;
    if (chosen === undefined) conflicts.push(`${where} has another "${key}" on either side`);
    if (chosen !== "theirs") continue;
    if (t === undefined) ours.delete(key);
    else ours.set(key, t);
  }
}

const keysOf = (side: YAMLMap | Document | undefined): readonly string[] => {
  const map = side !== undefined && "contents" in side ? side.contents : side;
  return isMap(map) ? map.items.map(({ key }) => String(key)) : [];
};

function take(ours: YAMLMap, theirs: YAMLMap): void {
  for (const key of CONTENT) {
    const value = theirs.get(key, true);
    if (value === undefined) ours.delete(key);
    else ours.set(key, value);
  }
}

/** The name of a directory of DVC 3. */
function directoryOf(out: YAMLMap): Md5 | undefined {
  const name = out.get("md5");
  if (typeof name !== "string" || !isDirectory(name) || out.get("hash") !== "md5") return undefined;
  return md5(name);
}

function outsOf(document: Document): ReadonlyMap<string, YAMLMap> {
  const outs = document.get("outs");
  const maps = isSeq(outs) ? outs.items.filter((out) => isMap(out)) : [];
  return new Map(maps.map((out) => [String(out.get("path")), out]));
}

function read(text: string, file: string): Document {
  const { document } = parseYamlFile(text, file);
  if (isMap(document.contents) && isSeq(document.get("outs"))) return document;
  throw new UserError('is no pointer file: it has no "outs"', { at: { file } });
}

const print = (document: Document): string =>
  document.toString({ indentSeq: false, lineWidth: 0, singleQuote: true });
