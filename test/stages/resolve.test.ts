import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { commitTo, type MemoryWorld, memoryForge, memoryWorld } from "../../src/adapters/forge/memory.ts";
import type { WorkflowRun } from "../../src/ports/forge.ts";
import type { Ports } from "../../src/ports/ports.ts";
import resolve from "../../src/stages/resolve.ts";

const WORKFLOW = ".github/workflows/trainyard.yml";
const BRANCH = "a`$(id)`;|*_[x](y)";

let world: MemoryWorld;
let left: string; // where the change left its base
let head: string;
let base: string;
beforeEach(() => {
  world = memoryWorld();
  left = world.branches.get("main") ?? "";
  world.branches.set(BRANCH, left);
  head = commitTo(world, BRANCH, { message: "change", write: { "a.txt": "1" } });
  base = commitTo(world, "main", { message: "later", write: { "b.txt": "1" } });
  const pull = { title: "t", body: "", head: BRANCH, base: "main", author: "ben", draft: false };
  world.pulls.set(5, { ...pull, number: 5, state: "open", labels: new Set() });
});

function ran(run: Partial<WorkflowRun> = {}): void {
  world.runs.set(17, {
    id: 17,
    attempt: 1,
    event: "pull_request",
    path: WORKFLOW,
    headSha: head,
    headBranch: BRANCH,
    headRepository: "acme/wages",
    conclusion: "success",
    url: "https://github.com/acme/wages/actions/runs/17",
    ...run,
  });
}

async function resolved(inputs: Readonly<Record<string, unknown>> = {}, own = 99) {
  const ports = { host: { run: { id: own } }, forge: async () => memoryForge(world) } as unknown as Ports;
  const told = { token: "t", runId: 17, workflow: WORKFLOW, pull: 0, head: undefined, ...inputs };
  return (await resolve.run(told as never, ports)).outputs;
}

describe("resolve, asking the forge", () => {
  it("names pull request, commit, the base's newest commit and where the change left it", async () => {
    ran();
    assert.deepEqual(await resolved(), {
      todo: "judge",
      reason: "the run has ended",
      pull: "5",
      head,
      base,
      mergeBase: left,
      runId: "17",
    });
  });

  it("looks a merge queue up against the default branch", async () => {
    ran({ event: "merge_group", headBranch: "gh-readonly-queue/main/pr-5-x", conclusion: "skipped" });
    const { todo, pull, base: found } = await resolved();
    assert.deepEqual([todo, pull, found], ["verify", "", base]);
  });

  it("says for which commit the run was where the head has moved, and asks nothing of that commit", async () => {
    ran({ headSha: "1".repeat(40) }); // gone by a forced push
    const { todo, pull, head: judged, mergeBase, base: found } = await resolved();
    assert.deepEqual([todo, pull, judged, mergeBase, found], ["moved", "5", "1".repeat(40), "", base]);
  });

  it("judges a commit again under our own commit upon it, made where no workflow starts", async () => {
    ran();
    const message = `Lock wages: pass\n\nTrainyard-Judged: ${head}\n`;
    const author = "github-actions[bot]";
    const upon = commitTo(world, BRANCH, { message, author, write: { "trainyard.lock": "1" } });
    const { todo, head: judged, mergeBase } = await resolved();
    assert.deepEqual([todo, judged, mergeBase], ["judge", head, left]);

    const others = [
      { message, author: "acme-trainyard[bot]" }, // starts workflows, so it is judged on its own
      { message, author: "ben" },
      { message: `Trainyard-Judged: ${upon}`, author },
      { message: `Quotes "Trainyard-Judged: ${head}"`, author },
    ];
    for (const other of others) {
      world.branches.set(BRANCH, head);
      commitTo(world, BRANCH, { ...other, write: { "trainyard.lock": "1" } });
      assert.equal((await resolved()).todo, "moved");
    }
    world.branches.set(BRANCH, upon);
    commitTo(world, BRANCH, { message, author, write: { "trainyard.lock": "2" } });
    assert.equal((await resolved()).todo, "moved", "not upon the judged commit");
  });

  it("takes its App's commit for judged where the App's check stands on it, and no other", async () => {
    const message = `Lock wages: pass\n\nTrainyard-Judged: ${head}\n`;
    const app = memoryForge(world, { login: "acme-trainyard[bot]", triggersWorkflows: true, kind: "app" });
    const upon = commitTo(world, BRANCH, {
      message,
      author: "acme-trainyard[bot]",
      write: { "l.lock": "1" },
    });
    const check = { name: "Trainyard", title: "t", summary: "s", annotations: [] };
    const todo = async (inputs = {}) => (await resolved({ appId: "1", ...inputs })).todo;
    ran({ headSha: upon });
    assert.equal(await todo(), "judge", "the attempt was killed before it said its verdict");
    await memoryForge(world).checks.put({ ...check, commit: upon, conclusion: "success" });
    assert.equal(await todo(), "judge", "the check is another's");
    await app.checks.put({ ...check, commit: upon, conclusion: "failure" });
    assert.equal(await todo(), "judge", "it fails");
    await app.checks.put({ ...check, commit: upon, conclusion: "success" });
    assert.equal(await todo(), "nothing");
    assert.equal(await todo({ appId: undefined }), "judge");
    assert.equal(await todo({ appId: "2" }), "judge");
    ran({ headSha: upon, attempt: 2 });
    assert.equal(await todo(), "nothing", "nor where somebody ran it again");
    const next = commitTo(world, BRANCH, { message: "change", author: "ben", write: { "a.txt": "2" } });
    await app.checks.put({ ...check, commit: next, conclusion: "success" });
    ran({ headSha: next });
    assert.equal(await todo(), "judge", "the commit is not a verdict's");
  });

  it("leaves a fork pending until somebody asks for its commit", async () => {
    world.branches.set("eve-change", left);
    const sha = commitTo(world, "eve-change", { message: "change", write: { "a.txt": "2" } });
    world.branches.delete("eve-change");
    const kept = { title: "t", body: "", head: BRANCH, base: "main", author: "eve", draft: false };
    const fork = { repository: "eve/wages", sha };
    world.pulls.set(6, { ...kept, number: 6, state: "open", labels: new Set(), fork });
    ran({ headSha: sha, headRepository: "eve/wages", conclusion: "skipped" });
    const found = await resolved();
    assert.deepEqual([found.todo, found.pull, found.head], ["pending", "6", sha]);
    const asked = await resolved({ pull: 6, head: sha }, 17);
    assert.deepEqual([asked.todo, asked.pull, asked.head, asked.base], ["judge", "6", sha, base]);
    world.pulls.set(6, {
      ...kept,
      number: 6,
      state: "open",
      labels: new Set(),
      fork: { repository: undefined, sha },
    });
    assert.equal((await resolved()).todo, "nothing", "the fork was deleted");
  });

  it("has nothing to do for closed pull requests and for runs that nobody knows", async () => {
    assert.match((await resolved()).reason ?? "", /no run 17/);
    ran();
    const pull = world.pulls.get(5);
    if (pull !== undefined) pull.state = "closed";
    const { todo, base: found, reason } = await resolved();
    assert.deepEqual([todo, found], ["nothing", ""]);
    assert.match(reason ?? "", /no open pull request/);
    assert.match((await resolved({ pull: 5, head }, 17)).reason ?? "", /#5 is closed/);
  });

  it("lets nothing but its own run name a pull request", async () => {
    ran();
    const wrong = [
      { inputs: { pull: 5, head }, message: /run-id is "17"; a named commit was trained by this run, 99/ },
      { inputs: { pull: 5 }, message: /head is ""/ },
      { inputs: { head }, message: /pull is "0"/ },
      { inputs: { pull: 5, head: "main" }, message: /head is "main"; it takes a whole commit id/ },
      { inputs: { pull: 1.5, head }, message: /pull is "1.5"/ },
      { inputs: { runId: -1 }, message: /run-id is "-1"/ },
    ];
    for (const { inputs, message } of wrong) {
      await assert.rejects(resolved(inputs), { name: "UserError", message });
    }
  });
});
