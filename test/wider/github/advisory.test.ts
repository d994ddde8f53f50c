import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { RunResult } from "../../../local/contract.ts";
import { explain, type World } from "../../../local/world.ts";
import {
  annotationsOf,
  checksOf,
  commitOf,
  endingsOf,
  merge,
  pullOf,
  statusOf,
  verdict,
  verdicts,
} from "../../github/reading.ts";
import { openTeam } from "../../github/team.ts";

/* A team without an App: the workflow's own token speaks, and its commits start no workflows. */

let world: World;
let runs: readonly RunResult[];
let pull: number;
let head: string;

before(async () => {
  world = await openTeam();
});
after(() => world.close());

const require = (checks: readonly string[], mergeQueue = false) =>
  world.github.protect(world.repository, "main", {
    checks: checks.map((context) => ({ context })),
    mergeQueue,
  });

describe("a model that fails its gates", () => {
  before(async () => {
    await require(["trainyard"]);
    world.checkout.edit("trainyard.yaml", "[told, noise]", "[noise]");
    head = await world.checkout.propose("noise", "Learn from noise");
    pull = await world.ada.openPull(world.repository, { title: "Learn from noise", head: "noise" });
    runs = await world.settled();
  });

  test("makes a failing check whose first annotation stands on the gate's line", async () => {
    assert.match(await verdict(world, pull, runs), /### ❌ Fail/);
    assert.deepEqual(
      (await checksOf(world, head)).map(({ conclusion }) => conclusion),
      ["failure"],
    );
    const [note] = await annotationsOf(world, head);
    const lines = world.checkout.read("trainyard.yaml").split("\n");
    assert.equal(note?.path, "trainyard.yaml");
    assert.match(lines[note.start_line - 1] ?? "", /gate: roc_auc >= 0\.65/);
  });

  test("is not committed and not merged", async () => {
    assert.equal((await statusOf(world, head))?.state, "failure");
    assert.equal((await pullOf(world, pull)).head.sha, head);
    assert.match(await verdict(world, pull, runs), /Nothing was committed: what fails stays off the branch/);
    await assert.rejects(merge(world, pull), /Required status check .*trainyard.* is failing/);
  });
});

describe("the same, mended, where another check is required, too", () => {
  before(async () => {
    await require(["trainyard", "lint"]);
    world.checkout.edit("trainyard.yaml", "[noise]", "[told, noise]");
    head = await world.checkout.push("Learn from what tells");
    runs = await world.settled();
  });

  test("passes, and is not committed, for the new commit would wait for that check", async () => {
    const body = await verdict(world, pull, runs);
    assert.match(body, /### ✅ Pass/);
    assert.match(body, /Nothing was committed:\*\* `main` requires `lint`, .* starts no workflows/);
    assert.equal((await statusOf(world, head))?.state, "success");
    assert.equal((await pullOf(world, pull)).head.sha, head);
  });
});

describe("judged again where GitHub has trouble and no other check is required", () => {
  let since: number;

  before(async () => {
    await require(["trainyard"]);
    since = world.github.requests.length;
    const { fault } = world.github;
    const at = (path: string) => new RegExp(`^/repos/acme/wages/${path}`);
    fault({ method: "GET", path: at("pulls/1$"), times: 1, answer: { status: 502 } });
    fault({ method: "POST", path: at("check-runs$"), times: 1, answer: "cut" });
    fault({ method: "PATCH", path: at("issues/comments/"), times: 1, answer: "cut" });
    fault({ method: "POST", path: at("statuses/"), times: 1, answer: { status: 500 } });
    const limited = {
      status: 403,
      headers: { "retry-after": "1" },
      body: { message: "secondary rate limit" },
    };
    fault({ method: "POST", path: at("statuses/"), times: 1, answer: limited });
    fault({ method: "POST", path: /^\/api\/graphql$/, times: 1, answer: "cut" });
    await world.runner.again(runs.find(({ event }) => event === "workflow_run")?.id ?? 0);
    runs = await world.settled();
  });

  test("pointer and lock are committed once, in the workflow's name, and it says what that means", async () => {
    const { head: now } = await pullOf(world, pull);
    const commit = await commitOf(world, now.sha);
    assert.equal(commit.author.login, "github-actions[bot]", explain(runs));
    assert.deepEqual(
      commit.parents.map(({ sha }) => sha),
      [head],
    );
    assert.match(await verdict(world, pull, runs), /other checks do not run on it/);
    assert.deepEqual(endingsOf(runs, "propose / fetch"), []);
    head = now.sha;
  });

  test("nothing is there twice, though not every answer came", async () => {
    const asked = world.github.requests.slice(since);
    const refused = asked.filter(({ path }) => /pulls\/1$|statuses\//.test(path)).map(({ status }) => status);
    assert.deepEqual(refused.filter((status) => status >= 400).sort(), [403, 500, 502]);
    assert.equal(asked.filter(({ method, path }) => method === "POST" && /check-runs$/.test(path)).length, 1);
    assert.equal((await verdicts(world, pull)).length, 1);
    assert.equal((await checksOf(world, head)).length, 1);
    assert.equal((await statusOf(world, head))?.state, "success");
  });
});

test("the queue looks the verdict up, trains nothing, and merges", async () => {
  await require(["trainyard"], true);
  await world.github.enqueue(world.repository, pull, "ada");
  runs = await world.settled();
  assert.deepEqual(endingsOf(runs, "propose / train"), ["skipped"], explain(runs));
  assert.deepEqual(endingsOf(runs, "judge / score"), ["success"]);
  assert.equal((await pullOf(world, pull)).merged, true, explain(runs));
  assert.equal((await verdicts(world, pull)).length, 1);
});

test("GitHub's description allows all that was said", () => {
  assert.deepEqual([...new Set(world.github.violations)], []);
});
