import { FORECAST } from "../task.ts";
import { byRow } from "./errors.ts";
import {
  type Measured,
  meanOf,
  NO_ROWS,
  SCIKIT_LEARN,
  shareOf,
  undefinedBecause,
  type ValueContext,
  type ValueMetric,
} from "./metric.ts";

const shared = { tasks: FORECAST, better: "lower", range: [0, Infinity], needs: "values" } as const;
const HYNDMAN = "R. Hyndman and A. Koehler, Another look at measures of forecast accuracy (2006)";

/**
 * The mean absolute error in units of what the naive forecast errs by on the training rows of the same series:
 * that of the last season's moment. Below 1 it is better than that.
 */
const mase: ValueMetric = {
  ...shared,
  name: "mase",
  title: "Mean absolute scaled error",
  source: `${HYNDMAN}; as sktime, each row by its series`,
  measure: (labels, predictions, context) =>
    scaled(labels, predictions, context, (error, scale) => Math.abs(error) / scale),
};

function scaled(
  labels: Float64Array,
  predictions: Float64Array,
  context: ValueContext | undefined,
  of: (error: number, scale: number) => number,
): Measured {
  if (labels.length === 0) return undefinedBecause(NO_ROWS);
  const scale = context?.scale;
  if (scale === undefined) return undefinedBecause("there are no training rows to make a naive forecast of");
  const lost = scale.filter((own) => !(own > 0)).length;
  if (lost > 0) {
    return undefinedBecause(
      `the naive forecast of ${lost === 1 ? "1 row's" : `${lost} rows'`} series has no error on the training rows, or is not defined`,
    );
  }
  return meanOf(labels.map((label, row) => of(label - (predictions[row] as number), scale[row] as number)));
}

/** Twice the absolute error as a share of both numbers' sizes together, from 0 to 2; 0 where both are 0. */
const smape: ValueMetric = {
  ...shared,
  range: [0, 2],
  name: "smape",
  title: "Symmetric percentage error",
  source: "S. Makridakis, The M3-Competition (2000), as a share of 2; as sktime",
  measure: (labels, predictions) =>
    meanOf(
      byRow(labels, predictions, (y, p) => {
        const size = Math.abs(y) + Math.abs(p);
        return size === 0 ? 0 : (2 * Math.abs(y - p)) / size;
      }),
    ),
};

/** The mean over the predicted quantiles of each one's loss. */
const pinball: ValueMetric = {
  ...shared,
  name: "pinball",
  title: "Pinball loss over the quantiles",
  source: `${SCIKIT_LEARN}, mean_pinball_loss, averaged over the quantiles`,
  measure: (labels, _predictions, context) => {
    const quantiles = [...(context?.quantiles ?? [])];
    if (quantiles.length === 0) return undefinedBecause("no quantiles were predicted");
    const loss = new Float64Array(labels.length);
    for (const [percent, values] of quantiles) {
      const share = percent / 100;
      for (let row = 0; row < loss.length; row++) {
        const off = (labels[row] as number) - (values[row] as number);
        const own = off >= 0 ? share * off : (share - 1) * off;
        loss[row] = (loss[row] as number) + own / quantiles.length;
      }
    }
    return meanOf(loss);
  },
};

/** The two quantiles between which so many percent of the true numbers should lie, where both were predicted. */
function ends(
  percent: number,
  context: ValueContext | undefined,
): readonly [Float64Array, Float64Array] | string {
  const [low, high] = [50 - percent / 2, 50 + percent / 2];
  const [from, to] = [context?.quantiles?.get(low), context?.quantiles?.get(high)];
  if (from !== undefined && to !== undefined) return [from, to];
  return `the quantiles ${low} % and ${high} % were not both predicted`;
}

/** The share of the true numbers that lie between the two quantiles, the ends included. */
function coverage(percent: number): ValueMetric {
  return {
    ...shared,
    better: "higher",
    range: [0, 1],
    name: `coverage_${percent}`,
    title: `Coverage of the ${percent} % interval`,
    source: "the share of true numbers within it; not in scikit-learn",
    onRequest: true,
    measure: (labels, _predictions, context) => {
      const range = ends(percent, context);
      if (typeof range === "string") return undefinedBecause(range);
      const [from, to] = range;
      return shareOf(
        labels.map((label, row) => (label >= (from[row] as number) && label <= (to[row] as number) ? 1 : 0)),
      );
    },
  };
}

/** How wide the interval is, and 2 ÷ α times by how far a true number lies beyond it. */
function winkler(percent: number): ValueMetric {
  return {
    ...shared,
    name: `interval_score_${percent}`,
    title: `Interval score of the ${percent} % interval`,
    source: "R. Winkler (1972); T. Gneiting and A. Raftery, Strictly proper scoring rules (2007)",
    onRequest: true,
    measure: (labels, _predictions, context) => {
      const range = ends(percent, context);
      if (typeof range === "string") return undefinedBecause(range);
      const [from, to] = range;
      const beyond = 2 / (1 - percent / 100);
      return meanOf(
        labels.map((label, row) => {
          const [low, high] = [from[row] as number, to[row] as number];
          return high - low + beyond * (Math.max(0, low - label) + Math.max(0, label - high));
        }),
      );
    },
  };
}

/** How far forecasts are off, in units of the naive one, and how true their quantiles are. */
export const forecasting: readonly ValueMetric[] = [
  mase,
  smape,
  pinball,
  ...[50, 80, 90, 95].flatMap((percent) => [coverage(percent), winkler(percent)]),
];
