import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { loggedColumns, parseReference, type Reference } from "../../../src/core/drift/reference.ts";
import { comesRound, timePartsOf } from "../../../src/core/drift/time-parts.ts";
import type { Recipe } from "../../../src/core/features/recipe.ts";
import { UserError } from "../../../src/errors.ts";

const GOOD: Reference = {
  schema: "trainyard/reference/1",
  rows: 10,
  columns: [
    {
      name: "age",
      kind: "number",
      min: 1,
      max: 9,
      edges: [2, 5],
      counts: [3, 3, 2],
      missing: 1,
      infinite: 1,
    },
    {
      name: "at (hour)",
      of: { column: "at", part: "hour" },
      kind: "category",
      values: ["8"],
      counts: [7],
      other: 2,
      missing: 1,
    },
  ],
  personal: ["email"],
};

/** The good one, altered. */
function altered(
  alter: (reference: { columns: Record<string, unknown>[] } & Record<string, unknown>) => void,
) {
  const copy = structuredClone(GOOD) as never as Parameters<typeof alter>[0];
  alter(copy);
  return JSON.stringify(copy);
}

describe("a reference", () => {
  it("is read as it was written", () => {
    assert.deepEqual(parseReference(JSON.stringify(GOOD)), GOOD);
    const empty = { schema: "trainyard/reference/1", rows: 0, columns: [], personal: [] };
    assert.deepEqual(parseReference(JSON.stringify(empty)), empty);
  });

  it("is read as the documentation shows it", () => {
    const page = readFileSync("docs/stages/features.md", "utf8");
    const [, example = ""] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
    assert.deepEqual(loggedColumns(parseReference(example)), ["age", "sector", "hired"]);
  });

  it("lets a server log what is compared, and the time behind its parts", () => {
    assert.deepEqual(loggedColumns(GOOD), ["age", "at"]);
    assert.deepEqual(loggedColumns({ ...GOOD, personal: ["at"] }), ["age"]);
  });

  const WRONG: readonly (readonly [string, string, RegExp])[] = [
    ["no JSON", "{", /^m\/reference\.json is not a reference: it is no JSON; run `trainyard features` again/],
    ["a list", "[]", /top level: /],
    ["another schema", altered((r) => (r.schema = "trainyard/reference/9")), /reference: schema: /],
    ["a key of its own", altered((r) => (r.note = "x")), /Unrecognized key/],
    ["a key of a column's own", altered((r) => (r.columns[0]!.note = "x")), /columns\.0: Unrecognized key/],
    ["no kind", altered((r) => delete r.columns[0]!.kind), /columns\.0\.kind/],
    ["half a row", altered((r) => (r.columns[0]!.missing = 0.5)), /columns\.0\.missing/],
    ["fewer rows than none", altered((r) => (r.columns[0]!.missing = -1)), /columns\.0\.missing/],
    ["infinite edges", altered((r) => (r.columns[0]!.edges = ["Infinity", 2])), /columns\.0\.edges\.0/],
    ["more bins than ten", altered((r) => (r.columns[0]!.counts = Array(11).fill(1))), /columns\.0\.counts/],
    ["a count too few", altered((r) => (r.columns[0]!.counts = [3, 3])), /"age" has 2 counts for 2 edges/],
    ["a value too many", altered((r) => (r.columns[1]!.values = ["8", "9"])), /has 1 counts for 2 values/],
    ["other rows", altered((r) => (r.rows = 11)), /"age" counts 10 rows of 11/],
    ["edges that fall", altered((r) => (r.columns[0]!.edges = [5, 2])), /"age" has edges out of order/],
    ["edges twice", altered((r) => (r.columns[0]!.edges = [2, 2])), /"age" has edges out of order/],
    ["an edge beyond", altered((r) => (r.columns[0]!.edges = [2, 50])), /"age" has edges out of its range/],
    ["no range", altered((r) => (r.columns[0]!.min = null)), /"age" has edges out of its range/],
    [
      "a value twice",
      altered((r) => Object.assign(r.columns[1]!, { values: ["8", "8"], counts: [3, 4] })),
      /twice/,
    ],
    [
      "a part that times have not",
      altered((r) => (r.columns[1]!.of = { column: "at", part: "era" })),
      /of\.part/,
    ],
  ];
  for (const [name, text, says] of WRONG) {
    it(`refuses ${name}`, () => {
      assert.throws(
        () => parseReference(text, "m/reference.json"),
        (error) => error instanceof UserError && says.test(error.message) && !error.message.includes("\n"),
      );
    });
  }
});

describe("parts of a time", () => {
  const recipe = (more: Partial<Recipe>): Recipe => ({
    schema: "trainyard/recipe/1",
    inputs: [{ name: "at", kind: "time" }],
    values: [],
    takes: "features",
    features: [],
    outputs: ["x"],
    ...more,
  });
  const parts = (more: Partial<Recipe>): string[] => timePartsOf(recipe(more), "at").map(({ part }) => part);

  it("are those that the recipe uses, in dates and in expressions", () => {
    const date = (part: "hour" | "weekday") =>
      ({ step: "date", column: "at", outputs: [`at_${part}`], part }) as const;
    assert.deepEqual(parts({ features: [date("hour"), date("weekday"), date("hour")] as never }), [
      "weekday",
      "hour",
    ]);
    const derived = [
      { step: "derive", column: "late", expression: "case when hour(at) > 6 then minute(at) end" },
    ] as const;
    assert.deepEqual(timePartsOf(recipe({ values: [...derived] }), "at"), [
      { part: "hour", numeric: false },
      { part: "minute", numeric: true },
    ]);
  });

  it("are the month where it uses none of this column", () => {
    assert.deepEqual(parts({}), ["month"]);
    assert.deepEqual(parts({ values: [{ step: "derive", column: "y", expression: "hour(since)" }] }), [
      "month",
    ]);
  });

  it("come round after days, but for years", () => {
    assert.ok(comesRound("month", 365) && !comesRound("month", 364));
    assert.ok(!comesRound("year", 1e6));
  });
});
