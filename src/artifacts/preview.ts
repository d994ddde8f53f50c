import { join } from "node:path";
import type { Workspace } from "../ports/workspace.ts";
import { isWithin } from "./transfer.ts";
import { type Version, versionsAt } from "./version.ts";

/** What `push` would send; what its `--dry-run --json` prints. */
export interface PushPreview {
  readonly would_send: readonly string[];
  /** Versions that the remote has. */
  readonly there: readonly string[];
}

/** Says what `push` would do, and does nothing. */
export async function previewPush(
  workspace: Workspace,
  options: { readonly paths?: readonly string[]; readonly remote?: string } = {},
): Promise<PushPreview> {
  const versions = (await versionsAt(workspace, options.paths)).filter(({ pushed }) => pushed);
  const [there, would_send] = await divide(versions, async ({ name, remote }) =>
    (await workspace.remote(options.remote ?? remote)).has(name),
  );
  return { would_send, there };
}

/** What `pull` would write; what its `--dry-run --json` prints. */
export interface PullPreview {
  readonly would_write: readonly string[];
  readonly kept: readonly string[];
  /** Versions that can be had nowhere. */
  readonly missing: readonly string[];
}

/** Says what `pull` would do, and does nothing. */
export async function previewPull(
  workspace: Workspace,
  options: { readonly paths?: readonly string[]; readonly remote?: string } = {},
): Promise<PullPreview> {
  const { files, cache, root } = workspace;
  const versions = await versionsAt(workspace, options.paths);
  const isRight = async ({ path, name }: Version): Promise<boolean> =>
    (await files.content(join(root, path)))?.md5 === name;
  const [kept, others] = await divide(versions, isRight);
  const absent = versions.filter(({ path }) => others.includes(path));
  const [would_write, missing] = await divide(absent, async ({ name, remote }) => {
    if (await isWithin(name, cache, undefined)) return true;
    return isWithin(name, cache, await workspace.remote(options.remote ?? remote));
  });
  return { would_write, kept, missing };
}

/** Paths of those that hold, and of those that do not. */
async function divide(
  versions: readonly Version[],
  holds: (version: Version) => Promise<boolean>,
): Promise<[string[], string[]]> {
  const yes: string[] = [];
  const no: string[] = [];
  for (const version of versions) ((await holds(version)) ? yes : no).push(version.path);
  return [yes, no];
}
