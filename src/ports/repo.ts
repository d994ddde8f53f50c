import type { FileCommit } from "../core/lineage/commit.ts";
import type { AnnotatedTag } from "../core/registry/fold.ts";

/**
 * The Git repository around the working files, read only. Outside of one there is no `Repo`.
 *
 * Revisions and paths may come from anybody. Paths are relative to the root, with `/`.
 */
export interface Repo {
  /** Absolute path of the working tree. */
  readonly root: string;
  /** The commit that is checked out; undefined before the first one. */
  head(): Promise<string | undefined>;
  /** Who commits here, as Git is told: `Ada <ada@example.com>`; undefined where it is told nothing. */
  user(): Promise<string | undefined>;
  /** The branch's name; undefined where none is checked out. */
  branch(): Promise<string | undefined>;
  /** A revision's full commit id. @throws {UserError} where there is no such commit */
  resolve(revision: string): Promise<string>;
  /** The commits of all branches here, of all tags, or every commit that one of them leads to. */
  revisions(of: "branches" | "tags" | "commits"): Promise<readonly string[]>;
  /** A file's bytes at a revision; undefined where it was not there. */
  show(revision: string, path: string): Promise<Uint8Array | undefined>;
  /** Many files of a revision as text, by path, in as many processes as one; what is no regular file is left out. */
  readAll(revision: string, paths: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Paths of the regular files of a revision, sorted; links and submodules are none. */
  files(revision: string): Promise<readonly string[]>;
  /**
   * Paths of tracked files that match any of the globs (default: all), sorted.
   *
   * @param also `untracked`: those too that could be added and are not ignored
   */
  tracked(globs?: readonly string[], also?: "untracked"): Promise<readonly string[]>;
  /**
   * The commits that changed a file, as the checked-out branch took them up, the newest first: of what was
   * merged the merge alone counts.
   */
  history(path: string): Promise<readonly string[]>;
  /**
   * The commits up to a revision that changed files which match any of the globs, the newest first, with the
   * blobs of these files: of a branch that was merged its commits count, and the merge where it differs from both.
   *
   * @throws {UserError} where there is no such revision
   */
  commits(revision: string, globs: readonly string[]): Promise<readonly FileCommit[]>;
  /** Texts of blobs by id, in one process; what is no blob is left out. */
  blobs(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Whether Git ignores the path. */
  ignores(path: string): Promise<boolean>;
  /** Whether tracked files differ from the last commit. */
  isDirty(): Promise<boolean>;
  /** `main` or whatever the repository calls it, with `origin/` where only the remote has it. */
  defaultBranch(): Promise<string | undefined>;
  /** The commit at which `revision` (default: HEAD) left the default branch. */
  mergeBase(revision?: string): Promise<string | undefined>;
  /** All annotated tags of commits, in no order; lightweight ones say nothing of who made them, or when. */
  tags(): Promise<readonly AnnotatedTag[]>;
  /** Paths that differ between a revision and the working tree, or a second revision. */
  changed(from: string, to?: string): Promise<readonly string[]>;
}
