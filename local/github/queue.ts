import { notAllowed, type Refused } from "./answers.ts";
import { checksPassed, latestChecks } from "./checks.ts";
import { commitView, readCommit } from "./commits.ts";
import { tell } from "./events.ts";
import { gitOr, moveRef, refOf } from "./git.ts";
import { blockedBy, finishMerge, mergeCommit } from "./merging.ts";
import { moved } from "./moved.ts";
import type { PullIssue } from "./pulls.ts";
import type { Doing } from "./routes.ts";
import { latestStatuses } from "./statuses.ts";
import type { Repository } from "./world.ts";

/** A pull request that waits in the merge queue, and the commit that it would make. */
export interface Queued {
  readonly issue: PullIssue;
  /** `refs/heads/gh-readonly-queue/main/pr-7-…` */
  readonly ref: string;
  readonly base: string;
  readonly sha: string;
  readonly by: Doing["who"];
}

async function tellGroup(
  doing: Doing,
  repository: Repository,
  entry: Queued,
  action: string,
  reason?: string,
): Promise<void> {
  const commit = commitView(doing.world, repository, await readCommit(repository, entry.sha));
  tell(doing, repository, {
    name: "merge_group",
    payload: {
      action,
      ...(reason === undefined ? {} : { reason }),
      merge_group: {
        head_sha: entry.sha,
        head_ref: entry.ref,
        base_sha: entry.base,
        base_ref: `refs/heads/${entry.issue.pull.base.ref}`,
        head_commit: {
          id: entry.sha,
          tree_id: ((commit.commit as { tree: { sha: string } }).tree ?? { sha: "" }).sha,
          message: (commit.commit as { message: string }).message,
          timestamp: (commit.commit as { committer: { date: string } }).committer.date,
          author: (commit.commit as { author: unknown }).author,
          committer: (commit.commit as { committer: unknown }).committer,
        },
      },
    },
    sha: entry.sha,
    ref: entry.ref,
    startsWorkflows: action === "checks_requested",
    lowTrust: false,
  });
}

/** Why a pull request cannot be queued. */
const refusal = (message: string): Refused => notAllowed(message);

/** Puts a pull request at the end of its base branch's merge queue, upon those that wait already. */
export async function enqueue(doing: Doing, repository: Repository, issue: PullIssue): Promise<Queued> {
  const { pull } = issue;
  if (issue.state !== "open" || pull.draft) throw refusal("Pull request is not mergeable");
  const missing = await blockedBy(repository, issue);
  if (missing !== undefined) throw refusal(missing);
  if (repository.queue.some((entry) => entry.issue === issue))
    throw refusal("Pull request is already in the queue");
  const ahead = repository.queue.findLast((entry) => entry.issue.pull.base.ref === pull.base.ref);
  const base = ahead?.sha ?? (await refOf(repository.folder, `refs/heads/${pull.base.ref}`)) ?? "";
  const sha = await mergeCommit(doing, repository, issue, base, "merge");
  const ref = `refs/heads/gh-readonly-queue/${pull.base.ref}/pr-${issue.number}-${base}`;
  await moveRef(repository.folder, ref, sha);
  const entry: Queued = { issue, ref, base, sha, by: doing.who };
  repository.queue.push(entry);
  await moved(doing, repository, [{ ref, before: undefined, after: sha }]);
  await tellGroup(doing, repository, entry, "checks_requested");
  return entry;
}

/** Takes a pull request out of the queue, and with it those that were built upon it. */
async function drop(doing: Doing, repository: Repository, entry: Queued): Promise<void> {
  const later = repository.queue.splice(repository.queue.indexOf(entry));
  for (const one of later) {
    if ((await gitOr(repository.folder, ["rev-parse", "--verify", "--quiet", one.ref])) !== undefined) {
      await moveRef(repository.folder, one.ref, undefined);
    }
    await tellGroup(doing, repository, one, "destroyed", one === entry ? "dequeued" : "invalidated");
  }
  for (const one of later.slice(1)) await enqueue({ ...doing, who: one.by }, repository, one.issue);
}

/** Whether a required check has failed, so that nothing is to be waited for. */
function failed(repository: Repository, entry: Queued): boolean {
  const contexts = new Set(
    repository.rules.get(entry.issue.pull.base.ref)?.checks.map(({ context }) => context),
  );
  return (
    latestChecks(repository, entry.sha).some(
      ({ name, conclusion }) =>
        contexts.has(name) && !["success", "neutral", "skipped", null].includes(conclusion),
    ) ||
    latestStatuses(repository, entry.sha).some(
      ({ context, state }) => contexts.has(context) && (state === "failure" || state === "error"),
    )
  );
}

/** Merges the first in the queue for as long as its required checks passed; drops it where one failed. */
export async function settleQueue(doing: Doing, repository: Repository): Promise<void> {
  for (let entry = repository.queue[0]; entry !== undefined; entry = repository.queue[0]) {
    const { pull } = entry.issue;
    const required = repository.rules.get(pull.base.ref)?.checks ?? [];
    if (failed(repository, entry)) {
      await drop(doing, repository, entry);
      continue;
    }
    if (!checksPassed(repository, entry.sha, required)) return;
    repository.queue.shift();
    const merging = { ...doing, who: entry.by };
    await finishMerge(merging, repository, entry.issue, entry.base, entry.sha);
    await moveRef(repository.folder, entry.ref, undefined);
    await tellGroup(merging, repository, entry, "destroyed", "merged");
  }
}
