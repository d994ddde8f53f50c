import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { openDuckdb } from "../../src/adapters/engines/duckdb/engine.ts";
import { type Contract, contract } from "../../src/config/contract.ts";
import { applyRecipe } from "../../src/core/features/recipe.ts";
import type { Engine } from "../../src/ports/engine.ts";
import { fitFeatures, fitValues } from "../../src/tables/fit.ts";
import { leakFindings } from "../../src/tables/leaks.ts";
import { materialise } from "../../src/tables/materialise.ts";
import { prepareRows } from "../../src/tables/prepare.ts";
import { readMatrix } from "../../src/tables/read-matrix.ts";

function contractOf(features: unknown, values: readonly unknown[] = [], more: object = {}): Contract {
  return contract.parse({
    model: "m",
    task: "binary-classification",
    data: { sources: { s: "x.csv" }, roles: { label: "y" } },
    prepare: { values },
    features,
    train: { with: "logistic" },
    ...more,
  });
}

const DATA = `CREATE OR REPLACE TABLE ingested AS SELECT i AS __row, i % 91 AS age,
  CASE WHEN i % 5 > 0 THEN 1e3 / i END AS wage, ['ä', 'b', 'B'][1 + i % 3] AS city, hash(i) % 2 = 0 AS y,
  TIMESTAMP '2001-01-01' + to_hours(CAST(i AS INTEGER)) AS "at" FROM range(1, 3001) t(i)`;
const FEATURES = [
  { scale: ["wage"] },
  { log: ["age"] },
  { one_hot: ["city"] },
  { date: { at: ["weekday"] } },
];

describe("materialise and readMatrix", () => {
  let engine: Engine;
  let folder: string;
  before(async () => {
    engine = await openDuckdb({ threads: 2 });
    folder = await mkdtemp(join(tmpdir(), "trainyard-test-"));
  });
  after(async () => {
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("bring each side's rows to training as the recipe makes them", async () => {
    const told = contractOf(FEATURES, [{ fill: { wage: "median" } }]);
    await engine.run(DATA);
    const { counts } = await prepareRows(engine, told, "ingested");
    const recipe = await fitFeatures(engine, "prepared", told, await fitValues(engine, "prepared", told));
    const path = join(folder, "features.parquet");
    await engine.write(materialise(engine, recipe, "prepared", told), path);
    await engine.load("features", { paths: [path], format: "parquet" });
    for (const side of ["train", "validation", "holdout"] as const) {
      const found = await readMatrix(engine, "features", recipe, side);
      const where = `FROM prepared WHERE __split = '${side}' ORDER BY __row`;
      const expected = applyRecipe(recipe, await engine.table(`SELECT * ${where}`));
      assert.equal(found.rows, counts[side]);
      assert.deepEqual(found.names, ["wage_scaled", "age_log", "city=B", "city=b~2", "city=ä", "at_weekday"]);
      assert.deepEqual(found.matrix, expected.matrix);
      assert.deepEqual(found.label, (await engine.table(`SELECT y AS label ${where}`)).columns.get("label"));
    }
    const columns = (await engine.columns("SELECT * FROM features")).map(({ name }) => name);
    assert.deepEqual(columns.slice(0, 3), ["__row", "__split", "__label"]);
  });

  it("give the columns, after prepare.values, to a model that takes columns", async () => {
    const told = contractOf({ in: "model", columns: ["wage", "twice"] }, [
      { fill: { wage: 0 } },
      { derive: { twice: "wage * 2" } },
    ]);
    await engine.run(DATA);
    await prepareRows(engine, told, "ingested");
    const recipe = await fitFeatures(engine, "prepared", told, await fitValues(engine, "prepared", told));
    assert.deepEqual(
      [recipe.takes, recipe.outputs, recipe.inputs],
      ["columns", ["wage", "twice"], [{ name: "wage", kind: "number" }]],
    );
    for await (const { columns } of materialise(engine, recipe, "prepared", told, "train")) {
      assert.deepEqual([...columns.keys()], ["__row", "__split", "__label", "wage", "twice"]);
    }
  });

  it("refuse held out rows that lack what no fill gives them", async () => {
    const told = contractOf([{ keep: ["wage"] }]);
    await engine.run(DATA);
    await prepareRows(engine, told, "ingested");
    await engine.run("UPDATE prepared SET wage = coalesce(wage, 1)");
    const recipe = await fitFeatures(engine, "prepared", told, await fitValues(engine, "prepared", told));
    await engine.run(
      "UPDATE prepared SET wage = NULL WHERE __row = (SELECT max(__row) FROM prepared WHERE __split = 'holdout')",
    );
    const rows = async (): Promise<void> => {
      for await (const { rows } of materialise(engine, recipe, "prepared", told)) assert.ok(rows > 0);
    };
    await assert.rejects(rows, /feature "wage" has no value in 1 of 3000 rows/);
  });

  it("fit the same on one thread and on four", async () => {
    const fitted: string[] = [];
    for (const threads of [1, 4]) {
      const other = await openDuckdb({ threads });
      try {
        await other.run(DATA.replace("3001", "200001"));
        const told = contractOf(
          [...FEATURES, { scale: ["age_log"] }, { bucket: { wage: 7 } }],
          [{ fill: { wage: "mean" } }],
        );
        const { counts } = await prepareRows(other, told, "ingested");
        const values = await fitValues(other, "prepared", told);
        fitted.push(JSON.stringify([counts, await fitFeatures(other, "prepared", told, values)]));
      } finally {
        await other.close();
      }
    }
    assert.equal(fitted[1], fitted[0]);
  });
});

describe("leakFindings", () => {
  let engine: Engine;
  before(async () => {
    engine = await openDuckdb({ threads: 2 });
    await engine.run(`CREATE TABLE prepared AS SELECT i AS __row, 'train' AS __split, hash(i) % 2 = 0 AS y,
      hash(i) % 3 AS three, i AS target, hash(i, 1) % 1000 AS noise, 'id' || i AS id, 2 * i + hash(i, 2) % 3 AS near,
      CASE WHEN hash(i) % 2 = 0 THEN 5 + hash(i, 3) % 100 ELSE hash(i, 4) % 5 END AS after,
      CASE WHEN i % 50 = 0 THEN NULL WHEN hash(i) % 2 = 0 THEN 'paid' ELSE 'due' END AS status,
      'k' || hash(i) % 3 AS class, i % 200 = 0 AS rare, CASE WHEN i % 1000 = 0 THEN 'x' ELSE 'y' END AS dull
      FROM range(1, 4001) t(i)`);
  });
  after(() => engine.close());

  async function titles(
    label: string,
    task: string,
    features: unknown,
    more: object = {},
  ): Promise<string[]> {
    const told = contractOf(features, [], { task, data: { sources: { s: "x" }, roles: { label, ...more } } });
    return (await leakFindings(engine, "prepared", told)).map(
      ({ title, text }) => `${title}: ${text.split(". ")[0]}`,
    );
  }

  it("finds a number that ranks the classes, both ways, and no honest one", async () => {
    assert.deepEqual(await titles("y", "binary-classification", [{ keep: ["after", "noise"] }]), [
      '"after" tells the label alone: In the training rows, its ROC AUC on its own is 1.000',
    ]);
  });

  it("finds a category that names the class, but not an id, nor a rare class", async () => {
    const features = [{ one_hot: ["status", "id"] }];
    assert.deepEqual(await titles("y", "binary-classification", features), []); // a missing status tells nothing
    await engine.run("CREATE OR REPLACE TABLE kept AS SELECT * FROM prepared WHERE status IS NOT NULL");
    const told = contractOf(features);
    const [finding] = await leakFindings(engine, "kept", told);
    assert.equal(finding?.title, '"status" tells the label alone');
    assert.match(
      (await titles("three", "multiclass-classification", [{ one_hot: ["class"] }])).join(),
      /"class".*100.0 % of the rows/,
    );
    assert.deepEqual(await titles("rare", "binary-classification", [{ one_hot: ["dull"] }]), []);
  });

  it("finds a number that explains a number", async () => {
    assert.match(
      (await titles("target", "regression", [{ scale: ["near", "noise"] }])).join(),
      /^"near".*100.0 % of the label's variance$/,
    );
  });

  it("finds named leaks, and columns behind a derived one", async () => {
    const found = await titles("y", "binary-classification", [{ keep: ["noise", "y"] }], {
      leaks: ["noise"],
    });
    assert.deepEqual(
      found.map((text) => text.split(":")[0]),
      ['"noise" enters the model', '"y" enters the model'],
    );
    const derived = contractOf([{ keep: ["z"] }], [{ derive: { z: "after + 1" } }]);
    assert.equal(
      (await leakFindings(engine, "prepared", derived))[0]?.title,
      '"after" tells the label alone',
    );
  });
});
