/** Bins of a column of numbers at most. */
export const NUMBER_BINS = 10;

/**
 * Where numbers in ascending order are parted into at most ten bins of about equally many: a number
 * below the first border lies in the first bin. Each border is the roundest number that parts the same rows.
 *
 * @example quantileBorders([1, 2, 3, 4], 2) // => [3]
 * @example quantileBorders([17.23, 19.81, 20.4, 31.07], 2) // => [20]
 * @example quantileBorders([5, 5, 5], 2) // => []
 */
export function quantileBorders(sorted: ArrayLike<number>, bins = NUMBER_BINS): number[] {
  const borders: number[] = [];
  for (let bin = 1; bin < bins; bin++) {
    const place = Math.round((sorted.length * bin) / bins);
    const above = sorted[place];
    if (above === undefined) continue;
    let below = place - 1;
    while (below >= 0 && sorted[below] === above) below--;
    const last = sorted[below];
    if (last === undefined) continue;
    const border = roundest(last, above);
    if (borders.length === 0 || border > (borders[borders.length - 1] as number)) borders.push(border);
  }
  return borders;
}

/**
 * The number with the fewest digits that is greater than the first and at most the second.
 *
 * @example roundest(19.81, 20.4) // => 20
 * @example roundest(-1, 3) // => 0
 * @example roundest(0.1234, 0.1239) // => 0.1235
 */
export function roundest(below: number, above: number): number {
  if (below < 0 && above >= 0) return 0;
  const size = Math.max(Math.abs(below), Math.abs(above));
  for (let power = Math.ceil(Math.log10(size)); power > Math.log10(size) - 15; power--) {
    for (const digit of [5, 2, 1]) {
      const step = digit * 10 ** power;
      // a whole number divided by a power of ten is the double that is written with so many digits
      const times = Math.floor(above / step) * digit;
      const rounded = power < 0 ? times / 10 ** -power : times * 10 ** power;
      if (rounded > below && rounded <= above) return rounded;
    }
  }
  return above;
}

/**
 * The bin of a number: how many borders are not above it.
 *
 * @example binOf([10, 20], 20) // => 2
 * @example binOf([10, 20], 9.5) // => 0
 */
export function binOf(borders: readonly number[], value: number): number {
  let bin = 0;
  while (bin < borders.length && value >= (borders[bin] as number)) bin++;
  return bin;
}
