import { join } from "node:path";
import { digitsOf, type ObjectName } from "../core/artifacts/digest.ts";
import type { Workspace } from "../ports/workspace.ts";
import { type Choice, chosenVersions, eachRemote } from "./chosen.ts";
import { keepVersions, refuseRevisions } from "./keep-versions.ts";
import { sendAll } from "./send-all.ts";
import type { Version } from "./version.ts";

/** What `push` did; what its `--json` prints. */
export interface Pushed {
  /** Where to; absent where there was nothing to push. */
  readonly remote?: string;
  /** Versions that the remote has now. */
  readonly versions: number;
  /** Objects and bytes that it did not have before. */
  readonly objects: number;
  readonly bytes: number;
  /** Versions of which neither this machine nor the remote has the bytes. */
  readonly missing: readonly { readonly path: string; readonly md5: string; readonly named_by: string }[];
}

export interface PushOptions extends Choice {
  /** Ask for each file of a directory that is there, and vouch for everything anew. */
  readonly allObjects?: boolean;
  /** Whether small objects travel packed, where they can; else as the contract says. */
  readonly packed?: boolean;
}

/**
 * Sends what pointer files and locks name to the remote, everything in one batch. What is there is not sent
 * again; after an interruption the next push goes on.
 */
export async function push(workspace: Workspace, options: PushOptions = {}): Promise<Pushed> {
  const { cache, progress } = workspace;
  const versions = (await chosenVersions(workspace, options)).filter(({ pushed }) => pushed);
  const remotes: string[] = [];
  const missing: Pushed["missing"][number][] = [];
  let [objects, bytes, there] = [0, 0, 0];
  const task = progress.start("pushing", undefined, "bytes");
  try {
    await eachRemote(workspace, versions, options, async (remote, group) => {
      refuseRevisions(remote, options);
      remotes.push(remote.url);
      let total = bytes;
      const { allObjects = false, packed } = options;
      const how = {
        allObjects,
        ...(packed === undefined ? {} : { packed }),
        onBytes: (count: number) => {
          bytes += count;
          task.update(bytes, total);
        },
        async hold(names: readonly ObjectName[]) {
          const wanted = new Set(names);
          const absent = group.filter(({ name }) => wanted.has(name));
          total = bytes + absent.reduce((sum, { size = 0 }) => sum + size, 0);
          for (const version of absent) await holdInCache(workspace, version);
        },
      };
      const { versions: store } = remote;
      const sent =
        store === undefined
          ? await sendAll(group, cache, remote, how)
          : await keepVersions(workspace, remote, store, group, how);
      objects += sent.objects;
      for (const { path, name, namedBy } of group) {
        if (sent.lacking.has(name)) missing.push({ path, md5: digitsOf(name), named_by: namedBy });
        else there++;
      }
    });
  } finally {
    task.end();
  }
  const remote = remotes.length === 0 ? {} : { remote: remotes.join(", ") };
  return { ...remote, versions: there, objects, bytes, missing };
}

/** Takes a version in that only the working tree has. */
async function holdInCache({ cache, files, root }: Workspace, { path, name }: Version): Promise<void> {
  if (await cache.complete(name)) return;
  const whole = join(root, path);
  const there: ObjectName | undefined = (await files.content(whole))?.md5;
  if (there === name) await cache.put(whole);
}
