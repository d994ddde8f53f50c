import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { labelSetsOf } from "../../../src/core/measures/label-sets.ts";
import { chooseThresholds } from "../../../src/core/measures/label-thresholds.ts";
import { near, oracle } from "../../oracles/oracle.ts";

interface Tried {
  value: number;
  /** From the highest down; null where none is decided on. */
  cuts: (number | null)[];
  values: number[];
}
const { cases } = oracle<{
  cases: {
    title: string;
    truth: number[][];
    scores: number[][];
    weights: number[] | null;
    expected: Record<string, (Tried | null)[]>;
  }[];
}>("label-thresholds");

describe("thresholds of labels are as good as any that scikit-learn finds", () => {
  for (const { title, truth, scores, weights, expected } of cases) {
    it(title, () => {
      const rows = {
        truth: Uint8Array.from(truth.flat()),
        scores: Float64Array.from(scores.flat()),
        ...(weights === null ? {} : { weights: Float64Array.from(weights) }),
      };
      const labels = truth[0]!.length;
      for (const [metric, all] of Object.entries(expected)) {
        const chosen = chooseThresholds(rows, labels, { maximize: metric });
        assert.equal(chosen.length, labels);
        for (const [label, tried] of all.entries()) {
          const what = `${metric} of label ${label}`;
          const own = chosen[label];
          assert.equal(own === undefined, tried === null, what);
          if (own === undefined || tried === null) continue;
          near(own.value, tried.value, what);
          const cut = tried.cuts.findLastIndex((one) => one === null || one >= own.threshold);
          near(tried.values[cut]!, tried.value, `${what}, by its threshold`);
          // of equally good ones the highest; weighted sums may tell those apart by a last bit
          if (weights === null && (metric === "f1" || metric === "accuracy"))
            assert.equal(cut, tried.values.indexOf(tried.value), what);
        }
      }
    });
  }
});

describe("thresholds of labels", () => {
  const rows = {
    truth: Uint8Array.of(1, 0, 0, 1, 0, 1, 1, 0),
    scores: Float64Array.of(0.9, 0.1, 0.2, 0.3, 0.1, 0.35, 0.8, 0.2),
  };

  it("are each what would be chosen for the label alone", () => {
    assert.deepEqual(chooseThresholds(rows, 2, { maximize: "f1" }), [
      { threshold: 0.5, value: 1 },
      { threshold: 0.25, value: 1 },
    ]);
  });

  it("decide each its own label, and are one a label", () => {
    const scored = { ...rows, labels: new Float64Array(4), outputs: 2 };
    const { decided } = labelSetsOf({ ...scored, thresholds: [0.5, 0.25] }, 2);
    assert.deepEqual(decided, rows.truth);
    assert.deepEqual(
      labelSetsOf({ ...scored, thresholds: [0.9, 9] }, 2).decided.indexOf(1),
      0,
      "at it is on",
    );
    assert.throws(() => labelSetsOf({ ...scored, thresholds: [0.5] }, 2), /1 thresholds of 2 labels/);
  });

  it("are chosen by decisions alone, on finite scores", () => {
    assert.throws(() => chooseThresholds(rows, 2, { maximize: "roc_auc" }), /does not move "roc_auc"/);
    const scores = rows.scores.with(3, Number.NaN);
    assert.throws(
      () => chooseThresholds({ ...rows, scores }, 2, { maximize: "f1" }),
      /1 of 4 rows has no score, or an infinite one; the first is row 2/,
    );
    assert.deepEqual(
      chooseThresholds({ truth: new Uint8Array(0), scores: new Float64Array(0) }, 2, { maximize: "f1" }),
      [undefined, undefined],
    );
  });
});
