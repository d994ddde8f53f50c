import { sum } from "../../stats/sum.ts";
import { REGRESSION } from "../task.ts";
import { byRow } from "./errors.ts";
import { meanOf, measuredBy, NO_ROWS, SCIKIT_LEARN, undefinedBecause, type ValueMetric } from "./metric.ts";

/** y · ln(y / p), which is 0 where y is. */
const xlog = (y: number, ratio: number): number => (y === 0 ? 0 : y * Math.log(ratio));

const poisson = (y: number, p: number): number => 2 * (xlog(y, y / p) - y + p);
const gamma = (y: number, p: number): number => 2 * (Math.log(p / y) + y / p - 1);
/** Power 1.5: between Poisson and gamma, for totals that are often 0, such as claims. */
const tweedie = (y: number, p: number): number =>
  2 * (-4 * Math.sqrt(y) + (2 * y) / Math.sqrt(p) + 2 * Math.sqrt(p));

/** What keeps a deviance from being defined: it needs predictions above 0, and true numbers so too, or at least 0. */
function unfit(labels: Float64Array, predictions: Float64Array, zero: boolean): string | undefined {
  if (labels.length === 0) return NO_ROWS;
  if (predictions.some((p) => p <= 0)) return "a prediction is not above 0";
  if (labels.some((y) => (zero ? y < 0 : y <= 0)))
    return `a true number is ${zero ? "below" : "not above"} 0`;
  return undefined;
}

const shared = { tasks: REGRESSION, range: [0, Infinity], needs: "values", onRequest: true } as const;

function deviance(
  name: string,
  title: string,
  of: (y: number, p: number) => number,
  zero: boolean,
  definition: string,
): ValueMetric {
  return {
    ...shared,
    name,
    title,
    better: "lower",
    source: `${SCIKIT_LEARN}, ${definition}`,
    measure: (labels, predictions) => {
      const why = unfit(labels, predictions, zero);
      return why === undefined ? meanOf(byRow(labels, predictions, of)) : undefinedBecause(why);
    },
  };
}

/**
 * The share of a deviance that is explained: 1 − Σ d(y, ŷ) / Σ d(y, ȳ).
 *
 * @param term what a true number adds to the deviance from the mean, up to what the mean alone decides
 * @param total Σ d(y, ȳ) from Σ term, the mean and the number of rows
 */
function explained(
  name: string,
  title: string,
  of: (y: number, p: number) => number,
  zero: boolean,
  definition: string,
  term: (y: number) => number,
  total: (terms: number, mean: number, rows: number) => number,
): ValueMetric {
  return {
    ...shared,
    name,
    title,
    better: "higher",
    range: [-Infinity, 1],
    source: `${SCIKIT_LEARN}, ${definition}`,
    measure: (labels, predictions) => {
      const why = unfit(labels, predictions, zero);
      if (why !== undefined) return undefinedBecause(why);
      const errors = byRow(labels, predictions, of);
      const sums = {
        slots: 1,
        amounts: [errors, labels, labels.map(term)],
        value: ([error = 0, truth = 0, terms = 0]: Float64Array, rows: number) => {
          const spread = total(terms, truth / rows, rows);
          return spread <= ROUNDING * rows ? Number.NaN : 1 - error / spread;
        },
      };
      const few = labels.length < 2 ? `${title} needs at least two rows` : undefined;
      const reason = few ?? (labels.every((y) => y === labels[0]) ? "all true numbers are equal" : undefined);
      if (reason !== undefined) return { value: Number.NaN, reason, sums: () => sums };
      const own = sum(labels) / labels.length;
      const value = 1 - sum(errors) / sum(labels.map((y) => of(y, own)));
      return { ...measuredBy(sums, labels.length), value };
    },
  };
}

const ROUNDING = 1e-12; // a spread below it a row is what rounding left of none

/** Deviances of counts, totals and positive numbers, and the shares of them that are explained. */
export const deviances: readonly ValueMetric[] = [
  deviance("poisson_deviance", "Poisson deviance", poisson, true, "mean_poisson_deviance"),
  deviance("gamma_deviance", "Gamma deviance", gamma, false, "mean_gamma_deviance"),
  deviance("tweedie_deviance", "Tweedie deviance", tweedie, true, "mean_tweedie_deviance(power=1.5)"),
  explained(
    "d2_poisson",
    "D² of the Poisson deviance",
    poisson,
    true,
    "d2_tweedie_score(power=1)",
    (y) => xlog(y, y),
    (terms, mean, rows) => 2 * (terms - rows * xlog(mean, mean)),
  ),
  explained(
    "d2_gamma",
    "D² of the gamma deviance",
    gamma,
    false,
    "d2_tweedie_score(power=2)",
    (y) => Math.log(y),
    (terms, mean, rows) => 2 * (rows * Math.log(mean) - terms),
  ),
];
