import { accountView } from "./accounts.ts";
import { invalid, notFound, ok } from "./answers.ts";
import { tell } from "./events.ts";
import { association, checkLength } from "./issues.ts";
import { listed } from "./pages-of-lists.ts";
import { isAtLeast, may } from "./permissions.ts";
import { simplePullView } from "./pull-views.ts";
import { findPull, isForked, type PullIssue } from "./pulls.ts";
import { apiOf, pageOf } from "./repositories.ts";
import { numberParam, on, type Route, text } from "./routes.ts";
import { type Account, nextId, nodeId, type Repository, stamp, type World } from "./world.ts";

/** What somebody said of a whole pull request. */
export interface Review {
  readonly id: number;
  readonly by: Account;
  readonly body: string;
  readonly commit: string;
  readonly at: string;
  state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED";
}

const STATES = { APPROVE: "APPROVED", REQUEST_CHANGES: "CHANGES_REQUESTED", COMMENT: "COMMENTED" } as const;

/** Those whose last word is an approval that counts, as they may write; the author's own does not. */
export function approversOf(repository: Repository, { pull, author }: PullIssue): readonly Account[] {
  const last = new Map<Account, Review>();
  for (const review of pull.reviews) if (review.state !== "COMMENTED") last.set(review.by, review);
  return [...last.values()]
    .filter(({ state, by }) => state === "APPROVED" && by !== author)
    .map(({ by }) => by)
    .filter((by) => isAtLeast(repository, by.login, "write"));
}

function view(
  world: World,
  repository: Repository,
  issue: PullIssue,
  review: Review,
): Record<string, unknown> {
  const api = `${apiOf(world, repository)}/pulls/${issue.number}`;
  const page = `${pageOf(world, repository)}/pull/${issue.number}#pullrequestreview-${review.id}`;
  return {
    id: review.id,
    node_id: nodeId("PullRequestReview", review.id),
    user: accountView(world, review.by),
    body: review.body,
    state: review.state,
    html_url: page,
    pull_request_url: api,
    _links: { html: { href: page }, pull_request: { href: api } },
    submitted_at: review.at,
    commit_id: review.commit,
    author_association: association(repository, review.by),
  };
}

/** Reviews of pull requests: approve, ask for changes, comment, dismiss. */
export const reviewRoutes: readonly Route[] = [
  on("GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews", [{ pull_requests: "read" }], (call) => {
    const issue = findPull(call);
    return listed(call, issue.pull.reviews, (review) => view(call.world, call.repository, issue, review));
  }),
  on(
    "POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews",
    [{ pull_requests: "write" }],
    (call) => {
      const { world, repository, who } = call;
      const issue = findPull(call);
      const event = Object.entries(STATES).find(([name]) => name === text(call, "event"));
      const state = event?.[1] ?? "COMMENTED";
      if (state !== "COMMENTED" && who.account === issue.author) {
        throw invalid([], "Can not approve your own pull request");
      }
      const body = text(call, "body") ?? "";
      checkLength(body, "PullRequestReview");
      const commit = text(call, "commit_id") ?? issue.pull.head.sha;
      const review: Review = { id: nextId(world), by: who.account, body, commit, at: stamp(world), state };
      issue.pull.reviews.push(review);
      tell(call, repository, {
        name: "pull_request_review",
        payload: {
          action: "submitted",
          review: { ...view(world, repository, issue, review), state: state.toLowerCase() },
          pull_request: simplePullView(world, repository, issue),
        },
        sha: issue.pull.merge ?? issue.pull.head.sha,
        ref: `refs/pull/${issue.number}/merge`,
        startsWorkflows: who.startsWorkflows && issue.pull.merge !== undefined,
        lowTrust: isForked(repository, issue),
      });
      return ok(view(world, repository, issue, review));
    },
    "read",
  ),
  on(
    "PUT /repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}/dismissals",
    [{ pull_requests: "write" }],
    (call) => {
      const issue = findPull(call);
      const review = issue.pull.reviews.find(({ id }) => id === numberParam(call, "review_id"));
      if (!review || !may(call.who, call.repository, [{ pull_requests: "write" }])) throw notFound();
      review.state = "DISMISSED";
      return ok(view(call.world, call.repository, issue, review));
    },
  ),
];
