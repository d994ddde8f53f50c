import type { Interval } from "../report/report.ts";
import { normalBelow } from "../stats/normal-tail.ts";
import { quantile } from "../stats/quantile.ts";
import { studentQuantile } from "../stats/student.ts";
import { wilson } from "../stats/wilson.ts";
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

/** The least and the most that a number can be. */
export type Range = readonly [least: number, most: number];

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
 * @param range what the number can be of which these are differences: where all agree, it bounds how wrong they are
 * @example intervalOf(widened(Float64Array.from({ length: 1001 }, (_, i) => i), 0.95, "", 10))?.low // => 8.5506…
 */
export function widened(
  values: Float64Array,
  confidence: number,
  method: string,
  rows: number,
  range?: Range,
): Bounds {
  const share = 0.5 + confidence / 2;
  const apart = rows < 2 ? Infinity : studentQuantile(share, rows - 1) * Math.sqrt(rows / (rows - 1));
  const reached = Math.min(1, 2 * normalBelow(apart) - 1);
  const span = range === undefined ? undefined : range[1] - range[0];
  const bounds = percentiles(values, reached, method, rows, {
    ...(span === undefined ? {} : { range: [-span, span], span }),
  });
  return "reason" in bounds ? bounds : { interval: { ...bounds.interval, confidence } };
}

/**
 * The interval of a difference between two models from its values on random halves of the rows. Where the models
 * are of the same worth, each order of the values is as likely as the reverse, and so 0 is left out in no more
 * draws than the confidence allows, however few the rows are and however heavy the tails, if only the difference's sign
 * is that of a mean over rows. Sorts the values in place.
 *
 * Source: J. A. Hartigan, "Using subsample values as typical values" (1969).
 *
 * @param rows rows, or groups of them, of which halves were taken
 * @example intervalOf(typical(Float64Array.from({ length: 999 }, (_, i) => i + 1), 0.95, "halves", 30)) // => { low: 25, high: 975, confidence: 0.95, method: "halves" }
 * @example typical(Float64Array.of(1, 2, 3), 0.95, "halves", 5) // => { reason: "5 rows are too few to say how sure it is" }
 */
export function typical(values: Float64Array, confidence: number, method: string, rows: number): Bounds {
  const outside = 1 - confidence;
  if (2 ** (1 - rows) > outside) return { reason: `${rowsAre(rows)} too few to say how sure it is` };
  const drawn = known(values);
  if ("reason" in drawn) return drawn;
  const count = drawn.values.length;
  const last = Math.max(0, Math.floor((outside / 2) * (count + 1) + ROUNDING) - 1);
  const [low, high] = [drawn.values[last] as number, drawn.values[count - 1 - last] as number];
  if (drawn.values[0] === drawn.values[count - 1]) {
    return { reason: "all halves give the same, which does not say how sure it is" };
  }
  return { interval: { low, high, confidence, method: `${method}${drawn.note}` } };
}

/** A product of a share and a count that is a whole number may come out a little below it. */
const ROUNDING = 1e-9;

/** What else is known of resampled values. */
export interface PercentileOptions {
  /** Makes it the BCa interval, with "BCa" for "percentile" in the method; where that is not defined it stays as it is and says so. */
  readonly correction?: Correction;
  /** What the number can be: where all resamples agree, it bounds how wrong they may be. */
  readonly range?: Range;
  /** Where it is a difference: how far the numbers themselves may lie apart at most, which its range is twice. */
  readonly span?: number;
}

/**
 * The percentile interval of resampled values, which it sorts in place. NaN is "undefined here":
 * dropped and counted in the method.
 *
 * All values equal is no certainty: ten rows that are all decided rightly do not promise an accuracy of 1. Where
 * it is known what the number can be, the interval reaches as far into that as Wilson's of so many rows that are all
 * alike; where it can be anything, there is none. Of what has no range, thirty rows that agree are believed.
 *
 * Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13.
 *
 * @param rows rows behind the value: the fewest that any part of it is computed from
 * @example percentiles(new Float64Array([3, 1, 2]), 0.5, "percentile bootstrap", 99) // => { interval: { low: 1.5, high: 2.5, confidence: 0.5, method: "percentile bootstrap" } }
 * @example percentiles(new Float64Array([1, 1, 1]), 0.95, "percentile bootstrap", 7) // => { reason: "all resamples give the same: 7 rows are too few to say how sure it is" }
 * @example intervalOf(percentiles(new Float64Array([1, 1, 1]), 0.95, "bootstrap", 7, { range: [0, 1] }))?.low // => 0.645669…
 * @example percentiles(new Float64Array([NaN, 1, 2]), 0.95, "percentile bootstrap", 7) // => { reason: "it is undefined in 1 of 3 resamples" }
 */
export function percentiles(
  values: Float64Array,
  confidence: number,
  method: string,
  rows: number,
  { correction, range, span }: PercentileOptions = {},
): Bounds {
  const drawn = known(values);
  if ("reason" in drawn) return drawn;
  const [first = Number.NaN] = drawn.values;
  if (first === drawn.values[drawn.values.length - 1]) {
    const all = range === undefined ? undefined : alike(first, range, rows, confidence, span);
    if (all !== undefined)
      return { interval: { ...all, confidence, method: `${method}, all of which agree` } };
    if (range !== undefined || rows < ENOUGH_TO_AGREE) {
      const few =
        range === undefined || rows < ENOUGH_TO_AGREE
          ? `: ${rowsAre(rows)} too few to say`
          : ", which does not say";
      return { reason: `all resamples give the same${few} how sure it is` };
    }
  }
  const shares = correction && bcaShares(drawn.values, correction.value, correction.leftOut, confidence);
  const [from, to] = shares ?? [0.5 - confidence / 2, 0.5 + confidence / 2];
  const name =
    shares !== undefined
      ? method.replace("percentile", "BCa")
      : correction === undefined
        ? method
        : `${method}, for BCa is not defined here`;
  return {
    interval: {
      low: quantile(drawn.values, from),
      high: quantile(drawn.values, to),
      confidence,
      method: `${name}${drawn.note}`,
    },
  };
}

/** The values that are defined, sorted; or why they are too few. */
function known(
  values: Float64Array,
): { readonly values: Float64Array; readonly note: string } | { readonly reason: string } {
  const defined = values.sort().filter((value) => !Number.isNaN(value));
  const lost = values.length - defined.length;
  if (lost > MOST_UNDEFINED * values.length) {
    return { reason: `it is undefined in ${lost} of ${values.length} resamples` };
  }
  return { values: defined, note: lost === 0 ? "" : `, undefined in ${lost}` };
}

/** As far into what a number can be as so many rows that are all alike leave open; undefined where it has no end. */
function alike(
  value: number,
  [least, most]: Range,
  rows: number,
  confidence: number,
  span = most - least,
): { readonly low: number; readonly high: number } | undefined {
  const open = 1 - (wilson(rows, rows, confidence)?.low ?? 0);
  const reach = open * span;
  if (!Number.isFinite(reach)) return undefined;
  return { low: Math.max(least, value - reach), high: Math.min(most, value + reach) };
}

const rowsAre = (rows: number): string => (rows === 1 ? "1 row is" : `${rows} rows are`);
