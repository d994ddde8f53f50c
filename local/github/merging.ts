import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { emailOf } from "./accounts.ts";
import { conflict, notAllowed, ok } from "./answers.ts";
import { checksPassed, latestChecks } from "./checks.ts";
import { closeBySaying } from "./closing-words.ts";
import { ownersMissing } from "./code-owners.ts";
import { commitsOf, makeCommit } from "./commits.ts";
import { git, moveRef, refOf } from "./git.ts";
import { setState } from "./issues.ts";
import { moved } from "./moved.ts";
import { tellPull } from "./pull-views.ts";
import { findPull, type PullIssue } from "./pulls.ts";
import { approversOf } from "./reviews.ts";
import { type Doing, on, type Route, text } from "./routes.ts";
import { latestStatuses } from "./statuses.ts";
import { mergedTree } from "./test-merge.ts";
import { inTurn, type Repository, stamp } from "./world.ts";

const METHODS = ["merge", "squash", "rebase"] as const;
type Method = (typeof METHODS)[number];

/** How a check that did not pass stands. */
function standing(repository: Repository, sha: string, context: string): string {
  const found = [
    ...latestChecks(repository, sha).flatMap((check) => (check.name === context ? [check.conclusion] : [])),
    ...latestStatuses(repository, sha).flatMap((status) =>
      status.context === context ? [status.state] : [],
    ),
  ];
  if (found.some((outcome) => outcome === null || outcome === "pending")) return "in progress";
  return found.length === 0 || found.every((outcome) => outcome === "success") ? "expected" : "failing";
}

/** Which required check, approval or owner is missing before a pull request may be merged. */
export async function blockedBy(repository: Repository, issue: PullIssue): Promise<string | undefined> {
  const { pull } = issue;
  const rules = repository.rules.get(pull.base.ref);
  if (!rules) return undefined;
  for (const check of rules.checks) {
    if (checksPassed(repository, pull.head.sha, [check])) continue;
    return `Required status check "${check.context}" is ${standing(repository, pull.head.sha, check.context)}.`;
  }
  const approvers = approversOf(repository, issue);
  if (approvers.length < rules.approvals) {
    const some = rules.approvals === 1 ? "review is" : "reviews are";
    return `At least ${rules.approvals} approving ${some} required by reviewers with write access.`;
  }
  if (rules.codeOwners && (await ownersMissing(repository, issue, approvers))) {
    return "Waiting on code owner review.";
  }
  return undefined;
}

async function rebased(repository: Repository, base: string, head: string, by: Doing): Promise<string> {
  const work = await mkdtemp(join(tmpdir(), "local-github-rebase-"));
  const as = { NAME: "GitHub", EMAIL: "noreply@github.com", DATE: stamp(by.world) };
  const env = Object.fromEntries(Object.entries(as).map(([key, value]) => [`GIT_COMMITTER_${key}`, value]));
  const run = (args: readonly string[]): Promise<string> =>
    git(join(work, ".git"), ["-C", work, "--work-tree", work, ...args], { env });
  try {
    await git(repository.folder, ["worktree", "add", "--quiet", "--detach", work, base]);
    const commits = await git(repository.folder, [
      "rev-list",
      "--reverse",
      "--no-merges",
      `${base}..${head}`,
    ]);
    for (const commit of commits.split("\n").filter(Boolean))
      await run(["cherry-pick", "--allow-empty", commit]);
    return await run(["rev-parse", "HEAD"]);
  } finally {
    await rm(work, { recursive: true, force: true });
    await git(repository.folder, ["worktree", "prune"]);
  }
}

/** Makes the commit that merging puts on the base. */
export async function mergeCommit(
  doing: Doing,
  repository: Repository,
  issue: PullIssue,
  base: string,
  method: Method,
  words: { readonly title?: string | undefined; readonly message?: string | undefined } = {},
): Promise<string> {
  const { world, who } = doing;
  const { head } = issue.pull;
  const tree = await mergedTree(repository, base, head.sha);
  if (tree === undefined) throw notAllowed("Merge conflict");
  if (method === "rebase") return rebased(repository, base, head.sha, doing);
  const from = `${head.repository?.owner.login ?? "unknown"}/${head.ref}`;
  const titles: Readonly<Record<Method, string>> = {
    merge: `Merge pull request #${issue.number} from ${from}`,
    squash: `${issue.title} (#${issue.number})`,
    rebase: "",
  };
  const listed = await commitsOf(repository, ["--reverse", `${base}..${head.sha}`]);
  const squashed = listed.map(({ message }) => `* ${message}`).join("\n\n");
  const body = words.message ?? (method === "merge" ? issue.title : squashed);
  return makeCommit(world, repository, {
    tree,
    parents: method === "merge" ? [base, head.sha] : [base],
    message: `${words.title ?? titles[method]}\n\n${body}`,
    author:
      method === "merge"
        ? who.account
        : { name: issue.author.login, email: emailOf(issue.author), date: stamp(world) },
  });
}

/** Puts a commit on the base branch as the merge of a pull request, and tells of it. */
export async function finishMerge(
  doing: Doing,
  repository: Repository,
  issue: PullIssue,
  before: string,
  sha: string,
): Promise<void> {
  const ref = `refs/heads/${issue.pull.base.ref}`;
  await moveRef(repository.folder, ref, sha, before);
  issue.pull.merged = { sha, by: doing.who.account, at: stamp(doing.world) };
  setState(doing, issue, "closed");
  await tellPull(doing, repository, issue, "closed");
  if (issue.pull.base.ref === repository.defaultBranch) {
    await closeBySaying(doing, repository, issue.body ?? "", `#${issue.number}`);
  }
  await moved(doing, repository, [{ ref, before, after: sha }]);
}

/** Merging a pull request. */
export const mergeRoutes: readonly Route[] = [
  on("PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge", [{ contents: "write" }], (call) =>
    inTurn(call.world, call.repository, async () => {
      const { repository } = call;
      const issue = findPull(call);
      const { pull } = issue;
      const method = METHODS.find((name) => name === (text(call, "merge_method") ?? "merge")) ?? "merge";
      if (issue.state !== "open" || pull.draft) throw notAllowed("Pull Request is not mergeable");
      const expected = text(call, "sha");
      if (expected !== undefined && expected !== pull.head.sha) {
        throw conflict("Head branch was modified. Review and try the merge again.");
      }
      if (pull.merge === undefined) throw notAllowed("Pull Request is not mergeable");
      if (repository.rules.get(pull.base.ref)?.mergeQueue) {
        throw notAllowed(
          "Repository rule violations found\n\nChanges must be made through the merge queue\n\n",
        );
      }
      const missing = await blockedBy(repository, issue);
      if (missing !== undefined) throw notAllowed(`Repository rule violations found\n\n${missing}\n\n`);
      const before = (await refOf(repository.folder, `refs/heads/${pull.base.ref}`)) ?? "";
      const words = { title: text(call, "commit_title"), message: text(call, "commit_message") };
      const sha = await mergeCommit(call, repository, issue, before, method, words);
      await finishMerge(call, repository, issue, before, sha);
      return ok({ sha, merged: true, message: "Pull Request successfully merged" });
    }),
  ),
  on("GET /repos/{owner}/{repo}/pulls/{pull_number}/merge", [{ contents: "read" }], (call) => ({
    status: findPull(call).pull.merged ? 204 : 404,
  })),
];
