import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { evaluate, type Scored } from "../../../src/core/measures/evaluation.ts";
import type { MetricRow } from "../../../src/core/report/report.ts";
import { errorsAgainstBaseline } from "../../../src/core/slices/confirm.ts";
import { normalQuantile } from "../../../src/core/stats/normal.ts";
import { adjustedDifference } from "../../../src/core/stats/paired-shares.ts";
import { random } from "../../../src/core/stats/random.ts";
import { subsetsOf } from "../../../src/core/stats/subsets.ts";
import { inputOf, twoClasses } from "./rows.ts";

type More = NonNullable<Parameters<typeof inputOf>[1]>;

const differences = (candidate: Scored, baseline: Scored, more: More = {}): Map<string, MetricRow> =>
  new Map(evaluate(inputOf(candidate, { baseline, ...more })).metrics.map((row) => [row.name, row]));

/** The same decisions but for the rows named, which the candidate decides the other way; no score is quite the same. */
function otherwise({ scores, ...rest }: Scored, ...rows: readonly number[]): Scored {
  return {
    ...rest,
    scores: scores.map((score, row) =>
      rows.includes(row) ? 1 - score : score - (score < 0.5 ? score / 999 : 0),
    ),
  };
}

describe("the difference of two models", () => {
  const base = twoClasses(100, 41, { apart: 2 });
  const wrong = [...base.labels.keys()].filter(
    (row) => (base.scores[row]! >= 0.5 ? 1 : 0) !== base.labels[row] && base.labels[row] === 1,
  );

  it("is not proven by one row that is decided otherwise, nor by four", () => {
    for (const rows of [wrong.slice(0, 1), wrong.slice(0, 4)]) {
      const found = differences(otherwise(base, ...rows), base);
      for (const name of ["accuracy", "balanced_accuracy", "f1", "mcc", "recall"]) {
        const { value, interval } = found.get(name)!.difference!;
        assert.ok(value > 0, name);
        assert.ok(interval!.low < 0 && interval!.high > value, `${name}: ${JSON.stringify(interval)}`);
      }
    }
  });

  it("is not known to be none where no decision differs", () => {
    const found = differences(otherwise(base), base);
    for (const name of ["accuracy", "f1", "mcc", "precision", "recall"]) {
      const { value, interval } = found.get(name)!.difference!;
      assert.equal(value, 0);
      assert.ok(interval!.low < -0.01 && interval!.high > 0.01, name);
    }
  });

  it("is none where both give every row the same scores, if the rows are not a handful", () => {
    for (const { name, difference } of differences(base, base).values()) {
      const { low, high, method } = difference!.interval!;
      assert.deepEqual([low, high, method], [0, 0, "both models score every row the same"], name);
    }
    const few = twoClasses(20, 42);
    for (const { name, difference } of differences(few, few).values()) {
      const { interval, reason } = difference!;
      assert.ok(interval === null ? reason !== undefined : interval.low < 0 && interval.high > 0, name);
    }
  });

  it("is not known to be none where both are as good as can be", () => {
    const labels = Float64Array.from({ length: 150 }, (_, row) => (row < 50 ? 1 : 0));
    const model = (by: number): Scored => ({
      labels,
      scores: labels.map((label, row) => (label === 1 ? 0.9 : 0.1) - (by * row) / 1000),
      outputs: 1,
    });
    const { difference } = differences(model(0.1), model(0.2)).get("roc_auc")!;
    const open = 1.959963984540054 ** 2 / (50 + 1.959963984540054 ** 2); // what fifty rows that are all alike leave open
    assert.equal(difference!.value, 0);
    const { low, high } = difference!.interval!;
    assert.equal(low, -high);
    assert.ok(high > open && high < 1.1 * open, `${high}, not a little more than ${open}`); // widened for few rows
  });

  it("is that of Bonett and Price for shares of the same rows", () => {
    const [up, down] = [
      wrong.slice(0, 3),
      [...base.labels.keys()].filter((row) => base.labels[row] === 0 && base.scores[row]! < 0.1),
    ];
    const found = differences(otherwise(base, ...up, ...down.slice(0, 2)), base).get("accuracy")!;
    assert.deepEqual(found.difference!.interval, {
      ...adjustedDifference(3, 2, 100, 0.95),
      confidence: 0.95,
      method: "Bonett and Price's adjusted Wald interval of pairs",
    });
    const { low, high } = errorsAgainstBaseline(3, 2, 100, 0.95).interval!; // which an oracle holds
    assert.deepEqual(adjustedDifference(3, 2, 100, 0.95), { low, high });
  });

  it("counts a class without rows as none of its doubts", () => {
    const draws = random(3, "many classes");
    const labels = Float64Array.from({ length: 200 }, (_, row) => row % 3);
    const scoresOf = (): Float64Array => Float64Array.from({ length: 200 * 50 }, () => draws.uniform() / 50);
    const models = [scoresOf(), scoresOf()].map((scores) => ({ labels, scores, outputs: 50 }));
    const classes = Array.from({ length: 50 }, (_, c) => `class ${c}`);
    const more: More = { task: "multiclass-classification", classes };
    for (const { name, difference } of differences(models[0]!, models[1]!, more).values()) {
      const { interval, reason } = difference ?? {};
      assert.ok(interval ? interval.low <= interval.high : difference === null || reason, name);
    }
  });

  it("of models of the same worth is claimed in one draw of twenty at most, however few the rows and long the tails", () => {
    const draws = random(9, "the same worth");
    const error = (): number => normalQuantile(draws.uniform()) / Math.sqrt(draws.uniform());
    const claims = { mae: 0, rmse: 0, r2: 0 };
    for (let trial = 0; trial < 400; trial++) {
      const labels = Float64Array.from({ length: 15 }, () => 10 * draws.uniform());
      const model = (): Scored => ({ labels, scores: labels.map((label) => label + error()), outputs: 1 });
      const found = differences(model(), model(), { task: "regression", classes: [], seed: trial });
      for (const name of ["mae", "rmse", "r2"] as const) {
        const { low, high } = found.get(name)!.difference!.interval!;
        if (low > 0 || high < 0) claims[name]++;
      }
    }
    for (const [name, count] of Object.entries(claims)) {
      assert.ok(count <= 20 + 13, `${name}: ${count} of 400`); // 5 % and three standard deviations
    }
    assert.ok(
      Math.abs(claims.rmse - claims.r2) <= 2,
      "their signs are that of the same mean, but for halves of one row",
    );
  });

  it("has no interval where so few rows could not carry it", () => {
    const labels = Float64Array.of(1, 2, 3, 4, 5);
    const model = (by: number): Scored => ({
      labels,
      scores: labels.map((label, row) => label + by * row),
      outputs: 1,
    });
    const { difference } = differences(model(0.1), model(0.2), { task: "regression", classes: [] }).get(
      "mae",
    )!;
    assert.equal(difference!.interval, null);
    assert.equal(difference!.reason, "5 rows are too few to say how sure it is");
  });
});

describe("random halves", () => {
  it("take each unit as often as not, and never none", () => {
    const { next } = subsetsOf({ units: 3, title: "rows", next: () => {} }, 7);
    const weights = new Uint16Array(3);
    const seen = new Map<string, number>();
    for (let draw = 0; draw < 7000; draw++) {
      next(weights);
      seen.set(weights.join(""), (seen.get(weights.join("")) ?? 0) + 1);
    }
    assert.equal(seen.size, 7);
    assert.equal(seen.has("000"), false);
    for (const [which, count] of seen)
      assert.ok(Math.abs(count - 1000) < 5 * Math.sqrt(857), `${which}: ${count}`);
  });
});
