import type { Column, ColumnKind, NumericColumn, TextColumn } from "../column.ts";

/* Loops over columns. A column of one value stands for every row, so its stride is 0. */

/** Entries of a column: its rows, or one that stands for all of them. */
export function lengthOf(column: Column): number {
  return column.kind === "text" ? column.codes.length : column.values.length;
}

/** How many rows the answer has: one only if all arguments have one. */
export function rowsOf(args: readonly Column[]): number {
  for (const arg of args) if (lengthOf(arg) !== 1) return lengthOf(arg);
  return 1;
}

/** Position of a row in a column that may stand for all rows. */
export function strideOf(column: Column): 0 | 1 {
  return lengthOf(column) === 1 ? 0 : 1;
}

/** The column of an argument that the checker has made sure is no text. */
export function asNumeric(column: Column | undefined): NumericColumn {
  if (column === undefined || column.kind === "text") throw new TypeError("the checker let a text through");
  return column;
}

/** The column of an argument that the checker has made sure is text. */
export function asText(column: Column | undefined): TextColumn {
  if (column?.kind !== "text") throw new TypeError("the checker let a number through");
  return column;
}

/** Whether the value in a row is missing. */
export function isMissing(column: Column, row: number): boolean {
  const at = row * strideOf(column);
  return column.kind === "text" ? (column.codes[at] ?? -1) < 0 : Number.isNaN(column.values[at] ?? NaN);
}

/** A number of each row; whatever is not finite becomes missing. */
export function mapNumbers(
  column: Column | undefined,
  kind: NumericColumn["kind"],
  f: (x: number) => number,
) {
  const { values } = asNumeric(column);
  const out = new Float64Array(values.length);
  for (let i = 0; i < out.length; i++) {
    const x = values[i] as number;
    out[i] = Number.isNaN(x) ? NaN : finite(f(x));
  }
  return { kind, values: out } satisfies NumericColumn;
}

/** A number of each row from two columns; missing where either is, or where it is not finite. */
export function mapPairs(
  left: Column | undefined,
  right: Column | undefined,
  kind: NumericColumn["kind"],
  f: (x: number, y: number) => number,
): NumericColumn {
  const [a, b] = [asNumeric(left), asNumeric(right)];
  const [step, stride] = [strideOf(a), strideOf(b)];
  const out = new Float64Array(rowsOf([a, b]));
  for (let i = 0; i < out.length; i++) {
    const x = a.values[i * step] as number;
    const y = b.values[i * stride] as number;
    out[i] = Number.isNaN(x) || Number.isNaN(y) ? NaN : finite(f(x, y));
  }
  return { kind, values: out };
}

/** The number, or NaN for "missing" where it is infinite. */
export function finite(x: number): number {
  return Number.isFinite(x) ? x : NaN;
}

/** A number for each text, computed once a word. */
export function mapWords(
  column: Column | undefined,
  kind: NumericColumn["kind"],
  f: (word: string) => number,
) {
  const { codes, words } = asText(column);
  const answers = words.map(f);
  const out = new Float64Array(codes.length);
  for (let i = 0; i < out.length; i++) out[i] = answers[codes[i] as number] ?? NaN;
  return { kind, values: out } satisfies NumericColumn;
}

/** A number for each pair of texts; once a word where one side is constant. */
export function mapWordPairs(
  left: Column | undefined,
  right: Column | undefined,
  kind: NumericColumn["kind"],
  f: (a: string, b: string) => number,
): NumericColumn {
  const [a, b] = [asText(left), asText(right)];
  if (strideOf(b) === 0) {
    const other = b.words[b.codes[0] ?? -1];
    return mapWords(a, kind, (word) => (other === undefined ? NaN : f(word, other)));
  }
  if (strideOf(a) === 0) {
    const other = a.words[a.codes[0] ?? -1];
    return mapWords(b, kind, (word) => (other === undefined ? NaN : f(other, word)));
  }
  const out = new Float64Array(a.codes.length);
  for (let i = 0; i < out.length; i++) {
    const x = a.words[a.codes[i] as number];
    const y = b.words[b.codes[i] as number];
    out[i] = x === undefined || y === undefined ? NaN : f(x, y);
  }
  return { kind, values: out };
}

/** A text for each text; words that become equal share a code. */
export function mapTexts(column: Column | undefined, f: (word: string) => string): TextColumn {
  const { codes, words } = asText(column);
  const dictionary = dictionaryOf();
  const moved = words.map((word) => dictionary.code(f(word)));
  return { kind: "text", codes: codes.map((code) => moved[code] ?? -1), words: dictionary.words };
}

/** Gives each distinct word a code, in the order in which they come. */
export function dictionaryOf(): { readonly words: string[]; code(word: string): number } {
  const words: string[] = [];
  const codes = new Map<string, number>();
  return {
    words,
    code(word) {
      const known = codes.get(word);
      if (known !== undefined) return known;
      codes.set(word, words.length);
      return words.push(word) - 1;
    },
  };
}

/** Takes each row from one of several columns of one kind; `choice` is −1 for "missing". */
export function choose(columns: readonly Column[], rows: number, choice: (row: number) => number): Column {
  const kind: ColumnKind = columns[0]?.kind ?? "number";
  if (kind !== "text") {
    const sources = columns.map((column) => ({ ...asNumeric(column), stride: strideOf(column) }));
    const values = new Float64Array(rows);
    for (let i = 0; i < rows; i++) {
      const source = sources[choice(i)];
      values[i] = source === undefined ? NaN : (source.values[i * source.stride] as number);
    }
    return { kind, values };
  }
  const dictionary = dictionaryOf();
  const sources = columns.map((column) => {
    const { codes, words } = asText(column);
    return { codes, moved: words.map(dictionary.code), stride: strideOf(column) };
  });
  const codes = new Int32Array(rows);
  for (let i = 0; i < rows; i++) {
    const source = sources[choice(i)];
    codes[i] = source === undefined ? -1 : (source.moved[source.codes[i * source.stride] as number] ?? -1);
  }
  return { kind, codes, words: dictionary.words };
}
