import { sum } from "../stats/sum.ts";

/** Rows that an empty cell counts for: an empty cell would make the logarithm infinite. */
const EMPTY = 0.5;

/**
 * Population stability index of two histograms over the same cells:  Σ (cᵢ − rᵢ) · ln(cᵢ / rᵢ)
 *
 * r and c are shares of the rows. An empty cell counts as half a row of its own sample, and nothing else
 * is smoothed, so that without empty cells it is the textbook's. Zero where the shares agree, the same in
 * both directions, without an upper limit. NaN where one of them has no rows; cells that are empty in both
 * are left out.
 *
 * Source: N. Siddiqi, "Credit Risk Scorecards" (2006).
 *
 * @param reference counts of rows
 * @example psi([50, 50], [5, 5]) // => 0
 * @example psi([50, 50], [90, 10]) // => 0.878889830934487…
 * @example psi([50, 50], [0, 0]) // => NaN
 */
export function psi(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  return sum(psiParts(reference, current));
}

/** What each cell adds to the PSI: never below zero. */
export function psiParts(reference: ArrayLike<number>, current: ArrayLike<number>): number[] {
  const [n, m] = [sum(reference), sum(current)];
  return Array.from(reference, (before, cell) => {
    const now = current[cell] ?? 0;
    if (!(n > 0 && m > 0)) return Number.NaN;
    if (before === 0 && now === 0) return 0;
    const r = (before === 0 ? EMPTY : before) / n;
    const c = (now === 0 ? EMPTY : now) / m;
    return (c - r) * Math.log(c / r);
  });
}
