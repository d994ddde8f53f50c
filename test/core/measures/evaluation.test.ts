import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { evaluate, type Scored } from "../../../src/core/measures/evaluation.ts";
import { thin } from "../../../src/core/measures/thinning.ts";
import { random } from "../../../src/core/stats/random.ts";
import { UserError } from "../../../src/errors.ts";
import { near, oracle } from "../../oracles/oracle.ts";
import { inputOf, twoClasses } from "./rows.ts";

const scored = (labels: number[], scores: number[], more: Partial<Scored> = {}): Scored => ({
  labels: Float64Array.from(labels),
  scores: Float64Array.from(scores),
  outputs: 1,
  ...more,
});

describe("rows without a label or a score", () => {
  it("are refused, counted, and the first is named", () => {
    const refused = (candidate: Scored, message: string) =>
      assert.throws(
        () => evaluate(inputOf(candidate)),
        (error) => {
          assert.ok(error instanceof UserError);
          assert.equal(error.message, message);
          return true;
        },
      );
    refused(
      scored([0, 1, 1, 0], [0.1, NaN, 0.3, NaN]),
      "2 of 4 rows have no score, or an infinite one; the first is row 2",
    );
    refused(
      scored([0, 1], [0.1, Infinity]),
      "1 of 2 rows has no score, or an infinite one; the first is row 2",
    );
    refused(scored([NaN, 1], [0.1, 0.2]), "1 of 2 rows has no label, or an infinite one; the first is row 1");
    const three = inputOf(scored([0, 2], [0.1, 0.2, 0.7, NaN, NaN, 1], { outputs: 3 }), {
      task: "multiclass-classification",
      classes: ["a", "b", "c"],
    });
    assert.throws(() => evaluate(three), /^UserError: 1 of 2 rows has no score, .* row 2$/);
    const numbers = inputOf(scored([1, 2], [1, NaN]), { task: "regression", classes: [] });
    assert.throws(() => evaluate(numbers), /^UserError: 1 of 2 rows has no prediction, .* row 2$/);
  });

  it("and scores of another shape are refused too", () => {
    const input = inputOf(scored([0, 1], [0.1, 0.2, 0.7, 0.1, 0.2, 0.7], { outputs: 3 }));
    assert.throws(
      () => evaluate(input),
      /UserError: the model gives 3 scores a row, 6 in all; right are 2 classes in 2 rows/,
    );
    assert.throws(
      () => evaluate(inputOf(twoClasses(10, 1), { baseline: twoClasses(9, 1) })),
      /9 rows of the baseline beside 10/,
    );
  });
});

describe("no rows at all", () => {
  it("give no values, each with its reason", () => {
    for (const task of ["binary-classification", "multiclass-classification", "regression"] as const) {
      const classes = { "binary-classification": 2, "multiclass-classification": 3, regression: 0 }[task];
      const nothing = scored([], [], { outputs: Math.max(1, classes) });
      const found = evaluate(
        inputOf(nothing, {
          task,
          classes: ["a", "b", "c"].slice(0, classes),
          baseline: nothing,
          train: nothing,
        }),
      );
      assert.ok(found.metrics.length >= 4);
      for (const row of found.metrics) {
        assert.deepEqual(
          [row.value, row.interval, row.train, row.baseline, row.difference, row.reason],
          [null, null, null, null, null, "there are no rows"],
        );
      }
      assert.equal(found.confusion, null);
      assert.ok(Object.values(found.curves).every((curve) => curve.length === 0));
    }
  });
});

describe("decisions without scores", () => {
  it("have decision metrics, and reasons for the others", () => {
    const candidate = scored([0, 1, 1, 0, 1], [], { outputs: 0, decisions: Int32Array.of(0, 1, 0, 0, 1) });
    const { metrics, curves } = evaluate(inputOf(candidate, { resamples: 0 }));
    const of = (name: string) => metrics.find((row) => row.name === name)!;
    assert.equal(of("accuracy").value, 0.8);
    for (const name of ["roc_auc", "average_precision", "log_loss", "brier", "ece"]) {
      assert.deepEqual([of(name).value, of(name).reason], [null, "there are decisions but no scores"]);
    }
    assert.deepEqual(curves.roc, []);
  });
});

describe("what is measured beside the candidate", () => {
  const candidate = twoClasses(200, 3);

  it("is the same on the training rows, for the overfitting gap", () => {
    const train = twoClasses(300, 4, { apart: 3 });
    const found = evaluate(inputOf(candidate, { train, resamples: 0 }));
    const alone = evaluate(inputOf(train, { resamples: 0 }));
    assert.deepEqual(
      found.metrics.map((row) => row.train),
      alone.metrics.map((row) => row.value),
    );
  });

  it("is the baseline, and the difference from it", () => {
    const baseline = twoClasses(200, 5, { apart: 0.5 });
    const found = evaluate(inputOf(candidate, { baseline, resamples: 0 }));
    const alone = evaluate(inputOf(baseline, { resamples: 0 }));
    found.metrics.forEach((row, m) => {
      assert.equal(row.baseline, alone.metrics[m]!.value);
      assert.equal(row.difference!.value, row.value! - row.baseline!);
    });
    assert.deepEqual(found.curves.roc_baseline, alone.curves.roc);
    assert.deepEqual(found.curves.precision_recall_baseline, alone.curves.precision_recall);
  });

  it("has an interval for every metric, in which the value lies", () => {
    const { metrics } = evaluate(inputOf(candidate, { costs: { false_positive: 1, false_negative: 4 } }));
    for (const { name, value, interval } of metrics) {
      if (name === "ece") continue; // resampled calibration errors lie above the true one
      assert.ok(interval!.low < value! && value! < interval!.high, name);
    }
  });
});

describe("costs and benefits", () => {
  const candidate = twoClasses(300, 8);
  const costs = { false_positive: 1, false_negative: 4, true_positive: 10, unit: "EUR" };

  it("are in the contract's unit, with an interval and the difference from production", () => {
    const baseline = twoClasses(300, 9, { apart: 0.2 });
    const found = evaluate(inputOf(candidate, { baseline, costs, shown: ["roc_auc"] }));
    assert.equal(found.shown, 2);
    const [, row] = found.metrics;
    assert.deepEqual([row!.name, row!.title], ["net_benefit", "Net benefit per 1,000 rows, EUR"]);
    const [[, wrong], [missed, right]] = found.confusion!.counts as [[number, number], [number, number]];
    near(row!.value, (1000 * (10 * right - wrong - 4 * missed)) / 300, "net_benefit");
    assert.ok(row!.interval!.low < row!.value! && row!.value! < row!.interval!.high);
    const { value, interval } = row!.difference!;
    assert.equal(value, row!.value! - row!.baseline!);
    assert.ok(interval!.low < value && value < interval!.high);
  });

  it("are shown without being asked for only where the contract says what is right brings", () => {
    const names = (more: Partial<Parameters<typeof evaluate>[0]>) =>
      evaluate(inputOf(candidate, { resamples: 0, ...more })).metrics.map(({ name }) => name);
    const plain = { false_positive: 1, false_negative: 4 };
    assert.equal(names({ costs: plain }).includes("net_benefit"), false);
    assert.ok(names({ costs: plain, asked: ["net_benefit"] }).includes("net_benefit"));
    assert.ok(names({ costs }).includes("net_benefit"));
    const none = evaluate(inputOf(candidate, { resamples: 0, asked: ["net_benefit"] })).metrics;
    assert.equal(none.find(({ name }) => name === "net_benefit")!.reason, "the contract has no plan.costs");
  });
});

describe("the metrics to show first", () => {
  it("come first, in the order asked for", () => {
    const found = evaluate(inputOf(twoClasses(20, 6), { shown: ["ece", "f1", "ece"], resamples: 0 }));
    assert.equal(found.shown, 2);
    assert.deepEqual(
      found.metrics.slice(0, 3).map(({ name }) => name),
      ["ece", "f1", "roc_auc"],
    );
    assert.equal(new Set(found.metrics.map(({ name }) => name)).size, found.metrics.length);
  });

  it("may be cost, which needs costs", () => {
    const none = evaluate(inputOf(twoClasses(20, 6), { resamples: 0 }));
    assert.ok(!none.metrics.some(({ name }) => name === "cost"));
    const asked = evaluate(inputOf(twoClasses(20, 6), { shown: ["cost"], resamples: 10 }));
    assert.deepEqual(
      [asked.metrics[0]!.value, asked.metrics[0]!.reason],
      [null, "the contract has no plan.costs"],
    );
    assert.throws(() => evaluate(inputOf(twoClasses(20, 6), { shown: ["auc"] })), /unknown metric "auc"/);
  });
});

describe("curves", () => {
  const cases = oracle<{
    binary: {
      title: string;
      labels: number[];
      scores: number[];
      roc?: [number[], number[]];
      precision_recall?: [number[], number[]];
    }[];
  }>("metrics").binary;

  it("equal scikit-learn's at every score", () => {
    for (const { title, labels, scores, roc, precision_recall } of cases) {
      const { curves } = evaluate(inputOf(scored(labels, scores), { resamples: 0 }));
      for (const [own, theirs] of [
        [curves.roc, roc],
        [curves.precision_recall, precision_recall],
      ] as const) {
        if (theirs === undefined) continue;
        const whole = { x: Float64Array.from(theirs[0]), y: Float64Array.from(theirs[1]) };
        const expected = thin(whole, 200);
        assert.equal(own.length, expected.x.length, title);
        own.forEach((point, i) => {
          near(point.x, expected.x[i]!, title);
          near(point.y, expected.y[i]!, title);
        });
      }
      if (roc === undefined) assert.deepEqual(curves.roc, []);
    }
  });

  it("of many rows keep their ends and look the same in 200 points", () => {
    const draws = random(7);
    const size = 50_000;
    const x = Float64Array.from({ length: size }, (_, i) => i / (size - 1));
    const y = x.map((value) => Math.sqrt(value) + 0.0005 * draws.uniform());
    y[20_000] = 0; // one spike that nobody may lose
    const thinned = thin({ x, y }, 200);
    assert.ok(thinned.x.length <= 200);
    assert.deepEqual([thinned.x[0], thinned.x.at(-1)], [0, 1]);
    assert.ok(thinned.y.includes(0) && thinned.x.includes(x[20_000]!));
    let segment = 0;
    for (let i = 0; i < size; i++) {
      while (thinned.x[segment + 1]! < x[i]!) segment++;
      const [x0, x1] = [thinned.x[segment]!, thinned.x[segment + 1]!];
      const drawn =
        thinned.y[segment]! + ((thinned.y[segment + 1]! - thinned.y[segment]!) * (x[i]! - x0)) / (x1 - x0);
      if (i > 100 && Math.abs(i - 20_000) > 100)
        assert.ok(Math.abs(drawn - y[i]!) < 0.003, `at ${x[i]}: ${drawn}, not ${y[i]}`);
    }
  });

  it("of calibration count every row once", () => {
    const { curves } = evaluate(inputOf(twoClasses(500, 8), { resamples: 0 }));
    assert.equal(
      curves.calibration.reduce((sum, bin) => sum + bin.count, 0),
      500,
    );
    for (const { predicted, observed } of curves.calibration) {
      assert.ok(predicted >= 0 && predicted <= 1 && observed >= 0 && observed <= 1);
    }
  });

  it("of a regression are means of groups, never one row", () => {
    const labels = Array.from({ length: 100 }, (_, i) => i);
    const input = inputOf(scored(labels, labels), {
      task: "regression",
      classes: [],
      resamples: 0,
      minGroupSize: 10,
    });
    const { residuals } = evaluate(input).curves;
    assert.equal(residuals.length, 10);
    assert.deepEqual(residuals[0], { x: 4.5, y: 4.5 });
    const few = inputOf(scored([1, 2], [1, 2]), { task: "regression", classes: [], resamples: 0 });
    assert.deepEqual(evaluate(few).curves.residuals, []);
  });
});

describe("a difference from the baseline", () => {
  const candidate = twoClasses(400, 21, { apart: 1.4 });
  const noise = random(21, "noise");
  const baseline = { ...candidate, scores: candidate.scores.map((s) => s * 0.7 + 0.3 * noise.uniform()) };
  const tested = (ours: Scored, theirs: Scored, resamples = 200) =>
    new Map(
      evaluate(inputOf(ours, { baseline: theirs, resamples })).metrics.flatMap(({ name, difference }) =>
        difference?.test === undefined ? [] : [[name, difference.test] as const],
      ),
    );

  it("carries McNemar's test for accuracy and DeLong's for ROC AUC, and they agree with the intervals", () => {
    const found = tested(candidate, baseline);
    assert.deepEqual([...found.keys()].sort(), ["accuracy", "roc_auc"]);
    const { metrics } = evaluate(inputOf(candidate, { baseline }));
    for (const [name, { p }] of found) {
      const { interval } = metrics.find((row) => row.name === name)!.difference!;
      assert.ok(p > 0 && p < 1);
      assert.equal(p < 0.05, interval!.low > 0 || interval!.high < 0, `${name}: p ${p}`);
    }
    assert.match(
      found.get("accuracy")!.detail,
      /^\d+ rows only the candidate decides rightly, \d+ rows only production$/,
    );
  });

  it("is none between a model and itself, and not tested where no uncertainty was asked for", () => {
    for (const { p } of tested(candidate, candidate).values()) assert.equal(p, 1);
    assert.equal(tested(candidate, baseline, 0).size, 0);
  });

  it("of ROC AUC has no test where a class has too few rows, or scores are missing", () => {
    const few = twoClasses(200, 3, { share: 0.04 });
    assert.deepEqual([...tested(few, { ...few, scores: few.scores.map((s) => 1 - s) }).keys()], ["accuracy"]);
    const decided = { ...candidate, scores: new Float64Array(0), decisions: new Int32Array(400) };
    assert.deepEqual([...tested(decided, decided).keys()], ["accuracy"]);
  });
});
