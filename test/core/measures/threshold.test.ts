import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chooseThreshold, evaluate } from "../../../src/core/measures/evaluation.ts";
import { UserError } from "../../../src/errors.ts";
import { inputOf, twoClasses } from "./rows.ts";

const COSTS = { false_positive: 1, false_negative: 4 };

/** The best value over all thresholds that matter, by measuring each. */
function bestByTrying(scored: ReturnType<typeof twoClasses>, name: string): number {
  const at = (threshold: number) =>
    evaluate(inputOf({ ...scored, threshold }, { resamples: 0, costs: COSTS })).metrics.find(
      (row) => row.name === name,
    )!.value!;
  const values = [...new Set(scored.scores), 2].map(at);
  return name === "cost" ? Math.min(...values) : Math.max(...values);
}

describe("the threshold", () => {
  for (const name of ["f1", "accuracy", "balanced_accuracy", "mcc", "precision", "recall", "f1_macro"]) {
    it(`makes ${name} as large as any threshold does`, () => {
      const scored = twoClasses(80, 1, { share: 0.3, ties: 25 });
      const { threshold, value } = chooseThreshold(scored.labels, scored.scores, { maximize: name });
      assert.equal(value, bestByTrying(scored, name));
      const { metrics } = evaluate(inputOf({ ...scored, threshold }, { resamples: 0 }));
      assert.equal(metrics.find((row) => row.name === name)!.value, value);
    });
  }

  it("makes cost as small as any threshold does", () => {
    const scored = twoClasses(80, 2, { share: 0.3, ties: 25 });
    const { value } = chooseThreshold(scored.labels, scored.scores, { minimize: "cost", costs: COSTS });
    assert.equal(value, bestByTrying(scored, "cost"));
  });

  it("is the highest of equally good ones, whatever the rows' order", () => {
    const labels = Float64Array.of(1, 0, 1, 0);
    const scores = Float64Array.of(0.8, 0.6, 0.4, 0.2);
    const found = chooseThreshold(labels, scores, { maximize: "accuracy" });
    assert.deepEqual(found, { threshold: 0.6 + (0.8 - 0.6) / 2, value: 0.75 });
    assert.deepEqual(
      chooseThreshold(labels.slice().reverse(), scores.slice().reverse(), { maximize: "accuracy" }),
      found,
    );
  });

  it("may let no row or every row be positive", () => {
    const worse = { labels: Float64Array.of(0, 0, 0, 1), scores: Float64Array.of(0.9, 0.8, 0.7, 0.1) };
    const none = chooseThreshold(worse.labels, worse.scores, { maximize: "accuracy" });
    assert.equal(none.value, 0.75);
    assert.ok(none.threshold > 0.9 && none.threshold <= 1);
    const all = chooseThreshold(worse.labels, worse.scores, {
      minimize: "cost",
      costs: { false_positive: 1, false_negative: 100 },
    });
    assert.ok(all.threshold <= 0.1 && all.threshold >= 0);
    const certain = chooseThreshold(Float64Array.of(0, 0, 1), Float64Array.of(1, 1, 0), {
      maximize: "accuracy",
    });
    assert.ok(certain.threshold > 1);
    const margins = chooseThreshold(Float64Array.of(1, 1, 0), Float64Array.of(-3, -2, -9), {
      maximize: "recall",
    });
    assert.ok(margins.threshold <= -3);
  });

  it("may be where the net benefit is greatest", () => {
    const [labels, scores] = [Float64Array.of(0, 1, 0, 1), Float64Array.of(0.2, 0.4, 0.6, 0.9)];
    const at = (true_positive: number) =>
      chooseThreshold(labels, scores, { maximize: "net_benefit", costs: { ...COSTS, true_positive } });
    assert.deepEqual([at(0).value, at(10).value], [-250, 4750]); // one false positive among four rows
    assert.throws(
      () => chooseThreshold(labels, scores, { maximize: "net_benefit" }),
      /^UserError: "maximize: net_benefit" needs plan.costs/,
    );
  });

  it("is refused where there is nothing to choose by", () => {
    const { labels, scores } = twoClasses(10, 3);
    const refused = (goal: Parameters<typeof chooseThreshold>[2], message: RegExp, of = labels) =>
      assert.throws(
        () => chooseThreshold(of, scores, goal),
        (error) => error instanceof UserError && message.test(error.message),
      );
    refused({ maximize: "roc_auc" }, /the threshold does not move "roc_auc"/);
    refused({ maximize: "cost" }, /the threshold does not move "cost"|minimize cost/);
    refused({ maximize: "f_1" }, /unknown metric "f_1"; did you mean "f1"\?/);
    refused({ minimize: "cost", costs: undefined }, /needs plan.costs/);
    refused({ maximize: "f1" }, /has one class only, in 10 rows/, new Float64Array(10));
    assert.throws(
      () => chooseThreshold(new Float64Array(0), new Float64Array(0), { maximize: "f1" }),
      /in 0 rows/,
    );
    assert.throws(
      () =>
        chooseThreshold(
          labels,
          scores.map(() => NaN),
          { maximize: "f1" },
        ),
      /10 of 10 rows have no score/,
    );
  });
});
