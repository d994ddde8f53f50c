import { wilson } from "./wilson.ts";

/** A share as its counts: so many of so many. */
export interface Share {
  readonly count: number;
  readonly of: number;
}

interface Range {
  readonly low: number;
  readonly high: number;
}

/**
 * The interval of a − b for the shares of two independent samples; `undefined` where one is empty.
 *
 * Source: R. G. Newcombe, "Interval estimation for the difference between independent proportions"
 * (1998), method 10: the two Wilson intervals, squared and added. It keeps its promise for ten rows,
 * and for shares of 0 and 1.
 *
 * @example shareDifference({ count: 56, of: 70 }, { count: 48, of: 80 }, 0.95)?.low // => 0.052431…
 * @example shareDifference({ count: 0, of: 0 }, { count: 1, of: 2 }, 0.95) // => undefined
 */
export function shareDifference(a: Share, b: Share, confidence: number): Range | undefined {
  const [own, other] = [wilson(a.count, a.of, confidence), wilson(b.count, b.of, confidence)];
  if (own === undefined || other === undefined) return undefined;
  const [p, q] = [a.count / a.of, b.count / b.of];
  return {
    low: Math.max(-1, p - q - Math.hypot(p - own.low, other.high - q)),
    high: Math.min(1, p - q + Math.hypot(own.high - p, q - other.low)),
  };
}

/**
 * The interval of a / b for the shares of two independent samples; `undefined` where one is empty. Its end is
 * Infinity where b's share may be 0.
 *
 * Source: A. Donner and G. Y. Zou, "Closed-form confidence intervals for functions of the normal mean
 * and standard deviation" (2012), MOVER-R, from Wilson's intervals.
 *
 * @example shareRatio({ count: 30, of: 100 }, { count: 0, of: 50 }, 0.95)?.high // => Infinity
 * @example shareRatio({ count: 0, of: 10 }, { count: 5, of: 10 }, 0.95)?.low // => 0
 */
export function shareRatio(a: Share, b: Share, confidence: number): Range | undefined {
  const [own, other] = [wilson(a.count, a.of, confidence), wilson(b.count, b.of, confidence)];
  if (own === undefined || other === undefined) return undefined;
  const [p, q] = [a.count / a.of, b.count / b.of];
  const root = (x: number, y: number): number =>
    Math.sqrt(Math.max(0, p * p * q * q - x * y * (2 * p - x) * (2 * q - y)));
  const end = (x: number, y: number, sign: number): number => (p * q + sign * root(x, y)) / (y * (2 * q - y));
  const open = other.low * (2 * q - other.low) <= 0;
  return {
    low: a.count === 0 ? 0 : q === 0 ? own.low / other.high : Math.max(0, end(own.low, other.high, -1)),
    high: open ? Number.POSITIVE_INFINITY : end(own.high, other.low, 1),
  };
}

/**
 * The interval of a − b for two shares of the same rows, counted in pairs: rows that are in both, in a alone,
 * in b alone, in neither. `undefined` without rows.
 *
 * Source: R. G. Newcombe, "Improved confidence intervals for the difference between binomial proportions
 * based on paired data" (1998), method 10.
 *
 * @example pairedDifference([36, 12, 2, 0], 0.95)?.low // => 0.056929…
 * @example pairedDifference([0, 0, 0, 0], 0.95) // => undefined
 */
export function pairedDifference(
  [both, first, second, neither]: readonly [number, number, number, number],
  confidence: number,
): Range | undefined {
  const of = both + first + second + neither;
  const own = wilson(both + first, of, confidence);
  const other = wilson(both + second, of, confidence);
  if (own === undefined || other === undefined) return undefined;
  const [p, q] = [(both + first) / of, (both + second) / of];
  const margins = (both + first) * (second + neither) * (both + second) * (first + neither);
  const cross = both * neither - first * second;
  const phi = margins === 0 ? 0 : (cross > 0 ? Math.max(0, cross - of / 2) : cross) / Math.sqrt(margins);
  const reach = (x: number, y: number): number => Math.sqrt(Math.max(0, x * x - 2 * phi * x * y + y * y));
  return {
    low: Math.max(-1, p - q - reach(p - own.low, other.high - q)),
    high: Math.min(1, p - q + reach(own.high - p, q - other.low)),
  };
}
