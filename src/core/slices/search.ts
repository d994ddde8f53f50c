import { type Counts, countCells, countPairs, type Losses, lossesOfRows } from "./counts.ts";
import { boundOf, leastMass, scoreOf, type Whole } from "./score.ts";
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
  /** Rows that a slice has at least; where rows have weights, in effect: see {@link isSupported}. */
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
 * Where rows have weights, a row of weight w counts as w rows in the score. What rules slices out stays exact: rows
 * only get fewer from a slice to those below it, and so many rows count so much at least.
 *
 * @param losses a row's loss each, finite and not negative; where all are 0 nothing is found
 * @param weights by row, above 0; by default all count the same
 */
export function searchSlices(
  columns: readonly Binned[],
  losses: Float64Array,
  settings: SearchSettings,
  weights?: Float64Array,
): readonly Slice[] {
  const top = topSlices(settings.count);
  const summed = lossesOfRows(losses, weights);
  const whole: Whole = { rows: summed.mass, loss: summed.total, alpha: settings.alpha };
  if (!(summed.total > 0)) return [];
  const least = leastMass(settings.support, weights);
  const search: Search = { columns, losses: summed, whole, least, settings, top };
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
  readonly losses: Losses;
  readonly whole: Whole;
  /** What a slice counts at least. */
  readonly least: number;
  readonly settings: SearchSettings;
  readonly top: Top;
}

/** What is known of the slices of one or two columns: their counts, and what they allow those below them. */
interface Level extends Counts {
  /** The second column's bins; the cell of bins i and j is i × width + j. */
  readonly width: number;
}

/** Whether so much is known of a slice as its support asks for: by its rows, and by their effective number. */
function isSupported({ sizes, masses, squares }: Sized, cell: number, support: number): boolean {
  if ((sizes[cell] as number) < support) return false;
  if (masses === sizes) return true;
  return (masses[cell] as number) ** 2 >= support * (1 - SUMS) * (squares[cell] as number);
}

type Sized = Pick<Counts, "sizes" | "masses" | "squares">;

/** What sums of equal weights may be off by, relative to their size. */
const SUMS = 1e-9;

function single({ losses, whole, settings, top }: Search, column: Binned, a: number): Level {
  const counts = countCells(column, losses);
  for (let bin = 0; bin < column.bins; bin++) {
    if (!isSupported(counts, bin, settings.support)) continue;
    const [size, loss] = [counts.sizes[bin] as number, counts.losses[bin] as number];
    const score = scoreOf(counts.masses[bin] as number, loss, whole);
    top.offer({ parts: [{ column: a, bin }], size, loss, score });
  }
  return { ...counts, width: 1 };
}

/** The slices of two columns; undefined where none of them nor of those below can be among the best. */
function pair(search: Search, a: number, b: number, singles: readonly Level[]): Level | undefined {
  const { columns, losses, whole, settings, top } = search;
  const [left, right, first, second] = [columns[a], columns[b], singles[a], singles[b]];
  if (left === undefined || right === undefined || first === undefined || second === undefined) return;
  let hope = false;
  for (let i = 0; i < left.bins && !hope; i++) {
    for (let j = 0; j < right.bins && !hope; j++) {
      hope = canBeat(
        search,
        Math.min(first.sizes[i] as number, second.sizes[j] as number),
        Math.min(first.masses[i] as number, second.masses[j] as number),
        Math.min(first.losses[i] as number, second.losses[j] as number),
        Math.min(first.greatest[i] as number, second.greatest[j] as number),
      );
    }
  }
  if (!hope) return;
  const counts = countPairs(left, right, losses);
  for (let cell = 0; cell < counts.sizes.length; cell++) {
    const size = counts.sizes[cell] as number;
    const loss = counts.losses[cell] as number;
    if (loss <= 0 || !isSupported(counts, cell, settings.support)) continue;
    const score = scoreOf(counts.masses[cell] as number, loss, whole);
    if (score < top.least()) continue;
    const parts = [
      { column: a, bin: Math.floor(cell / right.bins) },
      { column: b, bin: cell % right.bins },
    ];
    top.offer({ parts, size, loss, score });
  }
  return { ...counts, width: right.bins };
}

/**
 * Whether a slice may still come among the best that has at most these rows, counts at most this mass, and loses at
 * most so much in all and in one row.
 */
function canBeat(
  { whole, least, settings, top }: Search,
  size: number,
  mass: number,
  loss: number,
  most: number,
): boolean {
  if (size < settings.support) return false;
  const bound = boundOf(mass, loss, most, least, whole);
  // the two parts of a score, whose difference it is, are rounded by their own size
  const rounding = ROUNDING * (most / (whole.loss / whole.rows) + whole.rows / least);
  return bound > 0 && bound + rounding >= top.least();
}

/** Scores are rounded by less than this, relative to what they are made of. */
const ROUNDING = 1e-12;

type Pairs = readonly (readonly (Level | undefined)[])[];

function triples(search: Search, pairs: Pairs): void {
  const { columns, losses } = search;
  const rows = new Int32Array(losses.each.length);
  const cells = new Uint16Array(losses.each.length);
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
function aliveCells(search: Search, { sizes, masses, losses, greatest }: Level): Uint8Array {
  return Uint8Array.from(sizes, (size, cell) =>
    canBeat(search, size, masses[cell] as number, losses[cell] as number, greatest[cell] as number) ? 1 : 0,
  );
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
  for (let row = 0; row < losses.each.length; row++) {
    const cell = (left.codes[row] as number) * right.bins + (right.codes[row] as number);
    if (alive[cell] === 0) continue;
    rows[count] = row;
    cells[count] = cell;
    count++;
  }
  return count;
}

function anyPromising(search: Search, ab: Level, ac: Level, bc: Level, alive: Uint8Array): boolean {
  for (let cell = 0; cell < alive.length; cell++) {
    if (alive[cell] === 0) continue;
    const [i, j] = [Math.floor(cell / ab.width), cell % ab.width];
    for (let k = 0; k < ac.width; k++) {
      const [ik, jk] = [i * ac.width + k, j * bc.width + k];
      const least = (of: "sizes" | "masses" | "losses" | "greatest"): number =>
        Math.min(ab[of][cell] as number, ac[of][ik] as number, bc[of][jk] as number);
      if (canBeat(search, least("sizes"), least("masses"), least("losses"), least("greatest"))) return true;
    }
  }
  return false;
}

/** The slices of three columns, counted over the rows in question. */
function triple(
  { columns, losses: { each, weights }, whole, settings, top }: Search,
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
  const weighed = weights !== undefined;
  const masses = weighed ? new Float64Array(pairCells * bins) : sizes;
  const squares = weighed ? new Float64Array(pairCells * bins) : sizes;
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] as number;
    const cell = (cells[at] as number) * bins + (codes[row] as number);
    const weight = weighed ? (weights[row] as number) : 1;
    sizes[cell] = (sizes[cell] as number) + 1;
    sums[cell] = (sums[cell] as number) + (each[row] as number) * weight;
    if (!weighed) continue;
    masses[cell] = (masses[cell] as number) + weight;
    squares[cell] = (squares[cell] as number) + weight * weight;
  }
  const counts = { sizes, masses, squares };
  for (let cell = 0; cell < sizes.length; cell++) {
    const size = sizes[cell] as number;
    const loss = sums[cell] as number;
    if (loss <= 0 || !isSupported(counts, cell, settings.support)) continue;
    const score = scoreOf(masses[cell] as number, loss, whole);
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
