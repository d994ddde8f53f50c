import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { METRICS } from "../../../src/core/measures/metrics/catalogue.ts";
import type { Scored } from "../../../src/core/measures/scored.ts";
import {
  type AskedVariant,
  importanceRow,
  type Measuring,
  perturbationRow,
} from "../../../src/core/robustness/outcome.ts";
import { normalQuantile } from "../../../src/core/stats/normal.ts";
import { type Random, random } from "../../../src/core/stats/random.ts";
import { permutation } from "../../../src/core/stats/shuffle.ts";

const normal = (draws: Random): number => normalQuantile((draws.next() + 0.5) / 2 ** 32);
const measuring: Measuring = {
  task: "binary-classification",
  classes: 2,
  costs: undefined,
  metrics: ["roc_auc"].flatMap((name) => METRICS.get(name) ?? []),
  resamples: 400,
  confidence: 0.95,
  seed: 7,
};
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

describe("a perturbation that makes nothing worse", () => {
  it("is called worse in few draws, however many variants there are", () => {
    const draws = random(11, "nothing worse");
    let [claims, plain] = [0, 0];
    const all = 400;
    for (let draw = 0; draw < all; draw++) {
      const truth = Float64Array.from({ length: 200 }, () => normal(draws));
      const labels = truth.map((x) => (draws.uniform() < sigmoid(x) ? 1 : 0));
      // scores that scatter anew each time around the same, so that none is better than another
      const scored = (): Scored => ({
        labels,
        outputs: 1,
        scores: truth.map((x) => sigmoid(x + normal(draws))),
      });
      const asked = Array.from(
        { length: 10 },
        (): AskedVariant => ({
          columns: ["a"],
          words: "",
          changed: 1,
          asked: { state: "measured", scored: scored() },
        }),
      );
      const row = perturbationRow("noise", scored(), asked, { ...measuring, seed: draw }, 1);
      if ((row.worst[0]?.interval?.low ?? 0) > 0) claims++;
      if (row.variants.some(({ drops }) => (drops[0]?.interval?.low ?? 0) > 0)) plain++;
    }
    // one-sided 2.5 % shared out; four standard errors of 400 draws are 3.1 %
    assert.ok(claims <= 0.056 * all, `worse in ${claims} of ${all} draws`);
    assert.ok(plain > claims, `without sharing out, in ${plain}`);
  });
});

describe("the interval of an importance", () => {
  it("holds the importance that many rows have", () => {
    const draws = random(12, "importance");
    const rowsOf = (n: number) => {
      const a = Float64Array.from({ length: n }, () => normal(draws));
      const b = Float64Array.from({ length: n }, () => normal(draws));
      const labels = a.map((x, row) => (draws.uniform() < sigmoid(1.2 * x + 0.8 * (b[row] ?? 0)) ? 1 : 0));
      const scored = (own: Float64Array): Scored => ({
        labels,
        outputs: 1,
        scores: own.map((x, row) => sigmoid(1.2 * x + 0.8 * (b[row] ?? 0))),
      });
      const shuffled = Array.from({ length: 5 }, () => {
        const order = permutation(n, draws);
        return { scored: scored(a.map((_, row) => a[order[row] ?? 0] ?? 0)), order };
      });
      return { clean: scored(a), shuffled };
    };
    const ask = (n: number, resamples: number) => {
      const { clean, shuffled } = rowsOf(n);
      return importanceRow("a", ["a"], clean, shuffled, { ...measuring, resamples });
    };
    const truth = ask(400_000, 0).value ?? Number.NaN;
    let held = 0;
    const all = 300;
    for (let draw = 0; draw < all; draw++) {
      const { interval } = ask(300, 400);
      if (interval !== null && interval.low <= truth && truth <= interval.high) held++;
    }
    assert.ok(held / all > 0.9 && held / all < 0.99, `${held} of ${all} intervals hold ${truth}`);
  });
});
