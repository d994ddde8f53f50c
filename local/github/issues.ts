import { accountView } from "./accounts.ts";
import { created, invalid, notFound, nothing, ok } from "./answers.ts";
import type { App } from "./apps.ts";
import { appView } from "./apps.ts";
import type { Comment } from "./comments.ts";
import { tellOnDefault } from "./events.ts";
import { labelNames, labelOf, labelView } from "./labels.ts";
import { listed } from "./pages-of-lists.ts";
import { isAtLeast, may, require, roleOf } from "./permissions.ts";
import { tellPull } from "./pull-views.ts";
import type { Pull } from "./pulls.ts";
import { noReactions } from "./reactions.ts";
import { apiOf, pageOf } from "./repositories.ts";
import {
  type Call,
  type Doing,
  numberParam,
  on,
  type RepositoryCall,
  type Route,
  text,
  texts,
} from "./routes.ts";
import { type Account, account, nextId, nodeId, type Repository, stamp, type World } from "./world.ts";

/** An issue, or what a pull request has in common with one. */
export interface Issue {
  readonly id: number;
  readonly number: number;
  readonly author: Account;
  readonly app: App | undefined;
  readonly createdAt: string;
  title: string;
  body: string | null;
  state: "open" | "closed";
  reason: "completed" | "not_planned" | "reopened" | "duplicate" | null;
  locked: boolean;
  labels: readonly string[];
  assignees: readonly Account[];
  updatedAt: string;
  closedAt: string | null;
  closedBy: Account | undefined;
  readonly comments: Comment[];
  readonly pull: Pull | undefined;
}

/** The most that a body may hold, in characters. */
export const MOST_CHARACTERS = 65_536;

/** Refuses a text that is too long. */
export function checkLength(body: string | undefined, resource: string): void {
  if ([...(body ?? "")].length <= MOST_CHARACTERS) return;
  const message = `body is too long (maximum is ${MOST_CHARACTERS} characters)`;
  throw invalid([{ resource, field: "body", code: "unprocessable", message }]);
}

/** What somebody is to a repository, in the API's words; never to be trusted for permissions. */
export function association(repository: Repository, who: Account): string {
  if (who.type === "Bot") return "NONE";
  if (who === repository.owner) return "OWNER";
  if (roleOf(repository, who.login))
    return repository.owner.type === "Organization" ? "MEMBER" : "COLLABORATOR";
  return "NONE";
}

/** The issue or pull request of that number. @throws {Refused} 404 */
export function findIssue(call: RepositoryCall, number: number): Issue {
  const found = call.repository.issues.get(number);
  if (!found) throw notFound();
  return found;
}

/** An issue is not a pull request, so that the permission for those does not do. */
export function requireFor(call: RepositoryCall, issue: Issue): void {
  if (call.who.kind !== "user" && !issue.pull) require(call.who, call.repository, [{ issues: "write" }]);
}

/** Makes an issue, or the issue within a pull request, under the next number. */
export function newIssue(
  doing: Doing,
  repository: Repository,
  of: { readonly title: string; readonly body: string | null; readonly pull: Pull | undefined },
): Issue {
  const { world, who } = doing;
  const issue: Issue = {
    id: nextId(world),
    number: repository.issues.size + 1,
    author: who.account,
    app: who.app,
    createdAt: stamp(world),
    ...of,
    state: "open",
    reason: null,
    locked: false,
    labels: [],
    assignees: [],
    updatedAt: stamp(world),
    closedAt: null,
    closedBy: undefined,
    comments: [],
  };
  repository.issues.set(issue.number, issue);
  return issue;
}

/** Notes that an issue changed just now. */
export const issueChanged = (world: World, issue: Issue): void => {
  issue.updatedAt = stamp(world);
};

/** An issue as the API shows it; pull requests are issues, too. */
export function issueView(world: World, repository: Repository, issue: Issue): Record<string, unknown> {
  const api = apiOf(world, repository);
  const url = `${api}/issues/${issue.number}`;
  const page = `${pageOf(world, repository)}/${issue.pull ? "pull" : "issues"}/${issue.number}`;
  const assignees = issue.assignees.map((assignee) => accountView(world, assignee));
  return {
    url,
    repository_url: api,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: page,
    id: issue.id,
    node_id: nodeId("Issue", issue.id),
    number: issue.number,
    title: issue.title,
    user: accountView(world, issue.author),
    labels: issue.labels.map((name) => labelView(world, repository, labelOf(world, repository, name))),
    state: issue.state,
    locked: issue.locked,
    active_lock_reason: null,
    assignee: assignees[0] ?? null,
    assignees,
    milestone: null,
    comments: issue.comments.length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    closed_by: issue.closedBy ? accountView(world, issue.closedBy) : null,
    author_association: association(repository, issue.author),
    state_reason: issue.reason,
    body: issue.body,
    reactions: noReactions(url),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: issue.app ? appView(world, issue.app) : null,
    ...(issue.pull
      ? {
          draft: issue.pull.draft,
          pull_request: {
            url: `${api}/pulls/${issue.number}`,
            html_url: page,
            diff_url: `${page}.diff`,
            patch_url: `${page}.patch`,
            merged_at: issue.pull.merged?.at ?? null,
          },
        }
      : {}),
  };
}

/** Tells of something that happened to an issue or to a pull request. */
export async function tellIssue(
  doing: Doing,
  repository: Repository,
  issue: Issue,
  action: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  if (issue.pull) return tellPull(doing, repository, issue, action, more);
  const payload = { action, issue: issueView(doing.world, repository, issue), ...more };
  await tellOnDefault(doing, repository, "issues", payload);
}

/** Opens or closes; the caller tells of it. */
export function setState(
  doing: Doing,
  issue: Issue,
  state: "open" | "closed",
  reason?: Issue["reason"],
): void {
  issue.state = state;
  issue.closedAt = state === "closed" ? stamp(doing.world) : null;
  issue.closedBy = state === "closed" ? doing.who.account : undefined;
  issue.reason = issue.pull ? null : (reason ?? (state === "closed" ? "completed" : "reopened"));
  issueChanged(doing.world, issue);
}

const READ = [{ issues: "read" }, { pull_requests: "read" }] as const;
const ISSUES = [{ issues: "write" }] as const;
const EITHER = [{ issues: "write" }, { pull_requests: "write" }] as const;

function matching(call: RepositoryCall): readonly Issue[] {
  const { query, repository } = call;
  const state = query.get("state") ?? "open";
  const labels = (query.get("labels") ?? "").split(",").filter(Boolean);
  const [creator, since, assignee] = [query.get("creator"), query.get("since"), query.get("assignee")];
  const key = query.get("sort") === "updated" ? "updatedAt" : "createdAt";
  const found = [...repository.issues.values()].filter(
    (issue) =>
      (state === "all" || issue.state === state) &&
      labels.every((label) => issue.labels.some((own) => own.toLowerCase() === label.trim().toLowerCase())) &&
      (creator === null || issue.author.login.toLowerCase() === creator.toLowerCase()) &&
      (assignee === null || assignee === "*" || issue.assignees.some(({ login }) => login === assignee)) &&
      (since === null || issue.updatedAt >= since),
  );
  const oldestFirst = found.sort((a, b) => a[key].localeCompare(b[key]) || a.number - b.number);
  return query.get("direction") === "asc" ? oldestFirst : oldestFirst.reverse();
}

/** Labels and assignees are dropped in silence where somebody may not set them. */
function decorate(call: RepositoryCall, issue: Issue): void {
  const { world, repository, who, body } = call;
  const triages = who.kind !== "user" || isAtLeast(repository, who.account.login, "triage");
  if (!triages) return;
  if (body.labels !== undefined) {
    issue.labels = [...new Set(labelNames(body.labels).map((name) => labelOf(world, repository, name).name))];
  }
  if (body.assignees !== undefined)
    issue.assignees = texts(body.assignees).map((name) => account(world, name));
}

const asText = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number" ? String(value) : undefined;

function mayEdit(call: Call & RepositoryCall, issue: Issue): void {
  requireFor(call, issue);
  const own = call.who.account === issue.author;
  if (!own && !may(call.who, call.repository, EITHER, "triage")) {
    require(call.who, call.repository, EITHER, "triage");
  }
}

/** Issues; pull requests are among them. */
export const issueRoutes: readonly Route[] = [
  on("GET /repos/{owner}/{repo}/issues", READ, (call) =>
    listed(call, matching(call), (issue) => issueView(call.world, call.repository, issue)),
  ),
  on(
    "POST /repos/{owner}/{repo}/issues",
    ISSUES,
    async (call) => {
      const { world, repository } = call;
      const title = asText(call.body.title) ?? "";
      const body = text(call, "body");
      if (title.trim() === "") throw invalid([{ resource: "Issue", field: "title", code: "missing_field" }]);
      checkLength(body, "Issue");
      const issue = newIssue(call, repository, { title, body: body ?? null, pull: undefined });
      decorate(call, issue);
      await tellIssue(call, repository, issue, "opened");
      return created(issueView(world, repository, issue));
    },
    "read",
  ),
  on("GET /repos/{owner}/{repo}/issues/{issue_number}", READ, (call) =>
    ok(issueView(call.world, call.repository, findIssue(call, numberParam(call, "issue_number")))),
  ),
  on(
    "PATCH /repos/{owner}/{repo}/issues/{issue_number}",
    EITHER,
    async (call) => {
      const { world, repository, body } = call;
      const issue = findIssue(call, numberParam(call, "issue_number"));
      mayEdit(call, issue);
      checkLength(text(call, "body"), "Issue");
      if (body.title !== undefined && body.title !== null) issue.title = asText(body.title) ?? issue.title;
      if (body.body !== undefined) issue.body = text(call, "body") ?? null;
      decorate(call, issue);
      issueChanged(world, issue);
      const state = text(call, "state");
      if ((state === "open" || state === "closed") && state !== issue.state) {
        setState(call, issue, state, (text(call, "state_reason") ?? undefined) as Issue["reason"]);
        await tellIssue(call, repository, issue, state === "open" ? "reopened" : "closed");
      }
      return ok(issueView(world, repository, issue));
    },
    "read",
  ),
  on("PUT /repos/{owner}/{repo}/issues/{issue_number}/lock", EITHER, (call) => {
    findIssue(call, numberParam(call, "issue_number")).locked = true;
    return nothing;
  }),
  on("DELETE /repos/{owner}/{repo}/issues/{issue_number}/lock", EITHER, (call) => {
    findIssue(call, numberParam(call, "issue_number")).locked = false;
    return nothing;
  }),
];
