import { dirname, join } from "node:path";
import type { Md5 } from "../core/artifacts/digest.ts";
import { UserError } from "../errors.ts";
import { ObjectDamaged, ObjectMissing, type Remote } from "../ports/remote.ts";
import type { Workspace } from "../ports/workspace.ts";
import { fetch } from "./transfer.ts";
import type { Version } from "./version.ts";

/** What became of one version on its way into the working tree. */
export type Brought =
  | { readonly outcome: "kept" }
  | { readonly outcome: "written" }
  /** Something else is there that would be lost. */
  | { readonly outcome: "refused"; readonly found: Md5 }
  | { readonly outcome: "missing"; readonly reason: string };

export interface BringOptions {
  /** Overwrite what is there, although nothing else holds it. */
  readonly force?: boolean;
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
  const { files, cache, root } = workspace;
  const path = join(root, version.path);
  if (!(await files.liesBelow(path, root))) {
    throw new UserError(
      `${version.namedBy} names "${version.path}", and ${dirname(version.path)} is a link out of the repository`,
    );
  }
  const there = await files.content(path);
  if (there?.md5 === version.name) return { outcome: "kept" };
  if (there !== undefined && options.force !== true && !(await cache.complete(there.md5))) {
    return { outcome: "refused", found: there.md5 };
  }
  try {
    await checkout(workspace, version, path, options);
  } catch (error) {
    if (error instanceof ObjectMissing) return { outcome: "missing", reason: error.message };
    throw error;
  }
  if (version.executable) await files.makeExecutable(path);
  return { outcome: "written" };
}

async function checkout(
  workspace: Workspace,
  version: Version,
  path: string,
  options: BringOptions,
): Promise<void> {
  const { cache } = workspace;
  const fetched = async (): Promise<void> => {
    if (options.remote === undefined || (await cache.complete(version.name))) return;
    await fetch(version.name, cache, await options.remote(), options.onBytes);
  };
  await fetched();
  try {
    await cache.checkout(version.name, path, version.sha256);
  } catch (error) {
    if (!(error instanceof ObjectDamaged) || options.remote === undefined) throw error;
    await fetched(); // the cache has dropped what was damaged
    await cache.checkout(version.name, path, version.sha256);
  }
}
