import { categoryText } from "../features/feature-step.ts";
import { formatExact } from "../report/numbers.ts";
import { timePart } from "../tables/expression/operations/time.ts";
import { momentOf } from "./moment.ts";
import {
  LONGEST_VALUE,
  type ReferenceCategories,
  type ReferenceColumn,
  type ReferenceNumbers,
} from "./reference.ts";

/** What a cell of a histogram holds. */
export type CellKind =
  | "bin" // numbers up to an edge
  | "value" // one category
  | "other" // any other category
  | "below" // smaller than all of training
  | "above" // larger than all of training
  | "known" // all bins or values of training together
  | "infinite"
  | "missing"
  | "strange" // not of the column's kind
  | "rare"; // cells together that hardly a row holds

/** One cell of a histogram. */
export interface Cell {
  readonly kind: CellKind;
  /** For a person who may see values of the data. */
  readonly label: string;
}

/** How the values of a column are counted: the cells of its reference, and those that only a log can fill. */
export interface Histogram {
  readonly cells: readonly Cell[];
  /** Training rows in each cell. */
  readonly reference: readonly number[];
  /** The cell of a value as JSON has it. */
  cellOf(value: unknown): number;
}

/**
 * The histogram that a column's values are counted into. What training has not had has cells of its own:
 * numbers beyond its range, other categories, values that are of another kind.
 *
 * Times are ISO 8601 in UTC, and counted by their part. Infinity, which JSON has not, is a text of that name.
 */
export function histogramOf(column: ReferenceColumn): Histogram {
  const histogram = column.kind === "number" ? ofNumbers(column) : ofCategories(column);
  const { of } = column;
  if (of === undefined) return histogram;
  const { cellOf } = histogram;
  const strange = histogram.cells.length - 1;
  return {
    ...histogram,
    cellOf(value) {
      if (value === null) return cellOf(null);
      const time = typeof value === "string" ? momentOf(value) : undefined;
      return time === undefined ? strange : cellOf(timePart(of.part, time));
    },
  };
}

function ofNumbers({ edges, min, max, counts, missing, infinite }: ReferenceNumbers): Histogram {
  const ends = [min ?? Number.NaN, ...edges, max ?? Number.NaN].map(formatExact);
  const cells: Cell[] = counts.map((_, bin) => ({
    kind: "bin",
    label: ends[bin] === ends[bin + 1] ? `${ends[bin]}` : `${ends[bin]} to ${ends[bin + 1]}`,
  }));
  const own = (["below", "above", "infinite", "missing", "strange"] as const).map(named);
  const first = cells.length;
  const [below, above, endless, gone, strange] = [first, first + 1, first + 2, first + 3, first + 4];
  return {
    cells: [...cells, ...own],
    reference: [...counts, 0, 0, infinite, missing, 0],
    cellOf(value) {
      if (value === null || value === "NaN") return gone;
      const x = value === "Infinity" || value === "-Infinity" ? Infinity : value;
      if (typeof x !== "number") return strange;
      if (!Number.isFinite(x)) return Number.isNaN(x) ? gone : endless;
      if (max === null || min === null || x > max) return above;
      if (x < min) return below;
      const bin = edges.findIndex((edge) => x <= edge);
      return bin < 0 ? edges.length : bin;
    },
  };
}

function ofCategories({ values, counts, other, missing }: ReferenceCategories): Histogram {
  const cells: Cell[] = values.map((label) => ({ kind: "value", label }));
  const places = new Map(values.map((value, place) => [value, place]));
  const first = cells.length;
  return {
    cells: [...cells, ...(["other", "missing", "strange"] as const).map(named)],
    reference: [...counts, other, missing, 0],
    cellOf(value) {
      if (value === null) return first + 1;
      if (typeof value === "object" || value === undefined) return first + 2;
      const text = categoryText(value as string | number | boolean);
      return text.length > LONGEST_VALUE ? first : (places.get(text) ?? first);
    },
  };
}

const LABELS = {
  below: "less than in training",
  above: "more than in training",
  other: "other values",
  infinite: "infinite",
  missing: "missing",
  strange: "of another kind",
  known: "as in training",
  rare: "rare ones together",
} as const;

const named = (kind: keyof typeof LABELS): Cell => ({ kind, label: LABELS[kind] });

/** Two histograms over the same cells. */
export interface Counted {
  readonly cells: readonly Cell[];
  readonly reference: readonly number[];
  readonly current: readonly number[];
}

/**
 * Takes what training had as one cell: what is left is whether there is anything that it had not.
 *
 * @example onlyNew({ cells: [{ kind: "value", label: "1" }, { kind: "value", label: "2" }, { kind: "other", label: "" }], reference: [9, 9, 0], current: [0, 5, 2] }).current // => [2, 5]
 */
export function onlyNew(counted: Counted): Counted {
  return together(counted, ({ kind }) => kind === "bin" || kind === "value", named("known"));
}

/** Rows that a cell must hold in both histograms together to be counted on its own. */
const FEW = 5;

/**
 * Takes cells that hardly a row holds as one, and leaves out those that none holds: each of them would
 * add to the PSI by chance alone.
 *
 * @example withoutRare({ cells: Array(4).fill({ kind: "value", label: "" }), reference: [90, 3, 0, 0], current: [9, 1, 0, 2] }).current // => [9, 3]
 */
export function withoutRare(counted: Counted): Counted {
  const rows = ({ reference, current }: Counted, i: number): number =>
    (reference[i] ?? 0) + (current[i] ?? 0);
  const rare = counted.cells.filter((_, i) => rows(counted, i) > 0 && rows(counted, i) < FEW);
  const folded =
    rare.length < 2 ? counted : together(counted, (_, i) => rows(counted, i) < FEW, named("rare"));
  const kept = folded.cells.map((_, i) => rows(folded, i) > 0);
  return {
    cells: folded.cells.filter((_, i) => kept[i]),
    reference: folded.reference.filter((_, i) => kept[i]),
    current: folded.current.filter((_, i) => kept[i]),
  };
}

/** Takes some cells as one, which stands last. */
function together(
  { cells, reference, current }: Counted,
  some: (cell: Cell, index: number) => boolean,
  as: Cell,
): Counted {
  const others = cells.map((cell, i) => !some(cell, i));
  const merged = (counts: readonly number[]): number[] => [
    ...counts.filter((_, i) => others[i]),
    counts.reduce((total, count, i) => (others[i] ? total : total + count), 0),
  ];
  return {
    cells: [...cells.filter((_, i) => others[i]), as],
    reference: merged(reference),
    current: merged(current),
  };
}
