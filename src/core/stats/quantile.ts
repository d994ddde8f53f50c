/**
 * A quantile of numbers in ascending order, by linear interpolation: type 7 of Hyndman and Fan
 * (1996), which is the default of R and NumPy. NaN where there is nothing.
 *
 * @param share from 0 (the smallest) to 1 (the largest)
 * @example quantile([1, 2, 3, 4], 0.5) // => 2.5
 * @example quantile([1, 2, 3, 4], 1) // => 4
 * @example quantile([], 0.5) // => NaN
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const low = sorted[below];
  const high = sorted[Math.min(below + 1, sorted.length - 1)];
  if (low === undefined || high === undefined) return Number.NaN;
  return low === high ? low : low + (high - low) * (place - below);
}
