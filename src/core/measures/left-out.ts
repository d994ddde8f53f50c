import type { LeftOut } from "./bca.ts";
import { type Cells, confusionOf } from "./confusion.ts";
import { type DecisionMetric, type Measured, sumRows } from "./metrics/metric.ts";
import type { Costs } from "./scored.ts";

/** Leaving out takes as many measurements as there are rows where a metric has no sums; with more it is not tried. */
const FEW = 2000;
/** What is not known: the interval then stays uncorrected. */
const UNKNOWN: LeftOut = { values: new Float64Array(0) };

/**
 * A metric with each row left out in turn, from its sums: all rows' sums less that row's, so that it
 * takes one pass. Where the sums are exact so is this; where they are influences, as for the ranks'
 * metrics, it is the infinitesimal jackknife, which differs by one part in as many rows as a class has.
 * A metric without sums, such as a median, is measured again for each row, up to 2,000 rows; with more
 * nothing is known.
 */
export function rowsLeftOut(measured: Measured, rows: number): LeftOut {
  if (measured.sums === undefined) return oneByOne(measured, rows);
  const sums = measured.sums();
  const { slot, amounts } = sums;
  const total = sumRows(sums, new Uint16Array(rows).fill(1));
  const rest = new Float64Array(total.length);
  const values = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    rest.set(total);
    const first = (slot?.[row] ?? 0) * amounts.length;
    for (let a = 0; a < amounts.length; a++) {
      rest[first + a] = (rest[first + a] as number) - (amounts[a]?.[row] as number);
    }
    values[row] = sums.value(rest, rows - 1);
  }
  return { values };
}

function oneByOne({ weighted }: Measured, rows: number): LeftOut {
  if (weighted === undefined || rows > FEW) return UNKNOWN;
  const weights = new Uint16Array(rows).fill(1);
  const values = Float64Array.from({ length: rows }, (_, row) => {
    weights[row] = 0;
    const value = weighted(weights);
    weights[row] = 1;
    return value;
  });
  return { values };
}

/** A decision metric with one row of each cell left out in turn: all rows of a cell leave the same behind. */
export function cellsLeftOut(metric: DecisionMetric, cells: Cells, costs: Costs | undefined): LeftOut {
  const { counts } = cells;
  const rest = counts.slice();
  const values = counts.map((count, cell) => {
    rest[cell] = count - 1;
    const value = metric.of(confusionOf(cells, rest), costs);
    rest[cell] = count;
    return value;
  });
  return { values, counts };
}
