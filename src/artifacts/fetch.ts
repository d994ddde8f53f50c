import { join } from "node:path";
import { digitsOf, type ObjectName } from "../core/artifacts/digest.ts";
import { UserError } from "../errors.ts";
import { ObjectMissing } from "../ports/remote.ts";
import type { Workspace } from "../ports/workspace.ts";
import { type Choice, chosenVersions, eachRemote } from "./chosen.ts";
import { fetchAll } from "./fetch-all.ts";
import type { Version } from "./version.ts";

/** What `fetch` did; what its `--json` prints. Paths are relative to the root. */
export interface Fetched {
  /** Versions that the cache has whole now. */
  readonly versions: number;
  /** Objects and bytes that it did not have before. */
  readonly objects: number;
  readonly bytes: number;
  readonly missing: readonly { readonly path: string; readonly md5: string; readonly reason: string }[];
}

/** What came into the cache, and why something did not. */
export interface Arrived {
  readonly objects: number;
  readonly bytes: number;
  readonly failed: ReadonlyMap<ObjectName, UserError>;
}

/**
 * Brings what pointer files and locks name from the remote into the cache; the working tree stays as it is.
 *
 * @throws {ObjectDamaged, ObjectForged} after everything else has come
 */
export async function fetchVersions(workspace: Workspace, choice: Choice = {}): Promise<Fetched> {
  const versions = await chosenVersions(workspace, choice);
  const { objects, bytes, failed } = await intoCache(workspace, versions, choice, "fetching");
  throwWrong(failed);
  const missing = versions.flatMap(({ path, name }) => {
    const reason = failed.get(name);
    return reason === undefined ? [] : [{ path, md5: digitsOf(name), reason: reason.message }];
  });
  return { versions: versions.length - missing.length, objects, bytes, missing };
}

/** Has the cache hold these versions: from the working tree where that has them, or else from the remotes. */
export async function intoCache(
  workspace: Workspace,
  versions: readonly Version[],
  choice: Choice,
  title: string,
): Promise<Arrived> {
  const { cache, progress } = workspace;
  const absent: Version[] = [];
  for (const version of versions) {
    if (!(await cache.complete(version.name)) && !(await isKept(workspace, version))) absent.push(version);
  }
  if (absent.length === 0 && choice.remote !== undefined) {
    await (await workspace.remote(choice.remote)).close(); // a name that nobody has is wrong, also where nothing is to be had
  }
  const total = absent.reduce((sum, { size = 0 }) => sum + size, 0);
  const failed = new Map<ObjectName, UserError>();
  let [objects, bytes] = [0, 0];
  const task = progress.start(title, total, "bytes");
  try {
    await eachRemote(workspace, absent, choice, async (remote, group) => {
      const fetched = await fetchAll(group, cache, remote, (count) => {
        bytes += count;
        task.update(bytes, Math.max(bytes, total));
      });
      objects += fetched.objects;
      for (const [name, reason] of fetched.failed) failed.set(name, reason);
    });
  } finally {
    task.end();
  }
  return { objects, bytes, failed };
}

/** Takes in what lies in the working tree as it is wanted. */
async function isKept({ cache, root }: Workspace, { name, path }: Version): Promise<boolean> {
  try {
    return await cache.keep(name, join(root, path));
  } catch (error) {
    if (error instanceof UserError) return false; // it changes, or is something else: the remote is asked
    throw error;
  }
}

/** Missing objects are told of; wrong ones stop whoever asked for them. */
export function throwWrong(failed: ReadonlyMap<ObjectName, UserError>): void {
  for (const reason of failed.values()) if (!(reason instanceof ObjectMissing)) throw reason;
}
