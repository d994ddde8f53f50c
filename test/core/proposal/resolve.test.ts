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
const repository = { id: 7, name: "acme/wages", defaultBranch: "main" };
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
    assert.equal(resolved({ conclusion: undefined }).todo, "nothing", "it is run again just now");
    const disguised = resolved({ path: `${WORKFLOW}@mine.yml` });
    assert.match(disguised.reason, /another workflow, "\.github\/workflows\/trainyard\.yml@mine\.yml"/);
    const hostile = resolved({ path: `x\n::error::\u202e${"y".repeat(1000)}` }).reason;
    assert.ok(hostile.length < 220 && !/[\n\u202e]/.test(hostile), hostile);
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

  it("lets no other branch's rules decide, as a status goes with its commit", () => {
    const lax = { ...pull, number: 13, base: { ref: "lax`|\n@all", repositoryId: 7 } };
    const found = resolved({}, [lax]);
    assert.equal(found.todo, "nothing");
    assert.equal(found.reason, '#13 goes into "lax`| @all"; what goes into "main" is judged, alone');
    const both = resolved({}, [lax, pull]);
    assert.ok(both.todo === "judge" && both.pull.number === 12);
    const open = { ...lax, state: "open" as const };
    assert.equal(resolveCommand(open, HEAD, repository).todo, "nothing");
  });

  it("leaves a fork's and Dependabot's pull requests pending, and says who can change that", () => {
    const idle = { conclusion: "skipped" };
    const found = resolved({ ...ofFork, ...idle }, [forked], false);
    assert.equal(found.todo, "pending");
    assert.match(found.reason, /given no data; whoever may write can have this commit trained$/);
    assert.ok(found.reason.length <= 140, "it is a status, too");
    const robot = resolved(idle, [{ ...pull, author: "dependabot[bot]" }], false);
    assert.ok(robot.todo === "pending" && robot.reason.length <= 140);
    const waiting = resolved({ ...ofFork, conclusion: "action_required" }, [forked], false);
    assert.match(waiting.reason, /wait for an approval/);
    assert.equal(
      resolved(idle, [pull], false).todo,
      "judge",
      "the judge says what a colleague's change lacks",
    );
    for (const conclusion of ["success", "failure", "timed_out"]) {
      const ran = resolved({ ...ofFork, conclusion }, [forked], conclusion === "success");
      assert.equal(ran.todo, "judge", `public data: ${conclusion}`);
    }
  });

  it("looks verdicts up for this repository's merge queue alone", () => {
    const queue = {
      event: "merge_group",
      conclusion: "skipped",
      headBranch: "gh-readonly-queue/main/pr-12",
    };
    const found = resolved(queue, []);
    assert.ok(found.todo === "verify" && found.head === HEAD);
    assert.equal(resolved({ ...queue, headRepository: "eve/wages" }, []).todo, "nothing");
    for (const headBranch of ["gh-readonly-queue/lax/pr-12", "main", undefined]) {
      assert.equal(resolved({ ...queue, headBranch }, []).todo, "nothing");
    }
  });

  it("looks once more at what somebody named", () => {
    const open = { ...forked, state: "open" as const };
    assert.equal(resolveCommand(open, HEAD, repository).todo, "judge");
    assert.equal(resolveCommand(open, NEWER, repository).todo, "moved");
    assert.equal(resolveCommand({ ...open, state: "closed" }, HEAD, repository).todo, "nothing");
    assert.equal(resolveCommand(undefined, HEAD, repository).todo, "nothing");
    assert.equal(resolveCommand(open, HEAD, { ...repository, id: 9 }).todo, "nothing");
  });

  it("asks for pull requests by owner and branch", () => {
    assert.equal(headOf(ofFork), "eve:better");
    assert.equal(headOf({ ...run, headBranch: undefined }), undefined);
  });
});
