import { basename, join } from "node:path";
import { digitsOf, isDirectory, type ObjectName } from "../core/artifacts/digest.ts";
import { type KeptFile, type KeptVersion, printCloud } from "../core/artifacts/print-cloud.ts";
import { UserError } from "../errors.ts";
import { ObjectMissing, type Remote, type VersionStore } from "../ports/remote.ts";
import type { Workspace } from "../ports/workspace.ts";
import type { Choice } from "./chosen.ts";
import { isPlaced, keptBefore } from "./places.ts";
import type { SendOptions, Sent } from "./send-all.ts";
import { FromCache } from "./sending.ts";
import type { Version } from "./version.ts";

/** Files of one directory that are sent at once. */
const LANES = 16;

export interface KeepOptions extends SendOptions {
  /** Of these no version is taken that was there before: they are damaged there, or missing. */
  readonly anew?: ReadonlySet<ObjectName>;
}

/**
 * Sends versions to a remote that keeps files under their real names, and has their pointer files say what
 * it calls them, as DVC does. Each pointer file is written when all that it names is there. What the remote
 * has already, of a directory that has changed or of a push that was broken off, is not sent again.
 *
 * @throws {UserError} where something else than a pointer file names a version
 */
export async function keepVersions(
  { cache, files, root }: Workspace,
  remote: Remote,
  store: VersionStore,
  versions: readonly Version[],
  { onBytes = () => {}, hold = async () => {}, anew = new Set() }: KeepOptions,
): Promise<Sent> {
  const lacking = new Map<ObjectName, ObjectName>();
  const isWhole = ({ name, files: listed = [] }: Version): boolean =>
    ![name, ...listed.map((file) => file.name)].some((one) => one !== undefined && anew.has(one));
  const absent = versions.filter((one) => !isPlaced(one, store.remote) || !isWhole(one));
  for (const { path, namedBy } of absent) {
    if (!namedBy.endsWith(".dvc")) {
      throw new UserError(
        `${namedBy} cannot say which version of ${path} ${remote.url} has; push it to a remote without version_aware`,
      );
    }
  }
  await hold(absent.map(({ name }) => name));
  let [objects, bytes] = [0, 0];

  const keep = async (name: ObjectName, key: string, isThere: boolean) => {
    const { size } = cache.open(name);
    const last =
      isThere && !anew.has(name) ? await store.last(key, { size, md5: digitsOf(name) }) : undefined;
    if (last !== undefined) return { kept: last, size };
    const sending = new FromCache(name, { cache, onBytes, hashed: async () => {} });
    const kept = await store.keep(key, sending);
    sending.arrived();
    objects++;
    bytes += sending.size;
    return { kept, size: sending.size };
  };

  const keepAll = async ({ name, path, files: before = [] }: Version): Promise<readonly KeptFile[]> => {
    const known = keptBefore(before, store.remote);
    const there = await store.keys(`${path}/`);
    const listed = await cache.manifest(name);
    const all: KeptFile[] = [];
    for (let at = 0; at < listed.length; at += LANES) {
      const part = listed.slice(at, at + LANES);
      all.push(
        ...(await Promise.all(
          part.map(async ({ relpath, md5 }): Promise<KeptFile> => {
            const was = anew.has(md5) ? undefined : known(relpath, md5);
            const key = `${path}/${relpath}`;
            return { relpath, md5, ...(was ?? (await keep(md5, key, there.has(key)))) };
          }),
        )),
      );
    }
    return all;
  };

  for (const version of absent) {
    const { name, path, namedBy } = version;
    try {
      const kept: KeptVersion | readonly KeptFile[] = isDirectory(name)
        ? await keepAll(version)
        : (await keep(name, path, true)).kept;
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

/** Only the pointer files of the working tree can be told what a remote calls a version. */
export function refuseRevisions(
  remote: Remote,
  { allBranches, allTags, allCommits }: Choice,
  instead = "push what they name where they are checked out",
): void {
  if (remote.versions === undefined || !(allBranches || allTags || allCommits)) return;
  throw new UserError(
    `${remote.url} keeps files under their real names (version_aware), and only pointer files that are here can say which; ${instead}`,
  );
}
