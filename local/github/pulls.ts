import { accountView } from "./accounts.ts";
import { created, invalid, notFound, ok } from "./answers.ts";
import { commitsOf, commitView, filesBetween } from "./commits.ts";
import { tell } from "./events.ts";
import { commitOf, git, moveRef } from "./git.ts";
import { association, checkLength, type Issue, issueChanged, newIssue, setState } from "./issues.ts";
import { labelOf, labelView } from "./labels.ts";
import { blockedBy } from "./merging.ts";
import { listed } from "./pages-of-lists.ts";
import { require, sees } from "./permissions.ts";
import { apiOf, pageOf, repositoryView } from "./repositories.ts";
import type { Review } from "./reviews.ts";
import { type Doing, numberParam, on, type RepositoryCall, type Route, text } from "./routes.ts";
import { refreshMerge } from "./test-merge.ts";
import { type Account, findRepository, nodeId, type Repository, rootOf, type World } from "./world.ts";

/** What a pull request is beyond an issue. */
export interface Pull {
  draft: boolean;
  readonly head: {
    /** Undefined once the fork is gone. */
    readonly repository: Repository | undefined;
    readonly ref: string;
    sha: string;
  };
  readonly base: { ref: string; sha: string };
  /** The commit at `refs/pull/N/merge`; undefined where the two sides conflict. */
  merge: string | undefined;
  merged: { readonly sha: string; readonly by: Account; readonly at: string } | undefined;
  readonly reviews: Review[];
}

/** An issue that is a pull request. */
export type PullIssue = Issue & { readonly pull: Pull };

const isPull = (issue: Issue | undefined): issue is PullIssue => issue?.pull !== undefined;

/** All pull requests of a repository. */
export const pullsOf = (repository: Repository): readonly PullIssue[] =>
  [...repository.issues.values()].filter(isPull);

/** The pull request of that number. @throws {Refused} 404 */
export function findPull(call: RepositoryCall, number = numberParam(call, "pull_number")): PullIssue {
  const found = call.repository.issues.get(number);
  if (!isPull(found)) throw notFound();
  return found;
}

/** Whether a pull request comes from another repository. */
export const isForked = (repository: Repository, { pull }: PullIssue): boolean =>
  pull.head.repository !== repository;

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

/** The fork, or the repository itself, that `owner:branch` or `branch` names. */
function headOf(
  call: RepositoryCall,
  named: string,
): { readonly repository: Repository; readonly ref: string } {
  const { world, repository } = call;
  const [owner, ref] = named.includes(":") ? named.split(":", 2) : [repository.owner.login, named];
  const candidates = [...world.repositories.values()].filter(
    (other) =>
      rootOf(other) === rootOf(repository) && other.owner.login.toLowerCase() === owner?.toLowerCase(),
  );
  const asked = text(call, "head_repo");
  const found = asked ? findRepository(world, asked) : candidates[0];
  if (!found || !sees(call.who, found))
    throw invalid([{ resource: "PullRequest", field: "head", code: "invalid" }]);
  return { repository: found, ref: ref ?? "" };
}

const READ = [{ pull_requests: "read" }] as const;
const WRITE = [{ pull_requests: "write" }] as const;

async function open(call: RepositoryCall): Promise<PullIssue> {
  const { world, repository } = call;
  const title = text(call, "title") ?? "";
  const body = text(call, "body");
  const base = text(call, "base") ?? "";
  const from = headOf(call, text(call, "head") ?? "");
  checkLength(body, "PullRequest");
  const wrong = (field: string): Error => invalid([{ resource: "PullRequest", field, code: "invalid" }]);
  if (title.trim() === "")
    throw invalid([{ resource: "PullRequest", field: "title", code: "missing_field" }]);
  const [baseSha, sha] = [
    await commitOf(repository.folder, `heads/${base}`),
    await commitOf(from.repository.folder, `heads/${from.ref}`),
  ];
  if (!baseSha) throw wrong("base");
  if (!sha) throw wrong("head");
  const custom = (message: string): Error =>
    invalid([{ resource: "PullRequest", field: "head", code: "custom", message }]);
  const same = pullsOf(repository).find(
    ({ state, pull }) =>
      state === "open" &&
      pull.head.repository === from.repository &&
      pull.head.ref === from.ref &&
      pull.base.ref === base,
  );
  if (same) throw custom(`A pull request already exists for ${from.repository.owner.login}:${from.ref}.`);
  const ahead = await git(repository.folder, ["rev-list", "--count", `${baseSha}..${sha}`]);
  if (ahead === "0") throw custom(`No commits between ${base} and ${from.ref}`);
  const pull: Pull = {
    draft: call.body.draft === true,
    head: { repository: from.repository, ref: from.ref, sha },
    base: { ref: base, sha: baseSha },
    merge: undefined,
    merged: undefined,
    reviews: [],
  };
  const issue = newIssue(call, repository, { title, body: body ?? null, pull });
  const made = findPull(call, issue.number);
  await moveRef(repository.folder, `refs/pull/${issue.number}/head`, sha);
  await refreshMerge(world, repository, made);
  await tellPull(call, repository, made, "opened");
  return made;
}

function matching(call: RepositoryCall): readonly PullIssue[] {
  const { query, repository } = call;
  const [state, head, base] = [query.get("state") ?? "open", query.get("head"), query.get("base")];
  const key = query.get("sort") === "updated" ? "updatedAt" : "createdAt";
  const found = pullsOf(repository).filter(
    ({ state: is, pull }) =>
      (state === "all" || is === state) &&
      (base === null || pull.base.ref === base) &&
      (!head?.includes(":") ||
        `${pull.head.repository?.owner.login}:${pull.head.ref}`.toLowerCase() === head.toLowerCase()),
  );
  const oldestFirst = [...found].sort((a, b) => a[key].localeCompare(b[key]) || a.number - b.number);
  const descending = (query.get("direction") ?? (query.has("sort") ? "asc" : "desc")) === "desc";
  return descending ? oldestFirst.reverse() : oldestFirst;
}

/** Pull requests. */
export const pullRoutes: readonly Route[] = [
  on("GET /repos/{owner}/{repo}/pulls", READ, (call) =>
    listed(call, matching(call), (issue) => simplePullView(call.world, call.repository, issue)),
  ),
  on(
    "POST /repos/{owner}/{repo}/pulls",
    WRITE,
    async (call) => created(await pullView(call.world, call.repository, await open(call))),
    "read",
  ),
  on("GET /repos/{owner}/{repo}/pulls/{pull_number}", READ, async (call) =>
    ok(await pullView(call.world, call.repository, findPull(call))),
  ),
  on(
    "PATCH /repos/{owner}/{repo}/pulls/{pull_number}",
    WRITE,
    async (call) => {
      const { world, repository, body } = call;
      const issue = findPull(call);
      if (call.who.account !== issue.author) require(call.who, repository, WRITE, "write");
      checkLength(text(call, "body"), "PullRequest");
      issue.title = text(call, "title") ?? issue.title;
      if (body.body !== undefined) issue.body = text(call, "body") ?? null;
      const state = text(call, "state");
      if ((state === "open" || state === "closed") && state !== issue.state) {
        if (issue.pull.merged) throw invalid([{ resource: "PullRequest", field: "state", code: "invalid" }]);
        setState(call, issue, state);
        if (state === "open") await refreshMerge(world, repository, issue);
        await tellPull(call, repository, issue, state === "open" ? "reopened" : "closed");
      }
      issueChanged(world, issue);
      return ok(await pullView(world, repository, issue));
    },
    "read",
  ),
  on("GET /repos/{owner}/{repo}/pulls/{pull_number}/files", READ, async (call) =>
    listed(call, await changedFiles(call.world, call.repository, findPull(call)), (file) => file),
  ),
  on("GET /repos/{owner}/{repo}/pulls/{pull_number}/commits", READ, async (call) => {
    const { pull } = findPull(call);
    const found = await commitsOf(call.repository, ["--reverse", `${pull.base.sha}..${pull.head.sha}`]);
    return listed(call, found, (commit) => commitView(call.world, call.repository, commit));
  }),
  on("GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls", [{ pull_requests: "read" }], (call) => {
    const sha = call.params.commit_sha;
    const found = pullsOf(call.repository).filter(
      ({ pull }) => pull.head.sha === sha || pull.merged?.sha === sha,
    );
    return listed(call, found, (issue) => simplePullView(call.world, call.repository, issue));
  }),
];
