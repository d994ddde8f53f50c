/** Rows, what they count, their losses and the greatest loss in each cell. */
export interface Counts {
  /** Rows. */
  readonly sizes: Uint32Array;
  /** Sum of the rows' weights; without weights the rows themselves. */
  readonly masses: Uint32Array | Float64Array;
  /** Sum of the squares of the rows' weights; without weights the rows themselves. */
  readonly squares: Uint32Array | Float64Array;
  /** Sum of what the rows lost, each times its weight. */
  readonly losses: Float64Array;
  /** The greatest loss of a row, whatever its weight. */
  readonly greatest: Float64Array;
}

/** What rows lost, and how much each counts. */
export interface Losses {
  /** By row, finite and not negative. */
  readonly each: Float64Array;
  /** By row, above 0; where there are none all rows count 1. */
  readonly weights?: Float64Array | undefined;
  /** The rows that lost anything: where most predictions are right, only they need be added up. */
  readonly lossy: Int32Array;
  /** What they lost in all, each times its weight. */
  readonly total: number;
  /** What all rows count. */
  readonly mass: number;
}

/** Rows' losses, summed up. */
export function lossesOfRows(each: Float64Array, weights?: Float64Array): Losses {
  const rows = new Int32Array(each.length);
  let [count, total, mass] = [0, 0, 0];
  for (let row = 0; row < each.length; row++) {
    const weight = weights === undefined ? 1 : (weights[row] as number);
    mass += weight;
    if (each[row] === 0) continue;
    total += weight * (each[row] as number);
    rows[count] = row;
    count++;
  }
  return { each, weights, lossy: rows.subarray(0, count), total, mass };
}

/** What lies in each bin of a column. */
export function countCells(side: Side, losses: Losses): Counts {
  return countPairs(side, { codes: new Uint8Array(side.codes.length), bins: 1 }, losses);
}

interface Side {
  readonly codes: Uint8Array;
  readonly bins: number;
}

/** What lies in each pair of bins of two columns: cell i × (bins of the second) + j. */
export function countPairs(left: Side, right: Side, { each, weights, lossy }: Losses): Counts {
  const { codes: first } = left;
  const { codes: second, bins: width } = right;
  const cells = left.bins * width;
  const sizes = new Uint32Array(cells);
  for (let row = 0; row < first.length; row++) {
    const cell = (first[row] as number) * width + (second[row] as number);
    sizes[cell] = (sizes[cell] as number) + 1;
  }
  const weighed =
    weights === undefined
      ? { masses: sizes, squares: sizes }
      : { masses: new Float64Array(cells), squares: new Float64Array(cells) };
  if (weights !== undefined) {
    for (let row = 0; row < first.length; row++) {
      const cell = (first[row] as number) * width + (second[row] as number);
      const weight = weights[row] as number;
      weighed.masses[cell] = (weighed.masses[cell] as number) + weight;
      weighed.squares[cell] = (weighed.squares[cell] as number) + weight * weight;
    }
  }
  const losses = new Float64Array(cells);
  const greatest = new Float64Array(cells);
  for (let at = 0; at < lossy.length; at++) {
    const row = lossy[at] as number;
    const cell = (first[row] as number) * width + (second[row] as number);
    const loss = each[row] as number;
    losses[cell] =
      (losses[cell] as number) + (weights === undefined ? loss : loss * (weights[row] as number));
    if (loss > (greatest[cell] as number)) greatest[cell] = loss;
  }
  return { sizes, ...weighed, losses, greatest };
}
