import { formatExact } from "../report/numbers.ts";
import type { Column, NumericColumn, TextColumn } from "../tables/column.ts";
import { compareText } from "../text/order.ts";
import { binOf, NUMBER_BINS, quantileBorders } from "./borders.ts";

/** Categories of a column that are told apart at most; the rest are rare. */
const CATEGORIES = 20;

/** What a bin of a column holds, in words. */
export interface BinWords {
  /** Where its values lie, without naming one. */
  readonly place: string;
  /** The condition with its values. */
  readonly text: string;
}

/** The bins of a column, as they were found on some rows; other rows are laid into the same ones. */
export interface Bins {
  readonly words: readonly BinWords[];
  /** The bin of each row; a value that was never seen and fits in none is `words.length`. */
  readonly codesOf: (column: Column) => Uint8Array;
}

/**
 * Parts a column's values into bins: numbers into at most ten by quantiles, categories each for itself
 * but for the rare ones, which are one; missing values are one of their own.
 *
 * @param support rows that a category has at least, not to be rare
 * @returns undefined where all rows would lie in one bin
 */
export function fitBins(name: string, column: Column, support: number): Bins | undefined {
  const bins =
    column.kind === "text"
      ? categories(name, column, support)
      : column.kind === "boolean"
        ? truths(name)
        : numbers(name, column);
  return bins.words.length < 2 ? undefined : bins;
}

const missing = (name: string): BinWords => ({ place: "missing", text: `${name} is missing` });

function truths(name: string): Bins {
  const words = ["false", "true"].map((value) => ({ place: value, text: `${name} = ${value}` }));
  return {
    words: [...words, missing(name)],
    codesOf: (column) => numeric(column, (value) => (value === 0 ? 0 : 1), 2),
  };
}

function numbers(name: string, column: NumericColumn): Bins {
  const sorted = column.values.filter((value) => !Number.isNaN(value)).sort();
  const hasMissing = sorted.length < column.values.length;
  const distinct = [...new Set(sorted)].slice(0, NUMBER_BINS + 1);
  const show = (value: number): string => (column.kind === "time" ? moment(value) : formatExact(value));
  const apart = distinct.length <= NUMBER_BINS;
  const borders = apart ? distinct.slice(1) : quantileBorders(sorted);
  const shares = borders.map((border) => sorted.filter((value) => value < border).length / sorted.length);
  const bins = sorted.length === 0 ? 0 : borders.length + 1;
  const words = Array.from({ length: bins }, (_, bin): BinWords => {
    const value = distinct[bin];
    if (apart && value !== undefined) {
      return { place: `at value ${bin + 1} of ${bins}, from below`, text: `${name} = ${show(value)}` };
    }
    return {
      place: placeOf(shares[bin - 1], shares[bin]),
      text: rangeText(name, borders[bin - 1], borders[bin], show),
    };
  });
  const place = (value: number): number => {
    const bin = binOf(borders, value);
    return apart && distinct[bin] !== value ? words.length + Number(hasMissing) : bin;
  };
  const known = hasMissing ? [...words, missing(name)] : words;
  return {
    words: known,
    codesOf: (other) => numeric(other, place, words.length),
  };
}

function placeOf(from: number | undefined, to: number | undefined): string {
  if (from === undefined) return `among its lowest ${percent(to ?? 1)}`;
  if (to === undefined) return `among its highest ${percent(1 - from)}`;
  return `between its lowest ${percent(from)} and its highest ${percent(1 - to)}`;
}

const percent = (share: number): string => `${Math.max(1, Math.round(100 * share))}%`;

function rangeText(
  name: string,
  low: number | undefined,
  high: number | undefined,
  show: (value: number) => string,
): string {
  if (low === undefined) return high === undefined ? name : `${name} < ${show(high)}`;
  return high === undefined ? `${name} >= ${show(low)}` : `${show(low)} <= ${name} < ${show(high)}`;
}

function moment(value: number): string {
  const text = new Date(value).toISOString();
  return text.endsWith("T00:00:00.000Z") ? text.slice(0, 10) : text;
}

function numeric(column: Column, place: (value: number) => number, absent: number): Uint8Array {
  if (column.kind === "text") throw new TypeError("a column of numbers became text");
  return Uint8Array.from(column.values, (value) => (Number.isNaN(value) ? absent : place(value)));
}

function categories(name: string, { codes, words }: TextColumn, support: number): Bins {
  const counts = new Map<string, number>();
  let absent = 0;
  for (const code of codes) {
    const word = words[code];
    if (word === undefined) absent++;
    else counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const frequent = [...counts]
    .filter(([, count]) => count >= support)
    .sort(([a, m], [b, n]) => n - m || compareText(a, b))
    .slice(0, CATEGORIES);
  const bins: BinWords[] = frequent.map(([word], rank) => ({
    place: rank === 0 ? "at its most frequent value" : `at its ${ordinal(rank + 1)} most frequent value`,
    text: `${name} = ${/^[\p{L}\p{N}_.-]+$/u.test(word) ? word : JSON.stringify(word)}`,
  }));
  const places = new Map(frequent.map(([word], bin) => [word, bin]));
  const hasRare = counts.size > frequent.length;
  const rare = bins.length;
  if (hasRare) bins.push({ place: "at a rare value", text: `${name} is a rare value` });
  const none = bins.length; // the bin of the missing, else no bin
  if (absent > 0) bins.push(missing(name));
  const unseen = hasRare ? rare : bins.length;
  return {
    words: bins,
    codesOf: (other) => {
      if (other.kind !== "text") throw new TypeError("a column of text became numbers");
      const known = other.words.map((word) => places.get(word) ?? unseen);
      return Uint8Array.from(other.codes, (code) => known[code] ?? none);
    },
  };
}

/**
 * A rank as a word.
 *
 * @example ordinal(2) // => "2nd"
 * @example ordinal(11) // => "11th"
 */
export function ordinal(rank: number): string {
  const teen = rank % 100 >= 11 && rank % 100 <= 13;
  return `${rank}${teen ? "th" : (["th", "st", "nd", "rd"][rank % 10] ?? "th")}`;
}
