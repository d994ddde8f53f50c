import { normalQuantile } from "./normal.ts";
import { bothTails } from "./normal-tail.ts";
import { mean } from "./sum.ts";

/**
 * One ROC curve by its structural components: for each positive row the share of negatives that it scores
 * above, for each negative row the share of positives that score above it, equal scores counting half. Two
 * curves are compared over the same rows in the same order.
 */
export interface Placements {
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
}

/** The area under a ROC curve and how far it scatters from sample to sample. */
export interface Area {
  readonly area: number;
  readonly variance: number;
}

/** The difference of two areas over the same rows. */
export interface AreaDifference {
  readonly difference: number;
  readonly variance: number;
  /** How often two equally good models differ at least so much. */
  readonly p: number;
}

/**
 * The area under one ROC curve with DeLong's variance: that of the components' two means. NaN where a
 * side has no row; the variance is NaN where a side has only one.
 *
 * Source: E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, "Comparing the areas under two or more
 * correlated receiver operating characteristic curves" (1988), in the form of X. Sun and W. Xu (2014).
 *
 * @example delong({ positives: Float64Array.of(1, 0.5), negatives: Float64Array.of(1, 0.5) }) // => { area: 0.75, variance: 0.125 }
 */
export function delong({ positives, negatives }: Placements): Area {
  const variance = covariance(positives, positives) + covariance(negatives, negatives);
  return { area: mean(positives), variance };
}

/**
 * DeLong's interval of one area, made on the scale of its log odds: there it stays within 0 and 1 and
 * keeps its promise for areas near 1, where the plain one runs beyond the edge. `undefined` where the
 * area is 0 or 1, or the variance is not known: no row stands on the wrong side, and nothing says how
 * often one would.
 *
 * Source: M. S. Pepe, The Statistical Evaluation of Medical Tests (2003), section 5.2.
 *
 * @example delongInterval({ area: 0.75, variance: 0.0025 }, 0.95)?.low // => 0.640136…
 * @example delongInterval({ area: 1, variance: 0 }, 0.95) // => undefined
 */
export function delongInterval(
  { area, variance }: Area,
  confidence: number,
): { readonly low: number; readonly high: number } | undefined {
  if (!(area > 0 && area < 1 && variance >= 0)) return undefined;
  const odds = Math.log(area / (1 - area));
  const half = (normalQuantile(0.5 + confidence / 2) * Math.sqrt(variance)) / (area * (1 - area));
  const back = (logit: number): number => 1 / (1 + Math.exp(-logit));
  return { low: back(odds - half), high: back(odds + half) };
}

/**
 * DeLong's test of two areas over the same rows. Two curves of the same components differ by 0 with
 * p = 1; where the components differ by the same in every row there is nothing to measure the chance by,
 * and p is NaN, as it is where a side has fewer than two rows.
 *
 * @example delongDifference({ positives: Float64Array.of(1, 0.5), negatives: Float64Array.of(1, 0.5) }, { positives: Float64Array.of(1, 0.5), negatives: Float64Array.of(1, 0.5) }) // => { difference: 0, variance: 0, p: 1 }
 */
export function delongDifference(ours: Placements, theirs: Placements): AreaDifference {
  const apart = (own: Float64Array, base: Float64Array): Float64Array =>
    own.map((placement, row) => placement - (base[row] as number));
  const { area: difference, variance } = delong({
    positives: apart(ours.positives, theirs.positives),
    negatives: apart(ours.negatives, theirs.negatives),
  });
  if (!(variance > ROUNDING)) {
    const same = variance >= 0 && Math.abs(difference) < ROUNDING;
    return { difference, variance, p: same ? 1 : Number.NaN };
  }
  return { difference, variance, p: bothTails(difference / Math.sqrt(variance)) };
}

/** A variance below this is what rounding leaves of 0: placements are shares, known to 1e-16 each. */
const ROUNDING = 1e-24;

/** Of two means over the same rows: their covariance (over n − 1) divided by n. */
function covariance(a: Float64Array, b: Float64Array): number {
  const [center, other] = [mean(a), mean(b)];
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] as number) - center) * ((b[i] as number) - other);
  return sum / (a.length - 1) / a.length;
}
