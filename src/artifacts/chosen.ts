import { UserError } from "../errors.ts";
import type { Remote } from "../ports/remote.ts";
import type { Workspace } from "../ports/workspace.ts";
import { knowing } from "./places.ts";
import { treeAt } from "./tree.ts";
import { isOfStage, type Version, versionsAt, within } from "./version.ts";
import { versionsOf } from "./versions-of.ts";

/** Which versions are spoken of, and where they go to or come from. */
export interface Choice {
  /** Absolute or relative to the root; all where there are none. */
  readonly paths?: readonly string[];
  /** A remote's name; versions that have another one to themselves are left out, as in DVC. */
  readonly remote?: string;
  /** How many requests may be under way at once. */
  readonly jobs?: number;
  /** Those too that all branches, tags or commits name. */
  readonly allBranches?: boolean;
  readonly allTags?: boolean;
  readonly allCommits?: boolean;
  /** Leaves out what has more bytes. */
  readonly maxSize?: number;
}

/** The versions that the working tree and the chosen revisions name. */
export async function chosenVersions(workspace: Workspace, choice: Choice): Promise<readonly Version[]> {
  const commits = await revisionsOf(workspace, choice);
  const versions = await versionsAt(workspace, choice.paths).catch((error: unknown) => {
    if (commits.length > 0 && error instanceof UserError) return []; // an older one may name it
    throw error;
  });
  const paths = (choice.paths ?? []).map((path) => within(workspace, path));
  const found = new Map(versions.map((one) => [`${one.name} ${one.path}`, one]));
  for (const commit of commits) {
    for (const one of await versionsOf(await treeAt(workspace, commit))) {
      const isChosen = paths.length === 0 || paths.some((path) => isAtOrBelow(one, path));
      if (one.cached && isChosen)
        found.set(`${one.name} ${one.path}`, found.get(`${one.name} ${one.path}`) ?? one);
    }
  }
  const { remote: only, maxSize = Number.POSITIVE_INFINITY } = choice;
  return [...found.values()].filter(
    ({ remote, size = 0 }) => (only === undefined || (remote ?? only) === only) && size <= maxSize,
  );
}

async function revisionsOf({ repo, root }: Workspace, choice: Choice): Promise<readonly string[]> {
  const { allBranches, allTags, allCommits } = choice;
  if (!allBranches && !allTags && !allCommits) return [];
  if (repo === undefined)
    throw new UserError(`${root} is not in a Git repository, so it has no other versions`);
  if (allCommits) return repo.revisions("commits");
  return [
    ...new Set([
      ...(allBranches ? await repo.revisions("branches") : []),
      ...(allTags ? await repo.revisions("tags") : []),
    ]),
  ];
}

function isAtOrBelow(version: Version, given: string): boolean {
  const { path, namedBy } = version;
  return (
    isOfStage(version, given) ||
    given === "" ||
    namedBy === given ||
    path === given ||
    path.startsWith(`${given}/`) ||
    given.startsWith(`${path}/`)
  );
}

/** Does something with each remote and the versions that are its, one remote after the other. */
export async function eachRemote(
  workspace: Workspace,
  versions: readonly Version[],
  { remote: asked, jobs }: Choice,
  work: (remote: Remote, versions: readonly Version[]) => Promise<void>,
): Promise<void> {
  const groups = new Map<string | undefined, Version[]>();
  for (const version of versions) {
    const name = asked ?? version.remote;
    const group = groups.get(name) ?? [];
    group.push(version);
    groups.set(name, group);
  }
  for (const [name, group] of groups) {
    const remote = await workspace.remote(name, jobs);
    try {
      await work(knowing(remote, group), group);
    } finally {
      await remote.close();
    }
  }
}
