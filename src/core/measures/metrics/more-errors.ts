import { argsort } from "../../stats/argsort.ts";
import { mean, sum } from "../../stats/sum.ts";
import { REGRESSION } from "../task.ts";
import { absolute, byRow, explained, squared } from "./errors.ts";
import {
  type Measured,
  meanOf,
  measuredBy,
  NO_ROWS,
  type RowSums,
  type RowWeights,
  SCIKIT_LEARN,
  undefinedBecause,
  type ValueMetric,
} from "./metric.ts";

const squaredLog = (y: number, p: number): number => (Math.log1p(y) - Math.log1p(p)) ** 2;
const identity = (value: number): number => value;

function error(
  name: string,
  title: string,
  definition: string,
  measure: ValueMetric["measure"],
  better: ValueMetric["better"] = "lower",
): ValueMetric {
  const source = `${SCIKIT_LEARN}, ${definition}`;
  const range = better === "lower" ? ([0, Infinity] as const) : ([-Infinity, 1] as const);
  return { name, title, tasks: REGRESSION, better, range, needs: "values", source, onRequest: true, measure };
}

const meanBy = (of: (y: number, p: number) => number): ValueMetric["measure"] => {
  return (labels, predictions) => meanOf(byRow(labels, predictions, of));
};

/** Of numbers above −1 only, since others have no logarithm of one more. */
function logarithmic(finish: (mean: number) => number): ValueMetric["measure"] {
  return (labels, predictions) => {
    const low = labels.some((y) => y <= -1) || predictions.some((p) => p <= -1);
    if (low) return undefinedBecause("a number is not above −1");
    return meanOf(byRow(labels, predictions, squaredLog), finish);
  };
}

/** The loss of a prediction of the number below which such a share of the true ones lies. */
function pinball(percent: number): ValueMetric {
  const share = percent / 100;
  const loss = (y: number, p: number): number => (y >= p ? share * (y - p) : (1 - share) * (p - y));
  const definition = `mean_pinball_loss(alpha=${share})`;
  // where quantiles were predicted it is the loss of that one; else of the number itself
  const measure: ValueMetric["measure"] = (labels, predictions, context) => {
    const { quantiles } = context ?? {};
    const own = quantiles === undefined ? predictions : quantiles.get(percent);
    if (own === undefined) return undefinedBecause(`the quantile ${percent} % was not predicted`);
    return meanOf(byRow(labels, own, loss));
  };
  return error(`pinball_${percent}`, `Pinball loss at ${percent} %`, definition, measure);
}

/** 1 − Var(y − ŷ) / Var(y): as R², but for a constant error, which it forgives. */
function explainedVariance(labels: Float64Array, predictions: Float64Array): Measured {
  if (labels.length < 2) return few(labels.length, "explained variance");
  const errors = byRow(labels, predictions, (y, p) => y - p);
  const [error, truth] = [centred(errors), centred(labels)];
  const sums: RowSums = {
    slots: 1,
    amounts: [error, error.map((e) => e * e), truth, truth.map((d) => d * d)],
    value: ([e = 0, ee = 0, d, dd], rows) => explained(rows, Math.max(0, ee - (e * e) / rows), d, dd),
  };
  return measuredBy(sums, labels.length);
}

/** Numbers less their mean; exactly 0 where all are equal. */
function centred(values: Float64Array): Float64Array {
  const constant = values.every((value) => value === values[0]);
  const center = constant ? (values[0] ?? 0) : mean(values);
  return values.map((value) => value - center);
}

/**
 * 1 − Σ|y − ŷ| / Σ|y − m|, where m is the median of the true numbers. A little off the median the
 * second sum hardly changes, so to first order resampled rows keep it.
 */
function d2Absolute(labels: Float64Array, predictions: Float64Array): Measured {
  if (labels.length < 2) return few(labels.length, "D²");
  const errors = byRow(labels, predictions, absolute);
  const order = argsort(labels);
  const spread = (median: number) => labels.map((label) => Math.abs(label - median));
  const distances = spread(middle(labels, order));
  const value = ([error = 0, distance = 0]: Float64Array): number => part(error, distance);
  return {
    ...measuredBy({ slots: 1, amounts: [errors, distances], value }, labels.length),
    value: part(sum(errors), sum(distances)),
    weighted: (weights) => {
      const median = middle(labels, order, weights);
      let [error, distance] = [0, 0];
      for (let row = 0; row < weights.length; row++) {
        error += (weights[row] as number) * (errors[row] as number);
        distance += (weights[row] as number) * Math.abs((labels[row] as number) - median);
      }
      return part(error, distance);
    },
  };
}

const part = (error: number, spread: number): number =>
  spread === 0 ? Number(error === 0) : 1 - error / spread;

/** The median of values, each taken `weights[row]` times: of an even number, halfway between the two in the middle. */
function middle(values: Float64Array, order: Int32Array, weights?: RowWeights): number {
  let [rank, seen, low, total] = [0, 0, Number.NaN, 0];
  for (let row = 0; row < values.length; row++) total += weights === undefined ? 1 : (weights[row] as number);
  for (; rank < order.length; rank++) {
    const row = order[rank] as number;
    seen += weights === undefined ? 1 : (weights[row] as number);
    if (Number.isNaN(low) && 2 * seen >= total) low = values[row] as number;
    if (2 * seen > total) return low + ((values[row] as number) - low) / 2;
  }
  return low;
}

function medianError(labels: Float64Array, predictions: Float64Array): Measured {
  if (labels.length === 0) return undefinedBecause(NO_ROWS);
  const errors = byRow(labels, predictions, absolute);
  const order = argsort(errors);
  return { value: middle(errors, order), weighted: (weights) => middle(errors, order, weights) };
}

function maxError(labels: Float64Array, predictions: Float64Array): Measured {
  if (labels.length === 0) return undefinedBecause(NO_ROWS);
  const value = byRow(labels, predictions, absolute).reduce((a, b) => Math.max(a, b), 0);
  return { value, noInterval: "the largest error of resampled rows says nothing of rows to come" };
}

function few(rows: number, what: string): Measured {
  return undefinedBecause(rows === 0 ? NO_ROWS : `${what} needs at least two rows`);
}

/** Errors of predicted numbers that a report has only on request. */
export const moreErrors: readonly ValueMetric[] = [
  error("mse", "Mean squared error", "mean_squared_error", meanBy(squared)),
  error("median_ae", "Median absolute error", "median_absolute_error", medianError),
  error("max_error", "Largest error", "max_error", maxError),
  error("msle", "Mean squared log error", "mean_squared_log_error", logarithmic(identity)),
  error("rmsle", "Root mean squared log error", "root_mean_squared_log_error", logarithmic(Math.sqrt)),
  pinball(10),
  pinball(50),
  pinball(90),
  error("explained_variance", "Explained variance", "explained_variance_score", explainedVariance, "higher"),
  error("d2_absolute", "D² of the absolute error", "d2_absolute_error_score", d2Absolute, "higher"),
];
