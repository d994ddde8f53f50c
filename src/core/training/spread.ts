import { mean, sum } from "../stats/sum.ts";

/** One metric over the folds of a cross-validation. */
export interface Spread {
  readonly name: string;
  readonly title: string;
  /** NaN where no fold has a value. */
  readonly mean: number;
  /** Standard deviation with n − 1; NaN below two values. */
  readonly deviation: number;
  /** In the order of the folds; NaN where the metric is not defined there. */
  readonly values: readonly number[];
}

/**
 * Mean and standard deviation over the folds in which a metric is defined.
 *
 * @example spreadOf("rmse", "RMSE", [1, 3]) // => { name: "rmse", title: "RMSE", mean: 2, deviation: 1.4142135623730951, values: [1, 3] }
 * @example spreadOf("roc_auc", "ROC AUC", [NaN, 0.5]).mean // => 0.5
 */
export function spreadOf(name: string, title: string, values: readonly number[]): Spread {
  const known = values.filter((value) => !Number.isNaN(value));
  const centre = mean(known);
  const squares = known.map((value) => (value - centre) * (value - centre));
  const deviation = known.length < 2 ? Number.NaN : Math.sqrt(sum(squares) / (known.length - 1));
  return { name, title, mean: centre, deviation, values };
}

/**
 * Spreads as one sentence.
 *
 * @example spreadText([spreadOf("rmse", "RMSE", [1, 3, 2])]) // => "RMSE 2 ± 1 (mean ± standard deviation of 3 folds)"
 * @example spreadText([spreadOf("roc_auc", "ROC AUC", [0.5, NaN, 0.7])]) // => "ROC AUC 0.6 ± 0.1414 in the 2 folds that have it (mean ± standard deviation of 3 folds)"
 */
export function spreadText(spreads: readonly Spread[]): string {
  const parts = spreads.map(({ title, mean: centre, deviation, values }) => {
    const known = values.filter((value) => !Number.isNaN(value)).length;
    if (known === 0) return `${title} is not defined in any fold`;
    const where = known === values.length ? "" : ` in the ${known} folds that have it`;
    return `${title} ${short(centre)}${known < 2 ? "" : ` ± ${short(deviation)}`}${where}`;
  });
  return `${parts.join(", ")} (mean ± standard deviation of ${spreads[0]?.values.length ?? 0} folds)`;
}

const short = (value: number): string => String(Number(value.toPrecision(4)));
