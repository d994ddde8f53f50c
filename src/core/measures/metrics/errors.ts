import { mean, sum } from "../../stats/sum.ts";
import { REGRESSION } from "../task.ts";
import {
  type Measured,
  meanOf,
  measuredBy,
  NO_ROWS,
  type RowSums,
  SCIKIT_LEARN,
  type ValueContext,
  type ValueMetric,
} from "./metric.ts";

/** One amount a row, from its true and its predicted number. */
export function byRow(
  labels: Float64Array,
  predictions: Float64Array,
  amount: (label: number, prediction: number) => number,
): Float64Array {
  const out = new Float64Array(labels.length);
  for (let row = 0; row < out.length; row++) {
    out[row] = amount(labels[row] as number, predictions[row] as number);
  }
  return out;
}

/** How far a prediction is off, whichever way. */
export const absolute = (label: number, prediction: number): number => Math.abs(label - prediction);
/** How far a prediction is off, squared. */
export const squared = (label: number, prediction: number): number => (label - prediction) ** 2;

/** Mean absolute error, in the target's unit. NaN without rows. */
export const mae: ValueMetric = {
  name: "mae",
  title: "Mean absolute error",
  tasks: REGRESSION,
  better: "lower",
  range: [0, Infinity],
  needs: "values",
  addsUp: true,
  source: `${SCIKIT_LEARN}, mean_absolute_error`,
  measure: (labels, predictions) => meanOf(byRow(labels, predictions, absolute)),
};

/** The square root of the mean squared error, in the target's unit. NaN without rows. */
export const rmse: ValueMetric = {
  name: "rmse",
  title: "Root mean squared error",
  tasks: REGRESSION,
  better: "lower",
  range: [0, Infinity],
  needs: "values",
  addsUp: true,
  source: `${SCIKIT_LEARN}, root_mean_squared_error`,
  measure: (labels, predictions) => {
    const squares = byRow(labels, predictions, squared);
    const rough = roughness(squares);
    return { ...meanOf(squares, Math.sqrt), ...(rough === undefined ? {} : { rough }) };
  },
};

/** With fewer rows a square or two decides how far percentiles reach. */
const FEW = 100;
/** Skewness ÷ √rows, by which percentiles of a mean are off: 0.28 of 100 normal errors, 0.21 of 1,000 of Laplace's. */
const SKEWED = 0.3;

/** Why percentiles of a mean of squares promise too much, where they do: see docs/evaluation/coverage.md. */
function roughness(squares: Float64Array): string | undefined {
  const rows = squares.length;
  if (rows < FEW) return `rough for ${rows} rows`;
  const center = mean(squares);
  let [second, third] = [0, 0];
  for (const square of squares) {
    second += (square - center) ** 2 / rows;
    third += (square - center) ** 3 / rows;
  }
  const skewness = second > 0 ? third / second ** 1.5 : 0;
  return skewness > SKEWED * Math.sqrt(rows)
    ? `rough for so long a tail of errors in ${rows} rows`
    : undefined;
}

/**
 * Mean absolute error as a share of the true number, which is taken as at least 2⁻⁵²: a true number
 * of 0 makes it huge. NaN without rows.
 */
export const mape: ValueMetric = {
  name: "mape",
  title: "Mean absolute percentage error",
  tasks: REGRESSION,
  better: "lower",
  range: [0, Infinity],
  needs: "values",
  addsUp: true,
  source: `${SCIKIT_LEARN}, mean_absolute_percentage_error`,
  measure: (labels, predictions) =>
    meanOf(
      byRow(
        labels,
        predictions,
        (label, prediction) => Math.abs(label - prediction) / Math.max(Math.abs(label), Number.EPSILON),
      ),
    ),
};

/**
 * Coefficient of determination: 1 − Σ(y − ŷ)² / Σ(y − ȳ)². Where all true numbers are equal, 1 if all
 * predictions are right and else 0. NaN for fewer than two rows.
 */
export const r2: ValueMetric = {
  name: "r2",
  title: "R²",
  tasks: REGRESSION,
  better: "higher",
  range: [-Infinity, 1],
  needs: "values",
  addsUp: true,
  source: `${SCIKIT_LEARN}, r2_score`,
  measure: determination,
};

function determination(labels: Float64Array, predictions: Float64Array, context?: ValueContext): Measured {
  const rows = labels.length;
  const constant = labels.every((label) => label === labels[0]);
  const center = context?.center ?? (constant ? (labels[0] ?? 0) : mean(labels));
  const distance = labels.map((label) => label - center);
  const errors = byRow(labels, predictions, squared);
  const sums: RowSums = {
    slots: 1,
    amounts: [errors, distance, distance.map((d) => d * d)],
    value: ([error, d, dd], count) => explained(count, error, d, dd),
  };
  if (rows < 2) {
    const reason = rows === 0 ? NO_ROWS : "R² needs at least two rows";
    return { value: Number.NaN, reason, sums: () => sums };
  }
  if (context?.center !== undefined) return { ...measuredBy(sums, rows), byMean: true };
  const value = explained(rows, sum(errors), 0, constant ? 0 : sum(distance.map((d) => d * d)));
  return { ...measuredBy(sums, rows), value, byMean: true }; // of the same rows it rises as the mean squared error falls
}

/** Below this share of the sum of squares, a spread is what rounding left of none. */
const ROUNDING = 1e-13;

/** From count, Σ(y − ŷ)², Σ(y − c) and Σ(y − c)² for some center c. */
export function explained(count: number, error = 0, distance = 0, square = 0): number {
  const spread = square - (distance * distance) / count;
  if (spread <= ROUNDING * square) return error === 0 ? 1 : 0;
  return 1 - error / spread;
}
