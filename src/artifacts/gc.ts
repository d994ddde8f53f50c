import { dirname, join } from "node:path";
import { digitsOf, isDirectory, type ObjectName } from "../core/artifacts/digest.ts";
import { fateOf, type GcPlan, type Listed, manifestsFirst } from "../core/artifacts/gc-plan.ts";
import { UserError } from "../errors.ts";
import type { Remote } from "../ports/remote.ts";
import type { Workspace } from "../ports/workspace.ts";
import { type Keep, type Marks, markUsed, withFiles } from "./marks.ts";

export interface GcOptions {
  readonly keep: Keep;
  /** Objects written since then stay, whoever names them. */
  readonly before: Date;
  /** The remote that is to be collected, too. */
  readonly cloud?: Remote;
  /** Keep in the cache only what this remote has not. */
  readonly notIn?: Remote;
  /** Other repositories that use the same cache or remote. */
  readonly others: readonly Workspace[];
  /** Go on although something could not be seen. */
  readonly blindly: boolean;
  /** Let the remote go of what some ref names, where `keep` does not. */
  readonly forget: boolean;
}

/** One place and what becomes of its objects. */
export interface Place {
  readonly url: string;
  readonly unused: readonly Listed[];
  readonly kept: readonly (Listed & { readonly why: string })[];
}

/** What `gc` found, and what it did; what its `--json` prints. */
export interface Collected {
  readonly places: readonly Place[];
  /** What could not be seen. */
  readonly blind: readonly string[];
}

/** Finds what nothing names any more. Nothing is deleted. */
export async function findUnused(workspace: Workspace, options: GcOptions): Promise<Collected> {
  const { cloud, notIn, before, keep, forget } = options;
  refuseVersions(cloud);
  refuseVersions(notIn);
  const remotes = [cloud, notIn].filter((remote) => remote !== undefined);
  const marks = await marksOf([workspace, ...options.others], keep, remotes);
  const here = await usedHere(marks, notIn);
  const places = [await placeOf(workspace.cache, here, before, workspace)];
  const blind = [...marks.blind];
  if (cloud !== undefined) {
    const wide =
      keep.all || forget
        ? marks
        : await marksOf([workspace, ...options.others], { ...keep, all: true }, remotes);
    if (wide !== marks) blind.push(...wide.blind.filter((sentence) => !blind.includes(sentence)));
    blind.push(...(await siblings(workspace, options.others)));
    places.push(await placeOf(cloud, wide.names, before, workspace, [cloud]));
  }
  return { places, blind };
}

/** As DVC refuses it, too: a version may be named in places that nobody here sees, and cannot be made again. */
function refuseVersions(remote: Remote | undefined): void {
  if (remote?.versions === undefined) return;
  throw new UserError(
    `${remote.url} keeps files under their real names in versions (version_aware), which gc does not collect; run it without --cloud and --not-in-remote`,
  );
}

/**
 * Deletes what is unused, of a plan only what is listed there. What is in use by now, or was written
 * since, stays.
 *
 * @throws {UserError} and deletes nothing where something could not be seen
 */
export async function deleteUnused(
  workspace: Workspace,
  options: GcOptions,
  plan?: GcPlan,
): Promise<Collected> {
  return workspace.alone("gc", async () => {
    const found = await findUnused(workspace, options);
    const [blind] = found.blind;
    if (blind !== undefined && !options.blindly) {
      throw new UserError(
        `nothing is deleted, since not everything could be seen that may be named: ${blind}${found.blind.length > 1 ? `; and ${found.blind.length - 1} more` : ""}; put it right, or give --skip-failed to delete all the same`,
      );
    }
    const places: Place[] = [];
    for (const place of found.places) {
      const listed = plan?.places.get(place.url);
      const names = new Set(listed?.map(({ name }) => name));
      const unused = plan === undefined ? place.unused : place.unused.filter(({ name }) => names.has(name));
      await remove(workspace, options, place.url, unused);
      places.push({ ...place, unused });
    }
    return { places, blind: found.blind };
  });
}

async function remove(
  { cache, progress }: Workspace,
  { cloud, before }: GcOptions,
  url: string,
  unused: readonly Listed[],
): Promise<void> {
  const task = progress.start("deleting", unused.length);
  if (url === cache.url) {
    // Looked at once more: an `add` meanwhile may have come upon the same bytes, and freshened them.
    const fresh = new Set<ObjectName>();
    for await (const { name, modified } of cache.list()) {
      if (modified === undefined || modified.getTime() >= before.getTime()) fresh.add(name);
    }
    let done = 0;
    for (const { name } of manifestsFirst(unused)) {
      if (!fresh.has(name)) cache.drop(name);
      task.update(++done, unused.length);
    }
  } else await cloud?.remove(unused.map(({ name }) => name));
  task.end();
}

async function marksOf(
  workspaces: readonly Workspace[],
  keep: Keep,
  remotes: readonly Remote[],
): Promise<Marks> {
  const names = new Map<ObjectName, string>();
  const blind: string[] = [];
  for (const workspace of workspaces) {
    const own = remotes.length > 0 ? remotes : await defaultRemote(workspace);
    const marks = await withFiles(await markUsed(workspace, keep), workspace, own);
    for (const [name, why] of marks.names) if (!names.has(name)) names.set(name, why);
    blind.push(...marks.blind);
  }
  return { names, guesses: new Set(), listed: new Set(), blind };
}

/** Other folders of the same Git repository that may keep data in the same remote, and were not named. */
async function siblings({ root, repo }: Workspace, others: readonly Workspace[]): Promise<readonly string[]> {
  if (repo === undefined) return [];
  const known = new Set([root, ...others.map((other) => other.root)]);
  const found = await repo.tracked(["**/.dvc/config"], "untracked");
  const roots = found.map((path) => dirname(dirname(join(repo.root, path))));
  return roots
    .filter((one) => !known.has(one))
    .map((one) => `"${one}" may keep its data in the same remote; name it with --projects`);
}

/** Where manifests may be that the cache has not. */
async function defaultRemote(workspace: Workspace): Promise<readonly Remote[]> {
  try {
    return [await workspace.remote()];
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}

/** What the cache is to keep: with `notIn`, only what that remote has not. */
async function usedHere({ names }: Marks, notIn?: Remote): Promise<ReadonlyMap<ObjectName, string>> {
  if (notIn === undefined) return names;
  const there = await notIn.present([...names.keys()]);
  return new Map([...names].filter(([name]) => !there.has(name)));
}

/**
 * What becomes of each object of a place. A young directory may be of a push whose commit is still on its
 * way, and which found files there that are older: they stay with it.
 */
async function placeOf(
  { url, list }: Pick<Remote, "url" | "list">,
  used: ReadonlyMap<ObjectName, string>,
  before: Date,
  workspace: Workspace,
  remotes: readonly Remote[] = [],
): Promise<Place> {
  const unused: Listed[] = [];
  const kept: (Listed & { why: string })[] = [];
  const young = new Map<ObjectName, string>();
  for await (const object of list()) {
    const fate = fateOf(object, used, before);
    if (fate.fate === "unused") unused.push(object);
    else kept.push({ ...object, why: fate.why });
    if (fate.fate === "young" && isDirectory(object.name)) {
      young.set(object.name, `of ${digitsOf(object.name)}, ${fate.why}`);
    }
  }
  if (young.size === 0) return { url, unused, kept };
  const guesses = new Set(young.keys()); // where the list of files is damaged, nothing rests on it
  const { names } = await withFiles(
    { names: young, guesses, listed: new Set(), blind: [] },
    workspace,
    remotes,
  );
  const withYoung = unused.filter(({ name }) => names.has(name));
  return {
    url,
    unused: unused.filter(({ name }) => !names.has(name)),
    kept: [...kept, ...withYoung.map((object) => ({ ...object, why: names.get(object.name) ?? "" }))],
  };
}
