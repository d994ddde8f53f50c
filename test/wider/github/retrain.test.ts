import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import type { RunResult } from "../../../local/contract.ts";
import { explain, type World } from "../../../local/world.ts";
import { commitOf, endingsOf, logOf, merge, pullOf, statusOf, verdict } from "../../github/reading.ts";
import { openDrift, openRefreshed, RETRAIN } from "../../github/refreshed.ts";

/* A model comes back as a pull request, from the shipped workflow files. */

let world: World;
let runs: readonly RunResult[];
let issue: number;
let pull: number;

const pulls = async (): Promise<
  readonly { readonly number: number; readonly body: string; readonly head: { readonly ref: string } }[]
> => (await world.ada.api("GET", `/repos/${world.repository}/pulls?state=open`)) as never;
const issueNow = async (number: number): Promise<{ readonly state: string }> =>
  (await world.ada.api("GET", `/repos/${world.repository}/issues/${number}`)) as never;
const objects = (): number => readdirSync(world.store, { recursive: true }).length;
before(async () => {
  world = await openRefreshed();
});
after(() => world.close());

test("init wrote the workflow with the contract's own minute", () => {
  const text = world.checkout.read(`.github/workflows/${RETRAIN}`);
  assert.match(text, / {2}schedule:\n {4}- cron: "8 5 1 \* \*" # wages, monthly\n {2}workflow_dispatch:/);
});

describe("asked for by somebody who may only triage, or by a stranger", () => {
  before(async () => {
    issue = await openDrift(world);
    await world.eve.comment(world.repository, issue, "/trainyard retrain");
    runs = await world.settled();
  });

  test("nothing is done", async () => {
    assert.deepEqual(endingsOf(runs, "retrain / ask"), ["success"], explain(runs));
    assert.deepEqual(endingsOf(runs, "retrain / refresh"), ["skipped"]);
    assert.match(logOf(runs, "retrain / ask"), /"eve" may not write to this repository/);
    assert.deepEqual(await pulls(), []);
  });
});

describe("asked for by a label of somebody who may write", () => {
  let there: number;
  before(async () => {
    there = objects();
    await world.ben.api("POST", `/repos/${world.repository}/issues/${issue}/labels`, { labels: ["retrain"] });
    runs = await world.settled();
  });

  test("one pull request brings the rows, closes the issue, and is judged in the same run", async () => {
    const [opened, ...more] = await pulls();
    assert.ok(opened, explain(runs));
    assert.equal(more.length, 0);
    pull = opened.number;
    assert.equal(opened.head.ref, "trainyard-retrain-wages");
    assert.match(opened.body, new RegExp(`^Closes #${issue}$`, "m"));
    assert.match(await verdict(world, pull, runs), /### ✅ Pass/);
    const { head } = await pullOf(world, pull);
    assert.equal((await statusOf(world, head.sha))?.state, "success", explain(runs));
    const { parents } = await commitOf(world, head.sha);
    const { files } = await commitOf(world, parents[0]?.sha ?? "");
    assert.deepEqual(
      files.map(({ filename }) => filename),
      ["data/rows.csv.dvc"],
    );
    assert.ok(objects() > there, "the bytes are in the remote");
    assert.match(logOf(runs, "retrain / refresh / refresh"), /secrets: \[\]/);
  });

  test("asked again, it stands", async () => {
    const { head } = await pullOf(world, pull);
    await world.ada.comment(world.repository, issue, "/trainyard retrain");
    runs = await world.settled();
    assert.match(logOf(runs, "retrain / propose"), /was left as it is/);
    assert.deepEqual(endingsOf(runs, "retrain / train"), ["skipped"], explain(runs));
    assert.equal((await pullOf(world, pull)).head.sha, head.sha);
    assert.equal((await pulls()).length, 1);
  });
});

test("merging it closes the issue", async () => {
  await merge(world, pull);
  assert.equal((await issueNow(issue)).state, "closed");
  await world.github.schedule(world.repository, `.github/workflows/${RETRAIN}`);
  runs = await world.settled();
  assert.match(logOf(runs, "retrain / ask"), /wages is retrained, asked for on schedule/, explain(runs));
  assert.match(logOf(runs, "retrain / propose"), /nothing is proposed: the newest rows are those/);
  assert.deepEqual(await pulls(), []);
});

test("GitHub's description allows all that was said", () => {
  assert.deepEqual([...new Set(world.github.violations)], []);
});
