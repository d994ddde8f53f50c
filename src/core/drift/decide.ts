import { formatCount, formatNumber, formatShare } from "../report/numbers.ts";
import { sum } from "../stats/sum.ts";
import type { MeasuredBin, MeasuredColumn, Measurement } from "../triage/measurement.ts";
import { type Cell, type Counted, withoutRare } from "./histogram.ts";
import { jensenShannon } from "./jensen-shannon.ts";
import { asymptoticQuantile, drawnQuantile, isSparse } from "./null-quantile.ts";
import { psi, psiParts } from "./psi.ts";

/** What counts as moved: `monitor` of the contract. */
export interface DriftSettings {
  /** A PSI that is not beyond this does not matter, however sure it is. */
  readonly psi: number;
  /** With fewer rows there is no answer. */
  readonly minRows: number;
  /** How often chance alone may have any column move: 0.01 is once in a hundred runs. */
  readonly falseIssues: number;
}

/** One column, counted in training and in the log. */
export interface CountedColumn extends Counted {
  readonly name: string;
  readonly kind: MeasuredColumn["kind"];
}

/** One column, compared. */
export interface ComparedColumn extends MeasuredColumn {
  /** Rows of the log that bring the column. */
  readonly rows: number;
  /** What was found, without a value of the data. */
  readonly words: string;
}

/** All columns of a model, compared. */
export interface Comparison {
  readonly verdict: Measurement["verdict"];
  /** Why there is no answer; null where there is one. */
  readonly why: string | null;
  readonly columns: readonly ComparedColumn[];
}

/**
 * Compares columns with what they were in training. One has moved when its PSI is beyond the contract's
 * AND beyond what chance alone gives for so many rows: `falseIssues` is shared out evenly among the
 * columns that can be compared. A column with fewer than `minRows` rows on either side is not compared;
 * where none can be, there is not enough data, which is not "quiet".
 *
 * @example decide([], { psi: 0.2, minRows: 200, falseIssues: 0.01 }).verdict // => "not enough data"
 */
export function decide(columns: readonly CountedColumn[], settings: DriftSettings): Comparison {
  const enough = columns.filter((column) => why(column, settings) === undefined);
  const tail = Math.min(1, settings.falseIssues) / Math.max(1, enough.length);
  const compared = columns.map((column) => compare(column, settings, tail));
  if (enough.length === 0) {
    const most = Math.max(0, ...columns.map(({ current }) => sum(current)));
    const reason =
      columns.length === 0
        ? "no column is there to be compared"
        : most < settings.minRows
          ? `${formatCount(most)} rows are there, and at least ${formatCount(settings.minRows)} are needed`
          : `too few training rows were counted: at least ${formatCount(settings.minRows)} are needed`;
    return { verdict: "not enough data", why: reason, columns: compared };
  }
  return { verdict: compared.some(({ moved }) => moved) ? "moved" : "quiet", why: null, columns: compared };
}

/** Why a column is not compared; undefined where it is. */
function why({ reference, current }: Counted, { minRows }: DriftSettings): string | undefined {
  const [n, m] = [sum(reference), sum(current)];
  if (m < minRows) return `${formatCount(m)} rows, and at least ${formatCount(minRows)} are needed`;
  if (n < LEAST_TRAINING) return `${formatCount(n)} training rows tell too little`;
  return undefined;
}

/** As few predictions the contract lets nobody ask for. */
const LEAST_TRAINING = 30;

function compare(column: CountedColumn, settings: DriftSettings, tail: number): ComparedColumn {
  const { name, kind } = column;
  const rows = sum(column.current);
  const known = { name, kind, rows, bins: binsOf(column) };
  const counted = withoutRare(column);
  const value = finite(psi(counted.reference, counted.current));
  const js = finite(jensenShannon(counted.reference, counted.current));
  const reason = why(column, settings);
  if (reason !== undefined || value === null) {
    const words = `not compared: ${reason ?? "nothing is there"}`;
    return { ...known, psi: value, js, threshold: null, moved: false, words };
  }
  const chance = chanceOf(counted, tail, value, settings.psi);
  const threshold = Math.max(settings.psi, chance);
  const moved = value > threshold;
  return { ...known, psi: value, js, threshold, moved, words: wordsOf(counted, value, settings.psi, chance) };
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** What chance alone does not exceed. It is only drawn where that decides. */
function chanceOf({ reference, current }: Counted, tail: number, value: number, limit: number): number {
  const chance = asymptoticQuantile(reference.length, [sum(reference), sum(current)], tail);
  if (value <= Math.max(chance, limit) || !isSparse(reference, current)) return chance;
  return Math.max(chance, drawnQuantile(reference, current, tail));
}

function binsOf({ cells, reference, current }: Counted): MeasuredBin[] {
  const [n, m] = [sum(reference), sum(current)];
  const share = (count: number | undefined, of: number): number => (of > 0 ? (count ?? 0) / of : 0);
  const order = cells.map((_, i) => i).sort((a, b) => rank(cells[a]) - rank(cells[b]) || a - b);
  return order.flatMap((i) => {
    const [before, now] = [reference[i] ?? 0, current[i] ?? 0];
    if (before === 0 && now === 0) return [];
    return { label: cells[i]?.label ?? "", reference: share(before, n), seen: share(now, m) };
  });
}

/** What is below the range comes before it; all else stands where it is. */
const rank = (cell: Cell | undefined): number => (cell?.kind === "below" ? 0 : 1);

/** Cells that are spoken of. */
const SPOKEN = 2;

function wordsOf(counted: Counted, value: number, limit: number, chance: number): string {
  if (value <= limit) return "as in training";
  if (value <= chance) {
    return `PSI ${formatNumber(value)}, which chance alone may give for ${formatCount(sum(counted.current))} rows`;
  }
  const [n, m] = [sum(counted.reference), sum(counted.current)];
  const parts = psiParts(counted.reference, counted.current);
  const most = parts
    .map((part, i) => ({ part, i }))
    .sort((a, b) => b.part - a.part || a.i - b.i)
    .slice(0, SPOKEN)
    .filter(({ part }) => part > value / 10);
  return most
    .map(({ i }) => {
      const [before, now] = [(counted.reference[i] ?? 0) / n, (counted.current[i] ?? 0) / m];
      return `${spoken(counted.cells, i)}: ${formatShare(before)} in training, ${formatShare(now)} now`;
    })
    .join("; ")
    .replace(/(one category.*; )one category/, "$1another");
}

/** A cell in words that show no value of the data. */
function spoken(cells: readonly Cell[], i: number): string {
  const kind = cells[i]?.kind ?? "rare";
  if (kind !== "bin") return SAID[kind];
  const bins = cells.flatMap((cell, k) => (cell.kind === "bin" ? [k] : []));
  const place = bins.indexOf(i);
  if (bins.length === 1) return "values within the range of training";
  if (place === 0) return "the lowest values";
  if (place === bins.length - 1) return "the highest values";
  return place < bins.length / 2 ? "rather low values" : "rather high values";
}

const SAID: Readonly<Record<Exclude<Cell["kind"], "bin">, string>> = {
  value: "one category",
  other: "categories that were rare or not there",
  below: "values smaller than all of training",
  above: "values larger than all of training",
  known: "values that training had",
  infinite: "infinite values",
  missing: "missing values",
  strange: "values of another kind",
  rare: "values that hardly came up",
};

/**
 * The rate of `1 in 100 runs`.
 *
 * @throws {RangeError} where it is not written like that, which the contract's schema lets nobody do
 * @example falseIssueRate("1 in 100 runs") // => 0.01
 */
export function falseIssueRate(text: string): number {
  const runs = Number(/^1 in (\d+) runs$/.exec(text)?.[1]);
  if (!(runs >= 1)) throw new RangeError(`"${text}" is no rate such as "1 in 100 runs"`);
  return 1 / runs;
}
