import type { LabelSets } from "../label-sets.ts";
import { type Measured, measuredBy, undefinedBecause } from "./metric.ts";

/**
 * The mean of one number a row. A row that does not define its own (NaN) is left out.
 *
 * @param none why there is no value where no row defines one
 */
export function overRows(
  { rows }: LabelSets,
  each: (row: number) => number,
  none = "no row defines it",
): Measured {
  const amounts = new Float64Array(rows);
  const counted = new Float64Array(rows);
  let defined = 0;
  for (let row = 0; row < rows; row++) {
    const value = each(row);
    if (Number.isNaN(value)) continue;
    amounts[row] = value;
    counted[row] = 1;
    defined++;
  }
  if (rows > 0 && defined === 0) return undefinedBecause(none);
  const value = ([sum = 0, count = 0]: Float64Array): number => sum / count;
  const measured = {
    ...measuredBy({ slots: 1, amounts: [amounts, counted], value }, rows),
    support: defined,
  };
  return defined === rows ? { ...measured, byMean: true } : measured;
}

/** How many labels of a row are on, were decided on, and both. */
export function countsOf(
  { labels, truth, decided }: LabelSets,
  row: number,
): { readonly hits: number; readonly decided: number; readonly truth: number } {
  let [hits, chosen, real] = [0, 0, 0];
  for (let cell = row * labels; cell < (row + 1) * labels; cell++) {
    const [on, said] = [truth[cell] as number, decided[cell] as number];
    real += on;
    chosen += said;
    hits += on * said;
  }
  return { hits, decided: chosen, truth: real };
}
