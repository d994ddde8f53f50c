import { join } from "node:path";
import type { ObjectName } from "../core/artifacts/digest.ts";
import type { Workspace } from "../ports/workspace.ts";
import { type Choice, chosenVersions, eachRemote } from "./chosen.ts";
import { refuseRevisions } from "./keep-versions.ts";
import type { PushOptions } from "./push.ts";
import type { Version } from "./version.ts";

/** What `push` would send; what its `--dry-run --json` prints. */
export interface PushPreview {
  readonly would_send: readonly string[];
  /** Versions that the remote has. */
  readonly there: readonly string[];
  /** Versions that can be had nowhere. */
  readonly missing: readonly string[];
}

/** Says what `push` would do, and does nothing. */
export async function previewPush(
  workspace: Workspace,
  choice: Pick<PushOptions, keyof Choice | "packed"> = {},
): Promise<PushPreview> {
  const versions = (await chosenVersions(workspace, choice)).filter(({ pushed }) => pushed);
  const [there, absent] = await divided(workspace, versions, choice, { packed: choice.packed });
  const absentPaths = new Set(absent);
  const have = new Set<string>();
  for (const { name, path } of versions) {
    if (!absentPaths.has(path)) continue;
    const isHere = await workspace.cache.complete(name);
    // As push itself does: what only the working tree has can be sent, too.
    if (isHere || (await workspace.files.named(join(workspace.root, path)))?.md5 === name) have.add(path);
  }
  return {
    would_send: absent.filter((path) => have.has(path)),
    there,
    missing: absent.filter((path) => !have.has(path)),
  };
}

/** What `pull` would write; what its `--dry-run --json` prints. */
export interface PullPreview {
  readonly would_write: readonly string[];
  readonly kept: readonly string[];
  /** Versions that can be had nowhere. */
  readonly missing: readonly string[];
}

/** Says what `pull` would do, and does nothing. */
export async function previewPull(workspace: Workspace, choice: Choice = {}): Promise<PullPreview> {
  const { files, root } = workspace;
  const kept: string[] = [];
  const others: Version[] = [];
  for (const version of await chosenVersions(workspace, choice)) {
    const there = await files.named(join(root, version.path));
    if (there?.md5 === version.name) kept.push(version.path);
    else others.push(version);
  }
  const { would_fetch, there, missing } = await previewFetch(workspace, choice, others);
  return { would_write: [...there, ...would_fetch].sort(), kept, missing };
}

/** What `fetch` would fetch; what its `--dry-run --json` prints. */
export interface FetchPreview {
  readonly would_fetch: readonly string[];
  /** Versions that this machine has: the cache or the working tree. */
  readonly there: readonly string[];
  /** Versions that can be had nowhere. */
  readonly missing: readonly string[];
}

/** Says what `fetch` would do, and does nothing. */
export async function previewFetch(
  workspace: Workspace,
  choice: Choice = {},
  versions?: readonly Version[],
): Promise<FetchPreview> {
  const there: string[] = [];
  const absent: Version[] = [];
  for (const version of versions ?? (await chosenVersions(workspace, choice))) {
    const { name, path } = version;
    const isHere = await workspace.cache.complete(name);
    // As fetch itself does: what the working tree has needs no remote.
    if (isHere || (await workspace.files.named(join(workspace.root, path)))?.md5 === name) there.push(path);
    else absent.push(version);
  }
  const [would_fetch, missing] = await divided(workspace, absent, choice);
  return { would_fetch, there, missing };
}

/** Paths of those that their remotes have, and of those that they have not. */
async function divided(
  workspace: Workspace,
  versions: readonly Version[],
  choice: Choice,
  /** For whom is to push: who does not pack does not see what is packed. */
  pushing?: { readonly packed: boolean | undefined },
): Promise<readonly [readonly string[], readonly string[]]> {
  const there = new Set<Version>();
  await eachRemote(workspace, versions, choice, async (given, group) => {
    if (pushing !== undefined) refuseRevisions(given, choice);
    const remote = (pushing && (await given.toSend?.(pushing.packed))) ?? given;
    const present: ReadonlySet<ObjectName> = await remote.present([
      ...new Set(group.map(({ name }) => name)),
    ]);
    for (const version of group) if (present.has(version.name)) there.add(version);
  });
  const paths = (isThere: boolean): readonly string[] =>
    versions.filter((one) => there.has(one) === isThere).map(({ path }) => path);
  return [paths(true), paths(false)];
}
