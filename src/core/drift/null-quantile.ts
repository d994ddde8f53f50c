import { chiSquareBeyond } from "../stats/chi-square.ts";
import { multinomial } from "../stats/multinomial.ts";
import { random } from "../stats/random.ts";
import { mean, sum } from "../stats/sum.ts";
import { psi } from "./psi.ts";

/** With so many rows expected in each cell of the smaller sample, the chi-square formula holds. */
const ENOUGH = 200;
const DRAWS = 4000;
/** The draws from which the tail is told: enough for a mean, few enough to be a tail. */
const BEYOND = 100;
/** Always the same draws: the same log has the same answer. */
const SEED = 20261121;

/**
 * The PSI that two samples of these sizes exceed with this probability although nothing has changed,
 * for large counts: PSI · nm / (n + m) is then chi-square with one degree of freedom less than cells.
 *
 * Source: B. Yurdakul, "Statistical properties of population stability index" (2018).
 *
 * @param sizes rows of the reference and of the log
 * @example asymptoticQuantile(10, [1000, 1000], 0.05) // => 0.0338379552092…
 */
export function asymptoticQuantile(cells: number, [n, m]: readonly [number, number], tail: number): number {
  return chiSquareBeyond(tail, Math.max(0, cells - 1)) * (1 / n + 1 / m);
}

/** Whether the smaller sample has cells in which so few rows are expected that the formula says too little. */
export function isSparse(reference: readonly number[], current: readonly number[]): boolean {
  const [n, m] = [sum(reference), sum(current)];
  const share = Math.min(n, m) / (n + m);
  return reference.some((before, cell) => {
    const both = before + (current[cell] ?? 0);
    return both > 0 && both * share < ENOUGH;
  });
}

/**
 * The same by drawing, which holds for few rows and rare cells too: both samples are drawn again and
 * again from their common shares. Beyond what so many draws can show, the tail goes on as an exponential
 * one, by the mean excess of the hundred largest draws; chi-square's own falls faster.
 *
 * Which are the draws does not depend on when or where it is asked.
 *
 * @param reference counts of rows
 */
export function drawnQuantile(
  reference: readonly number[],
  current: readonly number[],
  tail: number,
): number {
  const [n, m] = [sum(reference), sum(current)];
  if (!(n > 0 && m > 0)) return Number.NaN;
  const common = reference.map((before, cell) => before + (current[cell] ?? 0));
  const stream = random(SEED, "psi without change");
  const [a, b] = [new Float64Array(common.length), new Float64Array(common.length)];
  const drawn = Float64Array.from({ length: DRAWS }, () =>
    psi(multinomial(n, common, a, stream), multinomial(m, common, b, stream)),
  ).sort();
  const within = Math.floor(tail * DRAWS);
  if (within >= BEYOND) return drawn[DRAWS - 1 - within] ?? 0;
  const start = drawn[DRAWS - 1 - BEYOND] ?? 0;
  const excess = mean(drawn.subarray(DRAWS - BEYOND)) - start;
  return start + excess * Math.log(BEYOND / DRAWS / tail);
}
