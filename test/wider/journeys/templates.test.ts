import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { DuckDBInstance } from "@duckdb/node-api";
import type { Report } from "../../../src/core/report/report.ts";
import { openRepository, type Repository } from "../../journeys/repository.ts";

/* Each starter, from an empty repository to its report; the one in Python is in test/interop. */

function runs(repository: Repository): Report {
  const { status, stderr } = repository.trainyard("run");
  assert.equal(status, 0, stderr);
  return repository.json(".trainyard/report.json") as Report;
}

/** Nothing that the starter makes is left for a person to ignore by hand. */
function commits(repository: Repository, never: RegExp): void {
  repository.git("add", "--all");
  repository.git("commit", "--quiet", "--message", "Begin");
  assert.doesNotMatch(repository.git("ls-files"), never);
}

test("wages", (context) => {
  const repository = openRepository(context, "wages");
  assert.equal(runs(repository).verdict, "pass");
  commits(repository, /\.trainyard\/|models\/wages\//);
  assert.match(repository.git("check-attr", "text", "data/cps.csv"), /text: unset/);
  assert.match(repository.git("check-attr", "merge", "trainyard.lock"), /merge: unset/);
});

test("flights, with every hundredth of them", async (context) => {
  const repository = openRepository(context, "flights");
  const all = "node_modules/vega-datasets/data/flights-3m.parquet";
  const some = join(repository.folder, "data/flights-3m.parquet");
  const duckdb = await (await DuckDBInstance.create()).connect();
  await duckdb.run(
    `COPY (SELECT * FROM '${all}' WHERE file_row_number % 100 = 0) TO '${some.replaceAll("'", "''")}'`.replace(
      `'${all}'`,
      `read_parquet('${all}', file_row_number = true)`,
    ),
  );
  duckdb.closeSync();
  repository.edit("trainyard.yaml", "at_least: 1000000", "at_least: 10000");
  assert.equal(repository.trainyard("add", "data/flights-3m.parquet").status, 0);
  assert.equal(runs(repository).task, "binary-classification");
  commits(repository, /\.parquet$/m);
});

test("credit, and a change that is better on average and unfair to one group", async (context) => {
  const repository = openRepository(context, "credit");
  execFileSync(process.execPath, ["make-applications.mjs"], { cwd: repository.folder });
  assert.equal(runs(repository).verdict, "pass");
  commits(repository, /\.trainyard\/|models\/credit-made-up\//);

  repository.edit("trainyard.yaml", "years_employed]", "years_employed, bureau_score]");
  assert.equal(repository.trainyard("run").status, 1);
  const { verdict, gates } = repository.json(".trainyard/report.json") as Report;
  assert.equal(verdict, "fail");
  const verdicts = Object.fromEntries(gates.map((gate) => [gate.condition, gate.verdict]));
  assert.deepEqual(verdicts, {
    "roc_auc >= 0.55": "pass",
    "roc_auc >= baseline - 0.01": "pass",
    "equal_opportunity_difference by origin <= 0.10": "fail",
    "worst_group recall by origin >= baseline - 0.05": "fail",
  });
});

/** A DVC repository with its data in a folder remote, cloned, so that only the pointers are there. */
function cloned(context: TestContext): Repository {
  const origin = openRepository(context);
  const store = join(origin.folder, "store");
  mkdirSync(join(origin.folder, ".dvc"));
  mkdirSync(join(origin.folder, "tables"));
  origin.write(".dvc/config", `[core]\n    remote = store\n['remote "store"']\n    url = ${store}\n`);
  const rows = Array.from(
    { length: 400 },
    (_, i) => `${(i * 37) % 91},${i % 5},${(i * 37) % 91 > 45 ? 1 : 0}`,
  );
  origin.write("tables/loans.csv", `income,children,default\n${rows.join("\n")}\n`);
  assert.equal(origin.trainyard("add", "tables/loans.csv").status, 0);
  assert.equal(origin.trainyard("push").status, 0);
  origin.write(".gitignore", "/store/\n");
  origin.git("add", "--all");
  origin.git("commit", "--quiet", "--message", "Data");
  const clone = openRepository(context);
  clone.git("pull", "--quiet", origin.folder, "main");
  return clone;
}

for (const named of [
  ["init", "--template", "dvc", "--label", "default"],
  ["init", "--data", "tables/loans.csv.dvc", "--label", "default"],
]) {
  test(`an existing DVC repository, by trainyard ${named.join(" ")}`, (context) => {
    const repository = cloned(context);
    const config = repository.read(".dvc/config");
    assert.equal(existsSync(join(repository.folder, "tables/loans.csv")), false);
    const began = repository.trainyard(...named);
    assert.equal(began.status, 0, began.stderr);
    assert.match(repository.read("README.md"), /A model in this DVC repository/);
    assert.match(repository.read("trainyard.yaml"), /sources:\n {4}data: tables\/loans\.csv\n/);
    commits(repository, /loans\.csv$/m);
    assert.equal(repository.read(".dvc/config"), config);
  });
}

test("an existing DVC repository has a report after two commands", (context) => {
  const repository = cloned(context);
  assert.equal(repository.trainyard("init", "--label", "default").status, 0);
  assert.equal(runs(repository).task, "binary-classification");
});

test("an existing DVC repository whose data cannot be had is told so", (context) => {
  const repository = cloned(context);
  rmSync(join(repository.folder, ".dvc"), { recursive: true });
  mkdirSync(join(repository.folder, ".dvc"));
  repository.write(".dvc/config", "");
  const { status, stderr } = repository.trainyard("init", "--template", "dvc");
  assert.equal(status, 1);
  assert.match(
    stderr,
    /"tables\/loans\.csv" is not here, .*no remote is set.*run `dvc pull tables\/loans\.csv` first/,
  );
  assert.equal(existsSync(join(repository.folder, "trainyard.yaml")), false);
});
