import { compareText } from "../text/order.ts";
import type { Manifest, ManifestEntry } from "./manifest.ts";

/** Three texts or values of which one is to become: what both began with, and what either made of it. */
export interface Sides<T> {
  /** Undefined where both sides added it. */
  readonly base: T | undefined;
  readonly ours: T;
  readonly theirs: T;
}

/** Which side counts where both changed the same. */
export type Favour = "ours" | "theirs";

/** What became of one part on both sides, where no rule says which of them is meant. */
export interface Collision {
  /** A file of a directory, a stage of a lock, a key of a pointer file. */
  readonly path: string;
  /** What either side has there; undefined where it has nothing. */
  readonly ours: string | undefined;
  readonly theirs: string | undefined;
}

/** A directory with the changes of both sides. */
export interface MergedManifest {
  /** Files that collide are as they are in ours. */
  readonly manifest: Manifest;
  /** By path; none where it merged. */
  readonly collisions: readonly Collision[];
  /** Whether both sides made the same change somewhere: their sizes do not add up then. */
  readonly doubled: boolean;
}

/** Which of two sides is meant: the one that changed something. Undefined where both did, each its own way. */
export function choose<T>(
  base: T,
  ours: T,
  theirs: T,
  same: (a: T, b: T) => boolean = Object.is,
): Favour | undefined {
  if (same(ours, theirs) || same(base, theirs)) return "ours";
  return same(base, ours) ? "theirs" : undefined;
}

/**
 * Merges the files of a directory, three-way: what one side added, changed or deleted is taken over, and
 * what both did the same way, too.
 *
 * @param favour whose files count where they collide; they are no collisions then
 *
 * @example mergeManifests({ base: [], ours: [{ relpath: "a", md5: "1" }], theirs: [{ relpath: "b", md5: "2" }] }).manifest.length // => 2
 * @example mergeManifests({ base: [], ours: [{ relpath: "a", md5: "1" }], theirs: [{ relpath: "a", md5: "2" }] }).collisions // => [{ "path": "a", "ours": "1", "theirs": "2" }]
 */
export function mergeManifests({ base, ours, theirs }: Sides<Manifest>, favour?: Favour): MergedManifest {
  const [was, here, there] = [byPath(base ?? []), byPath(ours), byPath(theirs)];
  const manifest: ManifestEntry[] = [];
  const collisions: Collision[] = [];
  let doubled = false;
  for (const relpath of new Set([...here.keys(), ...there.keys(), ...was.keys()])) {
    const [b, o, t] = [was.get(relpath), here.get(relpath), there.get(relpath)];
    const chosen = choose(b?.md5, o?.md5, t?.md5) ?? favour;
    if (chosen === undefined) collisions.push({ path: relpath, ours: o?.md5, theirs: t?.md5 });
    if (o?.md5 === t?.md5 && b?.md5 !== o?.md5) doubled = true;
    const entry = chosen === "theirs" ? t : o;
    if (entry !== undefined) manifest.push(entry);
  }
  const tangled = filesAsFolders(manifest);
  if (favour === undefined) {
    for (const path of tangled) {
      const kind = (side: ByPath): string => side.get(path)?.md5 ?? "a folder";
      collisions.push({ path, ours: kind(here), theirs: kind(there) });
    }
  }
  return {
    manifest: untangled(manifest, tangled, favour === "theirs" ? there : here).sort((a, b) =>
      compareText(a.relpath, b.relpath),
    ),
    collisions: collisions.sort((a, b) => compareText(a.path, b.path)),
    doubled,
  };
}

type ByPath = ReadonlyMap<string, ManifestEntry>;

const byPath = (manifest: Manifest): ByPath => new Map(manifest.map((entry) => [entry.relpath, entry]));

/** Paths of files that the other side has as folders. */
function filesAsFolders(merged: Manifest): ReadonlySet<string> {
  const names = new Set(merged.map(({ relpath }) => relpath));
  const wrong = new Set<string>();
  for (const { relpath } of merged) {
    for (const above of foldersOf(relpath)) if (names.has(above)) wrong.add(above);
  }
  return wrong;
}

/** Without the other side's files or folders of names that are both. */
function untangled(merged: Manifest, tangled: ReadonlySet<string>, side: ByPath): ManifestEntry[] {
  return merged.filter(({ relpath }) =>
    tangled.has(relpath)
      ? side.has(relpath)
      : foldersOf(relpath).every((above) => !tangled.has(above) || !side.has(above)),
  );
}

function foldersOf(path: string): string[] {
  const folders: string[] = [];
  for (let cut = path.lastIndexOf("/"); cut > 0; cut = path.lastIndexOf("/", cut - 1)) {
    folders.push(path.slice(0, cut));
  }
  return folders;
}
