/**
 * Columns in memory: what the features are applied to and the metrics are computed from.
 *
 * Numbers, booleans (0 and 1) and times (milliseconds since 1970, UTC) are Float64Array, where NaN
 * is "missing". Text is coded: `codes[row]` is an index into `words`, -1 is "missing".
 */
export type Column = NumericColumn | TextColumn;

/** Numbers, truth values or moments: one entry a row, NaN where it is missing. */
export interface NumericColumn {
  readonly kind: "number" | "boolean" | "time";
  readonly values: Float64Array;
}

/** Texts, coded: an index into `words` for each row, -1 where it is missing. */
export interface TextColumn {
  readonly kind: "text";
  readonly codes: Int32Array;
  readonly words: readonly string[];
}

export type ColumnKind = Column["kind"];

/** Columns of one length, in the order in which they stand. */
export interface Table {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, Column>;
}

/** One value of a column as a person writes it; `undefined` is "missing". */
export type Cell = number | string | boolean | Date | undefined;
