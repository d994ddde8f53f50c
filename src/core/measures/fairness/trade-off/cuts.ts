import { argsort } from "../../../stats/argsort.ts";

/** What a wrong decision costs. */
export interface Prices {
  readonly false_positive: number;
  readonly false_negative: number;
}

/** Rows of two classes with their scores. */
export interface ScoredRows {
  /** 1 is positive. */
  readonly labels: Float64Array;
  readonly scores: Float64Array;
  readonly weights?: Float64Array;
}

/** Every way to cut one group in two: by cut, from nobody to everybody. Parallel arrays. */
export interface Cuts {
  /** The lowest score that is decided positive; Infinity where nobody is. */
  readonly thresholds: Float64Array;
  /** The group's rate; it never falls from one cut to the next. */
  readonly rates: Float64Array;
  /** What its wrong decisions cost together. */
  readonly costs: Float64Array;
}

/**
 * All cuts of a group: between any two different scores, before the first and after the last.
 *
 * @param rows of the group, as places in the arrays
 * @param rate of all rows, or of the positive ones
 *
 * @example cutsOf({ labels: new Float64Array([1, 0]), scores: new Float64Array([0.8, 0.3]) }, [0, 1], "selection_rate", { false_positive: 1, false_negative: 4 }).costs // => [4, 0, 1]
 */
export function cutsOf(
  { labels, scores, weights }: ScoredRows,
  rows: readonly number[],
  rate: "selection_rate" | "true_positive_rate",
  prices: Prices,
): Cuts {
  const own = Float64Array.from(rows, (row) => scores[row] as number);
  const order = argsort(own).reverse();
  const weightOf = (row: number): number => weights?.[row] ?? 1;
  const counts = (row: number): boolean => rate === "selection_rate" || labels[row] === 1;
  let of = 0;
  let cost = 0;
  for (const row of rows) {
    if (counts(row)) of += weightOf(row);
    if (labels[row] === 1) cost += prices.false_negative * weightOf(row);
  }
  const thresholds = [Number.POSITIVE_INFINITY];
  const rates = [0];
  const costs = [cost];
  let chosen = 0;
  for (let at = 0; at < order.length; at++) {
    const place = order[at] as number;
    const row = rows[place] as number;
    const weight = weightOf(row);
    if (counts(row)) chosen += weight;
    cost += labels[row] === 1 ? -prices.false_negative * weight : prices.false_positive * weight;
    const next = order[at + 1];
    if (next !== undefined && own[next] === own[place]) continue;
    thresholds.push(own[place] as number);
    rates.push(of === 0 ? 0 : Math.min(1, chosen / of));
    costs.push(cost);
  }
  return {
    thresholds: Float64Array.from(thresholds),
    rates: Float64Array.from(rates),
    costs: Float64Array.from(costs),
  };
}
