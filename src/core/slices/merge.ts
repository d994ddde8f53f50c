import type { Binned } from "./search.ts";
import type { Part, Slice } from "./top.ts";

/** Two slices that share more of their rows than this are one. */
const SAME = 0.8;

/**
 * Takes out what says the same again: of slices that share nearly all their rows (Jaccard above 0.8) the
 * one with the fewest conditions stays, of equally simple ones the better; and a slice whose rows all
 * lie in another of at least its score is left out.
 *
 * @param slices the best first
 */
export function mergeSlices(slices: readonly Slice[], columns: readonly Binned[]): Slice[] {
  const kept: { readonly slice: Slice; readonly rows: Uint8Array }[] = [];
  const simplest = [...slices].sort((a, b) => a.parts.length - b.parts.length); // otherwise in their order
  for (const slice of simplest) {
    const rows = rowsOf(slice.parts, columns);
    const said = kept.some((other) => {
      const { both, either } = overlap(rows, other.rows);
      return both > SAME * either || (other.slice.score >= slice.score && both === slice.size);
    });
    if (!said) kept.push({ slice, rows });
  }
  const left = new Set(kept.map(({ slice }) => slice));
  return slices.filter((slice) => left.has(slice));
}

/** For each row 1 where it lies in the slice. */
export function rowsOf(parts: readonly Part[], columns: readonly Binned[]): Uint8Array {
  const rows = new Uint8Array(columns[0]?.codes.length ?? 0).fill(1);
  for (const { column, bin } of parts) {
    const codes = columns[column]?.codes;
    if (codes === undefined) throw new RangeError(`no column ${column}`);
    for (let row = 0; row < rows.length; row++) if (codes[row] !== bin) rows[row] = 0;
  }
  return rows;
}

function overlap(a: Uint8Array, b: Uint8Array): { readonly both: number; readonly either: number } {
  let [both, either] = [0, 0];
  for (let row = 0; row < a.length; row++) {
    const [x, y] = [a[row] as number, b[row] as number];
    both += x & y;
    either += x | y;
  }
  return { both, either };
}
