import type { ColumnKind, Table } from "../core/tables/column.ts";

/** A column of a relation as the engine knows it. */
export interface ColumnInfo {
  readonly name: string;
  /** The engine's own name of the type, such as `BIGINT`. */
  readonly type: string;
  /** What the column is in memory. */
  readonly kind: ColumnKind;
}

export type SqlValue = string | number | bigint | boolean | null;
export type Row = Readonly<Record<string, SqlValue>>;

/** How a file is to be read; what is left out is sniffed. */
export interface FileSource {
  /** Absolute paths or globs, in the order in which they are read; a glob's files by their names. */
  readonly paths: readonly string[];
  readonly format: "csv" | "parquet" | "jsonl";
  readonly delimiter?: string;
  readonly quote?: string;
  readonly header?: boolean;
  readonly encoding?: "utf-8" | "latin-1" | "utf-16";
  readonly types?: Readonly<Record<string, string>>;
}

/**
 * Something that answers SQL over tables that need not fit in memory.
 *
 * Expressions that come from the contract are parsed and printed by `core/tables/sql` before they
 * get here; what arrives is our own SQL. Files are read by `load` alone: SQL cannot reach the file
 * system, the network or the settings.
 */
export interface Engine {
  /** Name and version, part of every fingerprint: `duckdb 1.5.6`. */
  readonly name: string;
  /** Makes the rows of files available under a name. @throws {UserError} where they cannot be read. */
  load(name: string, source: FileSource): Promise<void>;
  /**
   * Holds a person's SQL file to what it may be, before it is run: one SELECT over what was loaded.
   * Without an ORDER BY of its own it is given one by all columns, so that rows have one order.
   *
   * @returns the statement, without its semicolon
   * @throws {UserError} with file and line, where it is anything else
   */
  checkSelect(sql: string, file: string): Promise<string>;
  /**
   * Runs one statement of ours for its effect inside the engine, such as `CREATE TABLE … AS`.
   *
   * @param options.steady on one thread, so that a person's own `avg` or `GROUP BY` comes out the same,
   *   to the last digit and in the same order, on every machine
   */
  run(sql: string, options?: { readonly steady?: boolean }): Promise<void>;
  /** The rows of a small result. */
  rows(sql: string): Promise<Row[]>;
  /** Names and types of a query's columns, without running it. */
  columns(sql: string): Promise<ColumnInfo[]>;
  /** A query's rows as columns in memory, in batches and in the query's order. */
  batches(sql: string): AsyncIterable<Table>;
  /** A query's rows as one table in memory. */
  table(sql: string): Promise<Table>;
  /** Writes a query's rows to a Parquet file: the same rows give the same bytes. */
  save(sql: string, path: string): Promise<void>;
  /** Writes batches in memory to a Parquet file: the same rows give the same bytes. */
  write(batches: AsyncIterable<Table>, path: string): Promise<void>;
  close(): Promise<void>;
}
