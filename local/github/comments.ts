import { accountView } from "./accounts.ts";
import { created, forbidden, notFound, nothing, ok } from "./answers.ts";
import { type App, appView } from "./apps.ts";
import { tellOnDefault } from "./events.ts";
import { association, checkLength, findIssue, type Issue, issueView, requireFor } from "./issues.ts";
import { listed } from "./pages-of-lists.ts";
import { isAtLeast, require } from "./permissions.ts";
import { type Reaction, reactionsView } from "./reactions.ts";
import { apiOf, pageOf } from "./repositories.ts";
import { type Doing, numberParam, on, type RepositoryCall, type Route, text } from "./routes.ts";
import { type Account, nextId, nodeId, type Repository, stamp, type World } from "./world.ts";

/** A comment on an issue or a pull request. */
export interface Comment {
  readonly id: number;
  readonly author: Account;
  readonly app: App | undefined;
  readonly createdAt: string;
  readonly reactions: Reaction[];
  body: string;
  updatedAt: string;
}

const READ = [{ issues: "read" }, { pull_requests: "read" }] as const;
const WRITE = [{ issues: "write" }, { pull_requests: "write" }] as const;

/** A comment as the API shows it. */
export function commentView(
  world: World,
  repository: Repository,
  issue: Issue,
  comment: Comment,
): Record<string, unknown> {
  const api = apiOf(world, repository);
  const url = `${api}/issues/comments/${comment.id}`;
  const page = `${pageOf(world, repository)}/${issue.pull ? "pull" : "issues"}/${issue.number}`;
  return {
    url,
    html_url: `${page}#issuecomment-${comment.id}`,
    issue_url: `${api}/issues/${issue.number}`,
    id: comment.id,
    node_id: nodeId("IssueComment", comment.id),
    user: accountView(world, comment.author),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: association(repository, comment.author),
    body: comment.body,
    reactions: reactionsView(url, comment.reactions),
    performed_via_github_app: comment.app ? appView(world, comment.app) : null,
  };
}

/** A comment with the issue it stands under. @throws {Refused} 404 */
export function findComment(
  call: RepositoryCall,
  id: number,
): { readonly issue: Issue; readonly comment: Comment } {
  for (const issue of call.repository.issues.values()) {
    const comment = issue.comments.find((one) => one.id === id);
    if (comment) return { issue, comment };
  }
  throw notFound();
}

async function tell(
  doing: Doing,
  repository: Repository,
  issue: Issue,
  comment: Comment,
  action: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const { world } = doing;
  await tellOnDefault(doing, repository, "issue_comment", {
    action,
    issue: issueView(world, repository, issue),
    comment: commentView(world, repository, issue, comment),
    ...more,
  });
}

/** One's own comments may always be edited; others' by those who may write. */
function mayEdit(call: RepositoryCall, issue: Issue, comment: Comment): void {
  requireFor(call, issue);
  if (call.who.kind === "user" && call.who.account !== comment.author) {
    require(call.who, call.repository, WRITE, "write");
  }
}

/** Comments on issues and pull requests. */
export const commentRoutes: readonly Route[] = [
  on("GET /repos/{owner}/{repo}/issues/comments", READ, (call) => {
    const { world, repository, query } = call;
    const since = query.get("since") ?? "";
    const all = [...repository.issues.values()].flatMap((issue) =>
      issue.comments.map((comment) => ({ issue, comment })),
    );
    const found = all
      .filter(({ comment }) => comment.updatedAt >= since)
      .sort((a, b) => a.comment.id - b.comment.id);
    const sorted = query.get("direction") === "desc" ? found.reverse() : found;
    return listed(call, sorted, ({ issue, comment }) => commentView(world, repository, issue, comment));
  }),
  on("GET /repos/{owner}/{repo}/issues/{issue_number}/comments", READ, (call) => {
    const { world, repository } = call;
    const issue = findIssue(call, numberParam(call, "issue_number"));
    const since = call.query.get("since") ?? "";
    const found = issue.comments.filter(({ updatedAt }) => updatedAt >= since);
    return listed(call, found, (comment) => commentView(world, repository, issue, comment));
  }),
  on(
    "POST /repos/{owner}/{repo}/issues/{issue_number}/comments",
    WRITE,
    async (call) => {
      const { world, repository, who } = call;
      const issue = findIssue(call, numberParam(call, "issue_number"));
      requireFor(call, issue);
      if (issue.locked && who.kind === "user" && !isAtLeast(repository, who.account.login, "write")) {
        throw forbidden("Unable to create comment because issue is locked.");
      }
      const body = text(call, "body") ?? "";
      checkLength(body, "IssueComment");
      const at = stamp(world);
      const comment: Comment = {
        id: nextId(world),
        author: who.account,
        app: who.app,
        createdAt: at,
        updatedAt: at,
        body,
        reactions: [],
      };
      issue.comments.push(comment);
      await tell(call, repository, issue, comment, "created");
      return created(commentView(world, repository, issue, comment));
    },
    "read",
  ),
  on("GET /repos/{owner}/{repo}/issues/comments/{comment_id}", READ, (call) => {
    const { issue, comment } = findComment(call, numberParam(call, "comment_id"));
    return ok(commentView(call.world, call.repository, issue, comment));
  }),
  on(
    "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}",
    WRITE,
    async (call) => {
      const { world, repository } = call;
      const { issue, comment } = findComment(call, numberParam(call, "comment_id"));
      mayEdit(call, issue, comment);
      const before = comment.body;
      const body = text(call, "body") ?? "";
      checkLength(body, "IssueComment");
      comment.body = body;
      comment.updatedAt = stamp(world);
      await tell(call, repository, issue, comment, "edited", { changes: { body: { from: before } } });
      return ok(commentView(world, repository, issue, comment));
    },
    "read",
  ),
  on(
    "DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}",
    WRITE,
    async (call) => {
      const { issue, comment } = findComment(call, numberParam(call, "comment_id"));
      mayEdit(call, issue, comment);
      await tell(call, call.repository, issue, comment, "deleted");
      issue.comments.splice(issue.comments.indexOf(comment), 1);
      return nothing;
    },
    "read",
  ),
];
