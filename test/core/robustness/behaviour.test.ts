import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { exitCode } from "../../../src/core/gates/judge.ts";
import { judgeBehaviour } from "../../../src/core/gates/judge-behaviour.ts";
import type { ExpectationRow } from "../../../src/core/report/sections/robustness.ts";
import {
  alternativesOf,
  type Behaviour,
  brokenRows,
  brokenShare,
} from "../../../src/core/robustness/behaviour.ts";
import { factsOf } from "../../../src/core/robustness/facts.ts";
import type { Column, NumericColumn, Table } from "../../../src/core/tables/column.ts";

const years: NumericColumn = { kind: "number", values: Float64Array.of(0, 1, 2, 5, 10, 20, 40, NaN) };
const pay: NumericColumn = { kind: "number", values: Float64Array.of(1.5, 2, 3, 1, 9, 4, 5, 6.25) };
const job: Column = { kind: "text", codes: Int32Array.of(0, 1, 1, 1, 0, 2, 2, -1), words: ["a", "b", "c"] };
const table: Table = {
  rows: 8,
  columns: new Map<string, Column>([
    ["years", years],
    ["pay", pay],
    ["job", job],
  ]),
};

/** What a function of a row's years, pay and job makes of a behaviour. */
function asked(behaviour: Behaviour, score: (years: number, pay: number, job: string) => number) {
  const scores = (of: Table): Float64Array =>
    Float64Array.from({ length: of.rows }, (_, row) => {
      const [y, p, j] = [of.columns.get("years"), of.columns.get("pay"), of.columns.get("job")];
      if (y?.kind !== "number" || p?.kind !== "number" || j?.kind !== "text") throw new Error("no such rows");
      return score(y.values[row] || 0, p.values[row] ?? 0, j.words[j.codes[row] ?? -1] ?? "");
    });
  const column = table.columns.get(behaviour.column);
  if (column === undefined) throw new Error("no such column");
  const facts = factsOf(behaviour.column, column.kind === "text" ? "category" : "number", column);
  const others = alternativesOf(behaviour, table, facts).map((one) => ({
    scores: scores(one.table),
    asked: one.asked,
  }));
  return { ...brokenRows(behaviour, scores(table), others), alternatives: others.length };
}

const raising = (column: string, by?: number): Behaviour => ({
  kind: "moving",
  column,
  up: true,
  never: "lowers",
  by,
});

describe("what is expected of a score", () => {
  it("holds where the score is a function that does so", () => {
    assert.deepEqual(
      asked(raising("years"), (y) => y / 40),
      { rows: 6, broken: 0, farthest: 0, alternatives: 3 },
    );
    assert.equal(asked({ kind: "changing", column: "job", most: 0 }, (y) => y).broken, 0);
    assert.equal(
      asked({ kind: "changing", column: "job", most: 0.25 }, (_, __, j) => (j === "b" ? 0.25 : 0)).broken,
      0,
    );
  });

  it("counts the rows that break it, and how far they go", () => {
    // two years more cost 0.2 from 5 to 10 alone; 40 years cannot be raised, and of one row they are not known
    const dip = (y: number): number => (y >= 7 && y < 10 ? 0.3 : 0.5);
    assert.deepEqual(asked(raising("years", 2), dip), { rows: 6, broken: 1, farthest: 0.2, alternatives: 1 });
    const found = asked({ kind: "changing", column: "job", most: 0.2 }, (_, __, j) => (j === "b" ? 0.25 : 0));
    assert.deepEqual(found, { rows: 8, broken: 8, farthest: 0.25, alternatives: 3 });
    const lower: Behaviour = { kind: "moving", column: "pay", up: false, never: "raises", by: 1 };
    assert.deepEqual(
      asked(lower, (_, p) => -p),
      { rows: 6, broken: 6, farthest: 1, alternatives: 1 },
    );
  });

  it("stays within the range of the rows, with whole steps of whole numbers", () => {
    const seen: number[] = [];
    asked(raising("years"), (y) => {
      seen.push(y);
      return 0;
    });
    assert.ok(seen.every(Number.isInteger));
  });

  it("takes twelve values of a number at most, its ends among them", () => {
    const many: NumericColumn = {
      kind: "number",
      values: Float64Array.from({ length: 99 }, (_, row) => row / 7),
    };
    const facts = factsOf("many", "number", many);
    const rows = { rows: 99, columns: new Map([["many", many]]) };
    const values = alternativesOf({ kind: "changing", column: "many", most: 0 }, rows, facts).map(
      ({ table: of }) => {
        const column = of.columns.get("many");
        return column?.kind === "number" ? column.values[5] : undefined;
      },
    );
    assert.equal(values.length, 12);
    assert.deepEqual([values[0], values[11]], [0, 98 / 7]);
  });

  it("does not take rounding in 32 bits for a move", () => {
    const scores = Float64Array.of(0.5, 0.5);
    const others = [{ scores: Float64Array.of(0.5 - 4e-7, 0.49), asked: () => true }];
    assert.equal(brokenRows(raising("years"), scores, others).broken, 1);
  });
});

describe("a gate on what is expected", () => {
  const row: ExpectationRow = {
    text: "raising years never lowers the score",
    column: "years",
    state: "checked",
    rows: 200,
    broken: 0,
    farthest: 0,
    allow: 0,
    interval: null,
  };
  const judged = (part: Partial<ExpectationRow>, severity: "fail" | "warn" = "fail") => {
    const share = brokenShare({ rows: 200, broken: 0, farthest: 0, ...part }, 0.95)?.interval;
    const interval = share === undefined ? null : { ...share, confidence: 0.95, method: "Wilson" };
    const [gate] = judgeBehaviour([{ ...row, interval, ...part }], [{ severity }], [undefined]);
    assert.ok(gate !== undefined);
    return gate;
  };

  it("is broken by one row where none may", () => {
    assert.deepEqual([judged({}).verdict, judged({}).state], ["pass", "met"]);
    const broken = judged({ broken: 1, farthest: 0.02 });
    assert.deepEqual([broken.verdict, broken.state, broken.value], ["fail", "broken", 0.005]);
    assert.match(broken.explanation, /^1 of 200 rows break it, by 0\.020 at most; none may$/);
    assert.equal(judged({ broken: 1 }, "warn").verdict, "warn");
    assert.equal(exitCode([broken]), 1);
  });

  it("is decided on the interval of the share where some may", () => {
    assert.equal(judged({ broken: 2, allow: 0.1 }).state, "met");
    assert.equal(judged({ broken: 60, allow: 0.1 }).state, "broken");
    const unsure = judged({ broken: 18, allow: 0.1 });
    assert.deepEqual([unsure.state, unsure.verdict, exitCode([unsure])], ["undecided", "inconclusive", 3]);
  });

  it("passes where the column does not enter the model, and never where nothing was checked", () => {
    assert.equal(judged({ state: "no input", rows: 0 }).verdict, "pass");
    for (const state of ["refused", "not checked"] as const) {
      assert.equal(judged({ state, rows: 0 }).verdict, "inconclusive");
    }
    assert.equal(judged({ rows: 0 }).verdict, "inconclusive");
    assert.equal(judged({ rows: 0 }, "warn").verdict, "warn");
  });
});
