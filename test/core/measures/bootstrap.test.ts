import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { confusionCells, confusionOf } from "../../../src/core/measures/confusion.ts";
import { resampleDecisions } from "../../../src/core/measures/decisions.ts";
import { evaluate } from "../../../src/core/measures/evaluation.ts";
import { metricsOf } from "../../../src/core/measures/metrics/catalogue.ts";
import { classified } from "../../../src/core/measures/scored.ts";
import { random } from "../../../src/core/stats/random.ts";
import { inputOf, twoClasses } from "./rows.ts";
import { measured, shape } from "./shape.ts";

const CERTAINTY = { resamples: 400, confidence: 0.95, seed: 7 };

describe("a largest error", () => {
  it("has no interval and says why, so that no gate is decided by one", () => {
    const numbers = { labels: Float64Array.of(1, 2, 3, 4), scores: Float64Array.of(1, 2, 3, 9), outputs: 1 };
    const input = inputOf(numbers, {
      task: "regression",
      classes: [],
      baseline: numbers,
      asked: ["max_error"],
    });
    const row = evaluate(input).metrics.find(({ name }) => name === "max_error")!;
    assert.deepEqual([row.value, row.interval, row.difference!.interval], [5, null, null]);
    assert.equal(row.reason, "the largest error of resampled rows says nothing of rows to come");
  });
});

describe("the influences", () => {
  it("are the derivative: one more of a row moves the metric so much", () => {
    const scored = twoClasses(300, 8, { share: 0.3, ties: 40 });
    const three = Float64Array.from(scored.labels, (label, row) => (row % 5 === 0 ? 2 : label));
    const rows = Float64Array.from({ length: 900 }, (_, i) => {
      const p = scored.scores[Math.floor(i / 3)]! * 0.8;
      return [0.8 - p, p, 0.1 + p / 2][i % 3]!;
    });
    const metrics = [...measured(scored, 2), ...measured({ labels: three, scores: rows, outputs: 3 }, 3)];
    for (const [name, metric] of metrics) {
      if (metric.weighted === undefined) continue;
      const { amounts, value } = metric.sums!();
      const weights = new Uint16Array(300).fill(1000);
      const plain = metric.weighted(weights);
      assert.ok(Math.abs(plain - metric.value) < 1e-12);
      for (const row of [0, 1, 50, 89, 90, 200, 299]) {
        weights[row] = 1001;
        const moved = (metric.weighted(weights) - plain) * 1000 * 300;
        weights[row] = 1000;
        const influence = amounts[0]![row]!;
        assert.ok(Math.abs(moved - influence) < 2e-2, `${name}, row ${row}: ${moved}, not ${influence}`);
      }
      const total = amounts[0]!.reduce((a, b) => a + b, 0);
      assert.ok(Math.abs(total) < 1e-9, `${name}: influences add up to ${total}`);
      assert.equal(value(Float64Array.of(0), 300), metric.value);
    }
  });
});

const near = (found: number, wanted: number, what: string): void =>
  assert.ok(Math.abs(found - wanted) < 1e-12, `${what}: ${found}, not ${wanted}`);

describe("an interval", () => {
  const interval = (name: string, input: Parameters<typeof evaluate>[0]) =>
    evaluate(input).metrics.find((row) => row.name === name)!;

  it("is the same for the same seed, whatever else is computed", () => {
    for (const rows of [300, 20_500]) {
      const candidate = twoClasses(rows, 9);
      const plain = evaluate(inputOf(candidate));
      const more = evaluate(
        inputOf(candidate, {
          baseline: twoClasses(rows, 10),
          train: twoClasses(100, 11),
          shown: ["f1"],
          costs: { false_positive: 1, false_negative: 2 },
          sensitive: new Map([["g", { kind: "text", codes: new Int32Array(rows), words: ["a"] }]]),
        }),
      );
      for (const row of plain.metrics) {
        assert.deepEqual(
          more.metrics.find(({ name }) => name === row.name)!.interval,
          row.interval,
          row.name,
        );
      }
      const other = evaluate(inputOf(candidate, { seed: 8 }));
      assert.notDeepEqual(other.metrics[0]!.interval, plain.metrics[0]!.interval);
    }
  });

  it("holds the true value about as often as it says", () => {
    const truth = { accuracy: 0.691462461274013, roc_auc: 0.760249938906524 }; // Φ(½) and Φ(1/√2)
    const held = { accuracy: 0, roc_auc: 0 };
    for (let trial = 0; trial < 200; trial++) {
      const { metrics } = evaluate(inputOf(twoClasses(300, 1000 + trial), { seed: trial }));
      for (const name of ["accuracy", "roc_auc"] as const) {
        const { low, high } = metrics.find((row) => row.name === name)!.interval!;
        if (low <= truth[name] && truth[name] <= high) held[name]++;
      }
    }
    for (const [name, times] of Object.entries(held)) {
      assert.ok(times >= 180 && times <= 199, `${name}: ${times} of 200`); // 190 ± 3.2 standard deviations
    }
  });

  it("is not asked for with 0 resamples", () => {
    const found = evaluate(inputOf(twoClasses(50, 12), { resamples: 0, baseline: twoClasses(50, 13) }));
    for (const row of found.metrics) {
      assert.equal(row.interval, null);
      assert.equal(row.reason, null);
      assert.equal(row.difference!.interval, null);
    }
  });

  it("is not given where a few rows all agree", () => {
    const few = {
      labels: Float64Array.of(0, 1, 0, 1),
      scores: Float64Array.of(0.1, 0.9, 0.2, 0.8),
      outputs: 1,
    };
    const accuracy = interval("accuracy", inputOf(few));
    assert.equal(accuracy.value, 1);
    near(accuracy.interval!.low, 4 / (4 + 1.959963984540054 ** 2), "Wilson's of four of four");
    const auc = interval("roc_auc", inputOf(few));
    assert.equal(auc.value, 1);
    assert.match(auc.reason!, /^it is undefined in \d+ of 200 resamples$|2 rows are too few/);
    const [labels, scores] = [new Float64Array(200), new Float64Array(200)];
    labels.fill(1, 0, 100);
    scores.fill(0.9, 0, 100);
    const many = { labels, scores, outputs: 1 };
    for (const [name, rows] of Object.entries({
      accuracy: 200,
      recall: 100,
      f1: 100,
      roc_auc: 100,
      mcc: 100,
    })) {
      const { value, interval: found } = interval(name, inputOf(many));
      const [least, open] = [
        name === "mcc" ? -1 : 0,
        1.959963984540054 ** 2 / (rows + 1.959963984540054 ** 2),
      ];
      near(found!.low, 1 - open * (1 - least), `${name} of rows that are all right`);
      assert.deepEqual([value, found!.high], [1, 1]);
    }
  });

  it("counts the resamples that leave the metric undefined", () => {
    const scored = twoClasses(120, 14, { share: 3 / 120 });
    const found = interval("roc_auc", inputOf(scored));
    assert.match(found.interval!.method, /^percentile bootstrap of rows, undefined in \d+$/);
    assert.equal(found.interval!.rough, "rough for 3 positive rows");
    const rarer = interval("roc_auc", inputOf(twoClasses(120, 14, { share: 1 / 120 })));
    assert.equal(rarer.interval, null);
    assert.match(rarer.reason!, /^it is undefined in \d+ of 200 resamples$/);
    assert.notEqual(rarer.value, null);
  });

  it("of a difference is narrower where the models agree", () => {
    const candidate = twoClasses(500, 15);
    const near = { ...candidate, scores: candidate.scores.map((score) => Math.min(1, score * 1.01)) };
    const found = interval("roc_auc", inputOf(candidate, { baseline: near }));
    const width = (one: { low: number; high: number } | null) => one!.high - one!.low;
    assert.ok(width(found.difference!.interval) < 0.05 * width(found.interval));
    const same = evaluate(inputOf(candidate, { baseline: candidate }));
    for (const row of same.metrics) {
      assert.deepEqual(
        [row.difference!.value, row.difference!.interval!.low, row.difference!.interval!.high],
        [0, 0, 0],
      );
    }
  });

  it("says where it is rough", () => {
    const rare = twoClasses(20_500, 16, { share: 0.002, apart: 2 });
    const found = interval("average_precision", inputOf(rare, { resamples: 50 }));
    assert.equal(found.interval!.method, "percentile bootstrap of 4000 random blocks of rows");
    assert.equal(found.interval!.rough, "rough for 41 positive rows");
    const negative = { ...rare, labels: rare.labels.map((label) => 1 - label) };
    assert.equal(
      interval("roc_auc", inputOf(negative, { resamples: 50 })).interval!.rough,
      "rough for 41 negative rows",
    );
  });
});

describe("the interval of a root mean squared error", () => {
  const rough = (rows: number, shape: (u: number) => number): string | undefined => {
    const draws = random(17, "tails");
    const labels = Float64Array.from({ length: rows }, () => shape(draws.uniform() - 0.5));
    const candidate = { labels, scores: new Float64Array(rows), outputs: 1 };
    const { metrics } = evaluate(inputOf(candidate, { task: "regression", classes: [], resamples: 20 }));
    return metrics.find(({ name }) => name === "rmse")!.interval!.rough;
  };
  const laplace = (u: number): number => -Math.sign(u) * Math.log(1 - 2 * Math.abs(u));

  it("is rough where a few long errors make most of it", () => {
    const even = (u: number): number => u;
    const twoLengths = (u: number): number => (u > 0 ? 1 : 1.5);
    assert.equal(rough(80, even), "rough for 80 rows");
    assert.equal(rough(200, even), undefined);
    assert.equal(rough(200, twoLengths), undefined);
    assert.equal(rough(150, laplace), "rough for so long a tail of errors in 150 rows");
    assert.equal(rough(4000, laplace), undefined);
  });
});

describe("decisions drawn as cells", () => {
  it("are the bootstrap of rows", () => {
    const scored = twoClasses(200, 21, { share: 0.2 });
    const answers = classified(scored, 2);
    const cells = confusionCells(answers.labels, answers.decisions, 2);
    const metrics = metricsOf("binary-classification").filter((metric) => metric.needs === "decisions");
    const costs = { false_positive: 1, false_negative: 4, true_positive: 3, true_negative: 0.5 };
    const byCell = resampleDecisions(metrics, cells, 200, costs, { ...CERTAINTY, resamples: 4000 });
    const draws = random(5);
    const byRow = metrics.map(() => new Float64Array(4000));
    for (let resample = 0; resample < 4000; resample++) {
      const rows = Int32Array.from({ length: 200 }, () => draws.below(200));
      const drawn = confusionOf(
        confusionCells(
          Float64Array.from(rows, (row) => answers.labels[row]!),
          rows.map((row) => answers.decisions[row]!),
          2,
        ),
      );
      metrics.forEach((metric, m) => {
        byRow[m]![resample] = metric.of(drawn, costs);
      });
    }
    metrics.forEach(({ name }, m) => {
      const [one, other] = [shape(byRow[m]!), shape(byCell[m]!)];
      assert.ok(Math.abs(one.center - other.center) < 0.07 * one.spread, `${name}: center`);
      assert.ok(Math.abs(one.spread - other.spread) < 0.05 * one.spread, `${name}: spread`);
    });
  });
});

describe("progress", () => {
  it("goes up to its total", () => {
    const seen: number[] = [];
    evaluate(
      inputOf(twoClasses(50, 17), { resamples: 20, progress: (done, total) => seen.push(done / total) }),
    );
    assert.equal(seen.at(-1), 1);
    assert.deepEqual(
      seen,
      seen.slice().sort((a, b) => a - b),
    );
  });
});
