import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { RunResult } from "../../../local/contract.ts";
import { explain, type World } from "../../../local/world.ts";
import { comments, logOf, records } from "../../github/reading.ts";
import { asTrained, MONITOR, openWatched, type ShownIssue, type Watched } from "../../github/watched.ts";

/* A prediction log, the shipped monitor workflow, and the one issue that comes of it. */

let watched: Watched;
let world: World;
let runs: readonly RunResult[];
let number: number;

const look = async (): Promise<void> => {
  runs = await watched.look();
};
const only = async (): Promise<ShownIssue> => {
  const [one, ...more] = await watched.issues();
  assert.ok(one, explain(runs));
  assert.equal(more.length, 0);
  return one;
};
const summaryOf = (name: string): string =>
  runs
    .flatMap(({ jobs }) => jobs.filter((job) => job.name === name).map(({ summary }) => summary))
    .join("\n");

before(async () => {
  watched = await openWatched();
  world = watched.world;
});
after(() => watched.close());

test("init wrote the workflow with the contract's own minute", () => {
  const text = world.checkout.read(MONITOR);
  assert.match(text, / {2}schedule:\n {4}- cron: "5 3 \* \* \*" # wages, daily\n {2}workflow_dispatch:/);
});

test("a look without predictions says so, opens nothing, and is written down", async () => {
  await look();
  assert.equal(runs[0]?.conclusion, "success", explain(runs));
  assert.match(logOf(runs, "monitor / monitor"), /wages in production: not enough data: /);
  assert.deepEqual(await watched.issues(), []);
  assert.match((await records(world)).join("\n"), /^monitor\/wages\/production\/\d{8}t\d{9}z-\d+-1\.json$/m);
});

describe("when other workers are asked for", () => {
  before(async () => {
    watched.ask(400, asTrained);
    watched.ask(1200, () => "professional");
    await look();
  });

  test("ONE issue says what moved, who owns it and what to do, and names no value", async () => {
    const issue = await only();
    number = issue.number;
    assert.equal(issue.title, "wages in production: kind has moved away from the training data");
    assert.equal(issue.user.login, "github-actions[bot]");
    assert.deepEqual(
      issue.labels.map(({ name }) => name),
      ["drift"],
    );
    assert.match(issue.body, /\*\*1 of 2 inputs of `wages` in `production` is not distributed as/);
    assert.match(issue.body, /1,600 predictions of `v1\.0\.0`/);
    assert.match(issue.body, /\*\*Owner:\*\* @acme\/ml-team/);
    assert.match(issue.body, /npx trainyard rollback wages --environment production --open/);
    assert.doesNotMatch(issue.body, /professional|clerical/);
    assert.match(summaryOf("monitor / monitor"), new RegExp(`#${number}`));
  });

  test("its retraining is started, and finds no newer rows", () => {
    const started = runs.filter(({ workflow }) => workflow === "Trainyard retrain");
    assert.deepEqual(
      started.map(({ event, conclusion }) => [event, conclusion]),
      [["workflow_dispatch", "success"]],
      explain(runs),
    );
    assert.match(logOf(runs, "retrain / propose"), /nothing is proposed: the newest rows are those/);
  });

  test("looked at twice at once, it is brought up to date, with what a person wrote around it", async () => {
    const { body } = await only();
    await world.ada.api("PATCH", `/repos/${world.repository}/issues/${number}`, {
      body: `We know.\n\n${body}`,
      title: "Professionals!",
      labels: [],
    });
    watched.ask(800, () => "professional");
    const there = (await records(world)).length;
    for (let times = 0; times < 2; times++) {
      await world.ada.api(
        "POST",
        `/repos/${world.repository}/actions/workflows/trainyard-monitor.yml/dispatches`,
        { ref: "main", inputs: {} },
      );
    }
    runs = await world.settled();
    assert.deepEqual(
      runs.map(({ conclusion }) => conclusion),
      ["success", "success"],
      explain(runs),
    );
    const issue = await only();
    assert.match(issue.body, /^We know\./);
    assert.match(issue.body, /2,400 predictions/);
    assert.deepEqual([issue.title, issue.labels], ["Professionals!", []]);
    assert.equal((await records(world)).length, there + 2, "both are records");
  });
});

test("closed by a person, it stays closed", async () => {
  await world.ben.api("PATCH", `/repos/${world.repository}/issues/${number}`, { state: "closed" });
  await look();
  assert.equal((await only()).state, "closed");
  assert.match(logOf(runs, "monitor / monitor"), /"ben" closed #\d+, so that it stays closed/);
});

test("reopened by a person it is ours again, and closes itself when the trouble is gone", async () => {
  await world.ben.api("PATCH", `/repos/${world.repository}/issues/${number}`, { state: "open" });
  watched.forget();
  watched.ask(600, asTrained);
  await look();
  const issue = await only();
  assert.deepEqual([issue.state, issue.state_reason], ["closed", "completed"], explain(runs));
  const [said, ...more] = await comments(world, number);
  assert.match(said?.body ?? "", /Gone: at .* by 600 predictions of `v1\.0\.0`/);
  assert.equal(more.length, 0);
});

test("GitHub's description allows all that was said", () => {
  assert.deepEqual([...new Set(world.github.violations)], []);
});
