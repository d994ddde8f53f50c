import { formatCount } from "../report/numbers.ts";
import type { Interval } from "../report/report.ts";
import { reachOf } from "../stats/four-of-five.ts";

/** What an undecided gate rests on. */
export interface Undecided {
  readonly value: number;
  readonly interval: Interval;
  readonly limit: number;
  /** Holdout rows behind it. */
  readonly rows: number;
}

/** A value nearer to its limit than this part of its interval's half-width sits at it: no forecast is worth its name. */
const AT_THE_LIMIT = 0.01;

/**
 * About how many more holdout rows would decide a gate, in four of five cases, if the true value is the one that
 * was found; null where no number would, because the value sits at the limit.
 *
 * An interval's half-width shrinks with √rows. The side of it that lies towards the limit must shrink until the
 * distance between value and limit is `reachOf` of it, so rows × (reach × half-width / distance)² are needed:
 * with fewer, down to where the interval would just end at the limit, the value that comes decides, which
 * scatters. It is an estimate; rounded up to two digits, since it is not known better.
 *
 * @example moreRows({ value: 0.5, interval: { low: 0.4, high: 0.6, confidence: 0.95, method: "" }, limit: 0.45, rows: 100 }) // => 720
 * @example moreRows({ value: 0.5, interval: { low: 0.4, high: 0.6, confidence: 0.95, method: "" }, limit: 0.5, rows: 100 }) // => null
 */
export function moreRows({ value, interval, limit, rows }: Undecided): number | null {
  const distance = Math.abs(value - limit);
  const towards = value > limit ? value - interval.low : interval.high - value;
  // a skewed bootstrap can leave the value outside its interval; then its whole width is all that is known
  const half = towards > 0 ? towards : (interval.high - interval.low) / 2;
  if (!(distance > AT_THE_LIMIT * half)) return null;
  return twoDigitsUp(Math.max(1, rows * (((reachOf(interval.confidence) * half) / distance) ** 2 - 1)));
}

/**
 * The same in words, to stand after "the data cannot tell".
 *
 * @param noun what is held against the limit
 * @example moreRowsText(2400, "difference") // => "; about 2,400 more holdout rows would, if the difference stays"
 * @example moreRowsText(null, "value") // => ", and no number of rows would: the value sits at the limit"
 */
export function moreRowsText(more: number | null, noun: "value" | "difference"): string {
  if (more === null) return `, and no number of rows would: the ${noun} sits at the limit`;
  const rows = more === 1 ? "1 more holdout row" : `${formatCount(more)} more holdout rows`;
  return `; about ${rows} would, if the ${noun} stays`;
}

function twoDigitsUp(count: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(count)) - 1);
  // 300 computed as 300.00000000000006 is 300
  return Math.ceil(Number((count / step).toPrecision(12))) * step;
}
