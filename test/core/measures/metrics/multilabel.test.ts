import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type EvaluationInput, evaluate, type Scored } from "../../../../src/core/measures/evaluation.ts";
import { labelSetsOf } from "../../../../src/core/measures/label-sets.ts";
import { metricsOf } from "../../../../src/core/measures/metrics/catalogue.ts";
import type { SetMetric } from "../../../../src/core/measures/metrics/metric.ts";
import { sumRows } from "../../../../src/core/measures/metrics/metric.ts";
import { labelMetric, labelMetricName, OF_LABEL } from "../../../../src/core/measures/metrics/of-label.ts";
import { near, oracle } from "../../../oracles/oracle.ts";
import { inputOf } from "../rows.ts";

interface Case {
  title: string;
  truth: number[][];
  scores: number[][] | null;
  decisions: number[][] | null;
  weights: number[] | null;
  threshold: number | number[];
  empty: 0 | 1 | "no data";
  expected: Record<string, number | null>;
  labels: Record<string, number | null>[];
}
const { cases } = oracle<{ cases: Case[] }>("multilabel");
const TASK = "multilabel";
const ALL = metricsOf(TASK).map(({ name }) => name);

const scoredOf = ({ truth, scores, decisions, weights, threshold }: Case): Scored => ({
  labels: Float64Array.from(truth, (row) => row.reduce((sum, on) => sum + on, 0)),
  truth: Uint8Array.from(truth.flat()),
  scores: Float64Array.from(scores?.flat() ?? []),
  outputs: truth[0]!.length,
  ...(typeof threshold === "number" ? { threshold } : { thresholds: threshold }),
  ...(decisions === null ? {} : { decisions: Int32Array.from(decisions.flat()) }),
  ...(weights === null ? {} : { weights: Float64Array.from(weights) }),
});

const namesOf = ({ truth }: Case): string[] => truth[0]!.map((_, label) => `label ${label}`);

function asking(one: Case, more: Partial<EvaluationInput> = {}) {
  const input = inputOf(scoredOf(one), {
    task: TASK,
    classes: namesOf(one),
    asked: ALL,
    zeroDivision: one.empty,
  });
  return evaluate({ ...input, ...more });
}

describe("several labels a row are measured as scikit-learn measures them", () => {
  for (const one of cases) {
    it(one.title, () => {
      const { metrics } = asking(one, { resamples: 0 });
      assert.deepEqual(metrics.map(({ name }) => name).sort(), ALL.toSorted());
      for (const { name, value, reason } of metrics) {
        if (name in one.expected) near(value, one.expected[name]!, name);
        assert.equal(reason === null, value !== null, `${name}: ${reason}`);
      }
    });
  }

  it("and what is not asked of the library has a reason or stands in the oracle", () => {
    const [first] = cases;
    assert.deepEqual(Object.keys(first!.expected).sort(), ALL.toSorted());
    const silent = cases.find(({ title }) => title === "decisions alone")!;
    const { metrics } = asking(silent, { resamples: 0 });
    for (const { name, reason } of metrics) {
      assert.equal(reason, name in silent.expected ? null : "there are decisions but no scores", name);
    }
  });
});

describe("each label on its own", () => {
  for (const one of cases) {
    it(`equals scikit-learn's column by column: ${one.title}`, () => {
      const names = namesOf(one);
      const asked = names.flatMap((name) => OF_LABEL.map((metric) => labelMetricName(metric, name)));
      const { metrics, labels } = asking(one, { resamples: 0, asked });
      const byName = new Map(metrics.map((metric) => [metric.name, metric]));
      for (const [place, expected] of one.labels.entries()) {
        for (const [metric, value] of Object.entries(expected)) {
          const name = labelMetricName(metric, names[place]!);
          near(byName.get(name)!.value, value, name);
          const row = labels![place]!;
          const shown = metric === "precision" || metric === "recall" ? row[metric] : row[metric as "f1"];
          const [number, of] =
            typeof shown === "object" && shown !== null ? [shown.value, shown.of] : [shown, 1];
          if (number === null)
            assert.ok(of === 0 || row.rows === 0 || value === null || Number.isNaN(value), name);
          else near(number, value, name);
        }
      }
      assert.equal(labels!.length, names.length);
    });
  }

  it("has Wilson's interval of its own denominator", () => {
    const [label] = asking(cases[0]!, { resamples: 0 }).labels!;
    assert.equal(label!.recall.of, label!.rows);
    assert.equal(label!.precision.of, label!.decided);
    assert.equal(label!.recall.interval!.method, "Wilson score interval");
    const weighted = cases.find(({ title }) => title === "unequal weights")!;
    const [other] = asking(weighted, { resamples: 0 }).labels!;
    assert.ok(other!.recall.of < other!.rows, "rows of unlike weight tell less");
  });

  it("is not found by another name", () => {
    assert.equal(labelMetric("recall of nothing", ["rain"]), undefined);
    assert.equal(labelMetric("log_loss of rain", ["rain"]), undefined);
    assert.equal(labelMetric('recall of "rain"', ["rain"]), undefined);
    assert.equal(labelMetric("recall of rain of wind", ["rain", "rain of wind"]), undefined);
    assert.equal(
      labelMetric('recall of "rain of wind"', ["rain", "rain of wind"])?.name,
      'recall of "rain of wind"',
    );
  });
});

describe("several labels on rows that are drawn again", () => {
  const [one] = cases;
  const names = namesOf(one!);
  const sets = labelSetsOf(scoredOf(one!), names.length);
  const all = [
    ...(metricsOf(TASK) as readonly SetMetric[]),
    ...OF_LABEL.map((metric) => labelMetric(labelMetricName(metric, names[1]!), names)!),
  ];
  const draw = Uint16Array.from({ length: sets.rows }, (_, row) => (row * 7) % 3);
  const taken = [...draw].flatMap((times, row) => new Array<number>(times).fill(row));
  const again: Case = {
    ...one!,
    truth: taken.map((row) => one!.truth[row]!),
    scores: taken.map((row) => one!.scores![row]!),
  };
  const exact = labelSetsOf(scoredOf(again), names.length);

  for (const metric of all) {
    it(`is the metric of those rows: ${metric.name}`, () => {
      const measured = metric.measure(sets);
      const { value } = metric.measure(exact);
      if (measured.weighted !== undefined) near(measured.weighted(draw), value, "by weights");
      const sums = measured.sums!();
      const bySums = sums.value(sumRows(sums, draw), taken.length);
      const rough = metric.name.startsWith("roc_auc") || metric.name.startsWith("average_precision");
      // rankings follow from sums to first order only; the mean over rows is exact
      if (rough && !metric.name.endsWith("samples")) assert.ok(Math.abs(bySums - value) < 0.02, `${bySums}`);
      else near(bySums, value, "by sums");
    });
  }

  it("has intervals, paired against another model's", () => {
    const worse = (score: number, place: number) => score * (1 - ((place * 13) % 5) / 10);
    const scores = one!.scores!.map((row, r) => row.map((score, label) => worse(score, r + label)));
    const other = { ...one!, scores };
    const { metrics } = asking(one!, { baseline: scoredOf(other), resamples: 200 });
    for (const { name, value, interval, difference } of metrics) {
      assert.ok(interval !== null && interval.low <= value! && value! <= interval.high, name);
      assert.ok(difference?.interval, name);
    }
    const asked = [labelMetricName("recall", names[1]!), labelMetricName("precision", names[1]!)];
    const by = new Map(
      asking(one!, { baseline: scoredOf(other), resamples: 200, asked }).metrics.map((row) => [
        row.name,
        row,
      ]),
    );
    const methods = ["accuracy", "hamming_loss", "f1_macro", ...asked].map((name) => {
      const { interval, difference } = by.get(name)!;
      return `${name}: ${interval!.method} | ${difference!.interval!.method}`;
    });
    const drawn = "percentile bootstrap of rows";
    const pairs = "Bonett and Price's adjusted Wald interval of pairs";
    assert.deepEqual(methods, [
      `accuracy: Wilson | ${pairs}`,
      `hamming_loss: ${drawn} | paired values on random halves of rows`,
      `f1_macro: ${drawn} | paired ${drawn}`,
      `recall of "label 1": Wilson | ${pairs}`,
      `precision of "label 1": ${drawn} | paired ${drawn}`,
    ]);
    const accuracy = metrics.find(({ name }) => name === "accuracy")!;
    assert.equal(accuracy.difference!.test!.method, "McNemar, exact");
    const swapped = asking(one!, { baseline: scoredOf(other), resamples: 200, test: "permutation" }).metrics;
    for (const { name, difference } of swapped) {
      assert.equal(difference!.test!.method, "permutation", name);
      assert.ok(difference!.test!.p > 0 && difference!.test!.p <= 1, name);
    }
  });

  it("counts rows by their weights, and leaves out those of weight 0", () => {
    const weights = Float64Array.from({ length: sets.rows }, (_, row) => row % 3);
    const scored = { ...scoredOf(one!), weights };
    const kept = [...weights.keys()].filter((row) => weights[row] !== 0);
    const rest: Case = {
      ...one!,
      truth: kept.map((row) => one!.truth[row]!),
      scores: kept.map((row) => one!.scores![row]!),
      weights: kept.map((row) => weights[row]!),
    };
    const whole = asking(one!, { candidate: scored, resamples: 0 }).metrics;
    const left = asking(rest, { resamples: 0 }).metrics;
    for (const [at, { name, value }] of whole.entries()) near(value, left[at]!.value, name);
  });

  it("says of equal models that they are no different", () => {
    const { metrics } = asking(one!, { baseline: scoredOf(one!), resamples: 100 });
    for (const { name, difference } of metrics) assert.equal(difference?.value, 0, name);
  });
});

describe("what cannot be measured of several labels", () => {
  const [one] = cases;
  const asked = (scored: Scored) => () => evaluate(inputOf(scored, { task: TASK, classes: namesOf(one!) }));

  it("are scores that are no numbers, or of another width", () => {
    const scored = scoredOf(one!);
    const scores = scored.scores.slice();
    scores[5] = Number.NaN;
    assert.throws(
      asked({ ...scored, scores }),
      /^UserError: 1 of 120 rows has no score, or an infinite one; the first is row 2$/,
    );
    assert.throws(asked({ ...scored, scores: scores.slice(4) }), /no score|scores a row/);
    assert.throws(
      asked({ ...scored, scores: scored.scores.slice(0, 360), outputs: 3 }),
      /the model gives 3 scores a row, 360 in all; right are 4 labels in 120 rows/,
    );
  });

  it("is no row at all", () => {
    const none = {
      labels: new Float64Array(0),
      truth: new Uint8Array(0),
      scores: new Float64Array(0),
      outputs: 4,
    };
    const { metrics, labels, fairness, confusion } = asking(one!, { candidate: none });
    for (const { name, value, reason } of metrics) {
      assert.equal(value, null, name);
      assert.equal(reason, "there are no rows", name);
    }
    assert.equal(labels![0]!.recall.value, null);
    assert.deepEqual([fairness, confusion], [[], null]);
  });
});
