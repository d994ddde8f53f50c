import { EFFECTIVE } from "../measures/fairness/effective.ts";
import { effectiveSize } from "../measures/row-weights.ts";
import { adjustedDifference } from "../stats/paired-shares.ts";
import { studentTail } from "../stats/student.ts";
import { wilson } from "../stats/wilson.ts";
import { byStudent, type Confirmation, newcombe, ROUNDING } from "./confirm.ts";

/*
 * Confirmation where rows count by a weight. Exact tests of counts and Welch's test take rows for equally important;
 * these hold weighted means against each other, by the spread that the weights leave.
 */

/** Numbers of rows that count by a weight, summed up. */
export interface WeightedMoments {
  readonly count: number;
  /** Rows that count the same and tell as much: see {@link effectiveSize}. */
  readonly effective: number;
  readonly mean: number;
  /** How far a row's number scatters around the mean: Σ w (x − mean)² ÷ Σ w, × n ÷ (n − 1) of effective rows. */
  readonly variance: number;
  /** Variance of the mean, linearised: Σ w² (x − mean)² ÷ (Σ w)², × n ÷ (n − 1) of rows. */
  readonly linearised: number;
}

/**
 * Weighted mean and spread. Where large weights and large numbers come together, the linearised variance says so;
 * the spread of a row by the effective number of rows does not.
 *
 * Source: W. G. Cochran, Sampling Techniques (1977), chapter 6; L. Kish, Survey Sampling (1965).
 *
 * @param weights above 0, one for each value
 * @example weightedMoments([1, 3], Float64Array.of(3, 1)) // => { count: 2, effective: 1.6, mean: 1.5, variance: 2, linearised: 0.5625 }
 */
export function weightedMoments(values: ArrayLike<number>, weights: Float64Array): WeightedMoments {
  const count = weights.length;
  let [sum, total] = [0, 0];
  for (let at = 0; at < count; at++) {
    sum += weights[at] as number;
    total += (weights[at] as number) * (values[at] as number);
  }
  const mean = count === 0 ? 0 : total / sum;
  let [spread, squares] = [0, 0];
  for (let at = 0; at < count; at++) {
    const weight = weights[at] as number;
    const off = (values[at] as number) - mean;
    spread += weight * off * off;
    squares += (weight * off) ** 2;
  }
  const effective = effectiveSize(weights);
  return {
    count,
    effective,
    mean,
    variance: ((spread / sum) * effective) / (effective - 1),
    linearised: ((squares / sum ** 2) * count) / (count - 1),
  };
}

/** Numbers, and how much each counts: above 0. */
export interface Weighted {
  readonly values: Float64Array;
  readonly weights: Float64Array;
}

/** The fewest rows of a side, in effect, of which a spread says anything. */
const LEAST = 2;

/**
 * Whether the weighted mean loss is greater in the slice than in the rest: a t test, one-sided, with the degrees of
 * freedom of Welch's test of the effective numbers of rows.
 *
 * Each side's variance is the linearised one, and never less than the spread of all rows by the side's effective
 * number: what few rows of unequal weight happen to lose alike is no measure of what other rows would lose.
 *
 * @example weightedAgainstRest({ values: Float64Array.of(3, 5, 4), weights: Float64Array.of(1, 2, 1) }, { values: Float64Array.of(0, 2, 1), weights: Float64Array.of(1, 2, 1) }, 0.95).p // => 0.0783…
 */
export function weightedAgainstRest(own: Weighted, rest: Weighted, confidence: number): Confirmation {
  return againstRest(momentsOf(own), momentsOf(rest), momentsOf(together(own, rest)), confidence);
}

function againstRest(
  own: WeightedMoments,
  rest: WeightedMoments,
  all: WeightedMoments,
  confidence: number,
): Confirmation {
  const difference = own.mean - rest.mean;
  if (!(own.effective >= LEAST && rest.effective >= LEAST) || isAlike(all)) {
    return { difference, interval: null, p: 1 };
  }
  const variance = (side: WeightedMoments): number =>
    Math.max(side.linearised, all.variance / side.effective);
  const [a, b] = [variance(own), variance(rest)];
  const degrees = (a + b) ** 2 / (a ** 2 / (own.effective - 1) + b ** 2 / (rest.effective - 1));
  return byStudent(difference, Math.sqrt(a + b), degrees, confidence, "t interval of weighted means");
}

/**
 * The same of errors, which are 1 or 0: the same test, and Newcombe's interval of the effective numbers of rows. A side
 * whose weights go with its errors is worth fewer rows than Kish's number says, as its linearised variance has it.
 *
 * @example weightedErrorsAgainstRest({ values: Float64Array.of(1, 1), weights: Float64Array.of(1, 1) }, { values: Float64Array.of(0, 0), weights: Float64Array.of(1, 2) }, 0.95).interval?.high // => 1
 */
export function weightedErrorsAgainstRest(own: Weighted, rest: Weighted, confidence: number): Confirmation {
  const [mine, theirs] = [momentsOf(own), momentsOf(rest)];
  const { difference, p } = againstRest(mine, theirs, momentsOf(together(own, rest)), confidence);
  const [first, second] = [mine, theirs].map((side) =>
    wilson(side.mean * worth(side), worth(side), confidence),
  );
  if (first === undefined || second === undefined) return { difference: 0, interval: null, p: 1 };
  const range = newcombe(mine.mean, first, theirs.mean, second);
  return { difference, interval: { ...range, method: `Newcombe's score interval${EFFECTIVE}` }, p };
}

const momentsOf = ({ values, weights }: Weighted): WeightedMoments => weightedMoments(values, weights);

function joined(one: Float64Array, other: Float64Array): Float64Array {
  const both = new Float64Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}

const together = (one: Weighted, other: Weighted): Weighted => ({
  values: joined(one.values, other.values),
  weights: joined(one.weights, other.weights),
});

/** Rows that count the same whose mean would scatter as much; never more than Kish's number. */
const worth = ({ effective, variance, linearised }: WeightedMoments): number =>
  variance > 0 && linearised > 0 ? Math.min(effective, variance / linearised) : effective;

/**
 * Whether the slice's weighted mean loss rose: were each row as likely to fall as to rise by what it changed, the sum of
 * w · d would scatter by √Σ (w · d)², against which it is held by Student's distribution with the degrees of freedom
 * of the rows that changed, in effect. So rows that all rise alike are no surer than their number makes them.
 *
 * Source: B. Efron, "Student's t-test under symmetry conditions" (1969).
 *
 * @param rows loss of the candidate − loss of the baseline, by row
 * @example weightedAgainstBaseline({ values: new Float64Array(5).fill(0.5), weights: new Float64Array(5).fill(2) }, 0.95).p // => 0.0445…
 */
export function weightedAgainstBaseline(rows: Weighted, confidence: number): Confirmation {
  const moments = momentsOf(rows);
  const { mean: difference, effective, variance, linearised } = moments;
  const p = signedTail(rows);
  if (!(effective >= LEAST) || isAlike(moments)) return { difference, interval: null, p };
  const error = Math.sqrt(Math.max(linearised, variance / effective));
  const { interval } = byStudent(
    difference,
    error,
    effective - 1,
    confidence,
    "paired t interval of weighted means",
  );
  return { difference, interval, p };
}

/**
 * The same of errors, where a change is 1, 0 or −1: the same test, and Bonett and Price's interval of the effective
 * number of rows.
 *
 * @example weightedErrorsAgainstBaseline({ values: Float64Array.of(1, 0, -1), weights: Float64Array.of(1, 1, 1) }, 0.95).p // => 0.5
 */
export function weightedErrorsAgainstBaseline(
  { values: changes, weights }: Weighted,
  confidence: number,
): Confirmation {
  const share = (sign: number): number =>
    weightedMoments(
      changes.map((change) => (Math.sign(change) === sign ? 1 : 0)),
      weights,
    ).mean;
  const moments = weightedMoments(changes, weights);
  const rows = worth(moments);
  const range = adjustedDifference(share(1) * rows, share(-1) * rows, rows, confidence);
  if (range === undefined) return { difference: 0, interval: null, p: 1 };
  const method = `Bonett and Price's adjusted Wald interval of pairs${EFFECTIVE}`;
  return {
    difference: moments.mean,
    interval: { ...range, method },
    p: signedTail({ values: changes, weights }),
  };
}

function signedTail({ values: changes, weights }: Weighted): number {
  let [sum, squares] = [0, 0];
  for (let row = 0; row < changes.length; row++) {
    const amount = (weights[row] as number) * (changes[row] as number);
    sum += amount;
    squares += amount * amount;
  }
  const changed = effectiveSize(weights.filter((_, row) => changes[row] !== 0));
  return changed >= LEAST ? studentTail(sum / Math.sqrt(squares), changed - 1) : 1;
}

/** Whether all numbers are the same, but for rounding. */
const isAlike = ({ mean, variance }: WeightedMoments): boolean =>
  !(Math.sqrt(variance) > ROUNDING * Math.abs(mean));
