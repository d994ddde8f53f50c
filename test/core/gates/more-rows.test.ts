import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { judge } from "../../../src/core/gates/judge.ts";
import { moreRows } from "../../../src/core/gates/more-rows.ts";
import { evaluate } from "../../../src/core/measures/evaluation.ts";
import type { MetricRow } from "../../../src/core/report/report.ts";
import { oracle } from "../../oracles/oracle.ts";
import { inputOf, twoClasses } from "../measures/rows.ts";

const drawn = oracle<{
  more: {
    share: number;
    limit: number;
    rows: number;
    half_width: number;
    wanted: number;
    decided: number;
    decided_at_the_limit: number;
  }[];
}>("power");
const interval = (low: number, high: number) => ({ low, high, confidence: 0.95, method: "test" });
const NO_MEASURES = evaluate(inputOf(twoClasses(20, 1), { resamples: 0 }));

function decided(condition: string, row: Partial<MetricRow>, rows?: number, hasBaseline = true) {
  const base = NO_MEASURES.metrics.find(({ name }) => name === condition.split(" ")[0])!;
  const evaluation = { ...NO_MEASURES, metrics: [{ ...base, ...row }] };
  const comparison = { hasBaseline, baselineReason: null, ...(rows === undefined ? {} : { rows }) };
  return judge([{ gate: condition, when_inconclusive: "approve" }], evaluation, comparison)[0]!;
}

describe("an undecided gate", () => {
  it("says how many more rows would decide it, on either side of the limit", () => {
    const above = decided("roc_auc >= 0.8", { value: 0.82, interval: interval(0.78, 0.85) }, 500);
    assert.equal(above.more_rows, 3600); // the lower half, 0.04, must come down to 0.02 / 1.43
    assert.equal(
      above.explanation,
      "0.820 (0.780 to 0.850) against at least 0.8: the data cannot tell; about 3,600 more holdout rows would, if the value stays",
    );
    const below = decided("roc_auc >= 0.8", { value: 0.79, interval: interval(0.7, 0.82) }, 500);
    assert.equal(below.more_rows, 8700); // the upper half, 0.03, must come down to 0.01 / 1.43
    const most = decided("log_loss <= 0.5", { value: 0.4, interval: interval(0.2, 0.6) }, 100);
    assert.equal(most.more_rows, 720);
  });

  it("against the baseline counts by the paired difference", () => {
    const difference = { value: 0, interval: interval(-0.02, 0.02) };
    const gate = decided("roc_auc >= baseline - 0.01", { value: 0.8, baseline: 0.8, difference }, 800);
    assert.equal(gate.more_rows, 5800);
    assert.match(gate.explanation, /; about 5,800 more holdout rows would, if the difference stays$/);
  });

  it("says that no number would where the value sits at the limit", () => {
    for (const value of [0.8, 0.1 + 0.7, 0.8002]) {
      const gate = decided("roc_auc >= 0.8", { value, interval: interval(0.7, 0.9) }, 500);
      assert.equal(gate.more_rows, null);
      assert.match(gate.explanation, /tell, and no number of rows would: the value sits at the limit$/);
    }
  });

  it("says nothing of rows where rows are not what is missing", () => {
    const wide = { value: 0.82, interval: interval(0.78, 0.85) };
    const cases = [
      decided("roc_auc >= 0.8", wide),
      decided("roc_auc >= 0.7", wide, 500), // met
      decided("roc_auc >= 0.9", wide, 500), // broken
      decided("roc_auc >= 0.8", { value: null, interval: null, reason: "only one class has rows" }, 500),
      decided("accuracy >= 0.8", { value: 1, interval: null, reason: "4 rows are too few" }, 500),
      decided("roc_auc >= baseline", wide, 500, false), // the first model
    ];
    for (const gate of cases) {
      assert.equal("more_rows" in gate, false, gate.explanation);
      assert.doesNotMatch(gate.explanation, /rows would/);
    }
  });

  it("is decided by about so many rows when they come", () => {
    const certain = { resamples: 1000, confidence: 0.95, seed: 7 };
    const at = (rows: number) =>
      evaluate(inputOf(twoClasses(rows, 4), certain)).metrics.find(({ name }) => name === "accuracy")!;
    const few = at(400);
    const limit = few.value! - 0.02;
    const more = moreRows({ value: few.value!, interval: few.interval!, limit, rows: 400 })!;
    assert.ok(more > 2000 && more < 6000, `${more}`); // (2.8 √(0.69 · 0.31 / 400) / 0.02)² − 1 = 9.5 times as many
    const many = at(400 + more).interval!;
    const half = (many.high - many.low) / 2;
    assert.ok(Math.abs(half / (0.02 / 1.4294) - 1) < 0.15, `half-width ${half}`); // the forecast width is what comes
  });

  for (const { share, limit, rows, half_width, wanted, decided, decided_at_the_limit } of drawn.more) {
    it(`is decided in four of five draws of that many rows: a share of ${share} against ${limit}`, () => {
      const interval_ = interval(share - half_width, share + half_width);
      const all = rows + moreRows({ value: share, interval: interval_, limit, rows })!;
      assert.ok(all >= wanted && all < 1.1 * wanted, `${all}, not ${wanted}`);
      assert.ok(Math.abs(decided - 0.8) < 0.03, String(decided));
      assert.ok(decided_at_the_limit < 0.55, String(decided_at_the_limit)); // where the interval would just end there
    });
  }

  it("may have a value outside its interval: then it counts from the end that is farther", () => {
    assert.equal(moreRows({ value: 0.5, interval: interval(0.52, 0.72), limit: 0.55, rows: 100 }), 3900);
    assert.equal(moreRows({ value: 0.7, interval: interval(0.4, 0.6), limit: 0.5, rows: 100 }), 360);
    assert.equal(moreRows({ value: 0.75, interval: interval(0.4, 0.7), limit: 0.8, rows: 100 }), 1800);
  });
});
