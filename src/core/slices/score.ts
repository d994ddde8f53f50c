/** What a slice's score is made of: how many rows there are, and how much loss. */
export interface Whole {
  /** All rows, or what they count where they have weights. */
  readonly rows: number;
  /** Sum of the losses of all rows, each times its weight; above 0. */
  readonly loss: number;
  /** How much the loss counts against the size, above 0 and at most 1. */
  readonly alpha: number;
}

/**
 * SliceLine's score: how far the slice's mean loss lies above the mean of all rows, against how small
 * it is. 0 is what all rows together have; a slice with a score above 0 is worth a look.
 *
 * Source: S. Sagadeeva and M. Boehm, "SliceLine: Fast, linear-algebra-based slice finding for ML model
 * debugging" (2021), definition 1. A row of weight w counts as w rows.
 *
 * @example scoreOf(100, 10, { rows: 100, loss: 10, alpha: 0.95 }) // => 0
 * @example scoreOf(20, 8, { rows: 100, loss: 10, alpha: 0.95 }) // => 2.6499…
 */
export function scoreOf(size: number, loss: number, { rows, loss: all, alpha }: Whole): number {
  return alpha * (loss / size / (all / rows) - 1) - (1 - alpha) * (rows / size - 1);
}

/**
 * The highest score that any slice can have whose size, loss and greatest loss are at most these, and
 * whose size is at least the support. Between its corners the score only rises or only falls, so the
 * corners are looked at: the support, the size from which on the loss is all spent, and the size.
 *
 * @param size rows, or what they count where they have weights
 * @param support the least that a slice counts
 * @example boundOf(100, 10, 1, 10, { rows: 100, loss: 10, alpha: 0.95 }) // => 8.0999…
 * @example boundOf(5, 5, 1, 10, { rows: 100, loss: 10, alpha: 0.95 }) // => -Infinity
 */
export function boundOf(size: number, loss: number, most: number, support: number, whole: Whole): number {
  if (size < support || loss <= 0) return -Infinity;
  const spent = Math.min(Math.max(loss / most, support), size);
  const at = (rows: number): number => scoreOf(rows, Math.min(loss, rows * most), whole);
  return Math.max(at(support), at(spent), at(size));
}

/**
 * The least that so many rows count, whichever they are: the sum of the smallest weights, less what adding up in
 * another order may make of it.
 *
 * That is all that a support says of the weight of what lies below a slice. The effective number of rows is no bound:
 * without its one heavy row a slice is worth more.
 *
 * @example leastMass(2, Float64Array.of(4, 1, 2)) // => 2.9999…
 * @example leastMass(2, undefined) // => 2
 */
export function leastMass(rows: number, weights: Float64Array | undefined): number {
  if (weights === undefined) return rows;
  const smallest = weights.slice().sort().subarray(0, rows);
  return smallest.reduce((sum, weight) => sum + weight, 0) * (1 - ROUNDING);
}

/** What sums of a million doubles may be off by, relative to their size. */
const ROUNDING = 1e-9;
