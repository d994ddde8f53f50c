import { adjustedDifference } from "../stats/paired-shares.ts";
import { wilson } from "../stats/wilson.ts";
import { isPlain, type Joint } from "./decisions.ts";
import type { Bounds, Certainty } from "./interval.ts";
import { unitsBehind } from "./units-behind.ts";

/**
 * Wilson's interval of a share. Of rows that depend on each other, or do not count the same, as many count as
 * independent ones would make the share spread so much as it does in resamples.
 *
 * Source of the latter: E. L. Korn and B. I. Graubard, "Confidence intervals for proportions with small expected
 * number of positive counts estimated from survey data" (1998).
 */
export function shareBounds(value: number, of: number, drawn: Float64Array, certainty: Certainty): Bounds {
  const plain = isPlain(certainty);
  const rows = plain
    ? of
    : Math.min(unitsAtMost(of, certainty), worthOf(value, drawn) ?? unitsBehind(of, certainty));
  const range = wilson(value * rows, rows, certainty.confidence);
  if (range === undefined) return { reason: "there are no rows to take a share of" };
  const method = plain ? "Wilson" : `Wilson, of the worth of ${Math.round(rows)} independent rows`;
  return { interval: { ...range, confidence: certainty.confidence, method } };
}

/** How many independent rows would make a share spread so much; undefined where it does not spread. */
function worthOf(value: number, drawn: Float64Array): number | undefined {
  let [sum, squares, count] = [0, 0, 0];
  for (const one of drawn) {
    if (Number.isNaN(one)) continue;
    sum += one - value;
    squares += (one - value) ** 2;
    count++;
  }
  const variance = (squares - sum ** 2 / count) / (count - 1);
  const worth = (value * (1 - value)) / variance;
  return variance > 0 && worth > 0 ? worth : undefined;
}

/** Independent rows are not more than there are; what weighs more than others does not make them more. */
const unitsAtMost = (of: number, { weights }: Certainty): number =>
  weights === undefined ? of : unitsBehind(of, { resamples: 0, confidence: 0, seed: 0, weights });

/** How many rows only the one model has, and how many only the other. */
export interface Pairs {
  readonly first: number;
  readonly second: number;
  readonly of: number;
}

/** Bonett and Price's interval of the difference of two models' shares of the same independent rows. */
export function pairedShare({ first, second, of }: Pairs, confidence: number): Bounds {
  const range = adjustedDifference(first, second, of, confidence);
  if (range === undefined) return { reason: "there are no rows to take a share of" };
  return { interval: { ...range, confidence, method: "Bonett and Price's adjusted Wald interval of pairs" } };
}

/** Counts the rows that are a 1 of one model's and a 0 of the other's; `undefined` where the figure is no share. */
export function pairedTrials(
  ours: Float64Array | undefined,
  theirs: Float64Array | undefined,
): Pairs | undefined {
  if (ours === undefined || theirs === undefined) return undefined;
  let [first, second] = [0, 0];
  for (let row = 0; row < ours.length; row++) {
    const gap = (ours[row] as number) - (theirs[row] as number);
    if (gap > 0) first++;
    else if (gap < 0) second++;
  }
  return { first, second, of: ours.length };
}

/** Of the rows of a class, or of all, those that only one model decides rightly. */
export function pairedDecisions({ candidate, baseline }: Joint, among: number | "all"): Pairs {
  let [first, second, of] = [0, 0, 0];
  candidate.counts.forEach((count, cell) => {
    const truth = candidate.truth[cell] as number;
    if (among !== "all" && truth !== among) return;
    of += count;
    const [ours, theirs] = [candidate.decided[cell] === truth, baseline.decided[cell] === truth];
    if (ours && !theirs) first += count;
    else if (theirs && !ours) second += count;
  });
  return { first, second, of };
}
