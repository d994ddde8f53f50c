import { argsort } from "../../stats/argsort.ts";
import { quantile } from "../../stats/quantile.ts";

/**
 * How far apart the errors of groups' figures lie, draw by draw: an error is what was drawn less what it was
 * drawn from.
 */
export interface Spreads {
  /** The widest gap between the candidate's errors and the widest between the baseline's, added up. */
  readonly both: Float64Array;
  /** The widest gap between the errors of candidate − baseline. */
  readonly shift: Float64Array;
}

/** What was found of two models' gaps: the largest difference between groups of each. */
export interface Gaps {
  readonly candidate: number;
  readonly baseline: number;
  /** The largest difference between groups of candidate − baseline. */
  readonly shift: number;
}

/** Bounds of the candidate's gap − the baseline's, and how far off each gap may be. */
export interface GapChange {
  readonly low: number;
  readonly high: number;
  /** No gap is off by more than this in so many draws. */
  readonly reach: number;
}

/**
 * Bounds of how much larger the candidate's gap between groups is than the baseline's, on the same rows.
 *
 * Percentiles of the resampled change will not do. A gap is a maximum, and is drawn the wider the more equal
 * the groups are: where the baseline is fair and the candidate is not, the baseline's is drawn too wide and the
 * candidate's is not, so that all of them lie below the true worsening. Two things are known instead, whichever groups are
 * the farthest apart:
 *
 * - no gap is off by more than the widest gap between its own errors, so the change is off by no more than both
 *   models' together;
 * - the change is no larger than the largest difference between groups of candidate − baseline, which is
 *   little where the models decide alike, and off by no more than the widest gap between *its* errors.
 *
 * Both must hold in a share `confidence` of the draws at once; the narrower end of the two is taken.
 *
 * Source: simultaneous confidence intervals of all pairs, as in Hochberg and Tamhane, Multiple Comparison
 * Procedures (1987), chapter 2; two bounds made one by their ranks, R. Beran, "Balanced simultaneous
 * confidence sets" (1988).
 *
 * @example gapChange({ candidate: 0.5, baseline: 0.25, shift: 0.25 }, { both: new Float64Array([0.125]), shift: new Float64Array([0.0625]) }, 0.95) // => { low: 0.125, high: 0.3125, reach: 0.125 }
 */
export function gapChange(
  { candidate, baseline, shift }: Gaps,
  spreads: Spreads,
  confidence: number,
): GapChange {
  const draws = spreads.both.length;
  const rank = new Float64Array(draws);
  for (const spread of [spreads.both, spreads.shift]) {
    argsort(spread).forEach((draw, place) => {
      rank[draw] = Math.max(rank[draw] as number, place);
    });
  }
  const share = draws < 2 ? 1 : quantile(rank.sort(), confidence) / (draws - 1);
  const both = quantile(spreads.both.slice().sort(), share);
  const change = candidate - baseline;
  const most = shift + quantile(spreads.shift.slice().sort(), share);
  return { low: Math.max(change - both, -most), high: Math.min(change + both, most), reach: both };
}
