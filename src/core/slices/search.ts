import { type Counts, countCells, countPairs, rowsWithLoss } from "./counts.ts";
import { boundOf, scoreOf, type Whole } from "./score.ts";
import { type Slice, type Top, topSlices } from "./top.ts";

/** A column of bins: each row's bin, of so many. */
export interface Binned {
  readonly codes: Uint8Array;
  readonly bins: number;
}

/** How far and for what the lattice of slices is searched. */
export interface SearchSettings {
  /** Conditions in a slice at most: 1 to 3. */
  readonly depth: number;
  /** Rows that a slice has at least. */
  readonly support: number;
  /** Slices that are wanted. */
  readonly count: number;
  /** See {@link scoreOf}. */
  readonly alpha: number;
}

/**
 * The slices of highest score, as an enumeration of all of them would find them.
 *
 * Level by level, as SliceLine does: a slice is counted only where none of its parents rules out, by
 * the bound on its score, that it comes among the best. Slices of the same columns are counted together, in
 * one pass over the rows that are still in question.
 *
 * @param losses a row's loss each, finite and not negative; where all are 0 nothing is found
 */
export function searchSlices(
  columns: readonly Binned[],
  losses: Float64Array,
  settings: SearchSettings,
): readonly Slice[] {
  const top = topSlices(settings.count);
  const lossy = rowsWithLoss(losses);
  let loss = 0;
  for (const row of lossy) loss += losses[row] as number;
  const whole: Whole = { rows: losses.length, loss, alpha: settings.alpha };
  if (!(loss > 0)) return [];
  const search: Search = { columns, losses, lossy, whole, settings, top };
  const singles = columns.map((column, a) => single(search, column, a));
  if (settings.depth < 2) return top.slices();
  const pairs = columns.map((_, a) =>
    columns.map((_, b) => (b > a ? pair(search, a, b, singles) : undefined)),
  );
  if (settings.depth > 2) triples(search, pairs);
  return top.slices();
}

interface Search {
  readonly columns: readonly Binned[];
  readonly losses: Float64Array;
  readonly lossy: Int32Array;
  readonly whole: Whole;
  readonly settings: SearchSettings;
  readonly top: Top;
}

/** What is known of the slices of one or two columns: their counts, and what they allow those below them. */
interface Level extends Counts {
  /** The second column's bins; the cell of bins i and j is i × width + j. */
  readonly width: number;
}

function single({ losses, lossy, whole, settings, top }: Search, column: Binned, a: number): Level {
  const counts = countCells(column.codes, column.bins, losses, lossy);
  for (let bin = 0; bin < column.bins; bin++) {
    const size = counts.sizes[bin] as number;
    const loss = counts.losses[bin] as number;
    if (size < settings.support) continue;
    top.offer({ parts: [{ column: a, bin }], size, loss, score: scoreOf(size, loss, whole) });
  }
  return { ...counts, width: 1 };
}

/** The slices of two columns; undefined where none of them nor of those below can be among the best. */
function pair(search: Search, a: number, b: number, singles: readonly Level[]): Level | undefined {
  const { columns, losses, lossy, whole, settings, top } = search;
  const [left, right, first, second] = [columns[a], columns[b], singles[a], singles[b]];
  if (left === undefined || right === undefined || first === undefined || second === undefined) return;
  let hope = false;
  for (let i = 0; i < left.bins && !hope; i++) {
    for (let j = 0; j < right.bins && !hope; j++) {
      hope = promising(search, first, i, second, j);
    }
  }
  if (!hope) return;
  const counts = countPairs(left, right, losses, lossy);
  for (let cell = 0; cell < counts.sizes.length; cell++) {
    const size = counts.sizes[cell] as number;
    const loss = counts.losses[cell] as number;
    if (size < settings.support || loss <= 0) continue;
    const score = scoreOf(size, loss, whole);
    if (score < top.least()) continue;
    const parts = [
      { column: a, bin: Math.floor(cell / right.bins) },
      { column: b, bin: cell % right.bins },
    ];
    top.offer({ parts, size, loss, score });
  }
  return { ...counts, width: right.bins };
}

function promising({ whole, settings, top }: Search, a: Level, i: number, b: Level, j: number): boolean {
  const bound = boundOf(
    Math.min(a.sizes[i] as number, b.sizes[j] as number),
    Math.min(a.losses[i] as number, b.losses[j] as number),
    Math.min(a.greatest[i] as number, b.greatest[j] as number),
    settings.support,
    whole,
  );
  return bound > 0 && bound >= top.least();
}

type Pairs = readonly (readonly (Level | undefined)[])[];

function triples(search: Search, pairs: Pairs): void {
  const { columns, losses } = search;
  const rows = new Int32Array(losses.length);
  const cells = new Uint16Array(losses.length);
  for (let a = 0; a < columns.length; a++) {
    for (let b = a + 1; b < columns.length; b++) {
      const ab = pairs[a]?.[b];
      if (ab === undefined) continue;
      const alive = aliveCells(search, ab);
      const count = gather(search, a, b, alive, rows, cells);
      if (count === 0) continue;
      for (let c = b + 1; c < columns.length; c++) {
        const [ac, bc] = [pairs[a]?.[c], pairs[b]?.[c]];
        if (ac === undefined || bc === undefined || !anyPromising(search, ab, ac, bc, alive)) continue;
        triple(search, [a, b, c], rows.subarray(0, count), cells, alive.length);
      }
    }
  }
}

/** For each cell 1 where something below it may still be among the best. */
function aliveCells({ whole, settings, top }: Search, { sizes, losses, greatest }: Level): Uint8Array {
  const alive = new Uint8Array(sizes.length);
  const least = top.least();
  for (let cell = 0; cell < sizes.length; cell++) {
    const bound = boundOf(
      sizes[cell] as number,
      losses[cell] as number,
      greatest[cell] as number,
      settings.support,
      whole,
    );
    alive[cell] = bound > 0 && bound >= least ? 1 : 0;
  }
  return alive;
}

/** The rows that lie in cells alive; and the cell of each. */
function gather(
  { columns, losses }: Search,
  a: number,
  b: number,
  alive: Uint8Array,
  rows: Int32Array,
  cells: Uint16Array,
): number {
  const [left, right] = [columns[a], columns[b]];
  if (left === undefined || right === undefined) return 0;
  let count = 0;
  for (let row = 0; row < losses.length; row++) {
    const cell = (left.codes[row] as number) * right.bins + (right.codes[row] as number);
    if (alive[cell] === 0) continue;
    rows[count] = row;
    cells[count] = cell;
    count++;
  }
  return count;
}

function anyPromising(search: Search, ab: Level, ac: Level, bc: Level, alive: Uint8Array): boolean {
  const { whole, settings, top } = search;
  const least = top.least();
  for (let cell = 0; cell < alive.length; cell++) {
    if (alive[cell] === 0) continue;
    const [i, j] = [Math.floor(cell / ab.width), cell % ab.width];
    for (let k = 0; k < ac.width; k++) {
      const [ik, jk] = [i * ac.width + k, j * bc.width + k];
      const bound = boundOf(
        Math.min(ab.sizes[cell] as number, ac.sizes[ik] as number, bc.sizes[jk] as number),
        Math.min(ab.losses[cell] as number, ac.losses[ik] as number, bc.losses[jk] as number),
        Math.min(ab.greatest[cell] as number, ac.greatest[ik] as number, bc.greatest[jk] as number),
        settings.support,
        whole,
      );
      if (bound > 0 && bound >= least) return true;
    }
  }
  return false;
}

/** The slices of three columns, counted over the rows in question. */
function triple(
  { columns, losses, whole, settings, top }: Search,
  [a, b, c]: readonly [number, number, number],
  rows: Int32Array,
  cells: Uint16Array,
  pairCells: number,
): void {
  const [middle, last] = [columns[b], columns[c]];
  if (middle === undefined || last === undefined) return;
  const { codes, bins } = last;
  const sizes = new Uint32Array(pairCells * bins);
  const sums = new Float64Array(pairCells * bins);
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] as number;
    const cell = (cells[at] as number) * bins + (codes[row] as number);
    sizes[cell] = (sizes[cell] as number) + 1;
    sums[cell] = (sums[cell] as number) + (losses[row] as number);
  }
  for (let cell = 0; cell < sizes.length; cell++) {
    const size = sizes[cell] as number;
    const loss = sums[cell] as number;
    if (size < settings.support || loss <= 0) continue;
    const score = scoreOf(size, loss, whole);
    if (score < top.least()) continue;
    const ab = Math.floor(cell / bins);
    const parts = [
      { column: a, bin: Math.floor(ab / middle.bins) },
      { column: b, bin: ab % middle.bins },
      { column: c, bin: cell % bins },
    ];
    top.offer({ parts, size, loss, score });
  }
}
