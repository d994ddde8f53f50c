import { firstRecords } from "./record.ts";

/** What a person may say of a CSV file; the rest is found out. */
export interface DialectHints {
  readonly delimiter?: string | undefined;
  readonly quote?: string | undefined;
  readonly header?: boolean | undefined;
}

/** How a CSV file is written, as it was told or found. */
export interface Dialect {
  readonly delimiter: string;
  readonly quote: string;
  readonly header: boolean;
  /** As they stand in the first row, or `column1`, `column2`, … where there is no header. */
  readonly names: readonly string[];
}

const DELIMITERS = [",", ";", "\t", "|"];
/** Records that are looked at to tell delimiters apart. */
const SAMPLE = 50;

/**
 * How a CSV file is written, by the text at its beginning; `undefined` where there is no record.
 *
 * The delimiter is the one that cuts the first records into equally many cells, and into the most.
 * The first row is a header unless one of its cells is a number, a date or a truth value.
 *
 * @example dialectOf("age;wage\n1;2,5\n", {}) // => { delimiter: ";", quote: '"', header: true, names: ["age", "wage"] }
 * @example dialectOf("3,1\n4,2\n", {}).names // => ["column1", "column2"]
 * @example dialectOf("", {}) // => undefined
 */
export function dialectOf(text: string, hints: DialectHints, whole = false): Dialect | undefined {
  const quote = hints.quote ?? '"';
  const delimiter = hints.delimiter ?? likeliest(text, quote, whole);
  const [first] = firstRecords(text, { delimiter, quote }, 1, whole);
  if (first === undefined) return undefined;
  const header = hints.header ?? !first.some(isValue);
  return { delimiter, quote, header, names: header ? first : first.map((_, index) => `column${index + 1}`) };
}

function likeliest(text: string, quote: string, whole: boolean): string {
  let best = ",";
  let most = 0;
  for (const delimiter of DELIMITERS) {
    const counts = firstRecords(text, { delimiter, quote }, SAMPLE, whole).map((record) => record.length);
    const width = counts[0] ?? 0;
    const even = counts.filter((count) => count === width).length / Math.max(counts.length, 1);
    const score = width > 1 ? even * 1000 + width : 0;
    if (score > most) [best, most] = [delimiter, score];
  }
  return best;
}

const isValue = (cell: string): boolean =>
  /^\s*([+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?|\d{4}-\d\d-\d\d.*|true|false)\s*$/i.test(cell);

/**
 * What is wrong with a file's column names, as one sentence; `undefined` where nothing is. Names that
 * differ only in capitals count as the same, because SQL takes them for the same.
 *
 * @example nameTrouble(["a", "", "b"]) // => "column 2 has no name"
 * @example nameTrouble(["id", "age", "ID"]) // => 'columns 1 and 3 are both named "id"'
 * @example nameTrouble(["a", "b"]) // => undefined
 */
export function nameTrouble(names: readonly string[]): string | undefined {
  const empty = names.flatMap((name, index) => (name.trim() === "" ? [index + 1] : []));
  if (empty.length > 0) {
    return empty.length === 1 ? `column ${empty[0]} has no name` : `columns ${listed(empty)} have no names`;
  }
  const places = new Map<string, number[]>();
  for (const [index, name] of names.entries()) {
    const key = name.toLowerCase();
    places.set(key, [...(places.get(key) ?? []), index + 1]);
  }
  for (const at of places.values()) {
    if (at.length < 2) continue;
    const all = at.length === 2 ? "both" : "all";
    return `columns ${listed(at)} are ${all} named "${names[(at[0] ?? 1) - 1]}"`;
  }
  return undefined;
}

function listed(numbers: readonly number[]): string {
  const shown = numbers.length > 6 ? [...numbers.slice(0, 5), `${numbers.length - 5} more`] : numbers;
  return `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}
