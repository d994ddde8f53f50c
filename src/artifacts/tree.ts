import { join, relative, sep } from "node:path";
import { UserError } from "../errors.ts";
import type { Repo } from "../ports/repo.ts";
import type { Workspace } from "../ports/workspace.ts";

/** The text files of a repository, as they are or as they were, to be read only. Paths are below its root, with `/`. */
export interface Tree {
  /** For messages: `the working tree`, or the revision as it was asked for. */
  readonly label: string;
  /** Full commit id; undefined for the working tree. */
  readonly commit: string | undefined;
  /**
   * Paths of the files that match any of the globs, sorted.
   *
   * @param globs of the kind `**` + `/*.dvc` or `data/*.csv`
   */
  files(globs: readonly string[]): Promise<readonly string[]>;
  read(path: string): Promise<string | undefined>;
  /** Many files at once, by path; those that are not there are left out. */
  readAll(paths: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** Never looked into for files of the user's. */
const NOT_THEIRS = /(^|\/)(\.dvc\/(?!config$)|\.trainyard\/|node_modules\/)/;

/** The working tree: what Git tracks, or could and does not ignore. */
export function workingTree({ repo, root, files }: Workspace): Tree {
  const tree: Tree = {
    label: "the working tree",
    commit: undefined,
    async files(globs) {
      if (repo === undefined) return files.find(root, globs);
      const { inside, outside } = prefixOf(repo, root);
      const found = await repo.tracked(globs.map(inside), "untracked");
      return found.flatMap(outside).filter((path) => !NOT_THEIRS.test(path));
    },
    read: (path) => files.read(join(root, path)),
    async readAll(paths) {
      const texts = new Map<string, string>();
      for (const path of paths) {
        const text = await tree.read(path);
        if (text !== undefined) texts.set(path, text);
      }
      return texts;
    },
  };
  return tree;
}

/**
 * The tree of a branch, tag or commit.
 *
 * @throws {UserError} where there is no such revision, or no Git repository
 */
export async function treeAt({ repo, root }: Workspace, revision: string): Promise<Tree> {
  if (repo === undefined) {
    throw new UserError(`${root} is not in a Git repository, so there is no revision "${revision}"`);
  }
  const { inside, outside } = prefixOf(repo, root);
  const commit = await repo.resolve(revision);
  const tree: Tree = {
    label: revision,
    commit,
    async files(globs) {
      const patterns = globs.map(pattern);
      const all = (await repo.files(commit)).flatMap(outside);
      return all.filter((path) => !NOT_THEIRS.test(path) && patterns.some((one) => one.test(path)));
    },
    async read(path) {
      return (await tree.readAll([path])).get(path);
    },
    async readAll(paths) {
      const texts = await repo.readAll(commit, paths.map(inside));
      return new Map([...texts].flatMap(([path, text]) => outside(path).map((below) => [below, text])));
    },
  };
  return tree;
}

/** Ways between paths below the workspace's root and those below the Git repository's. */
function prefixOf(
  repo: Repo,
  root: string,
): { inside(path: string): string; outside(path: string): readonly string[] } {
  const below = relative(repo.root, root).split(sep).join("/");
  const prefix = below === "" ? "" : `${below}/`;
  return {
    inside: (path) => `${prefix}${path}`,
    outside: (path) => (path.startsWith(prefix) ? [path.slice(prefix.length)] : []),
  };
}

/** `**` + `/` is any folders, `*` anything within a name. */
function pattern(glob: string): RegExp {
  const parts = glob.split(/(\*\*\/|\*)/).map((part) => {
    if (part === "**/") return "(?:.*/)?";
    return part === "*" ? "[^/]*" : part.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`, "s");
}
