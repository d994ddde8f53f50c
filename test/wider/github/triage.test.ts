import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { parse } from "yaml";
import type { RunResult } from "../../../local/contract.ts";
import { explain, openWorld, type World } from "../../../local/world.ts";
import { openForge } from "../../../src/adapters/forge/github.ts";
import { comments, logOf, records } from "../../github/reading.ts";

/* A prediction log, the shipped monitor workflow, and the one issue that comes of it. */

const CLI = resolve("dist/cli.js");
const FILE = ".github/workflows/trainyard-monitor.yml";

const contract = (log: string): string => `model: wages
task: binary-classification
owner: "@acme/ml-team"
data:
  sources: { rows: data/rows.csv }
  roles: { label: y, positive: 1, id: id }
split: { by: hash, holdout: 30%, validation: 20% }
features:
  - scale: [told]
  - one_hot: [kind]
train:
  with: logistic
  params: { epochs: 20, learning_rate: 0.01, batch_size: 32 }
evaluate:
  decision: { threshold: 0.5 }
  metrics: [roc_auc]
  bootstrap: { resamples: 50 }
deploy:
  production: { to: server }
monitor:
  predictions: ${log}
  min_rows: 100
  window: 7d
  then: { retrain: pull-request }
retrain:
  refresh: "true"
`;

interface Shown {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly state: string;
  readonly state_reason: string | null;
  readonly labels: readonly { readonly name: string }[];
  readonly user: { readonly login: string };
}

let world: World;
let log: string;
let served: { readonly md5: string; readonly sha256: string };
let runs: readonly RunResult[];
let number: number;
let written = 0;

/** What production was asked just now: as in training, or another kind of worker. */
function ask(count: number, kind: (row: number) => string): void {
  const folder = join(log, "wages", new Date().toISOString().slice(0, 10));
  mkdirSync(folder, { recursive: true });
  const lines = Array.from({ length: count }, (_, row) =>
    JSON.stringify({
      id: `${written}-${row}`,
      at: new Date().toISOString(),
      model: "wages",
      version: "v1.0.0",
      sha256: served.sha256,
      environment: "production",
      inputs: { told: row % 7, kind: kind(row) },
      score: 0.5,
      decision: "1",
      ms: 1,
    }),
  );
  writeFileSync(join(folder, `a-${written++}.jsonl`), `${lines.join("\n")}\n`);
}

const asTrained = (row: number): string => (row % 3 === 0 ? "clerical" : "service");
const look = async (): Promise<void> => {
  await world.github.schedule(world.repository, FILE);
  runs = await world.settled();
};
const issues = async (): Promise<readonly Shown[]> =>
  (await world.ada.api("GET", `/repos/${world.repository}/issues?state=all`)) as never;
const only = async (): Promise<Shown> => {
  const [one, ...more] = await issues();
  assert.ok(one, explain(runs));
  assert.equal(more.length, 0);
  return one;
};
const summaryOf = (name: string): string =>
  runs
    .flatMap(({ jobs }) => jobs.filter((job) => job.name === name).map(({ summary }) => summary))
    .join("\n");

before(async () => {
  log = mkdtempSync(join(tmpdir(), "trainyard-log-"));
  world = await openWorld({
    template: "wages",
    async begin(start) {
      for (const path of ["data", "high_wage.sql"]) rmSync(join(start.folder, path), { recursive: true });
      const rows = Array.from(
        { length: 900 },
        (_, row) => `r${row},${row % 7},${asTrained(row)},${row % 7 > 3 ? 1 : 0}`,
      );
      await start.write("trainyard.yaml", contract(log));
      await start.write("data/rows.csv", `id,told,kind,y\n${rows.join("\n")}\n`);
      for (const args of [["init"], ["run"], ["push"]])
        execFileSync(process.execPath, [CLI, ...args], { cwd: start.folder, stdio: "pipe" });
    },
  });
  const lock = parse(world.checkout.read("trainyard.lock")) as {
    stages: { train: { out: readonly { path: string; md5: string; sha256: string }[] } };
  };
  const out = lock.stages.train.out.find(({ path }) => path === "models/wages");
  assert.ok(out);
  served = out;
  await world.checkout.push("Serve it"); // whose event the release would run for
  await world.settled();
  await deploy();
});
after(async () => {
  await world.close();
  rmSync(log, { recursive: true, force: true });
});

/** The served model, as the release workflow writes it down. */
async function deploy(): Promise<void> {
  const [event] = world.github.events;
  assert.ok(event);
  const run = world.github.runs.start({ name: "Release", path: ".github/workflows/release.yml", event });
  const token = world.github.jobToken(world.repository, run, { deployments: "write", metadata: "read" });
  const forge = await openForge(
    { token },
    {
      GITHUB_API_URL: world.github.apiUrl,
      GITHUB_GRAPHQL_URL: world.github.graphqlUrl,
      GITHUB_REPOSITORY: world.repository,
      GITHUB_ACTIONS: "true",
    },
  );
  const { id } = await forge.deployments.create({
    ref: "main",
    environment: "production",
    production: true,
    description: "wages v1.0.0",
    payload: {
      schema: "trainyard/deployment/1",
      model: "wages",
      folder: "",
      environment: "production",
      version: "v1.0.0",
      sha256: served.sha256,
      md5: served.md5,
      reason: "merged",
    },
  });
  await forge.deployments.status(id, { state: "success", description: "serves" });
  world.github.runs.finish(run, "success");
}

test("init wrote the workflow with the contract's own minute", () => {
  const text = world.checkout.read(FILE);
  assert.match(text, / {2}schedule:\n {4}- cron: "5 3 \* \* \*" # wages, daily\n {2}workflow_dispatch:/);
});

test("a look without predictions says so, opens nothing, and is written down", async () => {
  await look();
  assert.equal(runs[0]?.conclusion, "success", explain(runs));
  assert.match(logOf(runs, "monitor / monitor"), /wages in production: not enough data: /);
  assert.deepEqual(await issues(), []);
  assert.match((await records(world)).join("\n"), /^monitor\/wages\/production\/\d{8}t\d{9}z-\d+-1\.json$/m);
});

describe("when other workers are asked for", () => {
  before(async () => {
    ask(400, asTrained);
    ask(1200, () => "professional");
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
    ask(800, () => "professional");
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
  rmSync(join(log, "wages"), { recursive: true });
  ask(600, asTrained);
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
