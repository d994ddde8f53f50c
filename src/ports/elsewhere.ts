import type { Remote } from "./remote.ts";
import type { Workspace } from "./workspace.ts";

/** Another repository at one of its commits: nothing of it is checked out, and nothing of it runs. */
export interface Elsewhere {
  /** The full id of the commit. */
  readonly commit: string;
  /** A clone of it in a temporary folder, with its own remotes. */
  readonly workspace: Workspace;
  /** The cache of a repository on this machine, as one more place to fetch from. */
  readonly cache: Remote | undefined;
  /** Removes the clone. */
  close(): Promise<void>;
}
