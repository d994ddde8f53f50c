import type { Interval } from "../report/report.ts";
import { normalBelow } from "../stats/normal-tail.ts";
import { quantile } from "../stats/quantile.ts";
import { studentQuantile } from "../stats/student.ts";
import { bcaShares, type LeftOut } from "./bca.ts";
import type { IntervalMethod } from "./interval-method.ts";

/** What an interval is made with, the same for all of an evaluation. */
export interface Certainty {
  /** How many resamples; 0 makes no intervals. */
  readonly resamples: number;
  /** Such as 0.95. */
  readonly confidence: number;
  readonly seed: number;
  /** The group of each row, counted from 0, where rows of a group belong together: groups are drawn, not rows. */
  readonly clusters?: Int32Array;
  /** The class of each row, where every draw is to have as many of each as there are. */
  readonly strata?: Float64Array;
  /** The moment of each row, counted from 0 in the order of time, where rows depend on those before them. */
  readonly moments?: Int32Array;
  /** So many moments are drawn together; with `moments` alone the cube root of their number. */
  readonly block?: number;
  /** How much each row counts, where not all count the same. */
  readonly weights?: Float64Array;
  /** Which interval is made of the resampled values; default percentile. */
  readonly method?: IntervalMethod;
}

/** What the BCa interval needs beside the resampled values. */
export interface Correction {
  readonly value: number;
  readonly leftOut: LeftOut;
}

/** An interval, or why there is none although one was asked for. */
export type Bounds = { readonly interval: Interval } | { readonly reason: string };

/**
 * The interval; null where there is none.
 *
 * @example intervalOf({ reason: "too few" }) // => null
 */
export function intervalOf(bounds: Bounds | undefined): Interval | null {
  return bounds !== undefined && "interval" in bounds ? bounds.interval : null;
}

/** A metric that more of the resamples than this leave undefined has no interval. */
const MOST_UNDEFINED = 0.1;
/** Where all resamples agree, so many rows must stand behind it: then at most one in ten is unlike them (0.9³⁰ = 4 %). */
const ENOUGH_TO_AGREE = 30;

/**
 * The percentile interval at a confidence that makes up for few rows: percentiles know neither that a sample's
 * spread is too small by (n − 1) ÷ n nor that it is a guess itself. Of 1,000 rows and more it is the same.
 *
 * Source: T. Hesterberg, "What teachers should know about the bootstrap" (2015), the expanded percentile interval.
 *
 * @param rows rows behind the value: the fewest that any part of it is computed from
 * @example intervalOf(widened(Float64Array.from({ length: 1001 }, (_, i) => i), 0.95, "", 10))?.low // => 8.5506…
 */
export function widened(values: Float64Array, confidence: number, method: string, rows: number): Bounds {
  const share = 0.5 + confidence / 2;
  const apart = rows < 2 ? Infinity : studentQuantile(share, rows - 1) * Math.sqrt(rows / (rows - 1));
  const reached = Math.min(1, 2 * normalBelow(apart) - 1);
  const bounds = percentiles(values, reached, method, rows);
  return "reason" in bounds ? bounds : { interval: { ...bounds.interval, confidence } };
}

/**
 * The percentile interval of resampled values, which it sorts in place. NaN is "undefined here":
 * dropped and counted in the method.
 *
 * All values equal is certainty only where rows enough stand behind it: ten rows that are all
 * decided rightly do not promise an accuracy of 1.
 *
 * Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13.
 *
 * @param rows rows behind the value: the fewest that any part of it is computed from
 * @param correction makes it the BCa interval, with "BCa" for "percentile" in the method; where that is not defined it stays as it is and says so
 * @example percentiles(new Float64Array([3, 1, 2]), 0.5, "percentile bootstrap", 99) // => { interval: { low: 1.5, high: 2.5, confidence: 0.5, method: "percentile bootstrap" } }
 * @example percentiles(new Float64Array([1, 1, 1]), 0.95, "percentile bootstrap", 7) // => { reason: "all resamples give the same: 7 rows are too few to say how sure it is" }
 * @example percentiles(new Float64Array([NaN, 1, 2]), 0.95, "percentile bootstrap", 7) // => { reason: "it is undefined in 1 of 3 resamples" }
 */
export function percentiles(
  values: Float64Array,
  confidence: number,
  method: string,
  rows: number,
  correction?: Correction,
): Bounds {
  const known = values.sort().filter((value) => !Number.isNaN(value));
  const lost = values.length - known.length;
  if (lost > MOST_UNDEFINED * values.length) {
    return { reason: `it is undefined in ${lost} of ${values.length} resamples` };
  }
  if (known[0] === known[known.length - 1] && rows < ENOUGH_TO_AGREE) {
    const few = rows === 1 ? "1 row is" : `${rows} rows are`;
    return { reason: `all resamples give the same: ${few} too few to say how sure it is` };
  }
  const note = lost === 0 ? "" : `, undefined in ${lost}`;
  const shares = correction && bcaShares(known, correction.value, correction.leftOut, confidence);
  const [from, to] = shares ?? [0.5 - confidence / 2, 0.5 + confidence / 2];
  const name =
    shares !== undefined
      ? method.replace("percentile", "BCa")
      : correction === undefined
        ? method
        : `${method}, for BCa is not defined here`;
  return {
    interval: { low: quantile(known, from), high: quantile(known, to), confidence, method: `${name}${note}` },
  };
}
