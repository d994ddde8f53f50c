import type { Scored } from "../core/measures/scored.ts";
import type { Column, Table } from "../core/tables/column.ts";
import { EXIT, UserError } from "../errors.ts";
import { columnOf } from "./plain-table.ts";

/** Columns of rows that may carry any of several labels, all in the order of `labels`. */
export interface SeveralLabels {
  /** One column a label: 1 or true where the row carries it, else 0 or false. */
  readonly labels: readonly string[];
  /** The same as it was decided; none where scores decide. */
  readonly predictions: readonly string[];
}

/**
 * What several columns of 0 and 1 say, row after row.
 *
 * @param columns in the order of the labels
 * @param place where they were found, for the message
 * @throws {UserError} that names the first column that holds something else, what, and in which row
 */
export function marksOf(
  columns: readonly (readonly [name: string, column: Column])[],
  rows: number,
  place: string,
): Uint8Array {
  const marks = new Uint8Array(rows * columns.length);
  for (const [label, [name, column]] of columns.entries()) {
    const wrong = (what: string) =>
      new UserError(`"${name}" ${place} ${what}; a row carries a label, 1 or true, or does not, 0 or false`);
    if (column.kind === "text") throw wrong("is text");
    if (column.kind === "time") throw wrong("is a time");
    const missing = column.values.filter(Number.isNaN).length;
    if (missing > 0) throw wrong(`is missing in ${missing} of ${rows} rows`);
    for (let row = 0; row < rows; row++) {
      const mark = column.values[row] ?? Number.NaN;
      if (mark !== 0 && mark !== 1) throw wrong(`holds ${mark} in row ${row + 1}`);
      marks[row * columns.length + label] = mark;
    }
  }
  return marks;
}

/**
 * How many of its labels each row carries.
 *
 * @example carried(Uint8Array.of(1, 0, 1, 1), 2) // => [1, 2]
 */
export function carried(marks: Uint8Array, labels: number): Float64Array {
  const counts = new Float64Array(labels === 0 ? 0 : marks.length / labels);
  marks.forEach((mark, cell) => {
    const row = Math.floor(cell / labels);
    counts[row] = (counts[row] as number) + mark;
  });
  return counts;
}

/**
 * A table's truth, and decisions where it has them, of several labels a row.
 *
 * @throws {UserError} where a column holds anything but 0 and 1
 */
export function severalOf(
  table: Table,
  { labels, predictions }: SeveralLabels,
  file: string,
): Pick<Scored, "labels" | "truth" | "decisions"> {
  const read = (names: readonly string[]) =>
    marksOf(
      names.map((name) => [name, columnOf(table, name)]),
      table.rows,
      `in ${file}`,
    );
  const truth = read(labels);
  return {
    labels: carried(truth, labels.length),
    truth,
    ...(predictions.length === 0 ? {} : { decisions: Int32Array.from(read(predictions)) }),
  };
}

/** The task of rows that may carry any of several labels. */
export const SEVERAL = "multilabel";

/**
 * Whether there are as many predictions and scores as labels, and nothing is asked that several labels do not have.
 *
 * @throws {UserError} where there are not, or something is
 */
export function requireOneEach(
  { labels, predictions }: SeveralLabels,
  asked: {
    readonly scores: readonly string[];
    readonly sensitive: readonly string[];
    readonly positive: unknown;
  },
): void {
  const usage = (text: string) => new UserError(text, { exit: EXIT.usage });
  if (asked.positive !== undefined) {
    throw usage("--positive names one of two classes, and a row may carry several labels; leave it out");
  }
  if (asked.sensitive.length > 0) {
    throw usage(
      "--sensitive: groups are not compared where a row may carry several labels, since none of them is the one that selects; ask one label at a time",
    );
  }
  if (labels.length < 2) {
    throw usage(`--label names ${labels.length} column; several labels are several columns, with commas`);
  }
  const twice = labels.find((name, at) => labels.indexOf(name) < at);
  if (twice !== undefined) throw usage(`--label names "${twice}" twice`);
  for (const [flag, names] of [
    ["prediction", predictions],
    ["score", asked.scores],
  ] as const) {
    if (names.length === 0 || names.length === labels.length) continue;
    throw usage(
      `--${flag} names ${names.length} ${names.length === 1 ? "column" : "columns"}, and --label ${labels.length}; right is one a label, in the same order`,
    );
  }
}
