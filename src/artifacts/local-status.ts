import { join } from "node:path";
import { digitsOf } from "../core/artifacts/digest.ts";
import { LOCK_FILE } from "../core/artifacts/lock-name.ts";
import type { Workspace } from "../ports/workspace.ts";
import { type Version, versionsAt } from "./version.ts";

/** How a file or directory stands against what names its version, in DVC's words. */
export type LocalState =
  | "in place"
  /** It holds something else: `add` keeps that, `checkout` gives the version back. */
  | "modified"
  /** It is not there: `checkout` or `pull` brings it. */
  | "deleted"
  /** It is in place, and the cache does not have it: `add` or `fetch` puts it there. */
  | "not in cache";

/** One version in the working tree. */
export interface LocalVersionState {
  /** Relative to the root. */
  readonly path: string;
  readonly md5: string;
  readonly named_by: string;
  readonly state: LocalState;
}

/**
 * Compares the working tree with the versions that pointers and DVC's locks name. What a run of ours made
 * is left out: the state of its stages says more.
 *
 * @param paths absolute or relative to the root; all where there are none
 * @throws {UserError} where a path has no version
 */
export async function localStatus(
  workspace: Workspace,
  paths: readonly string[] = [],
): Promise<readonly LocalVersionState[]> {
  const states: LocalVersionState[] = [];
  for (const version of await versionsAt(workspace, paths)) {
    const { path, name, namedBy } = version;
    if (namedBy === LOCK_FILE || namedBy.endsWith(`/${LOCK_FILE}`)) continue;
    const state = await stateOf(workspace, version);
    states.push({ path, md5: digitsOf(name), named_by: namedBy, state });
  }
  return states;
}

async function stateOf({ files, cache, root }: Workspace, { path, name }: Version): Promise<LocalState> {
  const whole = join(root, path);
  if (!(await files.exists(whole))) return "deleted";
  if (!(await files.holds(whole, name))) return "modified";
  return (await cache.has(name)) ? "in place" : "not in cache";
}
