/** Rows, losses and greatest loss in each cell. */
export interface Counts {
  readonly sizes: Uint32Array;
  readonly losses: Float64Array;
  readonly greatest: Float64Array;
}

/** The rows that lost anything: where most predictions are right, only they need be added up. */
export function rowsWithLoss(losses: Float64Array): Int32Array {
  const rows = new Int32Array(losses.length);
  let count = 0;
  for (let row = 0; row < losses.length; row++) {
    if (losses[row] === 0) continue;
    rows[count] = row;
    count++;
  }
  return rows.subarray(0, count);
}

/** What lies in each bin of a column. */
export function countCells(codes: Uint8Array, bins: number, losses: Float64Array, lossy: Int32Array): Counts {
  return countPairs({ codes, bins }, { codes: new Uint8Array(codes.length), bins: 1 }, losses, lossy);
}

interface Side {
  readonly codes: Uint8Array;
  readonly bins: number;
}

/** What lies in each pair of bins of two columns: cell i × (bins of the second) + j. */
export function countPairs(left: Side, right: Side, losses: Float64Array, lossy: Int32Array): Counts {
  const { codes: first } = left;
  const { codes: second, bins: width } = right;
  const cells = left.bins * width;
  const counts: Counts = {
    sizes: new Uint32Array(cells),
    losses: new Float64Array(cells),
    greatest: new Float64Array(cells),
  };
  for (let row = 0; row < first.length; row++) {
    const cell = (first[row] as number) * width + (second[row] as number);
    counts.sizes[cell] = (counts.sizes[cell] as number) + 1;
  }
  for (let at = 0; at < lossy.length; at++) {
    const row = lossy[at] as number;
    const cell = (first[row] as number) * width + (second[row] as number);
    const loss = losses[row] as number;
    counts.losses[cell] = (counts.losses[cell] as number) + loss;
    if (loss > (counts.greatest[cell] as number)) counts.greatest[cell] = loss;
  }
  return counts;
}
