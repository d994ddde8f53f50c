import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type EvaluationInput, evaluate, type Scored } from "../../../../src/core/measures/evaluation.ts";
import { metricsOf } from "../../../../src/core/measures/metrics/catalogue.ts";
import { naiveErrors } from "../../../../src/core/measures/naive.ts";
import { near, oracle } from "../../../oracles/oracle.ts";
import { inputOf } from "../rows.ts";

interface Ranked {
  title: string;
  queries: number[];
  labels: number[];
  scores: number[];
  expected: Record<string, number | null>;
}
interface Forecast {
  title: string;
  season: number;
  labels: number[];
  predictions: number[];
  series: number[];
  train: { series: number; values: number[] }[];
  quantiles: [number, number[]][];
  weights: number[] | null;
  expected: Record<string, number>;
}
const expected = oracle<{ ranking: Ranked[]; forecast: Forecast[] }>("tasks");

const asking = (task: EvaluationInput["task"], candidate: Scored, more: Partial<EvaluationInput> = {}) =>
  evaluate(inputOf(candidate, { task, classes: [], asked: metricsOf(task).map(({ name }) => name), ...more }))
    .metrics;

const ranked = ({ queries, labels, scores }: Ranked): Scored => ({
  labels: Float64Array.from(labels),
  scores: Float64Array.from(scores),
  outputs: 1,
  context: { queries: Int32Array.from(queries) },
});

describe("rankings equal scikit-learn's, query by query", () => {
  for (const one of expected.ranking) {
    it(one.title, () => {
      const rows = asking("ranking", ranked(one), { resamples: 0 });
      assert.deepEqual(rows.map(({ name }) => name).sort(), Object.keys(one.expected).sort());
      for (const { name, value, reason } of rows) {
        near(value, one.expected[name]!, name);
        assert.equal(reason === null, value !== null, name);
      }
    });
  }

  it("have intervals of whole queries, also beside another model", () => {
    const [one] = expected.ranking;
    const other = {
      ...ranked(one!),
      scores: Float64Array.from(one!.scores, (score, row) => score + (row % 3)),
    };
    const { context: _, ...baseline } = other; // what is known of the rows is known of both
    for (const row of asking("ranking", ranked(one!), { baseline, test: "permutation" })) {
      assert.match(row.interval!.method, /^percentile bootstrap of 25 groups of rows/, row.name);
      assert.ok(row.interval!.low <= row.value! && row.value! <= row.interval!.high, row.name);
      assert.match(row.difference!.test!.detail, /groups of rows/);
    }
  });

  it("draw groups of whole queries, where rows belong together beyond a query", () => {
    const [one] = expected.ranking;
    const clusters = Int32Array.from(one!.queries, (query) => Math.floor(query / 5));
    for (const row of asking("ranking", ranked(one!), { clusters })) {
      assert.match(row.interval!.method, /^percentile bootstrap of 5 groups of rows/, row.name);
    }
    const parted = clusters.map((cluster, row) => (row === 0 ? cluster + 1 : cluster));
    assert.throws(() => asking("ranking", ranked(one!), { clusters: parted }), /a query lies in two groups/);
  });

  it("draw a query's rows together: twice the rows of each query tell no more", () => {
    const [one] = expected.ranking;
    const twice: Ranked = {
      ...one!,
      queries: [...one!.queries, ...one!.queries],
      labels: [...one!.labels, ...one!.labels.map(() => 0)],
      scores: [...one!.scores, ...one!.scores.map(() => -100)],
    };
    const interval = (of: Ranked) =>
      asking("ranking", ranked(of)).find(({ name }) => name === "map")!.interval!;
    near(interval(twice).low, interval(one!).low, "low");
    near(interval(twice).high, interval(one!).high, "high");
  });

  it("say why where there are no queries, or relevance is below 0", () => {
    const { context: _, ...bare } = ranked(expected.ranking[4]!);
    for (const { value, reason } of asking("ranking", bare, { resamples: 0 })) {
      assert.deepEqual([value, reason], [null, "nothing says which rows answer the same query"]);
    }
    const below = ranked({ ...expected.ranking[4]!, labels: [-1, 1, 0, 1, 0] });
    assert.equal(asking("ranking", below, { resamples: 0 })[0]!.reason, "a relevance is below 0");
  });
});

function forecast({ labels, predictions, series, train, season, quantiles, weights }: Forecast): Scored {
  const errors = naiveErrors(
    Int32Array.from(train.flatMap((own) => own.values.map(() => own.series))),
    Float64Array.from(train.flatMap(({ values }) => values)),
    season,
  );
  return {
    labels: Float64Array.from(labels),
    scores: Float64Array.from(predictions),
    outputs: 1,
    ...(weights === null ? {} : { weights: Float64Array.from(weights) }),
    context: {
      scale: Float64Array.from(series, (own) => errors[own]!),
      ...(quantiles.length === 0
        ? {}
        : { quantiles: new Map(quantiles.map(([percent, values]) => [percent, Float64Array.from(values)])) }),
    },
  };
}

describe("forecasts equal sktime's and scikit-learn's", () => {
  for (const one of expected.forecast) {
    it(one.title, () => {
      const rows = asking("forecast", forecast(one), { resamples: 0 });
      for (const [name, value] of Object.entries(one.expected)) {
        near(rows.find((row) => row.name === name)!.value, value, name);
      }
      for (const { name, value, reason } of rows) assert.equal(reason === null, value !== null, name);
    });
  }

  it("have intervals of blocks of time, also beside another model", () => {
    const one = expected.forecast[1]!;
    const moments = Int32Array.from(one.series, (_, row) => row % 14);
    const baseline = forecast({ ...one, predictions: one.predictions.map((p) => p + 1) });
    const rows = asking("forecast", forecast(one), { baseline, moments, block: 7 });
    for (const name of ["mase", "smape", "pinball", "coverage_80", "rmse"]) {
      const row = rows.find((metric) => metric.name === name)!;
      const method = name === "coverage_80" ? /^Wilson, of the worth of \d+ / : /blocks of 7 of 14 moments/;
      assert.match(row.interval!.method, method, name);
      assert.notEqual(row.difference, null, name);
    }
  });

  it("say why where a quantile was not predicted, or a series is new", () => {
    const one = expected.forecast[3]!;
    const reason = (name: string, scored: Scored) =>
      asking("forecast", scored, { resamples: 0 }).find((row) => row.name === name)!.reason;
    assert.equal(reason("pinball_50", forecast(one)), "the quantile 50 % was not predicted");
    assert.equal(reason("coverage_50", forecast(one)), "the quantiles 25 % and 75 % were not both predicted");
    assert.equal(reason("pinball", forecast(expected.forecast[0]!)), "no quantiles were predicted");
    const scale = Float64Array.of(Number.NaN);
    const fresh = { ...forecast(one), context: { scale } };
    assert.match(reason("mase", fresh)!, /^the naive forecast of 1 row's series has no error/);
  });
});
