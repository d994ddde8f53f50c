import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bootstrap } from "../../../../src/core/measures/bootstrap.ts";
import type { Scored } from "../../../../src/core/measures/evaluation.ts";
import { metricsOf } from "../../../../src/core/measures/metrics/catalogue.ts";
import type { Measured } from "../../../../src/core/measures/metrics/metric.ts";
import { random } from "../../../../src/core/stats/random.ts";
import { twoClasses } from "../../../core/measures/rows.ts";
import { measured, shape } from "../../../core/measures/shape.ts";

const CERTAINTY = { resamples: 400, confidence: 0.95, seed: 7 };

/** Rows drawn one by one and blocks must give the same, but for what 400 resamples leave open. */
function agree(models: Map<string, Measured>[], rows: number): void {
  const lists = models.map((metrics) => [...metrics.values()]);
  const [byRow, byBlock] = [Infinity, 0].map(
    (most) => bootstrap(lists, rows, CERTAINTY, { ...(most === undefined ? {} : { most }) }).values,
  );
  [...models[0]!.keys()].forEach((name, metric) => {
    for (const change of models.length === 1 ? [false] : [false, true]) {
      const values = (of: typeof byRow) => {
        const own = of![0]![metric]!;
        return shape(change ? own.map((value, i) => value - of![1]![metric]![i]!) : own);
      };
      const [one, other] = [values(byRow), values(byBlock)];
      // in standard deviations: a center is known to 0.05, a spread to 0.035, an end to 0.13; of two of them √2;
      // four times that, since hundreds are compared here
      const off = (key: keyof typeof one) => Math.abs(one[key] - other[key]) / one.spread;
      assert.ok(off("center") < 0.28, `${name}: center off by ${off("center")}`);
      assert.ok(off("spread") < 0.2, `${name}: spread off by ${off("spread")}`);
      assert.ok(
        off("low") < 0.74 && off("high") < 0.74,
        `${name}: ends off by ${off("low")} and ${off("high")}`,
      );
    }
  });
}

describe("blocks give the intervals that rows give", () => {
  it("for candidate and baseline, paired", () => {
    const candidate = twoClasses(20_500, 6, { apart: 1.2 });
    const noise = random(6, "noise");
    const scores = candidate.scores.map((score) => score * 0.9 + 0.1 * noise.uniform());
    agree([measured(candidate, 2), measured({ ...candidate, scores }, 2)], 20_500);
  });

  it("for one positive row in fifty and many ties", () => {
    agree([measured(twoClasses(20_500, 2, { share: 0.02, apart: 2, ties: 30 }), 2)], 20_500);
  });
});

describe("blocks give the intervals that rows give, on request too", () => {
  /** Answers for five classes, of which the last has one row in ten. */
  function fiveClasses(rows: number, seed: number): Scored {
    const draws = random(seed, "five classes");
    const labels = Float64Array.from({ length: rows }, (_, row) => (row % 10 === 0 ? 4 : row % 4));
    const scores = new Float64Array(rows * 5);
    for (let row = 0; row < rows; row++) {
      const own = Array.from({ length: 5 }, (_, c) => draws.uniform() + (labels[row] === c ? 0.4 : 0));
      const total = own.reduce((a, b) => a + b);
      own.forEach((score, c) => {
        scores[row * 5 + c] = score / total;
      });
    }
    return { labels, scores, outputs: 5 };
  }

  it("for many classes", () => {
    const metrics = [...measured(fiveClasses(4000, 3), 5)].filter(
      ([, { weighted }]) => weighted !== undefined,
    );
    assert.equal(metrics.length, 8);
    agree([new Map(metrics)], 4000);
  });

  it("for numbers", () => {
    const draws = random(4, "numbers");
    const labels = Float64Array.from({ length: 4000 }, () => 1 + 9 * draws.uniform());
    const predictions = labels.map((label) => label * (0.5 + draws.uniform()));
    const metrics = metricsOf("regression").flatMap((metric) => {
      const own = metric.needs === "values" ? metric.measure(labels, predictions) : undefined;
      return own === undefined || own.noInterval !== undefined ? [] : [[metric.name, own] as const];
    });
    assert.equal(metrics.length, metricsOf("regression").length - 1);
    agree([new Map(metrics)], 4000);
  });
});
