import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { applyRecipe, applyValues, parseRecipe, type Recipe } from "../../../src/core/features/recipe.ts";
import { random } from "../../../src/core/stats/random.ts";
import type { Column, Table } from "../../../src/core/tables/column.ts";

const recipe: Recipe = parseRecipe(
  JSON.stringify({
    schema: "trainyard/recipe/1",
    inputs: [
      { name: "age", kind: "number" },
      { name: "wage", kind: "number" },
      { name: "city", kind: "text" },
      { name: "member", kind: "boolean" },
      { name: "since", kind: "time" },
    ],
    values: [
      { step: "fill", column: "wage", value: 12.34 },
      { step: "clip", column: "wage", low: 0, high: 1e6 },
      { step: "derive", column: "ratio", expression: "coalesce(wage / nullif(age, 0), 0)" },
      { step: "fill", column: "age", value: 40 },
      { step: "fill", column: "since", value: 0 },
      { step: "fill", column: "member", value: false },
    ],
    takes: "features",
    features: [
      { step: "keep", column: "member", outputs: ["member"] },
      { step: "log", column: "wage", outputs: ["wage_log"] },
      { step: "scale", column: "wage_log", outputs: ["wage_log_scaled"], center: 2.1, spread: 0.7 },
      { step: "scale", column: "age", outputs: ["age_scaled"], center: 40, spread: 0 },
      { step: "bucket", column: "ratio", outputs: ["ratio_bucket"], borders: [0, 1, 10] },
      { step: "one_hot", column: "city", outputs: ["city=Bonn", "city=😀"], categories: ["Bonn", "😀"] },
      { step: "hash", column: "city", outputs: ["city_hash_0", "city_hash_1", "city_hash_2"] },
      { step: "missing", column: "city", outputs: ["city_missing"] },
      { step: "date", column: "since", outputs: ["since_weekday"], part: "weekday" },
      { step: "keep", column: "wage_log", outputs: ["wage_log"] },
    ],
    outputs: [
      "member",
      "wage_log_scaled",
      "age_scaled",
      "ratio_bucket",
      "city=Bonn",
      "city=😀",
      "city_hash_0",
      "city_hash_1",
      "city_hash_2",
      "city_missing",
      "since_weekday",
      "wage_log",
    ],
  }),
);

function tableOf(rows: readonly (readonly [number, number, string | undefined, number, number])[]): Table {
  const words = [...new Set(rows.flatMap(([, , city]) => city ?? []))];
  const numbers = (kind: "number" | "boolean" | "time", place: 0 | 1 | 3 | 4): Column => {
    return { kind, values: Float64Array.from(rows, (row) => row[place]) };
  };
  const codes = Int32Array.from(rows, ([, , city]) => (city === undefined ? -1 : words.indexOf(city)));
  return {
    rows: rows.length,
    columns: new Map<string, Column>([
      ["since", numbers("time", 4)],
      ["city", { kind: "text", codes, words }],
      ["age", numbers("number", 0)],
      ["wage", numbers("number", 1)],
      ["member", numbers("boolean", 3)],
      ["unused", numbers("number", 0)],
    ]),
  };
}

describe("applyRecipe", () => {
  const draw = random(11);
  const one = <T>(list: readonly T[]): T => list[draw.below(list.length)] as T;
  const rows = Array.from({ length: 400 }, () => {
    const wage = one([NaN, Infinity, -5, 0, 1e9, draw.uniform() * 50]);
    const city = one(["Bonn", "bonn", "😀", "", "unheard of", undefined]);
    return [
      one([0, 17, NaN, 63.5]),
      wage,
      city,
      one([0, 1, NaN]),
      one([NaN, 0, -1, 1e12 * draw.uniform()]),
    ] as const;
  });

  it("gives a row alone the bits that it has among others, and in any order", () => {
    const { matrix, width } = applyRecipe(recipe, tableOf(rows));
    const bits = new Uint32Array(matrix.buffer);
    for (const [i, row] of rows.entries()) {
      const alone = new Uint32Array(applyRecipe(recipe, tableOf([row])).matrix.buffer);
      assert.deepEqual(alone, bits.slice(i * width, (i + 1) * width), `row ${i}`);
    }
    const turned = applyRecipe(recipe, tableOf(rows.toReversed())).matrix;
    assert.deepEqual(turned.slice(0, width), matrix.slice(-width));
  });

  it("gives what it gave before, value by value", () => {
    const { matrix, names } = applyRecipe(
      recipe,
      tableOf([
        [50, 100, "Bonn", 1, 0],
        [0, NaN, undefined, NaN, NaN],
      ]),
    );
    const log = (x: number): number => Math.log1p(x);
    const rows = [
      [1, (log(100) - 2.1) / 0.7, 0, 2, 1, 0, 1, 0, 0, 0, 4, log(100)],
      [0, (log(12.34) - 2.1) / 0.7, 0, 1, 0, 0, 0, 0, 0, 1, 4, log(12.34)],
    ];
    assert.equal(names.length, 12);
    const hashed = [...matrix.slice(6, 9)];
    assert.deepEqual(hashed.sort(), [0, 0, 1]);
    for (const [i, expected] of rows.entries()) {
      const found = [...matrix.slice(i * 12, (i + 1) * 12)];
      assert.deepEqual(found.toSpliced(6, 3), expected.toSpliced(6, 3).map(Math.fround), `row ${i}`);
    }
    assert.deepEqual([...matrix.slice(18, 21)], [0, 0, 0]);
  });

  it("has a defined answer for what training never saw", () => {
    const { matrix } = applyRecipe(recipe, tableOf([[1, -1e300, "Rom", 1, 0]]));
    assert.deepEqual([...matrix.slice(4, 6)], [0, 0]);
    assert.equal(matrix[11], 0);
  });

  it("takes an empty table", () => {
    assert.deepEqual(applyRecipe(recipe, tableOf([])).matrix, new Float32Array(0));
  });

  const bare: Recipe = {
    schema: "trainyard/recipe/1",
    inputs: [{ name: "age", kind: "number" }],
    values: [],
    takes: "features",
    features: [{ step: "scale", column: "age", outputs: ["age_scaled"], center: 0, spread: 1 }],
    outputs: ["age_scaled"],
  };
  const ages = (...values: number[]): Table => {
    return {
      rows: values.length,
      columns: new Map([["age", { kind: "number", values: Float64Array.from(values) }]]),
    };
  };

  it("refuses a feature without a value, unless told to keep it", () => {
    assert.throws(
      () => applyRecipe(bare, ages(NaN)),
      /feature "age_scaled" has no value in the row; give "age", or fill it/,
    );
    assert.throws(() => applyRecipe(bare, ages(1, -Infinity, NaN)), /no value in 2 of 3 rows/);
    assert.throws(
      () => applyRecipe(bare, ages(1, 1e39)),
      /"age_scaled" is too large for 32 bits in 1 of 2 rows; clip "age"/,
    );
    assert.deepEqual(applyRecipe(bare, ages(1, NaN), "keep").matrix, Float32Array.of(1, NaN));
  });

  it("refuses columns that are not there, or hold another kind", () => {
    assert.throws(() => applyRecipe(bare, { rows: 1, columns: new Map() }), /column "age" is missing/);
    const text: Column = { kind: "text", codes: Int32Array.of(0), words: ["old"] };
    assert.throws(
      () => applyRecipe(bare, { rows: 1, columns: new Map([["age", text]]) }),
      /"age" holds text, and the model was trained on number/,
    );
    const none: Column = { kind: "text", codes: Int32Array.of(-1), words: [] };
    assert.throws(
      () => applyRecipe(bare, { rows: 1, columns: new Map([["age", none]]) }),
      /has no value in the row/,
    );
  });

  it("gives a model that takes columns its columns", () => {
    const columns: Recipe = {
      ...bare,
      takes: "columns",
      features: [],
      outputs: ["age"],
      values: [{ step: "fill", column: "age", value: 3 }],
    };
    assert.deepEqual(
      [...(applyValues(columns, ages(NaN)).columns.get("age") as { values: Float64Array }).values],
      [3],
    );
    assert.throws(() => applyRecipe(columns, ages(1)), /takes columns/);
  });
});

describe("parseRecipe", () => {
  const good = JSON.parse(JSON.stringify(recipe)) as Record<string, unknown>;
  const changed = (change: (value: typeof good) => void): string => {
    const value = structuredClone(good);
    change(value);
    return JSON.stringify(value);
  };
  const at = (value: typeof good, key: string, place: number): Record<string, unknown> => {
    return (value[key] as Record<string, unknown>[])[place]!;
  };

  it("reads what it wrote", () => {
    assert.deepEqual(parseRecipe(JSON.stringify(recipe)), recipe);
  });

  const hostile: readonly (readonly [string, string, RegExp])[] = [
    ["no JSON", "{", /r.json is not a recipe: it is no JSON/],
    ["null", "null", /is not a recipe/],
    ["another version", changed((v) => (v.schema = "trainyard/recipe/2")), /schema/],
    ["an unknown step", changed((v) => (at(v, "features", 0).step = "eval")), /features.0/],
    ["a number that is text", changed((v) => (at(v, "features", 2).center = "1")), /features.2.center/],
    [
      "SQL instead of an expression",
      changed((v) => (at(v, "values", 2).expression = "read_csv('x')")),
      /unknown function "read_csv"/,
    ],
    [
      "an expression without end",
      changed((v) => (at(v, "values", 2).expression = "(".repeat(9999))),
      /nests deeper/,
    ],
    [
      "a missing input",
      changed((v) => (v.inputs as unknown[]).shift()),
      /unknown column "age"|no column "age"/,
    ],
    ["another kind of input", changed((v) => (at(v, "inputs", 1).kind = "text")), /is not a recipe/],
    [
      "more names than categories",
      changed((v) => (at(v, "features", 5).categories = ["Bonn"])),
      /not as many features as names/,
    ],
    [
      "outputs in another order",
      changed((v) => (v.outputs as unknown[]).reverse()),
      /outputs are not what its steps make/,
    ],
    [
      "a feature named like another",
      changed((v) => (at(v, "features", 7).outputs = ["age_scaled"])),
      /two features are named "age_scaled"/,
    ],
  ];
  for (const [what, text, message] of hostile) {
    it(`refuses ${what}`, () => assert.throws(() => parseRecipe(text, "r.json"), message));
  }

  it("does not touch prototypes", () => {
    const text = JSON.stringify(good)
      .replaceAll('"age"', '"__proto__"')
      .replaceAll("age_scaled", "constructor")
      .replaceAll("age, 0", '\\"__proto__\\", 0');
    const odd = parseRecipe(text);
    const table = tableOf([[50, 100, "Bonn", 1, 0]]);
    const columns = new Map(table.columns).set("__proto__", table.columns.get("age")!);
    assert.equal(applyRecipe(odd, { rows: 1, columns }).names[2], "constructor");
    assert.equal(({} as Record<string, unknown>).kind, undefined);
  });
});
