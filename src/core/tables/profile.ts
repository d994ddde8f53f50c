import type { ColumnKind } from "./column.ts";

/** What a table's columns hold, as versioned JSON. */
export interface Profile {
  readonly schema: "trainyard/profile/1";
  readonly rows: number;
  readonly columns: readonly ColumnProfile[];
}

/** What a glance at one column tells. */
export interface ColumnProfile {
  readonly name: string;
  /** The engine's own name of the type, such as `BIGINT`. */
  readonly type: string;
  readonly kind: ColumnKind;
  /** Rows in which there is a value; infinities count, NaN does not. */
  readonly count: number;
  /** Rows without a value: NULL, and NaN. */
  readonly missing: number;
  readonly nan: number;
  readonly infinite: number;
  /** Different values that are present. */
  readonly distinct: number;
  /** Whether `distinct` and the quartiles are estimates, as they are beyond 5 million rows. */
  readonly approximate: boolean;
  /** Of finite numbers; of times as ISO texts in UTC; null for texts. */
  readonly min: number | string | null;
  readonly max: number | string | null;
  /** Of finite numbers; of truth values the share of true. */
  readonly mean: number | null;
  /** Population standard deviation. */
  readonly deviation: number | null;
  /** At 25, 50 and 75 %, with linear interpolation between neighbours. */
  readonly quartiles: readonly (number | string)[] | null;
  /** The most frequent values of texts and truth values, at most 20; null where too many differ. */
  readonly top: readonly TopValue[] | null;
}

/** A frequent value of a column, and how often it stands there. */
export interface TopValue {
  readonly value: string;
  readonly count: number;
  /** Of the rows in which there is a value. */
  readonly share: number;
}
