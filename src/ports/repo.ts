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
  /** The branch's name; undefined where none is checked out. */
  branch(): Promise<string | undefined>;
  /** A revision's full commit id. @throws {UserError} where there is no such commit */
  resolve(revision: string): Promise<string>;
  /** A file's bytes at a revision; undefined where it was not there. */
  show(revision: string, path: string): Promise<Uint8Array | undefined>;
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
