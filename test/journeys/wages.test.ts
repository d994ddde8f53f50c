import assert from "node:assert/strict";
import { test } from "node:test";
import { type Report, report } from "../../src/core/report/report.ts";
import { openRepository } from "./repository.ts";

/** Stage names of a run's JSON, by what became of them. */
function outcomes(stdout: string): Record<string, string> {
  const { contracts } = JSON.parse(stdout) as {
    contracts: { stages: { stage: string; outcome: string }[] }[];
  };
  return Object.fromEntries(contracts[0]!.stages.map(({ stage, outcome }) => [stage, outcome]));
}

const ALL = ["ingest", "validate", "prepare", "features", "train", "evaluate", "report"];
const all = (outcome: string): Record<string, string> =>
  Object.fromEntries(ALL.map((name) => [name, outcome]));

const AFTER_THE_MERGE = `deploy:
  staging: { to: server }
  production: { after: staging, url: "https://model.example.com" }
monitor: { predictions: predictions/wages, every: hourly }
retrain: { refresh: node refresh.mjs, every: monthly }
`;

test("from the template to a proposal that is compared with the model in production", (context) => {
  const repository = openRepository(context, "wages");

  const first = repository.trainyard("run", "--json");
  assert.equal(first.status, 0, first.stderr);
  assert.deepEqual(outcomes(first.stdout), all("performed"));
  const before = repository.json(".trainyard/report.json") as Report;
  assert.equal(report.safeParse(before).success, true);
  assert.equal(before.baseline.state, "none");
  assert.equal(before.subject.rows.holdout, 107);
  assert.match(repository.read("models/wages.dvc"), /^outs:\n- md5: [0-9a-f]{32}\.dir\n/);
  repository.git("add", "--all");
  repository.git("commit", "--quiet", "--message", "First model");
  assert.doesNotMatch(repository.git("ls-files"), /\.trainyard\/|models\/wages\/|data\/.*parquet/);

  const again = repository.trainyard("run", "--json");
  assert.deepEqual(outcomes(again.stdout), all("stood"));
  assert.equal(
    repository.git("status", "--short"),
    "",
    "a run that changes nothing leaves nothing to commit",
  );

  repository.write("trainyard.yaml", `${repository.read("trainyard.yaml")}${AFTER_THE_MERGE}`);
  const served = repository.trainyard("run", "--json");
  assert.deepEqual(outcomes(served.stdout), all("stood"), "where it is served makes no other model");
  repository.git("commit", "--quiet", "--all", "--message", "Deploy, monitor and retrain it");

  repository.git("switch", "--quiet", "--create", "proposal");
  repository.edit("trainyard.yaml", "keep: [union, south]", "keep: [union, south, married]");
  const status = repository.trainyard("status", "--json");
  const { contracts } = JSON.parse(status.stdout) as {
    contracts: { stages: { work: string; state: string; why: string[] }[] }[];
  };
  const states = Object.fromEntries(contracts[0]!.stages.map(({ work, state }) => [work, state]));
  assert.deepEqual(states, {
    ingest: "stands",
    validate: "stands",
    prepare: "stands",
    features: "runs",
    train: "depends",
    evaluate: "depends",
    report: "depends",
  });
  assert.deepEqual(contracts[0]!.stages[3]!.why, [
    'parameter features.2.keep changed ["union","south"] → ["union","south","married"]',
  ]);

  const proposed = repository.trainyard("run", "--json");
  assert.ok([0, 1, 3].includes(proposed.status ?? -1), proposed.stderr);
  assert.deepEqual(outcomes(proposed.stdout), {
    ...all("performed"),
    ingest: "stood",
    validate: "stood",
    prepare: "stood",
  });
  const after = repository.json(".trainyard/report.json") as Report;
  assert.equal(after.baseline.state, "compared");
  assert.deepEqual(after.baseline.digest, before.subject.digest);
  assert.equal(
    after.metrics[0]!.baseline,
    before.metrics[0]!.value,
    "the baseline answers now as it did then",
  );
  assert.deepEqual(
    after.changes.map(({ kind, name }) => `${kind} ${name}`),
    ["features features.2.keep"],
  );

  const diff = repository.trainyard("diff", "main", "--json");
  const difference = JSON.parse(diff.stdout) as {
    changed: boolean;
    contracts: { metrics: { name: string; before: number; after: number }[] }[];
  };
  assert.equal(difference.changed, true);
  const auc = difference.contracts[0]!.metrics.find(({ name }) => name === "roc_auc")!;
  assert.deepEqual([auc.before, auc.after], [before.metrics[0]!.value, after.metrics[0]!.value]);
});
