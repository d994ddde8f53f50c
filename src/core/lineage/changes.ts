import type { FileCommit } from "./commit.ts";

/** A version of a path, as a pointer file or a lock names it. */
export interface NamedVersion {
  /** From the workspace's root, with `/`. */
  readonly path: string;
  /** Its md5, with `.dir` where it is a directory. */
  readonly name: string;
  readonly sha256?: string;
  readonly size?: number;
  readonly nfiles?: number;
}

/** What a commit did to the version of one path. */
export interface VersionChange {
  readonly path: string;
  readonly before: NamedVersion | undefined;
  readonly after: NamedVersion | undefined;
  /** The files that name it and that the commit changed. */
  readonly files: readonly string[];
}

/**
 * What a commit did to the versions of paths. A file that cannot be read is passed over until it can be. Where a pointer file and a lock say the same, the lock knows
 * more; where they do not, the pointer file is what `pull` follows.
 *
 * @param versions those that a file names, by its blob; undefined where it cannot be read
 * @param wanted which paths are asked for
 */
export function versionChanges(
  commit: Pick<FileCommit, "files">,
  versions: (file: string, blob: string) => readonly NamedVersion[] | undefined,
  wanted: (path: string) => boolean,
): readonly VersionChange[] {
  const found = new Map<string, VersionChange>();
  for (const { path: file, before, after } of [...commit.files].sort(pointersFirst)) {
    const was = byPath(before === undefined ? [] : versions(file, before));
    const named = after === undefined ? [] : versions(file, after);
    if (named === undefined) continue;
    const is = byPath(named);
    for (const path of new Set([...was.keys(), ...is.keys()])) {
      const [old, now] = [was.get(path), is.get(path)];
      if (!wanted(path) || old?.name === now?.name) continue;
      const known = found.get(path);
      found.set(path, {
        path,
        before: richer(known?.before, old),
        after: richer(known?.after, now),
        files: [...(known?.files ?? []), file],
      });
    }
  }
  return [...found.values()].filter(({ before, after }) => before?.name !== after?.name);
}

const pointersFirst = (a: { readonly path: string }, b: { readonly path: string }): number =>
  Number(b.path.endsWith(".dvc")) - Number(a.path.endsWith(".dvc"));

const byPath = (versions: readonly NamedVersion[] = []): ReadonlyMap<string, NamedVersion> =>
  new Map(versions.map((one) => [one.path, one]));

/** The first that was found, with what the other knows of the same bytes. */
function richer(first: NamedVersion | undefined, other: NamedVersion | undefined): NamedVersion | undefined {
  if (first === undefined) return other;
  return first.name === other?.name ? { ...first, ...other } : first;
}

/**
 * Where versions of a path may be named: pointer files and locks in the folders around it, and below it.
 *
 * @example placesOf("data/cps.csv") // => ["*.dvc", "trainyard.lock", "dvc.lock", "data/*.dvc", "data/trainyard.lock", "data/dvc.lock", "data/cps.csv/**\/*.dvc", "data/cps.csv/**\/trainyard.lock", "data/cps.csv/**\/dvc.lock"]
 */
export function placesOf(path: string): readonly string[] {
  const parts = path === "" ? [] : path.split("/");
  const folders = parts.map((_, index) => parts.slice(0, index).map(literal).join("/"));
  const below = path === "" ? "**/" : `${parts.map(literal).join("/")}/**/`;
  return [...folders.map((folder) => (folder === "" ? "" : `${folder}/`)), below].flatMap((folder) =>
    ["*.dvc", "trainyard.lock", "dvc.lock"].map((name) => `${folder}${name}`),
  );
}

/** A folder's name in a glob. */
const literal = (name: string): string => name.replace(/[*?[\]\\]/g, "\\$&");
