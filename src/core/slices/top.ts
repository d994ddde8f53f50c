/** One condition of a slice: the column's place, and the bin its values lie in. */
export interface Part {
  readonly column: number;
  readonly bin: number;
}

/** Rows that share one bin of each of one to three columns. */
export interface Slice {
  /** By column, ascending. */
  readonly parts: readonly Part[];
  /** Rows. */
  readonly size: number;
  /** Sum of the losses of its rows, each times its weight. */
  readonly loss: number;
  readonly score: number;
}

/** The best slices seen so far. */
export interface Top {
  /** A score below this is of no interest any more; before there are enough slices, 0. */
  readonly least: () => number;
  readonly offer: (slice: Slice) => void;
  readonly slices: () => readonly Slice[];
}

/** Scores this close, relative to their size, differ by rounding alone. */
const ROUNDING = 1e-12;

/**
 * Keeps the slices of highest score; of equal scores the one with fewer conditions comes first, then the
 * larger, then the one whose columns and bins come first. So the order in which they are offered does not show.
 */
export function topSlices(count: number): Top {
  const kept: Slice[] = [];
  return {
    least: () => {
      const last = kept.length < count ? undefined : kept[kept.length - 1];
      return last === undefined ? 0 : last.score - ROUNDING * Math.abs(last.score);
    },
    offer: (slice) => {
      if (!(slice.score > 0)) return;
      const place = kept.findIndex((other) => compareSlices(slice, other) < 0);
      if (place === -1) {
        if (kept.length < count) kept.push(slice);
        return;
      }
      kept.splice(place, 0, slice);
      if (kept.length > count) kept.pop();
    },
    slices: () => kept,
  };
}

/** Which of two slices comes first: see {@link topSlices}. */
export function compareSlices(a: Slice, b: Slice): number {
  return (
    b.score - a.score || a.parts.length - b.parts.length || b.size - a.size || compareParts(a.parts, b.parts)
  );
}

function compareParts(a: readonly Part[], b: readonly Part[]): number {
  for (const [place, part] of a.entries()) {
    const other = b[place];
    if (other === undefined) return 1;
    if (part.column !== other.column) return part.column - other.column;
    if (part.bin !== other.bin) return part.bin - other.bin;
  }
  return 0;
}
