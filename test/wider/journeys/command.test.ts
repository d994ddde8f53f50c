import assert from "node:assert/strict";
import { copyFileSync, existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import type { Report } from "../../../src/core/report/report.ts";
import { openRepository, type Repository } from "../../journeys/repository.ts";

/** A training script in plain Node: it reads what it is given with the engine's own package. */
const SCRIPT = `
const { createRequire } = require("node:module");
const { readFileSync, writeFileSync } = require("node:fs");
const { DuckDBInstance } = createRequire(${JSON.stringify(resolve("package.json"))})("@duckdb/node-api");
const given = JSON.parse(readFileSync(process.env.TRAINYARD_INPUTS, "utf8"));
(async () => {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const rows = async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
  const columns = (path) => rows("DESCRIBE SELECT * FROM '" + path + "'").then((all) => all.map((one) => one.column_name));
  const seen = { train: await columns(given.train), holdout: await columns(given.holdout), secret: process.env.MY_API_TOKEN ?? null, params: given.params };
  writeFileSync("seen.json", JSON.stringify(seen));
  console.log("looked at " + given.features.length + " features");
  const holdout = await rows("SELECT id, " + given.features[0] + " AS x FROM '" + given.holdout + "'");
  writeFileSync(given.out, "id,score\\n" + holdout.map(({ id, x }) => id + "," + 1 / (1 + Math.exp(-x))).join("\\n") + "\\n");
})();
`;

function withCommand(context: TestContext, train: string): Repository {
  const repository = openRepository(context, "wages");
  repository.edit(
    "trainyard.yaml",
    "  with: logistic\n  params: { epochs: 60, learning_rate: 0.01, batch_size: 32 }\n",
    train,
  );
  repository.edit("trainyard.yaml", "decision: { maximize: f1 }", "decision: { threshold: 0.5 }");
  return repository;
}

/** A command that leaves a model of four features. */
function withOnnx(context: TestContext): Repository {
  const fixture = resolve("test/fixtures/models/logistic.onnx");
  const repository = withCommand(context, "  run: node copy.cjs\n  code: [copy.cjs]\n");
  const text = `require("node:fs").copyFileSync(${JSON.stringify(fixture)}, "model.onnx");\n`;
  repository.write("copy.cjs", text);
  return repository;
}

test("a command that leaves predictions is judged without ever seeing the holdout's labels", (context) => {
  const repository = withCommand(
    context,
    "  run: node train.cjs\n  code: [train.cjs]\n  out: predictions.csv\n  params: { depth: 3 }\n",
  );
  repository.write("train.cjs", SCRIPT);
  process.env.MY_API_TOKEN = "hush";
  context.after(() => delete process.env.MY_API_TOKEN);
  const { status, stderr } = repository.trainyard("run");
  assert.ok([0, 1, 3].includes(status ?? -1), stderr);
  assert.match(stderr, /looked at 14 features/, "the command's output is shown as it comes");

  const seen = repository.json("seen.json") as {
    train: string[];
    holdout: string[];
    secret: unknown;
    params: unknown;
  };
  assert.ok(seen.train.includes("high_wage"));
  assert.ok(!seen.holdout.includes("high_wage") && !seen.holdout.includes("wage"));
  assert.equal(seen.secret, null, "secrets are not handed on");
  assert.deepEqual(seen.params, { depth: 3 });
  const report = repository.json(".trainyard/report.json") as Report;
  assert.ok(report.metrics[0]!.value! > 0.5, "the first feature is years of education, which helps");
  assert.ok(existsSync(join(repository.folder, "models/wages/predictions.parquet")));

  repository.edit("train.cjs", "looked at", "stared at");
  const status2 = repository.trainyard("status").stdout;
  assert.match(status2, /runs +train +code train\.cjs changed md5/);
});

test("a command that leaves an ONNX model is measured on rows it has not seen", (context) => {
  const repository = withOnnx(context);
  repository.edit(
    "trainyard.yaml",
    "  - scale: [education, experience, tenure]\n  - one_hot: [occupation, sector]\n  - keep: [union, south]",
    "  - scale: [education, experience, tenure]\n  - keep: [union]",
  );
  const { status, stderr } = repository.trainyard("run");
  assert.ok([0, 1, 3].includes(status ?? -1), stderr);
  const report = repository.json(".trainyard/report.json") as Report;
  assert.equal(report.subject.trainer, "command");
  assert.ok(existsSync(join(repository.folder, "models/wages/model.onnx")));
});

test("a model of another width is refused with both numbers", (context) => {
  const repository = withOnnx(context);
  const { status, stderr } = repository.trainyard("run");
  assert.equal(status, 1);
  assert.match(stderr, /takes 4 features a row; the contract.s features are 14/);
});

test("plain files are measured without a contract", (context) => {
  const repository = openRepository(context);
  const rows = Array.from({ length: 50 }, (_, row) => ({
    id: row,
    y: row % 2,
    yhat: row % 5 === 0 ? 1 : row % 2,
    s: (row % 10) / 10,
    g: row % 4 < 2 ? "x" : "y",
  }));
  const csv = (list: typeof rows): string =>
    `id,y,yhat,s,g\n${list.map((row) => Object.values(row).join(",")).join("\n")}\n`;
  repository.write("p.csv", csv(rows));
  repository.write("q.csv", csv([...rows].reverse().map((row) => ({ ...row, yhat: row.y }))));

  const args = [
    "evaluate",
    "--predictions",
    "p.csv",
    "--label",
    "y",
    "--prediction",
    "yhat",
    "--score",
    "s",
    "--sensitive",
    "g",
  ];
  const { status, stdout, stderr } = repository.trainyard(
    ...args,
    "--baseline",
    "q.csv",
    "--key",
    "id",
    "--json",
  );
  assert.equal(status, 0, stderr);
  const report = JSON.parse(stdout) as Report;
  const accuracy = report.metrics.find(({ name }) => name === "accuracy")!;
  assert.equal(accuracy.value, 0.9);
  assert.equal(accuracy.baseline, 1);
  assert.deepEqual(
    report.fairness.map(({ column }) => column),
    ["g"],
  );
  assert.equal(report.baseline.state, "compared");
  assert.equal(repository.trainyard(...args).stdout.includes("Accuracy"), true);

  copyFileSync(join("test/fixtures/models/logistic.onnx"), join(repository.folder, "m.onnx"));
  repository.write(
    "d.csv",
    `a,b,c,d,y\n${rows.map(({ id }) => `${id % 3},${id % 5},${id % 7},${id % 2},${id % 2}`).join("\n")}\n`,
  );
  const model = repository.trainyard(
    "evaluate",
    "--model",
    "m.onnx",
    "--data",
    "d.csv",
    "--label",
    "y",
    "--json",
  );
  assert.equal(model.status, 0, model.stderr);
  assert.equal((JSON.parse(model.stdout) as Report).subject.rows.holdout, 50);

  const profile = repository.trainyard("profile", "p.csv", "--json");
  assert.equal((JSON.parse(profile.stdout) as { rows: number }).rows, 50);
  const added = repository.trainyard("add", "p.csv");
  assert.equal(added.status, 0, added.stderr);
  assert.match(repository.read("p.csv.dvc"), /path: p\.csv/);
});

test("a wrong command line ends with 2 and says what is right", (context) => {
  const repository = openRepository(context);
  repository.write("p.csv", "y,yhat\n1,1\n0,0\n");
  const says = (pattern: RegExp, ...args: string[]): void => {
    const { status, stderr } = repository.trainyard(...args);
    assert.equal(status, 2, `${args.join(" ")}: ${stderr}`);
    assert.match(stderr, pattern);
  };
  says(/unknown command 'evalaute'.*evaluate/s, "evalaute");
  says(/unknown option '--jsn'/, "status", "--jsn");
  says(/--label is missing/, "evaluate", "--predictions", "p.csv");
  says(/--prediction, or its score with --score/, "evaluate", "--predictions", "p.csv", "--label", "y");
  repository.write("q.csv", "id,y,yhat\n0,1,1\n1,0,0\n");
  const two = ["--predictions", "q.csv", "--label", "y", "--prediction", "yhat", "--baseline", "q.csv"];
  says(/--key is missing.*give --key id, which tells the rows of both apart/, "evaluate", ...two);
  says(/--resamples is "many"; it takes a number/, "evaluate", "--resamples", "many");
  says(/no trainyard\.yaml here/, "run");
  const { status, stdout } = repository.trainyard(
    "evaluate",
    "--predictions",
    "p.csv",
    "--label",
    "yhatt",
    "--prediction",
    "yhat",
    "--json",
  );
  assert.equal(status, 1);
  assert.match(
    (JSON.parse(stdout) as { error: { message: string } }).error.message,
    /has no column "yhatt"; did you mean "yhat"\?/,
  );
});
