import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";
import type { Report } from "../../../src/core/report/report.ts";
import { random } from "../../../src/core/stats/random.ts";
import { openRepository } from "../../journeys/repository.ts";

/** Predicts each label by what makes it likely, made worse by a factor. */
const script = (snow: string): string => `
const { createRequire } = require("node:module");
const { readFileSync, writeFileSync } = require("node:fs");
const { DuckDBInstance } = createRequire(${JSON.stringify(resolve("package.json"))})("@duckdb/node-api");
const given = JSON.parse(readFileSync(process.env.TRAINYARD_INPUTS, "utf8"));
(async () => {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const all = async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
  const columns = async (path) => (await all("DESCRIBE SELECT * FROM '" + path + "'")).map((row) => row.column_name);
  const seen = { label: given.label, classes: given.classes, train: await columns(given.train), holdout: await columns(given.holdout) };
  writeFileSync("seen.json", JSON.stringify(seen));
  const rows = await all("SELECT id, wet AS rain, gust * gust AS wind, ${snow} AS snow FROM '" + given.holdout + "'");
  const lines = rows.map(({ id, rain, wind, snow }) => [id, rain, wind, snow].join(","));
  writeFileSync(given.out, "id,rain,wind,snow\\n" + lines.join("\\n") + "\\n");
})();
`;

/** Days on which it rains, blows and snows, none of it or all at once. */
function days(): string {
  const draws = random(7, "days");
  const lines = ["wet,cold,gust,rain,wind,snow"];
  for (let day = 0; day < 1200; day++) {
    const [wet, cold, gust] = [draws.uniform(), draws.uniform(), draws.uniform()];
    const on = [wet, gust * gust, wet * cold].map((chance) => (draws.uniform() < chance ? 1 : 0));
    lines.push([...[wet, cold, gust].map((value) => value.toFixed(4)), ...on].join(","));
  }
  return `${lines.join("\n")}\n`;
}

const CONTRACT = `model: weather
task: multilabel
data:
  sources: { days: days.csv }
  roles: { label: [rain, wind, snow] }
split: { by: hash, holdout: 40%, validation: 10% }
features:
  - keep: [wet, cold, gust]
train:
  run: node train.cjs
  code: [train.cjs]
  out: predictions.csv
evaluate:
  decision: { threshold: 0.4 }
  metrics: [f1_macro, hamming_loss, snow_found]
  custom:
    snow_found: { value: "snow * prediction_snow", over: snow, better: higher }
  gates:
    - roc_auc_macro >= 0.7
    - recall of snow >= baseline - 0.05
    - recall of snow >= 0.99
`;

test("rows that carry any of several labels are trained, judged and told apart label by label", (context) => {
  const repository = openRepository(context);
  repository.write("days.csv", days());
  repository.write("trainyard.yaml", CONTRACT);
  repository.write("train.cjs", script("wet * cold"));
  const { status, stderr } = repository.trainyard("run");
  assert.equal(status, 1, `snow is not always found\n${stderr}`);

  const labels = ["rain", "wind", "snow"];
  const seen = repository.json("seen.json") as Record<string, string[]>;
  assert.deepEqual(seen.label, labels);
  assert.deepEqual(seen.classes, labels);
  assert.deepEqual(seen.train, ["id", ...labels, "wet", "cold", "gust"]);
  assert.deepEqual(seen.holdout, ["id", "wet", "cold", "gust"], "no label of a row that is held back");

  const report = repository.json(".trainyard/report.json") as Report;
  assert.deepEqual(
    report.gates.map(({ state }) => state),
    ["met", "undecided", "broken"],
  );
  assert.deepEqual(
    report.metrics.slice(0, 3).map(({ name }) => name),
    ["f1_macro", "hamming_loss", "snow_found"],
  );
  const named = (name: string) => report.metrics.find((metric) => metric.name === name)!;
  assert.ok(Math.abs(named("snow_found").value! - named("recall of snow").value!) < 1e-12, "said twice");
  assert.deepEqual(
    report.labels!.map(({ name }) => name),
    labels,
  );
  assert.equal(report.subject.threshold, 0.4);
  assert.equal(report.subject.positive, null);
  assert.match(repository.read(".trainyard/report.md"), /<b>Labels<\/b> · 3 labels, F1 <code>snow<\/code>/);
  assert.match(repository.read(".trainyard/report.html"), /<caption>All labels<\/caption>/);

  // a worse model is held against the one that was committed
  repository.git("add", "--all");
  repository.git("commit", "--quiet", "--message", "A first model");
  repository.git("switch", "--quiet", "--create", "worse");
  repository.write("train.cjs", script("wet * cold * 0.3"));
  assert.equal(repository.trainyard("run").status, 1);
  const worse = repository.json(".trainyard/report.json") as Report;
  assert.equal(worse.baseline.state, "compared", worse.baseline.reason ?? "");
  assert.equal(worse.gates[1]!.state, "broken", "less snow is found than before");
  const [, , snow] = worse.labels!;
  assert.ok(snow!.recall.value! < snow!.baseline!.recall!);

  repository.edit("train.cjs", "id,rain,wind,snow\\n", "id,rain,wind,sonw\\n");
  assert.match(
    repository.trainyard("run").stderr,
    /has no column for label "snow"; right is one column a label/,
  );
  repository.edit(
    "trainyard.yaml",
    "  run: node train.cjs\n  code: [train.cjs]\n  out: predictions.csv\n",
    "  with: mlp\n",
  );
  assert.match(
    repository.trainyard("run").stderr,
    /no built-in trainer learns multilabel; right is `run: COMMAND`/,
  );
});
