import { type Measured, sumRows } from "../measures/metrics/metric.ts";

/**
 * A metric of rows of which each has a column's value from another row, its donor, made such that a resample draws
 * donors as well: what one row tells comes in twice, by its label and by the value that it gave away.
 *
 * Resampled rows keep the values that they were given, and of several orders each such value is another row's; so
 * the chance in whose values there are to give is averaged away, which it is not. Each pair of a row and its donor is
 * therefore taken as often as both are drawn, together, and the value moved twice as far as half of that moves it:
 * its first-order influence, the same that the jackknife of a two-sample U-statistic rests on.
 *
 * Source: W. Hoeffding, "A class of statistics with asymptotically normal distribution" (1948), for the two parts.
 *
 * @param order by row: its donor
 * @example withDonors({ value: 2, sums: () => ({ slots: 1, amounts: [Float64Array.of(1, 3)], value: ([sum = 0], rows) => sum / rows }) }, [1, 0]).weighted(Uint16Array.of(2, 0)) // => 2
 * @example withDonors({ value: 2, sums: () => ({ slots: 1, amounts: [Float64Array.of(1, 3)], value: ([sum = 0], rows) => sum / rows }) }, [0, 1]).weighted(Uint16Array.of(2, 0)) // => 0
 */
export function withDonors(measured: Measured, order: ArrayLike<number>): Measured {
  const { sums, weighted, ...rest } = measured;
  if (!Number.isFinite(measured.value) || (sums === undefined && weighted === undefined)) return measured;
  const parts = weighted === undefined ? sums?.() : undefined;
  const into = new Float64Array((parts?.slots ?? 0) * (parts?.amounts.length ?? 0));
  const both = new Uint16Array(order.length);
  return {
    ...rest,
    weighted(weights) {
      let rows = 0;
      for (let row = 0; row < both.length; row++) {
        both[row] = (weights[row] as number) + (weights[order[row] as number] as number);
        rows += both[row] as number;
      }
      const value = weighted?.(both) ?? parts?.value(sumRows(parts, both, into), rows) ?? Number.NaN;
      return measured.value + 2 * (value - measured.value);
    },
  };
}
