import type { Random } from "./random.ts";

/** A mean that Knuth's products of uniforms still reach without underflow, and quickly. */
const STEP = 16;

/**
 * One draw from the Poisson distribution.
 *
 * Products of uniform numbers, in steps of 16, since a sum of Poisson numbers is one: exact, and
 * in time proportional to the mean.
 *
 * Source: Knuth, TAOCP 2, algorithm 3.4.1 Q.
 *
 * @example poisson(0, { next: () => 0, uniform: () => 0.5, below: () => 0 }) // => 0
 * @example poisson(1, { next: () => 0, uniform: () => 0.5, below: () => 0 }) // => 1
 */
export function poisson(mean: number, random: Random): number {
  let events = 0;
  for (let rest = mean; rest > 0; rest -= STEP) {
    const limit = Math.exp(-Math.min(rest, STEP));
    let product = random.uniform();
    while (product > limit) {
      events++;
      product *= random.uniform();
    }
  }
  return events;
}
