import { normalQuantile } from "./normal.ts";

/**
 * Wilson's score interval of a proportion: where the true one lies, given `count` of `of`.
 *
 * It stays within 0 and 1, keeps its promise for small numbers and never has width zero, so a rate
 * of 0 in ten rows is not taken for certain. `undefined` where there are no rows.
 *
 * Source: E. B. Wilson (1927); Brown, Cai and DasGupta, "Interval estimation for a binomial proportion" (2001).
 *
 * @example wilson(0, 0, 0.95) // => undefined
 * @example wilson(0, 10, 0.95)?.low // => 0
 * @example wilson(3, 8, 0.95)?.high // => 0.694257…
 */
export function wilson(
  count: number,
  of: number,
  confidence: number,
): { readonly low: number; readonly high: number } | undefined {
  if (of === 0) return undefined;
  const z = normalQuantile(0.5 + confidence / 2);
  const share = count / of;
  const scale = 1 + (z * z) / of;
  const center = (share + (z * z) / (2 * of)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of));
  return {
    low: count === 0 ? 0 : Math.max(0, center - half),
    high: count === of ? 1 : Math.min(1, center + half),
  };
}
