import { normalQuantile } from "./normal.ts";

/**
 * The interval of the difference of two shares of the same rows: those that only the first has, against those
 * that only the second has. `undefined` without rows.
 *
 * It has a width where no row, or one, tells the two apart: that none of a hundred does is no proof that none
 * of a thousand would.
 *
 * Source: D. G. Bonett and R. M. Price, "Adjusted Wald confidence interval for a difference of binomial proportions
 * based on paired data" (2012).
 *
 * @param first rows that only the first has
 * @param second rows that only the second has
 * @param of all rows
 * @example adjustedDifference(4, 0, 100, 0.95)?.low // => -0.007232…
 * @example adjustedDifference(0, 0, 0, 0.95) // => undefined
 */
export function adjustedDifference(
  first: number,
  second: number,
  of: number,
  confidence: number,
): { readonly low: number; readonly high: number } | undefined {
  if (of === 0) return undefined;
  const [a, b] = [(first + 1) / (of + 2), (second + 1) / (of + 2)];
  const half = normalQuantile(0.5 + confidence / 2) * Math.sqrt((a + b - (a - b) ** 2) / (of + 2));
  return { low: Math.max(-1, a - b - half), high: Math.min(1, a - b + half) };
}
