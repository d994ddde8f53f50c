/** How often each class was true, was decided for, and both: what every decision metric is made from. */
export interface Confusion {
  readonly rows: number;
  /** By class: rows that belong to it. */
  readonly truth: Float64Array;
  /** By class: rows that were decided to belong to it. */
  readonly decided: Float64Array;
  /** By class: rows of it that were decided so. */
  readonly hits: Float64Array;
  /** What a share of nothing is; absent: 0. NaN: it is not defined, and averages over classes leave it out. */
  readonly empty?: number;
}

/** The cells of a confusion matrix that hold any row, one entry each, by true class, then decided class. */
export interface Cells {
  readonly classes: number;
  readonly truth: Int32Array;
  readonly decided: Int32Array;
  readonly counts: Float64Array;
  /** As {@link Confusion} has it. */
  readonly empty?: number;
}

/** Above this many classes the matrix is counted in a map: most of its cells would be empty. */
const DENSE = 200;

/**
 * Counts rows by true and decided class, each once or by its weight.
 *
 * @example confusionCells(new Float64Array([0, 1, 1]), new Int32Array([1, 1, 1]), 2) // => { classes: 2, truth: [0, 1], decided: [1, 1], counts: [1, 2] }
 */
export function confusionCells(
  labels: Float64Array,
  decisions: Int32Array,
  classes: number,
  weights?: Float64Array,
): Cells {
  const counts = classes <= DENSE ? new Float64Array(classes * classes) : new Map<number, number>();
  for (let row = 0; row < labels.length; row++) {
    const cell = (labels[row] as number) * classes + (decisions[row] as number);
    if (counts instanceof Map) counts.set(cell, (counts.get(cell) ?? 0) + (weights?.[row] ?? 1));
    else counts[cell] = (counts[cell] as number) + (weights?.[row] ?? 1);
  }
  const filled = [...counts.entries()].filter(([, count]) => count > 0).sort(([a], [b]) => a - b);
  return {
    classes,
    truth: Int32Array.from(filled, ([cell]) => Math.floor(cell / classes)),
    decided: Int32Array.from(filled, ([cell]) => cell % classes),
    counts: Float64Array.from(filled, ([, count]) => count),
  };
}

/**
 * The totals of a confusion matrix, with the cells' own counts or with others, such as resampled ones.
 *
 * @example confusionOf(confusionCells(new Float64Array([0, 1, 1]), new Int32Array([1, 1, 1]), 2)) // => { rows: 3, truth: [1, 2], decided: [0, 3], hits: [0, 2] }
 */
export function confusionOf(cells: Cells, counts: Float64Array = cells.counts): Confusion {
  const truth = new Float64Array(cells.classes);
  const decided = new Float64Array(cells.classes);
  const hits = new Float64Array(cells.classes);
  let rows = 0;
  for (let cell = 0; cell < counts.length; cell++) {
    const count = counts[cell] as number;
    const label = cells.truth[cell] as number;
    const decision = cells.decided[cell] as number;
    rows += count;
    truth[label] = (truth[label] as number) + count;
    decided[decision] = (decided[decision] as number) + count;
    if (label === decision) hits[label] = (hits[label] as number) + count;
  }
  return { rows, truth, decided, hits, ...(cells.empty === undefined ? {} : { empty: cells.empty }) };
}

/**
 * The confusion matrix as rows of counts: `matrix[true][decided]`.
 *
 * @example confusionMatrix(confusionCells(new Float64Array([0, 1, 1]), new Int32Array([1, 1, 1]), 2)) // => [[0, 1], [0, 2]]
 */
export function confusionMatrix(cells: Cells): number[][] {
  const matrix = Array.from({ length: cells.classes }, () => new Array<number>(cells.classes).fill(0));
  cells.counts.forEach((count, cell) => {
    const row = matrix[cells.truth[cell] as number];
    if (row !== undefined) row[cells.decided[cell] as number] = count;
  });
  return matrix;
}
