import { gammaTail } from "./gamma.ts";

/**
 * How often a chi-square number is beyond x.
 *
 * @param freedom degrees of freedom, above 0
 * @example chiSquareTail(3.841458820694124, 1) // => 0.0500000000000…
 * @example chiSquareTail(0, 9) // => 1
 */
export function chiSquareTail(x: number, freedom: number): number {
  return gammaTail(freedom / 2, x / 2);
}

/**
 * The number that a chi-square number is beyond with this probability: small ones keep their digits.
 * A probability of 1 gives 0, of 0 gives ∞; outside them NaN. No freedom gives 0, since nothing varies.
 *
 * @param tail probability of being beyond it
 * @example chiSquareBeyond(0.05, 1) // => 3.84145882069412…
 * @example chiSquareBeyond(0.05, 0) // => 0
 */
export function chiSquareBeyond(tail: number, freedom: number): number {
  if (!(tail >= 0 && tail <= 1 && freedom >= 0)) return Number.NaN;
  if (freedom === 0 || tail === 1) return 0;
  if (tail === 0) return Infinity;
  let high = freedom;
  while (chiSquareTail(high, freedom) > tail) high *= 2;
  let low = 0;
  for (;;) {
    const middle = low + (high - low) / 2; // until no double is left between them
    if (middle <= low || middle >= high) return middle;
    if (chiSquareTail(middle, freedom) > tail) low = middle;
    else high = middle;
  }
}
