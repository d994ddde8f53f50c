import { scoreOf } from "../../../src/core/slices/score.ts";
import type { Binned, SearchSettings } from "../../../src/core/slices/search.ts";
import { compareSlices, type Part, type Slice } from "../../../src/core/slices/top.ts";

/** Every slice there is, one after the other, and the best of them. */
export function enumerate(
  columns: readonly Binned[],
  losses: Float64Array,
  { depth, support, count, alpha }: SearchSettings,
): Slice[] {
  const whole = { rows: losses.length, loss: losses.reduce((sum, loss) => sum + loss, 0), alpha };
  const found: Slice[] = [];
  const below = (from: number, parts: readonly Part[], rows: readonly number[]): void => {
    if (parts.length > 0) {
      const loss = rows.reduce((sum, row) => sum + (losses[row] ?? 0), 0);
      const slice = { parts, size: rows.length, loss, score: scoreOf(rows.length, loss, whole) };
      if (rows.length >= support && slice.score > 0) found.push(slice);
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
  below(
    0,
    [],
    Array.from(losses, (_, row) => row),
  );
  return found.sort(compareSlices).slice(0, count);
}
