import { effectiveSize } from "../measures/row-weights.ts";
import type { Loss, SliceRow, Slices } from "../report/sections/slices.ts";
import { holm } from "../stats/holm.ts";
import type { Column } from "../tables/column.ts";
import { type Bins, fitBins } from "./bins.ts";
import { compare } from "./compare.ts";
import { mergeSlices, rowsOf } from "./merge.ts";
import { countedRows } from "./rows.ts";
import { type Binned, searchSlices } from "./search.ts";
import type { Slice } from "./top.ts";

/** Rows with what the model lost on them. */
export interface LossyRows {
  readonly columns: ReadonlyMap<string, Column>;
  readonly losses: Float64Array;
  /** What the model in production lost on the same rows. */
  readonly baseline?: Float64Array;
  /** How much each row counts, at least 0; by default all count the same. */
  readonly weights?: Float64Array;
}

/** How slices are searched, confirmed and told. */
export interface SliceSettings {
  readonly loss: Loss;
  /** Conditions in a slice at most: 1 to 3. */
  readonly depth: number;
  /** Rows that a slice has at least, or their share of the rows of the search if below 1; of weighted rows, in effect. */
  readonly support: number;
  /** Slices that are told at most, of each kind. */
  readonly most: number;
  /** Of fewer rows, in effect, nothing is told. */
  readonly minGroupSize: number;
  readonly confidence: number;
  /** Columns whose conditions may be told with their values. */
  readonly named: (column: string) => boolean;
}

/** As in SliceLine's own experiments: one twentieth of the score is size. */
const ALPHA = 0.95;
/** So many more are searched than told, since many say the same. */
const SPARE = 8;
/** Columns that take part in combinations: more are cut to those with the weakest single bins. */
const MOST_COLUMNS = 30;

/**
 * Where the model is weak, found on some rows and confirmed on others; and where it got worse than the one
 * in production. What is told of the holdout is corrected for all that was found.
 *
 * Where rows have weights, means and shares are weighted, and a slice is as large as its effective number of rows,
 * (Σ w)² ÷ Σ w². Rows of weight 0 take no part.
 */
export function findSlices(
  searched: LossyRows,
  held: LossyRows,
  from: Slices["rows"]["from"],
  settings: SliceSettings,
): Slices {
  const [search, holdout] = [countedRows(searched), countedRows(held)];
  const weighted = search.weights !== undefined || holdout.weights !== undefined;
  const rows = search.losses.length;
  const worth = search.weights === undefined ? rows : effectiveSize(search.weights);
  const wanted = settings.support < 1 ? Math.ceil(settings.support * worth) : settings.support;
  const support = Math.max(1, settings.minGroupSize, wanted);
  const bins = binsOf(search, support);
  const looked = { ...settings, support, search, holdout };
  const weak = look(looked, bins, search.losses);
  const rises = search.baseline?.map((loss, row) => Math.max(0, (search.losses[row] as number) - loss));
  const worse = rises === undefined ? undefined : look(looked, bins, rises);
  const found = [
    ...weak.map((one) => tell(looked, one, "rest")),
    ...(worse ?? []).map((one) => tell(looked, one, "baseline")),
  ];
  const adjusted = holm(found.map(({ p }) => p));
  const told = found.map(({ row }, place): SliceRow => {
    const p_adjusted = adjusted[place] ?? 1;
    const held = row.held === null ? null : { ...row.held, p_adjusted };
    return { ...row, held, confirmed: held !== null && p_adjusted <= 1 - settings.confidence };
  });
  return {
    loss: settings.loss,
    rows: { search: rows, holdout: holdout.losses.length, from },
    columns: bins.map(({ name }) => name),
    depth: settings.depth,
    min_support: support,
    confidence: settings.confidence,
    ...(weighted ? { weighted } : {}),
    weak: told.slice(0, weak.length),
    worse: worse === undefined ? null : told.slice(weak.length),
  };
}

interface Looked extends SliceSettings {
  readonly search: LossyRows;
  readonly holdout: LossyRows;
}

interface NamedBins {
  readonly name: string;
  readonly bins: Bins;
  readonly searched: Binned;
}

/** A slice that was found, with the columns that it was found in. */
interface Found {
  readonly slice: Slice;
  readonly columns: readonly NamedBins[];
}

function binsOf({ columns }: LossyRows, support: number): NamedBins[] {
  return [...columns].flatMap(([name, column]) => {
    const bins = fitBins(name, column, support);
    if (bins === undefined) return [];
    return [{ name, bins, searched: { codes: bins.codesOf(column), bins: bins.words.length } }];
  });
}

function look(looked: Looked, all: readonly NamedBins[], losses: Float64Array): Found[] {
  const { depth, support, most } = looked;
  const { weights } = looked.search;
  const columns = weakest(all, losses, looked);
  const binned = columns.map(({ searched }) => searched);
  const settings = { depth, support, count: most * SPARE, alpha: ALPHA };
  const slices = searchSlices(binned, losses, settings, weights);
  return mergeSlices(slices, binned)
    .slice(0, most)
    .map((slice) => ({ slice, columns }));
}

/** The columns of the weakest single bins, in their order. */
function weakest(
  all: readonly NamedBins[],
  losses: Float64Array,
  { support, search: { weights } }: Looked,
): readonly NamedBins[] {
  if (all.length <= MOST_COLUMNS) return all;
  const settings = { depth: 1, support, count: 1, alpha: 1 } as const;
  const scores = all.map(
    ({ searched }) => searchSlices([searched], losses, settings, weights)[0]?.score ?? 0,
  );
  const order = all.map((_, place) => place).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  const kept = new Set(order.slice(0, MOST_COLUMNS));
  return all.filter((_, place) => kept.has(place));
}

interface Told {
  readonly row: SliceRow;
  readonly p: number;
}

function tell(looked: Looked, { slice, columns }: Found, against: "rest" | "baseline"): Told {
  const { search, holdout, minGroupSize, confidence, named } = looked;
  const used = slice.parts.flatMap((part) => columns[part.column] ?? []);
  const parts = slice.parts.map(({ bin }, column) => ({ column, bin }));
  const within = (rows: LossyRows): Uint8Array =>
    rowsOf(
      parts,
      used.map(({ name, bins }) => ({ codes: codesIn(rows, name, bins), bins: bins.words.length })),
    );
  const conditions = slice.parts.flatMap(({ bin }, place) => {
    const { name, bins } = used[place] ?? {};
    const words = bins?.words[bin];
    if (name === undefined || words === undefined) return [];
    return [{ column: name, place: words.place, text: named(name) ? words.text : null }];
  });
  const seen = compare(search, within(search), against, looked);
  const checked = compare(holdout, within(holdout), against, looked);
  const told = checked.effective >= minGroupSize && checked.others >= minGroupSize;
  const { difference, interval, p } = checked.confirmation;
  const row: SliceRow = {
    conditions,
    score: slice.score,
    found: { rows: seen.rows, value: seen.value, other: seen.other },
    held: told
      ? {
          rows: checked.rows,
          ...(holdout.weights === undefined ? {} : { effective: checked.effective }),
          value: checked.value,
          other: checked.other,
          difference,
          interval: interval === null ? null : { ...interval, confidence },
          p,
          p_adjusted: p,
        }
      : null,
    confirmed: false,
  };
  return { row, p: told ? p : 1 };
}

function codesIn({ columns }: LossyRows, name: string, bins: Bins): Uint8Array {
  const column = columns.get(name);
  if (column === undefined) throw new RangeError(`no column ${name}`);
  return bins.codesOf(column);
}
