import type { Column } from "../tables/column.ts";
import type { Role } from "./facts.ts";

/** A value that a whole column is set to, and where it stands among the column's own. */
export interface GridPoint {
  readonly value: number | string;
  /** From 0 to 1 along the axis for numbers; the place by frequency, from 0, for categories. */
  readonly at: number;
}

/** Categories that a curve shows: the most frequent ones. */
const MOST_CATEGORIES = 10;
/** The part of the values that a curve spans: beyond it there are few rows to tell of. */
const [FROM, TO] = [0.05, 0.95];

/**
 * The values at which a partial dependence is asked for: of numbers with fewer different values than
 * points, all of them; else as many points evenly from the 5th to the 95th percentile, as scikit-learn's
 * `partial_dependence` has them. Of categories the most frequent ones.
 *
 * Source: scikit-learn 1.9.1, `sklearn.inspection._partial_dependence._grid_from_X`.
 *
 * @example gridOf({ kind: "number", values: new Float64Array([3, 1, 2, 1]) }, "number", 20).map(({ value }) => value) // => [1, 2, 3]
 * @example gridOf({ kind: "text", codes: new Int32Array([0, 1, 1]), words: ["a", "b"] }, "category", 20) // => [{ value: "b", at: 0 }, { value: "a", at: 1 }]
 */
export function gridOf(column: Column, role: Role, points: number): GridPoint[] {
  if (column.kind === "text" || column.kind === "boolean" || role === "category") {
    return frequentValues(column, MOST_CATEGORIES).map((value, at) => ({ value, at }));
  }
  const values = column.values.filter(Number.isFinite).sort();
  const different = [...new Set(values)];
  if (different.length < points) {
    const last = Math.max(1, different.length - 1);
    return different.map((value, place) => ({ value, at: place / last }));
  }
  const [low, high] = [hazen(values, FROM), hazen(values, TO)];
  const step = (high - low) / (points - 1);
  return Array.from({ length: points }, (_, place) => ({
    value: place === points - 1 ? high : low + place * step,
    at: place / (points - 1),
  }));
}

/** The values that most rows have, the most frequent first; of equally frequent ones the smaller. */
export function frequentValues(column: Column, most: number): (number | string)[] {
  const counts = new Map<number | string, number>();
  const rows = column.kind === "text" ? column.codes.length : column.values.length;
  for (let row = 0; row < rows; row++) {
    const value = column.kind === "text" ? column.words[column.codes[row] ?? -1] : column.values[row];
    if (value === undefined || Number.isNaN(value)) continue;
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, most)
    .map(([value]) => value);
}

/** SciPy's `mquantiles` with its default plotting positions (α = β = 0.4). */
function hazen(sorted: Float64Array, share: number): number {
  const n = sorted.length;
  const place = n * share + 0.4 + share * 0.2;
  const below = Math.floor(Math.min(Math.max(place, 1), n - 1));
  const part = Math.min(Math.max(place - below, 0), 1);
  return (1 - part) * (sorted[below - 1] ?? 0) + part * (sorted[below] ?? 0);
}
