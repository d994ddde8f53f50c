import type { ColumnKind } from "../../tables/column.ts";

/** A column as a check meets it. */
export interface CheckedColumn {
  readonly name: string;
  /** The engine's own name of the type, such as `BIGINT`. */
  readonly type: string;
  readonly kind: ColumnKind;
}

/** Numbers that a scan gave back, by the name under which they were asked for. */
export type Aggregates = Readonly<Record<string, string | number | bigint | boolean | null>>;

/** What was found of one expectation. Whether that is too much is decided in `gates/`. */
export interface Measurement {
  /** Rows that break it; null where it is not about single rows. */
  readonly count: number | null;
  /** Rows that it is about: those in which the value is present. */
  readonly rows: number;
  /** Whether it holds, where it is not about single rows. */
  readonly holds?: boolean | undefined;
  /** What was seen, for a person; holds no cell of the data. */
  readonly observed: string | null;
  /** What was seen in the cells, for those who may see them. */
  readonly seen?: string | undefined;
}

/**
 * One expectation about the data, ready to be asked.
 *
 * A check only builds SQL and reads what comes back; all checks share one scan.
 */
export interface Check {
  /** What must hold, as a person would say it. */
  readonly title: string;
  readonly column: string | null;
  /** Aggregates that the scan must give, as SQL, by name. */
  readonly aggregates: Readonly<Record<string, string>>;
  /** SQL that is true for a row that breaks it; absent where it is not about single rows. */
  readonly broken?: string;
  /** The value that is shown of a row that breaks it, as SQL. */
  readonly shown?: string;
  /** The share of rows that may break it. */
  readonly allow: number;
  measure(aggregates: Aggregates): Measurement;
}

/** Why an expectation cannot be asked of this table: it names what is not there, or not of its kind. */
export interface Unfit {
  readonly title: string;
  readonly column: string | null;
  readonly unfit: string;
  /** Which character of a condition it is about, counted from 0. */
  readonly offset?: number;
}

/**
 * A number that a scan gave back; 0 where there was none.
 */
export function numberOf(aggregates: Aggregates, name: string): number {
  return Number(aggregates[name] ?? 0);
}
