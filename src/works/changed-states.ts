import { environmentOf, parseDesired } from "../core/deployments/desired.ts";
import { UserError } from "../errors.ts";
import type { Repo } from "../ports/repo.ts";
import type { GivenTree } from "./given-tree.ts";
import { softly } from "./softly.ts";

/** Reads a file on one side of a change; undefined where it is not there. */
type Read = (path: string) => Promise<string | undefined>;

/** What a change brings: which paths, and from which commit on. */
export interface Changed {
  /** Where the change began, else the base itself. */
  readonly from: string;
  /** Sorted; undefined where it could not be told. */
  readonly paths: readonly string[] | undefined;
  /** Whether nothing but desired states changes, so that there is no model to look at. */
  readonly alone: boolean;
}

/**
 * What a change brings, seen from where it left its base: what came to the base since is not its doing.
 *
 * @param mergeBase that commit, where it is known
 */
export async function changedBetween(
  head: GivenTree,
  base: GivenTree,
  mergeBase: string | undefined,
): Promise<Changed> {
  const from = mergeBase ?? base.commit;
  const { repo } = head.workspace;
  const paths = await softly(async () => {
    if (repo === undefined) return undefined;
    if (base.original !== undefined) return repo.changed(from, head.commit);
    const known = new Set(await repo.files(head.commit)); // a person's own folder may hold more than its commit
    const added = (await repo.tracked([], "untracked")).filter((path) => !known.has(path));
    return [...new Set([...(await repo.changed(from)), ...added])].sort();
  });
  if (paths === undefined) return { from, paths, alone: false };
  return { from, paths, alone: await areStates(paths, head.read, (path) => textAt(head, base, from, path)) };
}

/** The commit at which the change left the base: as it is told, else as Git knows it on a laptop. */
export async function forkPoint(
  head: GivenTree,
  base: GivenTree,
  told: string | undefined,
): Promise<string | undefined> {
  const { repo } = head.workspace;
  if (told !== undefined || base.original !== undefined || repo === undefined) return told;
  const main = await repo.defaultBranch();
  if (main === undefined || (await repo.resolve(main)) !== base.commit) return undefined;
  return repo.mergeBase();
}

/** Whether a commit differs from another one in desired states and in nothing else. */
export async function statesAlone(repo: Repo, from: string, to: string): Promise<boolean> {
  const at =
    (commit: string): Read =>
    async (path) =>
      textOf(await repo.show(commit, path));
  return areStates(await repo.changed(from, to), at(to), at(from));
}

/** A file at a commit that either tree's repository may hold. */
export async function textAt(
  head: GivenTree,
  base: GivenTree,
  commit: string,
  path: string,
): Promise<string | undefined> {
  for (const { workspace } of [head, base]) {
    const found = await softly(async () => ({ bytes: await workspace.repo?.show(commit, path) }));
    if (found !== undefined) return textOf(found.bytes);
  }
  return undefined;
}

/** What is no whole desired state may be anything else: code, a contract, somebody's manifest. */
async function areStates(paths: readonly string[], after: Read, before: Read): Promise<boolean> {
  for (const path of paths) {
    if (environmentOf(path) === undefined) return false;
    for (const text of [await after(path), await before(path)]) {
      if (text !== undefined && !isState(text, path)) return false;
    }
  }
  return paths.length > 0;
}

/** Whether a text is a desired state, whole and of its path's model. */
export function isState(text: string, path: string): boolean {
  try {
    parseDesired(text, path);
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

const textOf = (bytes: Uint8Array | undefined): string | undefined =>
  bytes === undefined ? undefined : Buffer.from(bytes).toString("utf8");
