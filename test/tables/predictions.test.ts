import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { openDuckdb } from "../../src/adapters/engines/duckdb/engine.ts";
import { classNames } from "../../src/core/measures/labels.ts";
import { UserError } from "../../src/errors.ts";
import type { Engine } from "../../src/ports/engine.ts";
import { type AskedRows, readPredictions } from "../../src/tables/predictions.ts";

const home = mkdtempSync(join(tmpdir(), "trainyard-"));
let engine: Engine;
before(async () => {
  engine = await openDuckdb();
  await engine.run(
    `CREATE TABLE features AS SELECT * FROM (VALUES
      ('007', 'holdout'), ('a', 'train'), ('b', 'holdout'), ('7', 'holdout')) AS t(__id, __split)`,
  );
  await engine.run("CREATE TABLE numbered AS SELECT 10 - range AS __id, 'holdout' AS __split FROM range(3)");
});
after(async () => {
  await engine.close();
  rmSync(home, { recursive: true });
});

const binary: AskedRows = { task: "binary-classification", classes: ["no", "yes"], holdout: "features" };
const three: AskedRows = { task: "multiclass-classification", classes: ["x", "y", "z"], holdout: "features" };
const number: AskedRows = { task: "regression", classes: [], holdout: "features" };

const read = (text: string, asked = binary, name = "p.csv") => {
  const path = join(home, name);
  writeFileSync(path, text);
  return readPredictions(engine, path, asked);
};

describe("predictions", () => {
  it("are read in the holdout's order, ids as text", async () => {
    const { ids, scores } = await read("id,score\n7,0.25\nb,0.5\n007,1\n");
    assert.deepEqual(classNames(ids), ["007", "b", "7"]);
    assert.deepEqual(scores, { outputs: 1, values: new Float64Array([1, 0.5, 0.25]) });
  });

  it("keep ids apart that are equal as numbers", async () => {
    await assert.rejects(
      read("id,score\n7,0.25\n07,0.5\n007,1\n"),
      /no prediction for 1 row of the holdout, such as id "b"/,
    );
  });

  it("meet ids that are numbers in the data", async () => {
    const { ids, scores } = await read("id,score\n8,0.8\n9,0.9\n10,1.0\n", {
      ...binary,
      holdout: "numbered",
    });
    assert.deepEqual(classNames(ids), ["10", "9", "8"]);
    assert.deepEqual([...scores.values], [1, 0.9, 0.8]);
  });

  it("are refused where an id names several rows of the holdout", async () => {
    await engine.run(
      "CREATE TABLE shared AS FROM (VALUES ('a', 'holdout'), ('a', 'holdout'), ('b', 'holdout')) AS t(__id, __split)",
    );
    await assert.rejects(
      read("id,score\na,0.25\nb,0.5\n", { ...binary, holdout: "shared" }),
      /^UserError: the holdout has an id that several rows bear, such as "a", so no prediction in .*p\.csv is known to be theirs; name a column that tells rows apart in data\.roles\.id$/,
    );
  });

  it("may bear the positive class's name", async () => {
    const { scores } = await read("id,no,yes\n007,0.9,0.1\nb,0.8,0.2\n7,0.7,0.3\n");
    assert.deepEqual([...scores.values], [0.1, 0.2, 0.3]);
  });

  it("have a column for each of many classes", async () => {
    const { scores } = await read("id,z,y,x\n007,0.1,0.2,0.7\nb,0,0,1\n7,1,0,0\n", three);
    assert.deepEqual(scores, { outputs: 3, values: new Float64Array([0.7, 0.2, 0.1, 1, 0, 0, 0, 0, 1]) });
  });

  it("have a column for each of classes that are called by numbers", async () => {
    const classes = ["0", "1", "2"];
    const { scores } = await read("id,0,1,2\n007,0.5,0.25,0.25\nb,0,1,0\n7,0,0,1\n", { ...three, classes });
    assert.deepEqual([...scores.values].sort(), [0, 0, 0, 0, 0.25, 0.25, 0.5, 1, 1]);
  });

  it("may be any number for a regression", async () => {
    const { scores } = await read("id,score\n007,-1e9\nb,0\n7,12.5\n", number);
    assert.deepEqual([...scores.values], [-1e9, 0, 12.5]);
  });

  it("are read from Parquet", async () => {
    const path = join(home, "p.parquet");
    await engine.save("SELECT __id AS id, 0.5::FLOAT AS score FROM features WHERE __split = 'holdout'", path);
    assert.deepEqual(
      (await readPredictions(engine, path, binary)).scores.values,
      new Float64Array(3).fill(0.5),
    );
  });

  const refused = (name: string, text: string, message: RegExp, asked = binary) =>
    it(`are refused: ${name}`, () =>
      assert.rejects(read(text, asked), (error: Error) => {
        assert.ok(error instanceof UserError, error.stack);
        assert.match(error.message, message);
        assert.match(error.message, /p\.csv/);
        return true;
      }));
  const good = "007,0.1\nb,0.2\n";
  refused("no column id", "row,score\n1,0.5\n", /no column "id"; found: row, score/);
  refused("no column score", "id,p\n007,0.5\nb,0.5\n7,0.5\n", /no column "score"; found: id, p/);
  refused("a class too few", "id,x,y\n007,0.5,0.5\n", /no column for class "z".*x, y, z/, three);
  refused("a row too few", `id,score\n${good}`, /no prediction for 1 row of the holdout, such as id "7"/);
  refused(
    "a row of the training",
    `id,score\n${good}7,0.3\na,0.4\n`,
    /predicts 1 row that the holdout does not have, such as id "a"/,
  );
  refused("a row twice", `id,score\n${good}7,0.3\nb,0.4\n`, /predicts 1 row more than once, such as id "b"/);
  refused("a row without id", `id,score\n${good}7,0.3\n,0.4\n`, /1 row without an id/);
  refused("a header alone", "id,score\n", /no prediction for 3 rows|no rows/);
  refused(
    "a missing score",
    `id,score\n${good}7,\n`,
    /the score "" in column "score"; right is a finite number for id "7"/,
  );
  refused("NaN", `id,score\n${good}7,NaN\n`, /score/);
  refused("infinity", `id,score\n${good}7,inf\n`, /"Infinity"|does not hold numbers/, number);
  refused(
    "no probability",
    `id,score\n${good}7,1.5\n`,
    /the score "1\.5" in column "score"; right is a probability from 0 to 1 for id "7"/,
  );
  refused("text", `id,score\n${good}7,high\n`, /column "score" does not hold numbers/);
  refused(
    "probabilities that do not add up",
    "id,x,y,z\n007,0.5,0.5,0.5\nb,1,0,0\n7,1,0,0\n",
    /add up to 1\.5; right is 1 for id "007"/,
    three,
  );
});
