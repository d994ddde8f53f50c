import { Refused } from "./answers.ts";
import { GraphqlError } from "./graphql-commit.ts";
import { may } from "./permissions.ts";
import { simplePullView, tellPull } from "./pull-views.ts";
import { type PullIssue, pullsOf } from "./pulls.ts";
import { enqueue, settleQueue } from "./queue.ts";
import { type Call, type Needs, record } from "./routes.ts";
import { inTurn, nodeId, type Repository } from "./world.ts";

type Input = Readonly<Record<string, unknown>>;

/** The pull request that an input names, for somebody who may change it. */
function named(
  call: Call,
  input: Input,
  needs: Needs,
): { readonly repository: Repository; readonly issue: PullIssue } {
  const wanted = String(input.pullRequestId ?? "");
  for (const repository of call.world.repositories.values()) {
    const issue = pullsOf(repository).find(({ id }) => nodeId("PullRequest", id) === wanted);
    if (!issue) continue;
    if (may(call.who, repository, needs, "write")) return { repository, issue };
    throw new GraphqlError("FORBIDDEN", "Resource not accessible by integration");
  }
  throw new GraphqlError("NOT_FOUND", `Could not resolve to a node with the global id of '${wanted}'`);
}

/** Puts a pull request into its base branch's merge queue. */
export async function enqueuePullRequest(call: Call, input: Input): Promise<unknown> {
  const { repository, issue } = named(call, input, [{ contents: "write", pull_requests: "write" }]);
  return inTurn(call.world, repository, async () => {
    try {
      const entry = await enqueue(call, repository, issue);
      await settleQueue(call, repository);
      return {
        mergeQueueEntry: {
          id: nodeId("MergeQueueEntry", issue.id),
          position: repository.queue.indexOf(entry) + 1,
          state: "AWAITING_CHECKS",
          headCommit: { oid: entry.sha },
          baseCommit: { oid: entry.base },
        },
      };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      throw new GraphqlError("UNPROCESSABLE", String(record(error.answer.body).message));
    }
  });
}

async function setDraft(call: Call, input: Input, draft: boolean): Promise<unknown> {
  const { repository, issue } = named(call, input, [{ pull_requests: "write" }]);
  if (issue.pull.draft !== draft) {
    issue.pull.draft = draft;
    await tellPull(call, repository, issue, draft ? "converted_to_draft" : "ready_for_review");
  }
  const { node_id: id, html_url: url } = simplePullView(call.world, repository, issue);
  return { pullRequest: { id, url, number: issue.number, isDraft: draft } };
}

/** Says that a draft is ready for review; REST has no way to. */
export const markPullRequestReadyForReview = (call: Call, input: Input): Promise<unknown> =>
  setDraft(call, input, false);

/** Makes a pull request a draft again. */
export const convertPullRequestToDraft = (call: Call, input: Input): Promise<unknown> =>
  setDraft(call, input, true);
