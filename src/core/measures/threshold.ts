import { UserError } from "../../errors.ts";
import type { Confusion } from "./confusion.ts";
import { metricNamed } from "./metrics/catalogue.ts";
import { rankingOf } from "./metrics/ranking.ts";
import { requireWeights } from "./row-weights.ts";
import { type Costs, requireFinite } from "./scored.ts";

/** What the threshold is to make best. */
export type ThresholdGoal =
  | { readonly maximize: string; readonly costs?: Costs | undefined }
  | { readonly minimize: "cost"; readonly costs: Costs | undefined };

/**
 * The threshold at which decisions of two classes are best, on rows that are not the holdout.
 *
 * Each distinct score is tried as the lowest that is decided positive, and none at all. Of equally
 * good ones the highest wins, so the answer does not depend on the rows' order. The threshold
 * itself lies halfway to the next score below, so that a score which another machine computes with a
 * last bit less is decided the same.
 *
 * @param labels 0 or 1 a row
 * @param scores the positive class's score a row
 * @param weights how much each row counts; absent where all count the same
 * @throws {UserError} where there are no rows, one class only, or the metric is not of decisions
 * @example chooseThreshold(new Float64Array([0, 0, 1, 1]), new Float64Array([0.1, 0.4, 0.6, 0.9]), { maximize: "f1" }) // => { threshold: 0.5, value: 1 }
 * @example chooseThreshold(new Float64Array([1]), new Float64Array([0.5]), { maximize: "f1" }) // throws "has one class only"
 */
export function chooseThreshold(
  labels: Float64Array,
  scores: Float64Array,
  goal: ThresholdGoal,
  weights?: Float64Array,
): { readonly threshold: number; readonly value: number } {
  const name = "maximize" in goal ? goal.maximize : goal.minimize;
  const { costs } = goal;
  const metric = metricNamed(name, "binary-classification");
  if (metric.needs !== "decisions" || (name === "cost") !== "minimize" in goal) {
    throw new UserError(
      `the threshold does not move "${name}"; maximize a metric of decisions, such as f1, or minimize cost`,
    );
  }
  if (metric.needsCosts !== undefined && costs === undefined) {
    const what = "maximize" in goal ? `maximize: ${name}` : "minimize: cost";
    throw new UserError(`"${what}" needs plan.costs with false_positive and false_negative`);
  }
  requireFinite(labels, 1, "label");
  requireFinite(scores, 1, "score");
  const { row, positive, last, positives, negatives } = rankingOf(labels, scores, 1);
  if (weights !== undefined) requireWeights(weights);
  const of = (own: number): number => weights?.[own] ?? 1;
  let [all, yes] = [row.length, positives];
  if (weights !== undefined) {
    [all, yes] = [0, 0];
    for (let place = 0; place < row.length; place++) {
      const weight = of(row[place] as number);
      all += weight;
      yes += weight * (positive[place] as number);
    }
  }
  if (positives === 0 || negatives === 0) {
    throw new UserError(
      `what the threshold is chosen on has one class only, in ${row.length} rows; it needs both`,
    );
  }

  const sign = metric.better === "higher" ? 1 : -1;
  const at = (decided: number, hits: number) => metric.of(confusion(all, yes, decided, hits), costs);
  let best = { place: -1, value: at(0, 0) };
  let [hits, decided] = [0, 0];
  for (let place = 0; place < row.length; place++) {
    const weight = of(row[place] as number);
    decided += weight;
    hits += weight * (positive[place] as number);
    if (last[place] === 0) continue;
    const value = at(decided, hits);
    if (sign * value > sign * best.value) best = { place, value };
  }
  const score = (place: number): number | undefined => scores[row[place] as number];
  return { threshold: between(score(best.place), score(best.place + 1)), value: best.value };
}

function confusion(rows: number, positives: number, decided: number, hits: number): Confusion {
  const negativeHits = rows - positives - (decided - hits);
  return {
    rows,
    truth: Float64Array.of(rows - positives, positives),
    decided: Float64Array.of(rows - decided, decided),
    hits: Float64Array.of(negativeHits, hits),
  };
}

/** A number that is at most the one above and more than the one below, where there are such; within 0 to 1 if they are. */
function between(above: number | undefined, below = 0): number {
  if (above === undefined) return below < 1 ? below + (1 - below) / 2 : nextUp(below);
  const middle = below + (above - below) / 2;
  return middle > below ? middle : above;
}

/** The smallest number above this one. */
function nextUp(value: number): number {
  const bits = new BigInt64Array(Float64Array.of(value).buffer);
  bits[0] = value >= 0 ? (bits[0] ?? 0n) + 1n : (bits[0] ?? 0n) - 1n;
  return new Float64Array(bits.buffer)[0] ?? value;
}
