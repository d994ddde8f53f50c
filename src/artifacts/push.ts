import { join } from "node:path";
import { ObjectDamaged, ObjectMissing, type Remote } from "../ports/remote.ts";
import type { Workspace } from "../ports/workspace.ts";
import { send, type Transferred } from "./transfer.ts";
import { type Version, versionsAt } from "./version.ts";

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
  readonly missing: readonly { readonly path: string; readonly md5: string; readonly namedBy: string }[];
}

/**
 * Sends what pointer files and locks name to the remote. What is there is not sent again; after an
 * interruption the next push goes on.
 *
 * @param options.paths absolute or relative to the root; all where there are none
 */
export async function push(
  workspace: Workspace,
  options: { readonly paths?: readonly string[]; readonly remote?: string } = {},
): Promise<Pushed> {
  const versions = (await versionsAt(workspace, options.paths)).filter(({ pushed }) => pushed);
  const task = workspace.progress.start("pushing", totalOf(versions));
  let remote: string | undefined;
  let sent = 0;
  let objects = 0;
  let bytes = 0;
  let passed = 0;
  const missing: Pushed["missing"][number][] = [];
  for (const version of versions) {
    const { path, md5, namedBy, size = 0 } = version;
    const to = await workspace.remote(options.remote ?? version.remote);
    remote ??= to.url;
    try {
      const done = await sendVersion(workspace, version, to, (count) => {
        passed += count;
        task.update(passed, undefined, path);
      });
      objects += done.objects;
      bytes += done.bytes;
      passed += Math.max(0, size - done.bytes);
      sent++;
    } catch (error) {
      if (!(error instanceof ObjectMissing)) throw error;
      missing.push({ path, md5, namedBy });
    }
  }
  task.end();
  return { ...(remote === undefined ? {} : { remote }), versions: sent, objects, bytes, missing };
}

async function sendVersion(
  workspace: Workspace,
  version: Version,
  to: Remote,
  onBytes: (count: number) => void,
): Promise<Transferred> {
  if (await to.has(version.md5)) return { objects: 0, bytes: 0 };
  const { cache } = workspace;
  await holdInCache(workspace, version);
  try {
    return await send(version.md5, cache, to, onBytes);
  } catch (error) {
    if (!(error instanceof ObjectDamaged)) throw error;
    cache.drop(error.object); // as a power cut may leave it; the working file may still be whole
    await holdInCache(workspace, version);
    return await send(version.md5, cache, to, onBytes);
  }
}

/** Takes a version in that only the working tree has. */
async function holdInCache({ cache, files, root }: Workspace, { path, md5 }: Version): Promise<void> {
  if (await cache.complete(md5)) return;
  const whole = join(root, path);
  if ((await files.content(whole))?.md5 === md5) await cache.put(whole);
}

function totalOf(versions: readonly Version[]): number {
  return versions.reduce((sum, { size = 0 }) => sum + size, 0);
}
