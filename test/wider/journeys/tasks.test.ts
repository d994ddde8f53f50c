import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";
import type { Report } from "../../../src/core/report/report.ts";
import { random } from "../../../src/core/stats/random.ts";
import { openRepository } from "../../journeys/repository.ts";

/** Predicts by one feature: its value, and for quantiles so much below and above it. */
const script = (feature: string, quantiles: readonly [name: string, off: number][]): string => `
const { createRequire } = require("node:module");
const { readFileSync, writeFileSync } = require("node:fs");
const { DuckDBInstance } = createRequire(${JSON.stringify(resolve("package.json"))})("@duckdb/node-api");
const given = JSON.parse(readFileSync(process.env.TRAINYARD_INPUTS, "utf8"));
(async () => {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const rows = (await connection.runAndReadAll("SELECT id, ${feature} AS x FROM '" + given.holdout + "'")).getRowObjectsJson();
  const quantiles = ${JSON.stringify(quantiles)};
  const line = ({ id, x }) => [id, x, ...quantiles.map(([, off]) => Number(x) + off)].join(",");
  const head = ["id", "score", ...quantiles.map(([name]) => name)].join(",");
  writeFileSync(given.out, [head, ...rows.map(line)].join("\\n") + "\\n");
})();
`;

/** Two shops whose sales repeat week by week, with noise. */
function sales(): string {
  const draws = random(7, "sales");
  const sold = new Map<string, number[]>([
    ["north", []],
    ["south", []],
  ]);
  const lines = ["day,shop,week_ago,sold"];
  for (let day = 0; day < 200; day++) {
    const date = new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10);
    for (const [shop, own] of sold) {
      const value = 50 + 10 * Math.sin((day * 2 * Math.PI) / 7) + 4 * (draws.uniform() - 0.5);
      if (day >= 7) lines.push(`${date},${shop},${own[day - 7]!.toFixed(3)},${value.toFixed(3)}`);
      own.push(value);
    }
  }
  return `${lines.join("\n")}\n`;
}

const FORECAST = `model: sales
task: forecast
data:
  sources: { sales: sales.csv }
  roles:
    label: sold
    time: day
    series: shop
    leaks: []
split: { by: time, holdout: 30%, validation: 10% }
features:
  - keep: [week_ago]
train:
  run: node train.cjs
  code: [train.cjs]
  out: predictions.csv
evaluate:
  forecast: { season: 7, quantiles: [0.1, 0.5, 0.9] }
  metrics: [mase, coverage_80, pinball]
  gates:
    - mase <= 1.3
    - coverage_80 >= 0.95
`;

test("a forecast with quantiles is measured by season, series and blocks of time", (context) => {
  const repository = openRepository(context);
  repository.write("sales.csv", sales());
  repository.write("trainyard.yaml", FORECAST);
  repository.write(
    "train.cjs",
    script("week_ago", [
      ["q10", -2],
      ["q50", 0],
      ["q90", 2],
    ]),
  );
  const { status, stderr } = repository.trainyard("run");
  assert.equal(status, 1, `coverage is too low\n${stderr}`);
  const report = repository.json(".trainyard/report.json") as Report;
  assert.deepEqual(
    report.metrics.slice(0, 3).map(({ name }) => name),
    ["mase", "coverage_80", "pinball"],
  );
  const [mase, coverage] = report.metrics;
  assert.ok(Math.abs(mase!.value! - 1) < 0.25, `${mase!.value}: it is the seasonal naive forecast itself`);
  assert.match(mase!.interval!.method, /blocks of 4 of 5\d moments/);
  assert.ok(coverage!.value! > 0.6 && coverage!.value! < 0.95);
  assert.deepEqual(
    report.gates.map(({ state }) => state),
    ["met", "broken"],
  );
  repository.edit("train.cjs", '["q90",2]', '["q95",2]');
  assert.match(
    repository.trainyard("run").stderr,
    /has no column "q90", and the contract asks for the quantiles/,
  );
});

/** Forty searches of five offers, of which cheap ones are clicked more often. */
function searches(): string {
  const draws = random(7, "searches");
  const lines = ["search_id,offer,cheap,relevance"];
  for (let search = 0; search < 120; search++) {
    for (let offer = 0; offer < 5; offer++) {
      const cheap = draws.uniform();
      lines.push(
        `s${search},${offer},${cheap.toFixed(4)},${draws.uniform() < cheap ? (cheap > 0.8 ? 2 : 1) : 0}`,
      );
    }
  }
  return `${lines.join("\n")}\n`;
}

const RANKING = `model: offers
task: ranking
data:
  sources: { searches: searches.csv }
  roles: { label: relevance, query: search_id }
split: { by: hash, holdout: 40%, validation: 10% }
features:
  - keep: [cheap]
train:
  run: node train.cjs
  code: [train.cjs]
  out: predictions.csv
evaluate:
  metrics: [ndcg_5, mrr]
  gates:
    - ndcg >= 0.5
    - map >= 0.999
`;

test("a ranking is measured query by query, and whole queries are drawn", (context) => {
  const repository = openRepository(context);
  repository.write("searches.csv", searches());
  repository.write("trainyard.yaml", RANKING);
  repository.write("train.cjs", script("cheap", []));
  const { status, stderr } = repository.trainyard("run");
  assert.equal(status, 1, stderr);
  const report = repository.json(".trainyard/report.json") as Report;
  assert.deepEqual(
    report.gates.map(({ state }) => state),
    ["met", "broken"],
  );
  const [ndcg] = report.metrics;
  assert.match(ndcg!.interval!.method, /of \d+ groups of rows/);
  assert.equal(report.subject.rows.holdout % 5, 0, "the rows of a query stay together");

  repository.edit(
    "trainyard.yaml",
    "  run: node train.cjs\n  code: [train.cjs]\n  out: predictions.csv\n",
    "  with: mlp\n",
  );
  assert.match(
    repository.trainyard("run").stderr,
    /no built-in trainer learns ranking; right is `run: COMMAND`/,
  );
});
