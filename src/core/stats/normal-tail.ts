import { gammaTail } from "./gamma.ts";

/**
 * How often a standard normal number is farther from 0 than this one, on either side: the two-sided
 * p-value of z. Small ones keep their digits.
 *
 * @example bothTails(0) // => 1
 * @example bothTails(-1.959963984540054) // => 0.0500000000000…
 * @example bothTails(Infinity) // => 0
 */
export function bothTails(z: number): number {
  return gammaTail(0.5, (z * z) / 2);
}

/**
 * How often a standard normal number is at most this one.
 *
 * @example normalBelow(0) // => 0.5
 * @example normalBelow(1.959963984540054) // => 0.975
 */
export function normalBelow(z: number): number {
  const half = bothTails(z) / 2;
  return z > 0 ? 1 - half : half;
}
