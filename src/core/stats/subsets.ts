import { random } from "./random.ts";
import type { Resampling } from "./resampling.ts";

/**
 * The same units, of which each draw takes every one or leaves it, with an even chance; a draw of none is drawn again.
 *
 * Source: J. A. Hartigan, "Using subsample values as typical values" (1969).
 *
 * @example subsetsOf({ units: 3, title: "rows", next: () => {} }, 7).title // => "random halves of rows"
 */
export function subsetsOf(of: Resampling, seed: number): Resampling {
  const draws = random(seed, "subsets");
  return {
    ...of,
    title: `random halves of ${of.title}`,
    next: (weights) => {
      let taken = 0;
      while (taken === 0) {
        for (let unit = 0, bits = 0; unit < of.units; unit++, bits >>>= 1) {
          if (unit % WORD === 0) bits = draws.next();
          weights[unit] = bits & 1;
          taken += bits & 1;
        }
      }
    },
  };
}

/** Bits of one random number. */
const WORD = 32;
