import { fisherGreater, signGreater } from "../stats/fisher.ts";
import { adjustedDifference } from "../stats/paired-shares.ts";
import { studentQuantile, studentTail } from "../stats/student.ts";
import { wilson } from "../stats/wilson.ts";

/** What rows that took no part in the search say of a slice. */
export interface Confirmation {
  /** The slice's mean loss less what it is held against. */
  readonly difference: number;
  /** Where the true difference lies; null where the rows cannot say. */
  readonly interval: { readonly low: number; readonly high: number; readonly method: string } | null;
  /** How often chance alone makes as great a difference or a greater one. */
  readonly p: number;
}

/** Numbers, summed up. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  /** Sum of the squared distances from the mean. */
  readonly spread: number;
}

/**
 * Whether more predictions are wrong in the slice than in the rest: Fisher's exact test, one-sided,
 * since the search has said which way; and Newcombe's interval of the difference.
 *
 * Source of the interval: R. G. Newcombe, "Interval estimation for the difference between independent
 * proportions" (1998), method 10.
 *
 * @example errorsAgainstRest(5, 5, 0, 5, 0.95).difference // => 1
 */
export function errorsAgainstRest(
  wrong: number,
  size: number,
  wrongRest: number,
  sizeRest: number,
  confidence: number,
): Confirmation {
  const [own, rest] = [wilson(wrong, size, confidence), wilson(wrongRest, sizeRest, confidence)];
  if (own === undefined || rest === undefined) return { difference: 0, interval: null, p: 1 };
  const [share, shareRest] = [wrong / size, wrongRest / sizeRest];
  const difference = share - shareRest;
  return {
    difference,
    interval: { ...newcombe(share, own, shareRest, rest), method: "Newcombe's score interval" },
    p: fisherGreater(wrong, size, wrongRest, sizeRest),
  };
}

/** Where the difference of two shares lies, by Wilson's interval of each. */
export function newcombe(share: number, own: Range, other: number, rest: Range): Range {
  const difference = share - other;
  return {
    low: difference - Math.hypot(share - own.low, rest.high - other),
    high: difference + Math.hypot(own.high - share, other - rest.low),
  };
}

interface Range {
  readonly low: number;
  readonly high: number;
}

/**
 * Whether the mean loss is greater in the slice than in the rest: Welch's t test, one-sided.
 *
 * Where all rows of one side lost the same, its own spread is no measure of what other rows would lose: that of both
 * sides stands in, as in Student's test. Where it is so on both sides, Fisher's exact test says how often rows dealt
 * out by chance are parted so, and there is no interval.
 *
 * Source: B. L. Welch, "The generalization of Student's problem when several different population variances
 * are involved" (1947).
 *
 * @example meanAgainstRest(momentsOf([3, 3]), momentsOf([1, 1]), 0.95).difference // => 2
 */
export function meanAgainstRest(own: Moments, rest: Moments, confidence: number): Confirmation {
  const [a, b] = [own, rest].map(({ count, spread }) => spread / (count - 1) / count);
  const difference = own.mean - rest.mean;
  if (own.count < 2 || rest.count < 2 || a === undefined || b === undefined) {
    return { difference, interval: null, p: 1 };
  }
  const [owns, rests] = [isAlike(own), isAlike(rest)];
  if (owns && rests) {
    const greater = difference > ROUNDING * Math.abs(rest.mean);
    return {
      difference,
      interval: null,
      p: greater ? fisherGreater(own.count, own.count, 0, rest.count) : 1,
    };
  }
  if (owns || rests) {
    const degrees = own.count + rest.count - 2;
    const pooled = ((own.spread + rest.spread) / degrees) * (1 / own.count + 1 / rest.count);
    return byStudent(difference, Math.sqrt(pooled), degrees, confidence, "Student's t interval");
  }
  const degrees = (a + b) ** 2 / (a ** 2 / (own.count - 1) + b ** 2 / (rest.count - 1));
  return byStudent(difference, Math.sqrt(a + b), degrees, confidence, "Welch's t interval");
}

/**
 * Whether more predictions of the slice became wrong than became right: the sign test of the rows on which
 * the two models differ, one-sided; and Bonett and Price's interval of the difference of the two shares.
 *
 * @example errorsAgainstBaseline(8, 1, 50, 0.95).p // => 0.0195312…
 */
export function errorsAgainstBaseline(
  worse: number,
  better: number,
  size: number,
  confidence: number,
): Confirmation {
  const range = adjustedDifference(worse, better, size, confidence);
  if (range === undefined) return { difference: 0, interval: null, p: 1 };
  return {
    difference: (worse - better) / size,
    interval: { ...range, method: "Bonett and Price's adjusted Wald interval of pairs" },
    p: signGreater(worse, better),
  };
}

/**
 * Whether the mean loss of the slice's rows rose: the paired t test, one-sided.
 *
 * Where it rose by the same on every row there is no spread to test by: the sign test says how often as many rows
 * rise by chance, and there is no interval.
 *
 * @example meanAgainstBaseline(momentsOf([1, 2, 3]), 0.95).difference // => 2
 */
export function meanAgainstBaseline(own: Moments, confidence: number): Confirmation {
  if (own.count < 2) return { difference: own.mean, interval: null, p: 1 };
  if (isAlike(own)) {
    return { difference: own.mean, interval: null, p: own.mean > 0 ? signGreater(own.count, 0) : 1 };
  }
  const error = Math.sqrt(own.spread / (own.count - 1) / own.count);
  return byStudent(own.mean, error, own.count - 1, confidence, "paired t interval");
}

/** What sums of a million doubles may be off by, of numbers of size 1. */
export const ROUNDING = 1e-12;

/** Whether all numbers are the same, but for rounding. */
const isAlike = ({ count, mean, spread }: Moments): boolean =>
  Math.sqrt(spread / count) <= ROUNDING * Math.abs(mean);

/** A difference held against its standard error. */
export function byStudent(
  difference: number,
  error: number,
  degrees: number,
  confidence: number,
  method: string,
): Confirmation {
  const half = studentQuantile(0.5 + confidence / 2, degrees) * error;
  return {
    difference,
    interval: { low: difference - half, high: difference + half, method },
    p: studentTail(difference / error, degrees),
  };
}

/**
 * Count, mean and spread of numbers.
 *
 * @example momentsOf([1, 3]) // => { count: 2, mean: 2, spread: 2 }
 */
export function momentsOf(values: ArrayLike<number>): Moments {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at] as number;
  const mean = values.length === 0 ? 0 : sum / values.length;
  let spread = 0;
  for (let at = 0; at < values.length; at++) spread += ((values[at] as number) - mean) ** 2;
  return { count: values.length, mean, spread };
}
