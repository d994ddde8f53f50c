import { sum } from "../stats/sum.ts";

/**
 * Jensen–Shannon distance of two histograms over the same cells, with logarithms to base 2: the square
 * root of the mean divergence of both from their middle. From 0, where the shares agree, to 1, where no
 * cell is in both. NaN where one of them has no rows.
 *
 * Source: D. Endres and J. Schindelin, "A new metric for probability distributions" (2003).
 *
 * @param reference counts of rows
 * @example jensenShannon([1, 1], [5, 5]) // => 0
 * @example jensenShannon([1, 0], [0, 7]) // => 1
 * @example jensenShannon([], []) // => NaN
 */
export function jensenShannon(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  const [n, m] = [sum(reference), sum(current)];
  if (!(n > 0 && m > 0)) return Number.NaN;
  const terms = Array.from(reference, (before, cell) => {
    const [r, c] = [before / n, (current[cell] ?? 0) / m];
    const middle = (r + c) / 2;
    return information(r, middle) + information(c, middle);
  });
  return Math.sqrt(Math.min(1, Math.max(0, sum(terms) / 2))); // rounding alone leads out of 0 to 1
}

const information = (share: number, of: number): number => (share === 0 ? 0 : share * Math.log2(share / of));
