import { basename, join } from "node:path";
import { isDirectory, type ObjectName } from "../core/artifacts/digest.ts";
import { type KeptFile, printCloud } from "../core/artifacts/print-cloud.ts";
import { UserError } from "../errors.ts";
import { ObjectMissing, type Remote, type VersionStore } from "../ports/remote.ts";
import type { Workspace } from "../ports/workspace.ts";
import { placesOf } from "./places.ts";
import type { SendOptions, Sent } from "./send-all.ts";
import { FromCache } from "./sending.ts";
import type { Version } from "./version.ts";

/** Files of one directory that are sent at once. */
const LANES = 16;

/**
 * Sends versions to a remote that keeps files under their real names, and has their pointer files say what
 * it calls them, as DVC does. Each pointer file is written when all that it names is there.
 *
 * @throws {UserError} where something else than a pointer file names a version
 */
export async function keepVersions(
  { cache, files, root }: Workspace,
  remote: Remote,
  store: VersionStore,
  versions: readonly Version[],
  { onBytes = () => {}, hold = async () => {} }: SendOptions,
): Promise<Sent> {
  const lacking = new Map<ObjectName, ObjectName>();
  const absent = versions.filter((one) => placesOf([one], store.remote).length === 0);
  for (const { path, namedBy } of absent) {
    if (!namedBy.endsWith(".dvc")) {
      throw new UserError(
        `${namedBy} cannot say which version of ${path} ${remote.url} has; push it to a remote without version_aware`,
      );
    }
  }
  await hold(absent.map(({ name }) => name));
  let [objects, bytes] = [0, 0];

  const keep = async (name: ObjectName, key: string) => {
    const sending = new FromCache(name, { cache, onBytes, hashed: async () => {} });
    const kept = await store.keep(key, sending);
    sending.arrived();
    objects++;
    bytes += sending.size;
    return { ...kept, size: sending.size };
  };

  const keepAll = async (name: ObjectName, path: string): Promise<readonly KeptFile[]> => {
    const listed = await cache.manifest(name);
    const kept: KeptFile[] = [];
    for (let at = 0; at < listed.length; at += LANES) {
      const part = listed.slice(at, at + LANES);
      kept.push(
        ...(await Promise.all(
          part.map(async ({ relpath, md5 }) => ({
            relpath,
            md5,
            ...(await keep(md5, `${path}/${relpath}`)),
          })),
        )),
      );
    }
    return kept;
  };

  for (const { name, path, namedBy } of absent) {
    try {
      const kept = isDirectory(name) ? await keepAll(name, path) : await keep(name, path);
      const pointer = join(root, namedBy);
      const before = (await files.read(pointer)) ?? "";
      await files.write(pointer, printCloud(before, basename(path), store.remote, kept, namedBy));
    } catch (error) {
      if (!(error instanceof ObjectMissing)) throw error;
      lacking.set(name, error.object);
    }
  }
  return { objects, bytes, lacking };
}
