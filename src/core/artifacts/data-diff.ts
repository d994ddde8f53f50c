import { compareText } from "../text/order.ts";
import { isDirectory, type ObjectName } from "./digest.ts";

/** A file or directory that has a version on one side of a comparison. */
export interface DataEntry {
  /** Relative to the workspace's root, with `/`. */
  readonly path: string;
  readonly name: ObjectName;
  readonly size?: number;
  /** A directory's files; absent where its manifest is not to be had. */
  readonly files?: readonly DataFile[];
}

/** A file of a directory. */
export interface DataFile {
  readonly relpath: string;
  readonly md5: ObjectName;
  readonly size?: number;
}

/** One side of a change. */
export interface DataSide {
  readonly path: string;
  readonly name: ObjectName;
  readonly size?: number;
}

/** What became of one file or directory. A directory's path ends with `/`; its files stand beside it. */
export type DataChange =
  | { readonly kind: "added"; readonly after: DataSide }
  | { readonly kind: "deleted"; readonly before: DataSide }
  | { readonly kind: "modified"; readonly before: DataSide; readonly after: DataSide }
  | { readonly kind: "renamed"; readonly before: DataSide; readonly after: DataSide };

export type ChangeKind = DataChange["kind"];

/** What became of data between two revisions. */
export interface DataDiff {
  /** In the order of their paths: of what was renamed, the old one. */
  readonly changes: readonly DataChange[];
  /** Directories that changed, and whose files could not be compared: a manifest is missing. */
  readonly unknown: readonly string[];
}

/**
 * Compares data of two revisions as DVC does: by digests alone, directories with their files where
 * manifests tell them, and with whatever left one path for another under the same digest as renamed.
 *
 * @example diffData([{ path: "a", name: "x" }], [{ path: "b", name: "x" }]).changes[0].kind // => "renamed"
 * @example diffData([{ path: "a", name: "x" }], [{ path: "a", name: "x" }]).changes // => []
 */
export function diffData(before: readonly DataEntry[], after: readonly DataEntry[]): DataDiff {
  const unknown = unknownOf(before, after);
  const [old, now] = [sidesOf(before, unknown), sidesOf(after, unknown)];
  const added: DataSide[] = [];
  const deleted: DataSide[] = [];
  const changes: DataChange[] = [];
  for (const [key, side] of now) {
    const was = old.get(key);
    if (was === undefined) added.push(side);
    else if (was.name !== side.name) changes.push({ kind: "modified", before: was, after: side });
  }
  for (const [key, side] of old) if (!now.has(key)) deleted.push(side);
  changes.push(...withRenames(added, deleted));
  return { changes: changes.sort((a, b) => compareText(pathOf(a), pathOf(b))), unknown: [...unknown].sort() };
}

/** Where a change is listed. */
const pathOf = (change: DataChange): string =>
  change.kind === "added" ? change.after.path : change.before.path;

/** Directories of which one side's files are not known: nothing is said of files on the other side. */
function unknownOf(before: readonly DataEntry[], after: readonly DataEntry[]): ReadonlySet<string> {
  const other = new Map(before.map((entry) => [entry.path, entry]));
  const isBlank = (entry: DataEntry): boolean => isDirectory(entry.name) && entry.files === undefined;
  const blank = [...before, ...after].filter(isBlank).map(({ path }) => path);
  const changed = new Set(
    after.filter(({ path, name }) => other.get(path)?.name !== name).map((a) => a.path),
  );
  const gone = new Set(other.keys());
  for (const { path } of after) gone.delete(path);
  return new Set(blank.filter((path) => changed.has(path) || gone.has(path)));
}

/** Everything of one side by its path without the slash; a directory's files each for itself. */
function sidesOf(entries: readonly DataEntry[], unknown: ReadonlySet<string>): ReadonlyMap<string, DataSide> {
  const sides = new Map<string, DataSide>();
  for (const { path, name, size, files } of entries) {
    const shown = isDirectory(name) ? `${path}/` : path;
    sides.set(path, { path: shown, name, ...(size === undefined ? {} : { size }) });
    if (unknown.has(path)) continue;
    for (const { relpath, md5, size: bytes } of files ?? []) {
      const below = `${path}/${relpath}`;
      sides.set(below, { path: below, name: md5, ...(bytes === undefined ? {} : { size: bytes }) });
    }
  }
  return sides;
}

/** What was added and deleted; pairs of the same digest are one renaming, the first of each first. */
function withRenames(added: readonly DataSide[], deleted: readonly DataSide[]): DataChange[] {
  const gone = new Map<ObjectName, DataSide[]>();
  for (const side of [...deleted].sort(byPath).reverse()) {
    const same = gone.get(side.name);
    if (same === undefined) gone.set(side.name, [side]);
    else same.push(side);
  }
  const changes = [...added].sort(byPath).map((after): DataChange => {
    const before = gone.get(after.name)?.pop();
    return before === undefined ? { kind: "added", after } : { kind: "renamed", before, after };
  });
  const left = [...gone.values()].flat();
  return [...changes, ...left.map((before): DataChange => ({ kind: "deleted", before }))];
}

const byPath = (a: DataSide, b: DataSide): number => compareText(a.path, b.path);

/** Files and bytes of one kind of change; a directory counts as its files. */
export interface DataCount {
  readonly files: number;
  /** Undefined where a size is not known. */
  readonly bytes: number | undefined;
}

/**
 * How many files of each kind there are, and what they weigh now, or weighed before they were deleted.
 *
 * @example countChanges(diffData([], [{ path: "a", name: "x", size: 3 }])).added // => { "files": 1, "bytes": 3 }
 */
export function countChanges({ changes }: DataDiff): Readonly<Record<ChangeKind, DataCount>> {
  const count = (kind: ChangeKind): DataCount => {
    const sides = changes
      .filter((change) => change.kind === kind)
      .map((change) => (change.kind === "deleted" ? change.before : change.after))
      .filter(({ path }) => !path.endsWith("/"));
    const known = sides.every(({ size }) => size !== undefined);
    return {
      files: sides.length,
      bytes: known ? sides.reduce((sum, { size = 0 }) => sum + size, 0) : undefined,
    };
  };
  return {
    added: count("added"),
    deleted: count("deleted"),
    modified: count("modified"),
    renamed: count("renamed"),
  };
}
