import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import type { RunResult } from "../../../local/contract.ts";
import { explain, openWorld, type World } from "../../../local/world.ts";
import { openForge } from "../../../src/adapters/forge/github.ts";
import type { Forge } from "../../../src/ports/forge.ts";
import { commitOf, endingsOf, logOf, merge, pullOf, statusOf, verdict } from "../../github/reading.ts";

/* A model comes back as a pull request, from the shipped workflow files. */

const CLI = resolve("dist/cli.js");

const CONTRACT = `model: wages
task: binary-classification
owner: "@acme/ml-team"
data:
  sources: { rows: data/rows.csv }
  roles: { label: y, positive: 1, id: id }
split: { by: hash, holdout: 30%, validation: 20% }
features:
  - scale: [told]
train:
  with: logistic
  params: { epochs: 30, learning_rate: 0.01, batch_size: 32 }
evaluate:
  decision: { threshold: 0.5 }
  metrics: [roc_auc]
  bootstrap: { resamples: 50 }
  gates:
    - gate: roc_auc >= 0.65
      when_inconclusive: warn
deploy:
  production: { to: server }
retrain:
  refresh: node refresh.mjs
  every: monthly
`;

/** Appends rows once for each line of \`more.txt\`; says what it could see. */
const REFRESH = `import { appendFileSync, readFileSync } from "node:fs";
const secrets = Object.keys(process.env).filter((name) => /TOKEN|REMOTE|ACTIONS_/.test(name));
console.log("secrets: " + JSON.stringify(secrets));
const have = readFileSync("data/rows.csv", "utf8").trim().split("\\n").length - 1;
const want = 420 + 60 * (readFileSync("more.txt", "utf8").split("\\n").length - 1);
for (let row = have; row < want; row++) appendFileSync("data/rows.csv", "r" + row + "," + (row % 7) + "," + (row % 7 > 3 ? 1 : 0) + "\\n");
`;

const MARKER = "<!-- trainyard:monitor wages production -->";
const FILE = "trainyard-retrain.yml";

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
/** As a workflow of the default branch: so the monitor speaks. */
async function asWorkflow(work: (forge: Forge) => Promise<void>): Promise<void> {
  const [event] = world.github.events;
  assert.ok(event);
  const run = world.github.runs.start({ name: "x", path: ".github/workflows/x.yml", event });
  const token = world.github.jobToken(world.repository, run, { issues: "write", metadata: "read" });
  await work(
    await openForge(
      { token },
      {
        GITHUB_API_URL: world.github.apiUrl,
        GITHUB_GRAPHQL_URL: world.github.graphqlUrl,
        GITHUB_REPOSITORY: world.repository,
        GITHUB_ACTIONS: "true",
      },
    ),
  );
  world.github.runs.finish(run, "success");
}

before(async () => {
  world = await openWorld({
    template: "wages",
    async begin(start) {
      for (const path of ["data", "high_wage.sql"]) rmSync(join(start.folder, path), { recursive: true });
      const rows = Array.from({ length: 420 }, (_, row) => `r${row},${row % 7},${row % 7 > 3 ? 1 : 0}`);
      await start.write("trainyard.yaml", CONTRACT);
      await start.write("refresh.mjs", REFRESH);
      await start.write("more.txt", "");
      await start.write("data/rows.csv", `id,told,y\n${rows.join("\n")}\n`);
      for (const args of [["init"], ["add", "data/rows.csv"], ["push"]])
        execFileSync(process.execPath, [CLI, ...args], { cwd: start.folder, stdio: "pipe" });
    },
  });
});
after(() => world.close());

test("init wrote the workflow with the contract's own minute", () => {
  const text = world.checkout.read(`.github/workflows/${FILE}`);
  assert.match(text, / {2}schedule:\n {4}- cron: "8 5 1 \* \*" # wages, monthly\n {2}workflow_dispatch:/);
});

describe("asked for by somebody who may only triage, or by a stranger", () => {
  before(async () => {
    await world.checkout.write("more.txt", "one\n");
    await world.checkout.push("More rows are to be had");
    await asWorkflow(async (forge) => {
      const opened = await forge.issues.open({ title: "x", body: `${MARKER}\n\nmoved`, labels: ["drift"] });
      issue = opened.number;
    });
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
  await world.github.schedule(world.repository, `.github/workflows/${FILE}`);
  runs = await world.settled();
  assert.match(logOf(runs, "retrain / ask"), /wages is retrained, asked for on schedule/, explain(runs));
  assert.match(logOf(runs, "retrain / propose"), /nothing is proposed: the newest rows are those/);
  assert.deepEqual(await pulls(), []);
});

test("GitHub's description allows all that was said", () => {
  assert.deepEqual([...new Set(world.github.violations)], []);
});
