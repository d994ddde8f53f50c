import { logGamma } from "./gamma.ts";

/**
 * Fisher's exact test, one-sided: were the marked rows dealt out by chance, how often would the first
 * group have so many of them or more.
 *
 * Source: R. A. Fisher (1935).
 *
 * @param marked marked rows of the first group
 * @param size rows of the first group
 * @param markedRest marked rows of the second group
 * @param sizeRest rows of the second group
 * @example fisherGreater(5, 5, 0, 5) // => 0.00396825396825…
 * @example fisherGreater(0, 5, 0, 5) // => 1
 */
export function fisherGreater(marked: number, size: number, markedRest: number, sizeRest: number): number {
  const rows = size + sizeRest;
  const all = marked + markedRest;
  const least = Math.max(0, all - sizeRest);
  if (marked <= least) return 1;
  // the shorter tail is added up, so that neither underflows nor loses its digits
  const upper = marked > (all * size) / rows;
  let at = upper ? marked : marked - 1;
  let term = Math.exp(choose(all, at) + choose(rows - all, size - at) - choose(rows, size));
  let tail = term;
  while (term > tail * Number.EPSILON) {
    term *= upper
      ? ((all - at) * (size - at)) / ((at + 1) * (rows - all - size + at + 1))
      : (at * (rows - all - size + at)) / ((all - at + 1) * (size - at + 1));
    at += upper ? 1 : -1;
    tail += term;
  }
  return Math.min(1, upper ? tail : 1 - tail);
}

/**
 * The one-sided sign test: of tries that come out either way alike, how often so many or more come out
 * the first way.
 *
 * @example signGreater(8, 1) // => 0.0195312…
 * @example signGreater(0, 0) // => 1
 */
export function signGreater(first: number, second: number): number {
  const tries = first + second;
  if (first === 0) return 1;
  const upper = first > tries / 2;
  let at = upper ? first : first - 1;
  let term = Math.exp(choose(tries, at) - tries * Math.LN2);
  let tail = term;
  while (term > tail * Number.EPSILON) {
    term *= upper ? (tries - at) / (at + 1) : at / (tries - at + 1);
    at += upper ? 1 : -1;
    tail += term;
  }
  return Math.min(1, upper ? tail : 1 - tail);
}

/** The logarithm of the number of ways to choose. */
function choose(from: number, count: number): number {
  return logGamma(from + 1) - logGamma(count + 1) - logGamma(from - count + 1);
}
