import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { git } from "./git.ts";
import type { Mirrors } from "./mirrors.ts";

/** A repository at a commit: where workflow files and actions come from. */
export interface Source {
  /** `acme/wages` */
  readonly repository: string;
  /** What it was named by: `refs/heads/main`, `v1`. */
  readonly ref: string;
  /** Empty for a working tree, which stands for every version of its repository. */
  readonly sha: string;
  /** A file's text; undefined where there is none. */
  read(path: string): Promise<string | undefined>;
  /** The whole tree as a folder: a new one where `place` is, or the working tree itself. */
  folder(place: string): Promise<string>;
}

/** The working tree that stands for a repository, whatever version is asked for. */
export function workingTree(repository: string, ref: string, folder: string): Source {
  return {
    repository,
    ref,
    sha: "",
    async read(path) {
      const file = join(folder, inside(path));
      return existsSync(file) ? readFileSync(file, "utf8") : undefined;
    },
    folder: async () => folder,
  };
}

/** A commit of a repository on the local GitHub. */
export async function commitOf(
  mirrors: Mirrors,
  repository: string,
  sha: string,
  ref: string,
): Promise<Source> {
  const mirror = await mirrors.having(repository, sha);
  return {
    repository,
    ref,
    sha,
    read: (path) => git(mirror, ["show", `${sha}:${inside(path)}`]).catch((): undefined => undefined),
    async folder(place) {
      mkdirSync(place, { recursive: true });
      const env = { GIT_INDEX_FILE: `${place}.index` };
      await git(mirror, ["read-tree", sha], env);
      await git(mirror, [`--work-tree=${place}`, "checkout-index", "--all", "--force"], env);
      return place;
    },
  };
}

/** A path within a repository, kept within it. */
function inside(path: string): string {
  const plain = posix.normalize(path).replace(/^\.\//, "");
  if (plain.startsWith("../") || plain.startsWith("/"))
    throw new Error(`"${path}" leads out of its repository`);
  return plain;
}
