/**
 * The sum of numbers, in their order, with Neumaier's correction for what rounding loses.
 *
 * The order is fixed, so the same numbers give the same sum on every machine. An empty sum is 0.
 *
 * Source: A. Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen" (1974).
 *
 * @example sum([1, 1e100, 1, -1e100]) // => 2
 * @example sum([]) // => 0
 * @example sum([1, NaN]) // => NaN
 */
export function sum(values: ArrayLike<number>): number {
  let total = 0;
  let lost = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return Number.isFinite(lost) ? total + lost : total;
}

/**
 * The mean; NaN where there is nothing.
 *
 * @example mean([1, 2, 6]) // => 3
 * @example mean([]) // => NaN
 */
export function mean(values: ArrayLike<number>): number {
  return sum(values) / values.length;
}
