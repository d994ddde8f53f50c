import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { openDuckdb } from "../../src/adapters/engines/duckdb/engine.ts";
import { type Contract, contract } from "../../src/config/contract.ts";
import { classNames } from "../../src/core/measures/labels.ts";
import { labelSql } from "../../src/core/tables/labels.ts";
import type { Engine } from "../../src/ports/engine.ts";
import { leakFindings } from "../../src/tables/leaks.ts";
import { type AskedRows, readPredictions } from "../../src/tables/predictions.ts";
import { prepareRows } from "../../src/tables/prepare.ts";
import { StepError } from "../../src/tables/step-error.ts";
import { findWarnings } from "../../src/tables/warnings.ts";

const home = mkdtempSync(join(tmpdir(), "trainyard-several-"));
let engine: Engine;
before(async () => {
  engine = await openDuckdb({ threads: 1 });
  await engine.run(`CREATE TABLE days AS SELECT i AS __row, i % 2 AS rain, i % 3 = 0 AS wind, 0 AS snow, i % 5 AS level,
    CASE WHEN i > 4 THEN i % 2 END AS gap, 'yes' AS told, i * 7 % 47 AS x, i % 2 + 0.01 * (i % 7) AS wet FROM range(1, 201) r(i)`);
});
after(async () => {
  await engine.close();
  rmSync(home, { recursive: true });
});

const contractOf = (labels: readonly string[], keep: readonly string[] = ["x"]): Contract =>
  contract.parse({
    model: "weather",
    task: "multilabel",
    data: { sources: { s: "x.csv" }, roles: { label: labels } },
    features: [{ keep }],
    train: { run: "node train.cjs", out: "predictions.csv" },
  });

const found = async (...labels: string[]) =>
  (await findWarnings(engine, "days", contractOf(labels)))
    .filter(({ title }) => /label/i.test(title))
    .map(({ title, text, fatal }) => `${fatal === true ? "! " : ""}${title}: ${text}`);

describe("columns of several labels", () => {
  it("are looked at before anything is learnt", async () => {
    assert.deepEqual(await found("rain", "wind"), []);
    assert.deepEqual(await found("rain", "snow"), [
      "Labels that never vary: snow: on in all rows, or in none; averages over labels rest on them, too",
    ]);
    assert.deepEqual(await found("rain", "wnd"), [
      '! No label: there is no column "wnd"; did you mean "wind"?',
    ]);
    assert.deepEqual(await found("rain", "gap"), [
      `! Rows without a label: the label "gap" is missing in 4 of 200 rows; leave them out with prepare.rows, where: '"gap" is not null'`,
    ]);
    assert.deepEqual(await found("snow", "told"), [
      "! Labels that never vary: each label is in all rows what it is in the first; there is nothing to tell apart",
    ]);
  });

  it("hold 0 and 1, or true and false", async () => {
    const prepare = (...labels: string[]) => prepareRows(engine, contractOf(labels), "days");
    const { counts } = await prepare("rain", "wind", "snow");
    assert.equal(counts.rows, 200);
    const right = "a row carries a label, 1 or true, or does not, 0 or false";
    await assert.rejects(prepare("rain", "level"), (error: Error) => {
      assert.ok(error instanceof StepError);
      assert.equal(error.message, `the label "level" holds 2 in 120 of 200 rows; ${right}`);
      return true;
    });
    await assert.rejects(prepare("rain", "told"), { message: `the label "told" holds text; ${right}` });
    await assert.rejects(prepare("rain", "hail"), /data\.roles\.label/);
  });

  it("are one text of a row in the features", async () => {
    const roles = { label: "rain, wind, snow", labels: ["rain", "wind", "snow"] };
    const table = await engine.table(`SELECT ${labelSql(roles)} AS own FROM days ORDER BY __row LIMIT 3`);
    assert.deepEqual(classNames(table.columns.get("own")!), ["100", "000", "110"]);
  });

  it("may each be told by a column alone", async () => {
    await engine.run("CREATE TABLE sided AS SELECT *, 'train' AS __split FROM days");
    const leaks = await leakFindings(engine, "sided", contractOf(["rain", "wind"], ["x", "wet"]));
    assert.deepEqual(
      leaks.map(({ title }) => title),
      ['"wet" tells the label "rain" alone'],
    );
    const [named] = await leakFindings(engine, "sided", contractOf(["rain", "wind"], ["wind"]));
    assert.equal(named!.title, '"wind" enters the model');
  });
});

describe("predictions of several labels", () => {
  before(() => engine.run("CREATE TABLE held AS SELECT range AS __id, 'holdout' AS __split FROM range(2)"));
  const asked: AskedRows = { task: "multilabel", classes: ["rain", "wind"], holdout: "held" };
  const read = (text: string) => {
    const path = join(home, "p.csv");
    writeFileSync(path, text);
    return readPredictions(engine, path, asked);
  };

  it("are one column a label, and need not add up to 1", async () => {
    const { scores } = await read("id,wind,rain\n1,0.25,1\n0,0.5,0.75\n");
    assert.deepEqual([scores.outputs, ...scores.values], [2, 0.75, 0.5, 1, 0.25]);
  });

  it("are refused where one is not there, is no number, or no probability", async () => {
    await assert.rejects(read("id,rain\n0,1\n1,1\n"), {
      message: `${join(home, "p.csv")} has no column for label "wind"; right is one column a label, named as it: rain, wind`,
    });
    await assert.rejects(
      read("id,rain,wind\n0,1,0\n1,0.5,\n"),
      /the score "" in column "wind"; right is a finite number for id "1"/,
    );
    await assert.rejects(
      read("id,rain,wind\n0,1,0\n1,0.5,1.5\n"),
      /the score "1\.5" in column "wind"; right is a probability from 0 to 1/,
    );
  });
});
