import { accountView } from "./accounts.ts";
import { invalid, notFound } from "./answers.ts";
import type { App } from "./apps.ts";
import { appView } from "./apps.ts";
import type { Comment } from "./comments.ts";
import { tellOnDefault } from "./events.ts";
import { labelOf, labelView } from "./labels.ts";
import { require, roleOf } from "./permissions.ts";
import { tellPull } from "./pull-views.ts";
import type { Pull } from "./pulls.ts";
import { noReactions } from "./reactions.ts";
import { apiOf, pageOf } from "./repositories.ts";
import type { Doing, RepositoryCall } from "./routes.ts";
import { type Account, nextId, nodeId, type Repository, stamp, type World } from "./world.ts";

/** What happened to an issue beside what was said: `closed`, `labeled` … */
export interface Happened {
  readonly id: number;
  readonly kind: "closed" | "reopened" | "labeled" | "unlabeled" | "renamed" | "locked" | "unlocked";
  readonly by: Account;
  readonly at: string;
  /** The label, the title before, why it was closed, or the pull request that closed it: `#4`. */
  readonly detail: string;
}

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
  readonly happened: Happened[];
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
    happened: [],
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

/** Notes what the page of an issue shows beside what was said. */
export function note(doing: Doing, issue: Issue, kind: Happened["kind"], detail = ""): void {
  const { world, who } = doing;
  issue.happened.push({ id: nextId(world), kind, by: who.account, at: stamp(world), detail });
}

/** Opens or closes; the caller tells of it. */
export function setState(
  doing: Doing,
  issue: Issue,
  state: "open" | "closed",
  reason?: Issue["reason"],
  by = "",
): void {
  issue.state = state;
  issue.closedAt = state === "closed" ? stamp(doing.world) : null;
  issue.closedBy = state === "closed" ? doing.who.account : undefined;
  const why = reason === "not_planned" ? "not planned" : (reason ?? "completed");
  const detail = by === "" ? why : by;
  note(doing, issue, state === "closed" ? "closed" : "reopened", issue.pull ? "" : detail);
  issue.reason = issue.pull ? null : (reason ?? (state === "closed" ? "completed" : "reopened"));
  issueChanged(doing.world, issue);
}
