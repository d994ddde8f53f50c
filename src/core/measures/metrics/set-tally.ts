import type { LabelSets } from "../label-sets.ts";
import { type Measured, NO_ROWS, type RowWeights, undefinedBecause } from "./metric.ts";

/** By label, how many rows carry it (`truth`), were decided to (`decided`), and both (`hits`). */
export interface Tally {
  readonly truth: Float64Array;
  readonly decided: Float64Array;
  readonly hits: Float64Array;
}

/** The labels of each row that are on or decided on, row after row: most rows have few of many. */
interface Marks {
  /** Where each row's marks begin; one entry more than there are rows. */
  readonly start: Int32Array;
  readonly label: Int32Array;
  /** 1 is on, 2 is decided on, 3 is both. */
  readonly kind: Uint8Array;
}

const known = new WeakMap<LabelSets, Marks>(); // a dozen metrics ask for the same

function marksOf(sets: LabelSets): Marks {
  const found = known.get(sets);
  if (found !== undefined) return found;
  const { rows, labels, truth, decided } = sets;
  const start = new Int32Array(rows + 1);
  for (let row = 0, cell = 0, count = 0; row < rows; row++) {
    for (let label = 0; label < labels; label++, cell++) {
      if ((truth[cell] as number) + (decided[cell] as number) > 0) count++;
    }
    start[row + 1] = count;
  }
  const label = new Int32Array(start[rows] as number);
  const kind = new Uint8Array(label.length);
  for (let cell = 0, at = 0; cell < truth.length; cell++) {
    const own = (truth[cell] as number) + 2 * (decided[cell] as number);
    if (own === 0) continue;
    label[at] = cell % labels;
    kind[at++] = own;
  }
  const marks = { start, label, kind };
  known.set(sets, marks);
  return marks;
}

/**
 * Counts rows by label, each once or by its weight.
 *
 * @example tallyOf({ rows: 2, labels: 2, truth: Uint8Array.of(1, 0, 1, 1), decided: Uint8Array.of(1, 1, 0, 0) }).truth // => [2, 1]
 */
export function tallyOf(sets: LabelSets, weights?: RowWeights): Tally {
  const { start, label, kind } = marksOf(sets);
  const [truth, decided, hits] = emptyTally(sets.labels);
  for (let row = 0; row < sets.rows; row++) {
    const weight = weights === undefined ? 1 : (weights[row] as number);
    if (weight === 0) continue;
    for (let at = start[row] as number; at < (start[row + 1] as number); at++) {
      const own = label[at] as number;
      const what = kind[at] as number;
      if (what !== 2) truth[own] = (truth[own] as number) + weight;
      if (what !== 1) decided[own] = (decided[own] as number) + weight;
      if (what === 3) hits[own] = (hits[own] as number) + weight;
    }
  }
  return { truth, decided, hits };
}

const emptyTally = (labels: number) =>
  [new Float64Array(labels), new Float64Array(labels), new Float64Array(labels)] as const;

/**
 * A number that follows from a tally of the rows, and so is exact on resampled ones.
 *
 * @param support the rows behind it, where they are not all
 */
export function ofTally(
  sets: LabelSets,
  of: (tally: Tally) => number,
  reason: string,
  support?: number,
): Measured {
  const { rows, labels, truth, decided } = sets;
  if (rows === 0) return undefinedBecause(NO_ROWS);
  const value = of(tallyOf(sets));
  return {
    value,
    ...(Number.isNaN(value) ? { reason } : {}),
    ...(support === undefined ? {} : { support }),
    weighted: (weights) => of(tallyOf(sets, weights)),
    sums: () => ({
      slots: 1,
      amounts: [
        ...columnsOf(sets, (cell) => truth[cell] as number),
        ...columnsOf(sets, (cell) => decided[cell] as number),
        ...columnsOf(sets, (cell) => (truth[cell] as number) * (decided[cell] as number)),
      ],
      value: (sums) =>
        of({
          truth: sums.subarray(0, labels),
          decided: sums.subarray(labels, 2 * labels),
          hits: sums.subarray(2 * labels, 3 * labels),
        }),
    }),
  };
}

function columnsOf({ rows, labels }: LabelSets, of: (cell: number) => number): Float64Array[] {
  return Array.from({ length: labels }, (_, label) => {
    const column = new Float64Array(rows);
    for (let row = 0; row < rows; row++) column[row] = of(row * labels + label);
    return column;
  });
}
