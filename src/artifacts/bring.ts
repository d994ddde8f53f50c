import { dirname, join } from "node:path";
import { isDirectory, type Md5 } from "../core/artifacts/digest.ts";
import { UserError } from "../errors.ts";
import type { CheckedOut } from "../ports/cache.ts";
import { ObjectDamaged, ObjectMissing, type Remote } from "../ports/remote.ts";
import type { Workspace } from "../ports/workspace.ts";
import { knowing } from "./places.ts";
import { fetch } from "./transfer.ts";
import type { Version } from "./version.ts";

/** What became of one version on its way into the working tree. */
export type Brought =
  | { readonly outcome: "kept" }
  /** `before`: there was another version. */
  | { readonly outcome: "written"; readonly before: boolean }
  /** Something else is there that would be lost: `file`, below the path, is the first such. */
  | { readonly outcome: "refused"; readonly found: Md5; readonly file: string }
  | { readonly outcome: "missing"; readonly reason: string };

export interface BringOptions {
  /** Overwrite what is there, although nothing else holds it. */
  readonly force?: boolean;
  /** Make what is right anew, too, as a link or copy. */
  readonly relink?: boolean;
  /** Where to fetch from what the cache has not; without it only the cache is asked. */
  readonly remote?: () => Promise<Remote>;
  readonly onBytes?: (count: number) => void;
}

/** Makes a version's path hold it, from the cache or else from the remote. */
export async function bring(
  workspace: Workspace,
  version: Version,
  options: BringOptions = {},
): Promise<Brought> {
  const { files, root } = workspace;
  const path = join(root, version.path);
  if (!(await files.liesBelow(path, root))) {
    throw new UserError(
      `${version.namedBy} names "${version.path}", and ${dirname(version.path)} is a link out of the repository`,
    );
  }
  const there = await files.exists(path);
  let relink = options.relink === true;
  if (there && !relink && (await files.holds(path, version.name))) {
    const runs = version.executable && !isDirectory(version.name);
    if (!runs || (await files.isExecutable(path))) return { outcome: "kept" };
    relink = true; // a file of its own: what is a link must not be made executable
  }
  try {
    const done = await checkout(workspace, version, path, { ...options, relink });
    if (done.outcome === "refused") return done;
    return done.outcome === "kept" ? { outcome: "kept" } : { outcome: "written", before: there };
  } catch (error) {
    if (error instanceof ObjectMissing) return { outcome: "missing", reason: error.message };
    throw error;
  }
}

async function checkout(
  { cache }: Workspace,
  version: Version,
  path: string,
  { remote, onBytes, force, relink }: BringOptions,
): Promise<CheckedOut> {
  const { name, sha256, executable } = version;
  const fetched = async (): Promise<void> => {
    if (remote === undefined || (await cache.complete(name))) return;
    await fetch(name, cache, knowing(await remote(), [version]), onBytes);
  };
  const asked = {
    sparing: force !== true,
    relink: relink === true,
    executable,
    ...(sha256 === undefined ? {} : { sha256 }),
  };
  await fetched();
  try {
    return await cache.checkout(name, path, asked);
  } catch (error) {
    if (!(error instanceof ObjectDamaged) || remote === undefined) throw error;
    await fetched(); // the cache has dropped what was damaged
    return cache.checkout(name, path, asked);
  }
}
