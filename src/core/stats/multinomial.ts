import { binomial } from "./binomial.ts";
import type { Random } from "./random.ts";

/**
 * One draw from the multinomial distribution, written into `out`: how often each cell comes up in
 * `trials` tries whose chances are proportional to `weights`.
 *
 * Drawing the cells of a table this way is the bootstrap of its rows, exactly, in time that does
 * not depend on the number of rows. Weights are not negative; if all are zero, `out` is all zero.
 *
 * @example multinomial(6, [0, 2, 0], new Float64Array(3), { next: () => 0, uniform: () => 0.5, below: () => 0 }) // => [0, 6, 0]
 * @example multinomial(6, [0, 0], new Float64Array(2), { next: () => 0, uniform: () => 0.5, below: () => 0 }) // => [0, 0]
 */
export function multinomial(
  trials: number,
  weights: ArrayLike<number>,
  out: Float64Array,
  random: Random,
): Float64Array {
  let weight = 0;
  let last = -1;
  for (let cell = 0; cell < weights.length; cell++) {
    const own = weights[cell] ?? 0;
    weight += own;
    if (own > 0) last = cell;
  }
  let rest = last < 0 ? 0 : trials;
  for (let cell = 0; cell < weights.length; cell++) {
    const own = weights[cell] ?? 0;
    const drawn = cell === last ? rest : own > 0 && rest > 0 ? binomial(rest, own / weight, random) : 0;
    out[cell] = drawn;
    rest -= drawn;
    weight -= own;
  }
  return out;
}
