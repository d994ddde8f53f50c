import { normalQuantile } from "./normal.ts";

/** The share of cases that planning by {@link reachOf} lets be decided: four of five, the usual power (J. Cohen, 1988). */
const DECIDED = 0.8;

/**
 * How many half-widths of its interval a value must be away from a limit for four of five such intervals to
 * lie on one side of it: (z + 0.84) / z.
 *
 * At one half-width it is a coin's throw, since the value that is found scatters around the true one: every
 * second interval still holds the limit.
 *
 * @param confidence of the interval
 * @example reachOf(0.95) // => 1.42940…
 * @example reachOf(0.99) // => 1.32673…
 */
export function reachOf(confidence: number): number {
  const z = normalQuantile(0.5 + confidence / 2);
  return (z + normalQuantile(DECIDED)) / z;
}
