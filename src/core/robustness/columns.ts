import type { Random } from "../stats/random.ts";
import { permutation } from "../stats/shuffle.ts";
import type { Column, NumericColumn, Table, TextColumn } from "../tables/column.ts";
import { isMissing, lengthOf } from "../tables/expression/vectors.ts";

/** A table with some of its columns replaced. */
export function withColumns(table: Table, columns: Iterable<readonly [string, Column]>): Table {
  return { rows: table.rows, columns: new Map([...table.columns, ...columns]) };
}

/** Some rows of a column, in the order of the places; a row may come up several times. */
export function pickColumn(column: Column, places: ArrayLike<number>): Column {
  return column.kind === "text"
    ? { ...column, codes: Int32Array.from(places, (place) => column.codes[place] ?? -1) }
    : { ...column, values: Float64Array.from(places, (place) => column.values[place] ?? Number.NaN) };
}

/** Some rows of a table. */
export function pickTable(table: Table, places: ArrayLike<number>): Table {
  const columns = [...table.columns].map(([name, column]): [string, Column] => [
    name,
    pickColumn(column, places),
  ]);
  return { rows: places.length, columns: new Map(columns) };
}

/** Words, each once, with the place of each. */
function wordBook(): { readonly words: string[]; place(word: string): number } {
  const words: string[] = [];
  const known = new Map<string, number>();
  return {
    words,
    place(word) {
      const found = known.get(word);
      if (found !== undefined) return found;
      known.set(word, words.length);
      words.push(word);
      return words.length - 1;
    },
  };
}

/** The same value in all rows. */
export function constantColumn(kind: Column["kind"], value: number | string, rows: number): Column {
  return kind === "text"
    ? { kind, codes: new Int32Array(rows), words: [String(value)] }
    : { kind, values: new Float64Array(rows).fill(Number(value)) };
}

/** The rows in which two columns of one kind differ. */
export function changedRows(before: Column, after: Column): number {
  let count = 0;
  for (let row = 0; row < lengthOf(before); row++) {
    const [a, b] = [cellOf(before, row), cellOf(after, row)];
    if (a !== b && !(Number.isNaN(a) && Number.isNaN(b))) count++;
  }
  return count;
}

function cellOf(column: Column, row: number): number | string | undefined {
  return column.kind === "text" ? column.words[column.codes[row] ?? -1] : column.values[row];
}

/** A share of the rows that hold a value, at least one of them; drawn, in ascending order. */
export function drawnRows(column: Column, share: number, random: Random): Int32Array {
  const present: number[] = [];
  for (let row = 0; row < lengthOf(column); row++) if (!isMissing(column, row)) present.push(row);
  const count = Math.min(present.length, Math.max(1, Math.round(share * present.length)));
  return permutation(present.length, random)
    .slice(0, count)
    .map((place) => present[place] as number)
    .sort();
}

/** A column of numbers with those of some rows made others; `undefined` leaves one as it is. */
export function changeNumbers(
  column: NumericColumn,
  rows: ArrayLike<number>,
  change: (value: number, row: number) => number,
): NumericColumn {
  const values = column.values.slice();
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    values[row] = change(values[row] as number, row);
  }
  return { kind: column.kind, values };
}

/** A column of texts with those of some rows made others. */
export function changeTexts(
  column: TextColumn,
  rows: ArrayLike<number>,
  change: (text: string) => string,
): TextColumn {
  const book = wordBook();
  for (const word of column.words) book.place(word);
  const places = column.words.map(book.place);
  const codes = column.codes.map((code) => places[code] ?? -1);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    const text = column.words[column.codes[row] ?? -1];
    if (text !== undefined) codes[row] = book.place(change(text));
  }
  return { kind: "text", codes, words: book.words };
}
