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

/** What several metrics of the same answers ask for, made once. */
interface Shared {
  marks?: Marks;
  columns?: readonly Float64Array[];
  /** The last draw of rows that was counted, and what came of it: all metrics of a draw ask one after the other. */
  drawn?: { readonly weights: RowWeights; readonly tally: Tally };
}

const shared = new WeakMap<LabelSets, Shared>();

function sharedOf(sets: LabelSets): Shared {
  const found = shared.get(sets) ?? {};
  shared.set(sets, found);
  return found;
}

function marksOf(sets: LabelSets): Marks {
  const own = sharedOf(sets);
  if (own.marks !== undefined) return own.marks;
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
    const what = (truth[cell] as number) + 2 * (decided[cell] as number);
    if (what === 0) continue;
    label[at] = cell % labels;
    kind[at++] = what;
  }
  own.marks = { start, label, kind };
  return own.marks;
}

/** The tally of a draw of rows, which its next metric need not count again. */
function tallyOfDraw(sets: LabelSets, weights: RowWeights): Tally {
  const own = sharedOf(sets);
  if (own.drawn !== undefined && equal(own.drawn.weights, weights)) return own.drawn.tally;
  own.drawn = { weights: weights.slice(), tally: tallyOf(sets, weights) };
  return own.drawn.tally;
}

function equal(a: RowWeights, b: RowWeights): boolean {
  if (a.length !== b.length) return false;
  for (let row = 0; row < a.length; row++) if (a[row] !== b[row]) return false;
  return true;
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
  const { rows, labels } = sets;
  if (rows === 0) return undefinedBecause(NO_ROWS);
  const value = of(tallyOf(sets));
  return {
    value,
    ...(Number.isNaN(value) ? { reason } : {}),
    ...(support === undefined ? {} : { support }),
    weighted: (weights) => of(tallyOfDraw(sets, weights)),
    sums: () => ({
      slots: 1,
      amounts: columnsOf(sets),
      value: (sums) =>
        of({
          truth: sums.subarray(0, labels),
          decided: sums.subarray(labels, 2 * labels),
          hits: sums.subarray(2 * labels, 3 * labels),
        }),
    }),
  };
}

/** Each label's truth as a column, then what was decided, then both. */
function columnsOf(sets: LabelSets): readonly Float64Array[] {
  const own = sharedOf(sets);
  if (own.columns !== undefined) return own.columns;
  const { rows, labels, truth, decided } = sets;
  const column = (of: (cell: number) => number, label: number) =>
    Float64Array.from({ length: rows }, (_, row) => of(row * labels + label));
  own.columns = [
    (cell: number) => truth[cell] as number,
    (cell: number) => decided[cell] as number,
    (cell: number) => (truth[cell] as number) * (decided[cell] as number),
  ].flatMap((of) => Array.from({ length: labels }, (_, label) => column(of, label)));
  return own.columns;
}
