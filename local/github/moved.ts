import { closeBySaying } from "./closing-words.ts";
import { type Commit, commitsOf } from "./commits.ts";
import { tell } from "./events.ts";
import { git, gitOr, moveRef, NO_COMMIT, refOf } from "./git.ts";
import { issueChanged, setState } from "./issues.ts";
import { tellPull } from "./pull-views.ts";
import { type PullIssue, pullsOf } from "./pulls.ts";
import { pageOf } from "./repositories.ts";
import type { Doing } from "./routes.ts";
import { refreshMerge } from "./test-merge.ts";
import { type Repository, stamp, type World } from "./world.ts";

/** A ref that moved. Undefined: it was not there, or is not any more. */
export interface Move {
  readonly ref: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

async function pushedCommit(world: World, repository: Repository, commit: Commit): Promise<unknown> {
  const { sha, message, author, committer, tree } = commit;
  const names = async (filter: string): Promise<string[]> =>
    (
      await git(repository.folder, [
        "show",
        "--format=",
        "--name-only",
        `--diff-filter=${filter}`,
        "-m",
        "--first-parent",
        sha,
      ])
    )
      .split("\n")
      .filter((name) => name !== "");
  return {
    id: sha,
    tree_id: tree,
    distinct: true,
    message,
    timestamp: author.date,
    url: `${pageOf(world, repository)}/commit/${sha}`,
    author: { name: author.name, email: author.email },
    committer: { name: committer.name, email: committer.email },
    added: await names("A"),
    removed: await names("D"),
    modified: await names("M"),
  };
}

async function tellPush(doing: Doing, repository: Repository, move: Move): Promise<void> {
  const { world, who } = doing;
  const [before, after] = [move.before ?? NO_COMMIT, move.after ?? NO_COMMIT];
  const range = move.before && move.after ? [`${before}..${after}`] : ["-1", after];
  const commits = move.after ? (await commitsOf(repository, ["-n", "20", ...range])).toReversed() : [];
  const shown = await Promise.all(commits.map((commit) => pushedCommit(world, repository, commit)));
  const [head] = move.after ? await commitsOf(repository, ["-1", after]) : [];
  const usual = (await refOf(repository.folder, `refs/heads/${repository.defaultBranch}`)) ?? NO_COMMIT;
  const forced =
    move.before !== undefined &&
    move.after !== undefined &&
    (await gitOr(repository.folder, ["merge-base", "--is-ancestor", before, after])) === undefined;
  tell(doing, repository, {
    name: "push",
    payload: {
      ref: move.ref,
      before,
      after,
      created: move.before === undefined,
      deleted: move.after === undefined,
      forced,
      base_ref: null,
      compare: `${pageOf(world, repository)}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
      commits: move.before ? shown : [],
      head_commit: head ? await pushedCommit(world, repository, head) : null,
      pusher: { name: who.account.login, email: null },
    },
    sha: move.after ?? usual,
    ref: move.ref,
    ...(move.after === undefined ? { startsWorkflows: false } : {}),
  });
}

async function headMoved(doing: Doing, repository: Repository, issue: PullIssue, move: Move): Promise<void> {
  const { world } = doing;
  const { pull } = issue;
  if (move.after === undefined) {
    setState(doing, issue, "closed");
    await tellPull(doing, repository, issue, "closed");
    return;
  }
  const before = pull.head.sha;
  pull.head.sha = move.after;
  issueChanged(world, issue);
  await moveRef(repository.folder, `refs/pull/${issue.number}/head`, move.after);
  await refreshMerge(world, repository, issue);
  const rules = repository.rules.get(pull.base.ref);
  if (rules?.dismissStale) {
    for (const review of pull.reviews) if (review.state === "APPROVED") review.state = "DISMISSED";
  }
  await tellPull(doing, repository, issue, "synchronize", { before, after: move.after });
}

async function baseMoved(doing: Doing, repository: Repository, issue: PullIssue, move: Move): Promise<void> {
  const { pull } = issue;
  const contained =
    move.after !== undefined &&
    (await gitOr(repository.folder, ["merge-base", "--is-ancestor", pull.head.sha, move.after])) !==
      undefined;
  if (!contained) return refreshMerge(doing.world, repository, issue, { headMoved: false });
  pull.merged = { sha: move.after ?? "", by: doing.who.account, at: stamp(doing.world) };
  setState(doing, issue, "closed");
  await tellPull(doing, repository, issue, "closed");
}

/** What commits that came to the default branch close by their messages. */
async function closeByCommits(doing: Doing, repository: Repository, move: Move): Promise<void> {
  if (move.before === undefined || move.after === undefined) return;
  for (const { sha, message } of await commitsOf(repository, ["-n", "20", `${move.before}..${move.after}`])) {
    await closeBySaying(doing, repository, message, sha.slice(0, 7));
  }
}

/** All that follows when refs moved: push events, and what they mean to pull requests. */
export async function moved(doing: Doing, repository: Repository, moves: readonly Move[]): Promise<void> {
  const { world } = doing;
  repository.pushedAt = stamp(world);
  for (const move of moves) {
    if (!/^refs\/(heads|tags)\//.test(move.ref)) continue;
    await tellPush(doing, repository, move);
    const branch = /^refs\/heads\/(.+)$/.exec(move.ref)?.[1];
    if (branch === undefined) continue;
    if (branch === repository.defaultBranch) await closeByCommits(doing, repository, move);
    for (const other of world.repositories.values()) {
      for (const issue of pullsOf(other)) {
        if (issue.state !== "open") continue;
        const { head, base } = issue.pull;
        if (head.repository === repository && head.ref === branch) await headMoved(doing, other, issue, move);
        else if (other === repository && base.ref === branch) await baseMoved(doing, other, issue, move);
      }
    }
  }
}
