import { created, invalid, notFound, ok } from "./answers.ts";
import { commitsOf, commitView } from "./commits.ts";
import { commitOf, git, moveRef } from "./git.ts";
import { checkLength, type Issue, issueChanged, newIssue, setState } from "./issues.ts";
import { listed } from "./pages-of-lists.ts";
import { require, sees } from "./permissions.ts";
import { changedFiles, pullView, simplePullView, tellPull } from "./pull-views.ts";
import type { Review } from "./reviews.ts";
import { numberParam, on, type RepositoryCall, type Route, text } from "./routes.ts";
import { refreshMerge } from "./test-merge.ts";
import { type Account, findRepository, inTurn, type Repository, rootOf } from "./world.ts";

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

/** Whether an issue is a pull request. */
export const isPull = (issue: Issue | undefined): issue is PullIssue => issue?.pull !== undefined;

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
    (call) =>
      inTurn(call.world, call.repository, async () =>
        created(await pullView(call.world, call.repository, await open(call))),
      ),
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
