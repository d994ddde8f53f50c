import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";
import type { Report } from "../../../src/core/report/report.ts";
import { openRepository } from "../../journeys/repository.ts";
import { days, LEAVES_MODEL } from "../../works/weather.ts";

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

test("each label has a threshold of its own, chosen on the validation rows or said, and part of the model", (context) => {
  const repository = openRepository(context);
  const [head, ...rows] = days().trim().split("\n");
  repository.write("days.csv", `${head},hail\n${rows.map((row) => `${row},0`).join("\n")}\n`);
  const contract = CONTRACT.replace("[rain, wind, snow]", "[rain, wind, snow, hail]")
    .replace("out: predictions.csv", "out: model")
    .replace("{ threshold: 0.4 }", "{ maximize: f1 }")
    .replace(
      / {2}gates:[\s\S]*/,
      "  gates:\n    - recall of snow >= baseline - 0.05\n    - recall of snow >= 0.3\n",
    );
  repository.write("trainyard.yaml", contract);
  repository.write("train.cjs", LEAVES_MODEL);
  const { status, stderr } = repository.trainyard("run");
  assert.equal(status, 0, stderr);

  const chosen = repository.json(".trainyard/report.json") as Report;
  const { threshold, thresholds = [], decided, rows: counts } = chosen.subject;
  assert.equal(threshold, null);
  assert.equal(decided, `each maximizes f1 on ${counts.validation} validation rows`);
  assert.deepEqual(
    thresholds.map(({ label, by }) => [label, by]),
    [
      ["rain", "chosen"],
      ["wind", "chosen"],
      ["snow", "chosen"],
      ["hail", "default"],
    ],
  );
  assert.ok(thresholds.slice(0, 3).every((one) => one.threshold < 0.3 && one.value! > 0.3));
  assert.ok(
    chosen.labels!.slice(0, 3).every(({ recall }) => recall.value! > 0.3),
    "hardly any at 0.5",
  );
  const warning = chosen.warnings.find(({ title }) => title.startsWith("A threshold could not be chosen"))!;
  assert.match(warning.text, /^1 of 4 labels has one class only on the validation rows, .*: hail$/);
  const described = repository.json("models/weather/bundle.json") as Record<string, unknown>;
  assert.deepEqual([described.threshold, described.thresholds], [null, thresholds]);
  const comment = repository.read(".trainyard/report.md");
  assert.match(
    comment,
    /\| Decision thresholds \| `rain` 0\.\d+, .*, each maximizes f1 on \d+ validation rows; one class only there: `hail` \|/,
  );
  assert.match(
    repository.read(".trainyard/report.html"),
    /<span>Decision thresholds <code>rain<\/code> 0\.\d+, .* and 1 more<\/span>/,
  );
  assert.equal(repository.trainyard("run").status, 0, "it stands");

  // what is said in place of it is another model, and production's keeps its own thresholds
  repository.git("add", "--all");
  repository.git("commit", "--quiet", "--message", "A first model");
  repository.git("switch", "--quiet", "--create", "said");
  repository.edit("trainyard.yaml", "{ maximize: f1 }", "{ threshold: { snow: 0.05, rain: 0.9 } }");
  const again = repository.trainyard("run");
  assert.ok([0, 3].includes(again.status ?? -1), again.stderr);
  const said = repository.json(".trainyard/report.json") as Report;
  assert.deepEqual(said.subject.thresholds, [
    { label: "rain", threshold: 0.9, by: "said" },
    { label: "wind", threshold: 0.5, by: "default" },
    { label: "snow", threshold: 0.05, by: "said" },
    { label: "hail", threshold: 0.5, by: "default" },
  ]);
  assert.equal(said.subject.decided, "fixed in the contract");
  assert.ok(said.warnings.every(({ title }) => !title.startsWith("A threshold could not")));
  assert.equal(said.baseline.state, "compared", said.baseline.reason ?? "");
  assert.deepEqual(
    said.labels!.map(({ baseline }) => baseline!.recall),
    chosen.labels!.map(({ recall }) => recall.value),
  );
  assert.equal(said.labels![0]!.decided, 0, "nothing reaches 0.9");

  repository.edit("trainyard.yaml", "snow: 0.05", "sonw: 0.05");
  const wrong = repository.trainyard("validate").stderr;
  assert.match(
    wrong,
    /trainyard\.yaml:\d+:\d+ "sonw" is not a label; did you mean "snow"\? the labels: rain, wind, snow, hail/,
  );
});
