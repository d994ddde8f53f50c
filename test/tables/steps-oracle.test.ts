import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { openDuckdb } from "../../src/adapters/engines/duckdb/engine.ts";
import type { FeatureStep, ValueStep } from "../../src/config/contract.ts";
import { applyRecipe, applyValues, type Recipe } from "../../src/core/features/recipe.ts";
import type { Engine } from "../../src/ports/engine.ts";
import { fitFeatures, fitValues } from "../../src/tables/fit.ts";
import oracle from "../oracles/features.json" with { type: "json" };

/** Fitted on a table of one column `x`, all rows training, and applied to it. */
describe("fitted steps agree with scikit-learn, pandas and NumPy", () => {
  let engine: Engine;
  before(async () => {
    engine = await openDuckdb({ threads: 2 });
  });
  after(() => engine.close());

  async function recipeOf(
    values: readonly (number | string | null)[],
    type: string,
    features: readonly FeatureStep[],
    steps: readonly ValueStep[] = [],
  ): Promise<Recipe> {
    const cell = (value: number | string | null): string =>
      value === null ? "NULL" : `'${String(value).replaceAll("'", "''")}'`;
    await engine.run(`CREATE OR REPLACE TABLE prepared AS SELECT row AS __row, CAST(x AS ${type}) AS x,
      'train' AS __split FROM (VALUES ${values.map((v, i) => `(${i}, ${cell(v)})`).join(", ")}) AS t(row, x)`);
    const contract = { prepare: { rows: [], values: [...steps] }, features: [...features] };
    return fitFeatures(engine, "prepared", contract, await fitValues(engine, "prepared", contract));
  }

  async function matrixOf(recipe: Recipe): Promise<number[][]> {
    const table = await engine.table("SELECT x FROM prepared ORDER BY __row");
    const { matrix, width, rows } = applyRecipe(recipe, table);
    return Array.from({ length: rows }, (_, row) => [...matrix.subarray(row * width, (row + 1) * width)]);
  }

  function near(found: readonly number[], expected: readonly number[], what: string): void {
    assert.equal(found.length, expected.length, what);
    const scale = Math.max(1, ...expected.map(Math.abs));
    found.forEach((x, i) => {
      const y = Math.fround(expected[i]!);
      assert.ok(
        Math.abs(x - y) <= 2e-7 * Math.max(1e-2 * scale, Math.abs(y)),
        `${what} row ${i}: ${x} is not ${y}`,
      );
    });
  }

  for (const [name, expected] of Object.entries(oracle.numbers)) {
    it(`numbers: ${name}`, async () => {
      for (const method of ["standard", "minmax", "robust"] as const) {
        const recipe = await recipeOf(expected.values, "DOUBLE", [
          { scale: { columns: ["x"], with: method } },
        ]);
        const [step] = recipe.features;
        assert.ok(step?.step === "scale");
        const found = expected.values.map((x) => (step.spread === 0 ? 0 : (x - step.center) / step.spread));
        const largest = Math.max(1, ...expected[method].map(Math.abs));
        found.forEach((x, i) => {
          assert.ok(
            Math.abs(x - expected[method][i]!) <= 1e-9 * largest,
            `${method}: ${x} is not ${expected[method][i]}`,
          );
        });
        near((await matrixOf(recipe)).flat(), found, method);
      }
      const bucket = await recipeOf(expected.values, "DOUBLE", [{ bucket: { x: 4 } }]);
      assert.deepEqual((await matrixOf(bucket)).flat(), expected.buckets);
      if (expected.kbins !== null) assert.deepEqual((await matrixOf(bucket)).flat(), expected.kbins);
      if (expected.log !== null) {
        near(
          (await matrixOf(await recipeOf(expected.values, "DOUBLE", [{ log: ["x"] }]))).flat(),
          expected.log,
          "log",
        );
      }
    });

    it(`fills and clips: ${name}`, async () => {
      for (const how of ["mean", "median", "mode"] as const) {
        const values = [...expected.values, null, NaN, Infinity, -Infinity];
        const recipe = await recipeOf(values, "DOUBLE", [{ keep: ["x"] }], [{ fill: { x: how } }]);
        const [step] = recipe.values;
        assert.ok(step?.step === "fill" && typeof step.value === "number");
        assert.ok(
          Math.abs(step.value - expected[how]) <= 1e-9 * Math.abs(expected[how]),
          `${how}: ${step.value}`,
        );
        const found = (await matrixOf(recipe)).flat();
        assert.deepEqual(found.slice(-4), Array(4).fill(Math.fround(step.value)));
      }
      const recipe = await recipeOf(
        expected.values,
        "DOUBLE",
        [{ keep: ["x"] }],
        [{ clip: { x: ["p1", "p99.5"] } }],
      );
      const clipped = applyValues(recipe, await engine.table("SELECT x FROM prepared ORDER BY __row"));
      const column = clipped.columns.get("x");
      assert.ok(column?.kind === "number");
      column.values.forEach((x, i) => {
        assert.ok(Math.abs(x - expected.clipped[i]!) <= 1e-9 * Math.abs(expected.clipped[i]!), `${x}`);
      });
    });
  }

  it("categories", async () => {
    const { values, categories, hot, mode } = oracle.categories;
    const recipe = await recipeOf(values, "VARCHAR", [
      { one_hot: { columns: ["x"], max_categories: 100, min_count: 1 } },
    ]);
    assert.deepEqual(recipe.features[0]?.step === "one_hot" && recipe.features[0].categories, categories);
    assert.deepEqual(await matrixOf(recipe), hot);
    const ordinal = await recipeOf(values, "VARCHAR", [{ ordinal: { x: [] } }]);
    assert.deepEqual(
      (await matrixOf(ordinal)).flat(),
      hot.map((row) => row.indexOf(1)),
    );
    const filled = await recipeOf(
      [...values, null],
      "VARCHAR",
      [{ ordinal: { x: [] } }],
      [{ fill: { x: "mode" } }],
    );
    assert.deepEqual(filled.values, [{ step: "fill", column: "x", value: mode }]);
    const tied = await recipeOf(
      ["b", "a", "b", "a", "c", null],
      "VARCHAR",
      [{ ordinal: { x: [] } }],
      [{ fill: { x: "mode" } }],
    );
    assert.deepEqual(tied.values, [{ step: "fill", column: "x", value: oracle.categories["tied mode"] }]);
  });

  it("dates", async () => {
    const parts = ["year", "month", "day", "weekday", "hour", "minute", "day_of_year"] as const;
    const recipe = await recipeOf(oracle.dates.values, "TIMESTAMP", [{ date: { x: [...parts] } }]);
    const expected = oracle.dates.values.map((_, row) => parts.map((part) => oracle.dates[part][row]));
    assert.deepEqual(await matrixOf(recipe), expected);
  });

  it("keeps the most frequent categories that stand often enough, ties by code point", async () => {
    const step = { columns: ["x"], max_categories: 2, min_count: 2 };
    const recipe = await recipeOf(["d", "c", "c", "b", "b", "a", "a", "e"], "VARCHAR", [{ one_hot: step }]);
    assert.deepEqual(recipe.outputs, ["x=a", "x=b"]);
    const numbers = await recipeOf([10, 9, 10, 9, 1], "INTEGER", [
      { one_hot: { ...step, max_categories: 9 } },
    ]);
    assert.deepEqual(numbers.outputs, ["x=9", "x=10"]);
  });

  const impossible: readonly (readonly [string, (number | null)[], FeatureStep[], ValueStep[], RegExp])[] = [
    [
      "missing without a fill",
      [1, null, 3],
      [{ keep: ["x"] }],
      [],
      /keep finds "x" missing in 1 of 3 training rows; fill it in prepare.values, such as `fill: \{ x: median \}`/,
    ],
    [
      "NaN without a fill",
      [1, NaN, Infinity],
      [{ scale: { columns: ["x"], with: "standard" } }],
      [],
      /missing in 2 of 3 training rows/,
    ],
    [
      "all missing",
      [null, null],
      [{ keep: ["x"] }],
      [{ fill: { x: "mean" } }],
      /"x" has no value in the 2 training rows, so no mean; fill with a constant/,
    ],
    ["a percentile of nothing", [null], [{ keep: ["x"] }], [{ clip: { x: ["p1", null] } }], /so no p1/],
    [
      "a word for a number",
      [1],
      [{ keep: ["x"] }],
      [{ fill: { x: "unknown" } }],
      /"x" holds number, and "unknown" is none/,
    ],
    ["log of -1", [-1, 2], [{ log: ["x"] }], [], /ln\(1 \+ x\) wants x above -1/],
    ["an unknown column", [1], [{ keep: ["y"] }], [], /features: keep: unknown column "y"/],
    [
      "a dropped column",
      [1],
      [{ keep: ["x"] }],
      [{ derive: { z: "x" } }, { drop: ["x"] }],
      /unknown column "x"; (there are|did you mean)/,
    ],
    ["two features of one name", [1], [{ keep: ["x"] }, { keep: ["x"] }], [], /two features are named "x"/],
    ["parts of a number", [1], [{ date: { x: ["year"] } }], [], /date takes time, and "x" holds number/],
    [
      "a derived column that cannot be",
      [1],
      [{ keep: ["z"] }],
      [{ derive: { z: "y + 1" } }],
      /prepare.values: derive: z: unknown column "y"/,
    ],
    [
      "bounds the wrong way round",
      [1],
      [{ keep: ["x"] }],
      [{ clip: { x: [2, 1] } }],
      /lower bound 2 of "x" is above/,
    ],
    ["an order with a category twice", [1], [{ ordinal: { x: [1, 2, 1] } }], [], /names "1" twice/],
  ];
  for (const [what, values, features, steps, message] of impossible) {
    it(`refuses ${what}`, () => assert.rejects(recipeOf(values, "DOUBLE", features, steps), message));
  }

  it("lets a step name what an earlier step made", async () => {
    const chained = await recipeOf([0, 1, 2, 3], "DOUBLE", [
      { log: ["x"] },
      { scale: { columns: ["x_log"], with: "minmax" } },
    ]);
    assert.deepEqual(chained.outputs, ["x_log_scaled"]);
    const found = (await matrixOf(chained)).flat();
    assert.deepEqual(
      found,
      [0, 1, 2, 3].map((x) => Math.fround(Math.log1p(x) / Math.log(4))),
    );
    const kept = await recipeOf([0, 1], "DOUBLE", [
      { log: ["x"] },
      { bucket: { x_log: [0.5] } },
      { keep: ["x_log"] },
    ]);
    assert.deepEqual(kept.outputs, ["x_log_bucket", "x_log"]);
  });

  it("sees in each step what the steps before it made", async () => {
    const recipe = await recipeOf(
      [1, null, 5, 100],
      "DOUBLE",
      [{ scale: { columns: ["y"], with: "minmax" } }],
      [{ fill: { x: "median" } }, { clip: { x: [null, 10] } }, { derive: { y: "x * 2" } }],
    );
    assert.deepEqual(recipe.values[0], { step: "fill", column: "x", value: 5 });
    assert.deepEqual(recipe.features[0], {
      step: "scale",
      column: "y",
      outputs: ["y_scaled"],
      center: 2,
      spread: 18,
    });
  });

  it("asks a row only for what the features need", async () => {
    await engine.run("CREATE OR REPLACE TABLE prepared AS SELECT 1 AS a, 2 AS b, 3 AS c, 'train' AS __split");
    const contract = {
      prepare: { rows: [], values: [{ fill: { c: 0 } }, { derive: { d: "a + 1" } }, { drop: ["b"] }] },
      features: [{ keep: ["d"] }],
    };
    const recipe = await fitFeatures(
      engine,
      "prepared",
      contract,
      await fitValues(engine, "prepared", contract),
    );
    assert.deepEqual(recipe.inputs, [{ name: "a", kind: "number" }]);
    assert.deepEqual(recipe.values, [{ step: "derive", column: "d", expression: "a + 1" }]);
  });
});
