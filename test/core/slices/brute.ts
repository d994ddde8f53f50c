import { scoreOf } from "../../../src/core/slices/score.ts";
import type { Binned, SearchSettings } from "../../../src/core/slices/search.ts";
import { compareSlices, type Part, type Slice } from "../../../src/core/slices/top.ts";

/** Every slice there is, one after the other, and the best of them; a row of weight w counts as w rows. */
export function enumerate(
  columns: readonly Binned[],
  losses: Float64Array,
  { depth, support, count, alpha }: SearchSettings,
  weights = new Float64Array(losses.length).fill(1),
): Slice[] {
  const every = [...losses.keys()];
  const massOf = (rows: readonly number[]) => rows.reduce((sum, row) => sum + (weights[row] ?? 0), 0);
  const lossOf = (rows: readonly number[]) =>
    rows.reduce((sum, row) => sum + (losses[row] ?? 0) * (weights[row] ?? 0), 0);
  const worthOf = (rows: readonly number[]) =>
    massOf(rows) ** 2 / rows.reduce((sum, row) => sum + (weights[row] ?? 0) ** 2, 0);
  const whole = { rows: massOf(every), loss: lossOf(every), alpha };
  const found: Slice[] = [];
  const below = (from: number, parts: readonly Part[], rows: readonly number[]): void => {
    if (parts.length > 0) {
      const loss = lossOf(rows);
      const slice = { parts, size: rows.length, loss, score: scoreOf(massOf(rows), loss, whole) };
      if (worthOf(rows) >= support * (1 - 1e-9) && slice.score > 0) found.push(slice);
    }
    if (parts.length === depth) return;
    for (let column = from; column < columns.length; column++) {
      const { codes, bins } = columns[column] as Binned;
      for (let bin = 0; bin < bins; bin++) {
        below(
          column + 1,
          [...parts, { column, bin }],
          rows.filter((row) => codes[row] === bin),
        );
      }
    }
  };
  below(0, [], every);
  return found.sort(compareSlices).slice(0, count);
}
