import { accountView } from "./accounts.ts";
import { filesBetween } from "./commits.ts";
import { tell } from "./events.ts";
import { git } from "./git.ts";
import { association, type Issue } from "./issues.ts";
import { labelOf, labelView } from "./labels.ts";
import { blockedBy } from "./merging.ts";
import { isForked, isPull, type PullIssue } from "./pulls.ts";
import { apiOf, pageOf, repositoryView } from "./repositories.ts";
import type { Doing } from "./routes.ts";
import { nodeId, type Repository, type World } from "./world.ts";

/** A pull request as lists show it. */
export function simplePullView(
  world: World,
  repository: Repository,
  issue: PullIssue,
): Record<string, unknown> {
  const { pull } = issue;
  const api = apiOf(world, repository);
  const url = `${api}/pulls/${issue.number}`;
  const page = `${pageOf(world, repository)}/pull/${issue.number}`;
  const from = pull.head.repository;
  const href = (address: string): Record<string, string> => ({ href: address });
  return {
    url,
    id: issue.id,
    node_id: nodeId("PullRequest", issue.id),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: `${api}/issues/${issue.number}`,
    number: issue.number,
    state: issue.state,
    locked: issue.locked,
    active_lock_reason: null,
    title: issue.title,
    user: accountView(world, issue.author),
    body: issue.body,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.merged?.at ?? null,
    merge_commit_sha: pull.merged?.sha ?? pull.merge ?? null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    labels: issue.labels.map((name) => ({
      ...labelView(world, repository, labelOf(world, repository, name)),
      description: labelOf(world, repository, name).description ?? "",
    })),
    milestone: null,
    draft: pull.draft,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    comments_url: `${api}/issues/${issue.number}/comments`,
    statuses_url: `${api}/statuses/${pull.head.sha}`,
    head: {
      label: `${from?.owner.login ?? "unknown"}:${pull.head.ref}`,
      ref: pull.head.ref,
      sha: pull.head.sha,
      user: accountView(world, from?.owner ?? issue.author),
      repo: from ? repositoryView(world, from) : null,
    },
    base: {
      label: `${repository.owner.login}:${pull.base.ref}`,
      ref: pull.base.ref,
      sha: pull.base.sha,
      user: accountView(world, repository.owner),
      repo: repositoryView(world, repository),
    },
    _links: {
      self: href(url),
      html: href(page),
      issue: href(`${api}/issues/${issue.number}`),
      comments: href(`${api}/issues/${issue.number}/comments`),
      review_comments: href(`${url}/comments`),
      review_comment: href(`${api}/pulls/comments{/number}`),
      commits: href(`${url}/commits`),
      statuses: href(`${api}/statuses/${pull.head.sha}`),
    },
    author_association: association(repository, issue.author),
    auto_merge: null,
  };
}

async function mergeableState(repository: Repository, issue: PullIssue): Promise<string> {
  if (issue.pull.merge === undefined) return "dirty";
  if (issue.pull.draft) return "draft";
  return (await blockedBy(repository, issue)) === undefined ? "clean" : "blocked";
}

/** A pull request with all that is known of it. */
export async function pullView(
  world: World,
  repository: Repository,
  issue: PullIssue,
): Promise<Record<string, unknown>> {
  const { pull } = issue;
  const files = await changedFiles(world, repository, issue);
  const sum = (name: string): number => files.reduce((total, file) => total + Number(file[name]), 0);
  const commits = await git(repository.folder, ["rev-list", "--count", `${pull.base.sha}..${pull.head.sha}`]);
  const open = issue.state === "open";
  return {
    ...simplePullView(world, repository, issue),
    merged: pull.merged !== undefined,
    mergeable: open ? pull.merge !== undefined : null,
    rebaseable: open ? pull.merge !== undefined : null,
    mergeable_state: open ? await mergeableState(repository, issue) : "unknown",
    merged_by: pull.merged ? accountView(world, pull.merged.by) : null,
    comments: issue.comments.length,
    review_comments: 0,
    maintainer_can_modify: isForked(repository, issue),
    commits: Number(commits),
    additions: sum("additions"),
    deletions: sum("deletions"),
    changed_files: files.length,
  };
}

/** What a pull request changes, counted from where it left its base. */
export async function changedFiles(
  world: World,
  repository: Repository,
  { pull }: PullIssue,
): Promise<readonly Record<string, unknown>[]> {
  const parted = await git(repository.folder, ["merge-base", pull.base.sha, pull.head.sha]);
  return filesBetween(world, repository, parted, pull.head.sha);
}

/** Tells of something that happened to a pull request. Where it conflicts no workflow starts. */
export async function tellPull(
  doing: Doing,
  repository: Repository,
  issue: Issue,
  action: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  if (!isPull(issue)) return;
  const { pull } = issue;
  const merged = pull.merged?.sha;
  const sha = merged ?? pull.merge ?? pull.head.sha;
  const starts = doing.who.startsWorkflows && (merged ?? pull.merge) !== undefined;
  tell(doing, repository, {
    name: "pull_request",
    payload: {
      action,
      number: issue.number,
      pull_request: await pullView(doing.world, repository, issue),
      ...more,
    },
    sha,
    ref: merged ? `refs/heads/${pull.base.ref}` : `refs/pull/${issue.number}/merge`,
    startsWorkflows: starts,
    lowTrust: isForked(repository, issue) || doing.who.account.login === "dependabot[bot]",
  });
}
