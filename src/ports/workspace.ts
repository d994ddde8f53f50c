import type { RemoteLine } from "../core/artifacts/artifacts-remote.ts";
import type { Cache } from "./cache.ts";
import type { Files } from "./files.ts";
import type { History } from "./history.ts";
import type { Progress } from "./progress.ts";
import type { Remote } from "./remote.ts";
import type { Repo } from "./repo.ts";

/** A repository's working files with what keeps their versions. */
export interface Workspace {
  /** Absolute path: where `.dvc` is, or would be. */
  readonly root: string;
  readonly files: Files;
  readonly cache: Cache;
  /**
   * The remote by name, or the default one.
   *
   * @param jobs how many requests may be under way at once, where it is not to decide that
   * @throws {UserError} where none is configured or it is not supported
   */
  remote(name?: string, jobs?: number): Promise<Remote>;
  /**
   * The remote that a contract names; it is the default one where `.dvc/config` names none. Undefined where
   * no contract does.
   *
   * @throws {UserError} where contracts differ
   */
  contractRemote(): Promise<RemoteLine | undefined>;
  /** Undefined outside of a Git repository. */
  readonly repo: Repo | undefined;
  /** What its refs name, here and on its servers; undefined outside of a Git repository. */
  readonly history: History | undefined;
  readonly progress: Progress;
  /** Runs `work` while no other process of this workspace holds the lock of that name. */
  alone<T>(name: string, work: () => Promise<T>): Promise<T>;
}
