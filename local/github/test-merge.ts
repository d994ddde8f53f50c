import { makeCommit } from "./commits.ts";
import { GitFailed, git, moveRef, refOf } from "./git.ts";
import type { PullIssue } from "./pulls.ts";
import type { Repository, World } from "./world.ts";

/** The tree that two commits make together; undefined where they conflict. */
export async function mergedTree(
  repository: Repository,
  base: string,
  head: string,
): Promise<string | undefined> {
  try {
    return await git(repository.folder, ["merge-tree", "--write-tree", "--no-messages", base, head]);
  } catch (error) {
    if (error instanceof GitFailed && error.code === 1) return undefined;
    throw error;
  }
}

/**
 * Makes the commit that a pull request's workflows run on: head merged into base as it now is, at
 * `refs/pull/N/merge`. Where they conflict the ref is taken away.
 */
export async function refreshMerge(
  world: World,
  repository: Repository,
  issue: PullIssue,
  options: { readonly headMoved: boolean } = { headMoved: true },
): Promise<void> {
  const { pull } = issue;
  const ref = `refs/pull/${issue.number}/merge`;
  const base = await refOf(repository.folder, `refs/heads/${pull.base.ref}`);
  const tree = base ? await mergedTree(repository, base, pull.head.sha) : undefined;
  // As on GitHub, what is said of the base stays behind until the head moves.
  if (base !== undefined && options.headMoved) pull.base.sha = base;
  if (base === undefined || tree === undefined) {
    pull.merge = undefined;
    if (await refOf(repository.folder, ref)) await moveRef(repository.folder, ref, undefined);
    return;
  }
  pull.merge = await makeCommit(world, repository, {
    tree,
    parents: [base, pull.head.sha],
    message: `Merge ${pull.head.sha} into ${base}`,
    author: issue.author,
  });
  await moveRef(repository.folder, ref, pull.merge);
}
