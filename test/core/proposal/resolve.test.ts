import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type FinishedRun,
  headOf,
  type OpenPull,
  resolveCommand,
  resolveRun,
} from "../../../src/core/proposal/resolve.ts";

const HEAD = "a".repeat(40);
const NEWER = "b".repeat(40);
const WORKFLOW = ".github/workflows/trainyard.yml";
const repository = { id: 7, name: "acme/wages" };
const run: FinishedRun = {
  event: "pull_request",
  path: WORKFLOW,
  headSha: HEAD,
  headBranch: "better",
  headRepository: "acme/wages",
  conclusion: "success",
};
const pull: OpenPull = {
  number: 12,
  author: "ben",
  head: { sha: HEAD, ref: "better", repository: "acme/wages" },
  base: { ref: "main", repositoryId: 7 },
};
const forked = { ...pull, author: "eve", head: { ...pull.head, repository: "eve/wages" } };
const ofFork = { ...run, headRepository: "eve/wages" };

describe("resolve", () => {
  const resolved = (given: Partial<FinishedRun>, pulls: readonly OpenPull[] = [pull], trained = true) =>
    resolveRun({ ...run, ...given }, WORKFLOW, repository, pulls, trained);

  it("finds the one pull request with the run's repository, branch and commit", () => {
    const found = resolved({});
    assert.ok(found.todo === "judge" && found.pull.number === 12 && found.head === HEAD);
    assert.equal(resolved({ path: `${WORKFLOW}@refs/pull/12/merge` }).todo, "judge");
    assert.equal(resolved({ conclusion: "failure" }).todo, "judge");
  });

  it("takes no workflow by its name, no other event and no cancelled run", () => {
    assert.match(resolved({ path: ".github/workflows/mine.yml" }).reason, /another workflow, .*mine\.yml/);
    assert.equal(resolved({ event: "push" }).todo, "nothing");
    assert.equal(resolved({ event: "workflow_dispatch" }).todo, "nothing");
    assert.equal(resolved({ conclusion: "cancelled" }).todo, "nothing");
  });

  it("takes no pull request of another repository, fork, branch or commit for it", () => {
    const others: OpenPull[] = [
      { ...pull, base: { ref: "main", repositoryId: 8 } },
      { ...pull, head: { ...pull.head, repository: "mallory/wages" } },
      { ...pull, head: { ...pull.head, repository: undefined } },
      { ...pull, head: { ...pull.head, ref: "better-still" } },
    ];
    for (const other of others) assert.equal(resolved({}, [other]).todo, "nothing");
    assert.equal(resolved({ headRepository: undefined }).todo, "nothing");
    assert.equal(resolved({ headBranch: undefined }).todo, "nothing");
  });

  it("says that the head has moved, and for which commit the run was", () => {
    const found = resolved({}, [{ ...pull, head: { ...pull.head, sha: NEWER } }]);
    assert.ok(found.todo === "moved" && found.head === HEAD && found.reason.includes(NEWER));
  });

  it("judges neither of two pull requests with one head", () => {
    const found = resolved({}, [pull, { ...pull, number: 13 }]);
    assert.equal(found.todo, "nothing");
    assert.match(found.reason, /#12, #13/);
  });

  it("leaves a fork's and Dependabot's pull requests pending, with the command for that very commit", () => {
    const found = resolved(ofFork, [forked], false);
    assert.equal(found.todo, "pending");
    assert.ok(found.reason.endsWith(`/trainyard train ${HEAD}`));
    assert.equal(resolved({}, [{ ...pull, author: "dependabot[bot]" }], false).todo, "pending");
    assert.equal(resolved(ofFork, [forked], true).todo, "judge");
  });

  it("looks verdicts up for this repository's merge queue alone", () => {
    const queue = { event: "merge_group", conclusion: "skipped", headBranch: "gh-readonly-queue/main/pr-12" };
    const found = resolved(queue, []);
    assert.ok(found.todo === "verify" && found.head === HEAD);
    assert.equal(resolved({ ...queue, headRepository: "eve/wages" }, []).todo, "nothing");
  });

  it("looks once more at what somebody named", () => {
    const open = { ...forked, state: "open" as const };
    assert.equal(resolveCommand(open, HEAD, repository).todo, "judge");
    assert.equal(resolveCommand(open, NEWER, repository).todo, "moved");
    assert.equal(resolveCommand({ ...open, state: "closed" }, HEAD, repository).todo, "nothing");
    assert.equal(resolveCommand(undefined, HEAD, repository).todo, "nothing");
    assert.equal(resolveCommand(open, HEAD, { id: 9, name: "acme/other" }).todo, "nothing");
  });

  it("asks for pull requests by owner and branch", () => {
    assert.equal(headOf(ofFork), "eve:better");
    assert.equal(headOf({ ...run, headBranch: undefined }), undefined);
  });
});
