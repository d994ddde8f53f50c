import { digitsOf } from "../core/artifacts/digest.ts";
import type { Workspace } from "../ports/workspace.ts";
import { type Choice, chosenVersions, eachRemote } from "./chosen.ts";
import type { Version } from "./version.ts";

/** How a version stands between cache and remote, in DVC's words. */
export type CloudState =
  | "in sync"
  /** The cache has it, the remote has not: push it. */
  | "new"
  /** The remote has it, the cache has not: fetch it. */
  | "deleted"
  /** Neither has it. */
  | "missing";

/** One version between cache and remote. */
export interface CloudVersionState {
  readonly path: string;
  readonly md5: string;
  readonly state: CloudState;
}

/** What `status --cloud --json` prints. Paths are relative to the root. */
export interface CloudStatus {
  readonly remotes: readonly string[];
  readonly versions: readonly CloudVersionState[];
}

/** Compares the cache with the remotes. A directory whose manifest is there counts as whole, as in DVC. */
export async function cloudStatus(workspace: Workspace, choice: Choice = {}): Promise<CloudStatus> {
  const { cache } = workspace;
  const chosen = (await chosenVersions(workspace, choice)).filter(({ pushed }) => pushed);
  const states = new Map<Version, CloudState>();
  const remotes: string[] = [];
  await eachRemote(workspace, chosen, choice, async (remote, group) => {
    remotes.push(remote.url);
    const there = await remote.present([...new Set(group.map(({ name }) => name))]);
    for (const version of group) {
      const isHere = await cache.complete(version.name);
      const isThere = there.has(version.name);
      states.set(version, isHere ? (isThere ? "in sync" : "new") : isThere ? "deleted" : "missing");
    }
  });
  const versions = chosen.map((version) => ({
    path: version.path,
    md5: digitsOf(version.name),
    state: states.get(version) ?? "missing",
  }));
  return { remotes, versions };
}
