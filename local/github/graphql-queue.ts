import { Refused } from "./answers.ts";
import { GraphqlError } from "./graphql-commit.ts";
import { may } from "./permissions.ts";
import { pullsOf } from "./pulls.ts";
import { enqueue, settleQueue } from "./queue.ts";
import { type Call, record } from "./routes.ts";
import { inTurn, nodeId } from "./world.ts";

/** Puts a pull request into its base branch's merge queue. */
export async function enqueuePullRequest(
  call: Call,
  input: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const wanted = String(input.pullRequestId ?? "");
  for (const repository of call.world.repositories.values()) {
    const issue = pullsOf(repository).find(({ id }) => nodeId("PullRequest", id) === wanted);
    if (!issue) continue;
    if (!may(call.who, repository, [{ contents: "write", pull_requests: "write" }], "write")) {
      throw new GraphqlError("FORBIDDEN", "Resource not accessible by integration");
    }
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
  throw new GraphqlError("NOT_FOUND", `Could not resolve to a node with the global id of '${wanted}'`);
}
