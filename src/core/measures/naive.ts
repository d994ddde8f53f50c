import { sum } from "../stats/sum.ts";

/**
 * What the seasonal naive forecast errs by in each series: the mean of |y − y a season before|. NaN for a series
 * of no more moments than a season has.
 *
 * @param series the series of each value, counted from 0; values of a series stand in the order of time
 * @param season how many moments a season has; 1: the moment before
 * @example naiveErrors(Int32Array.of(0, 0, 0, 1), Float64Array.of(1, 3, 4, 9), 1) // => [1.5, NaN]
 */
export function naiveErrors(series: Int32Array, values: Float64Array, season: number): Float64Array {
  const lists: number[][] = [];
  series.forEach((own, row) => {
    const list = lists[own] ?? [];
    lists[own] = list;
    list.push(values[row] as number);
  });
  return Float64Array.from(lists, (list) => {
    const errors = Float64Array.from({ length: Math.max(0, list.length - season) }, (_, at) =>
      Math.abs((list[at + season] as number) - (list[at] as number)),
    );
    return sum(errors) / errors.length;
  });
}
