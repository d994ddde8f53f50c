import type { DuckDBConnection, DuckDBResult, DuckDBType, DuckDBVector } from "@duckdb/node-api";
import type { Column, ColumnKind, Table } from "../../../core/tables/column.ts";
import { quoteName } from "../../../core/tables/sql/quote.ts";
import { inside } from "./numbers.ts";

/** What columns in memory become in a file. */
const TYPES: Readonly<Record<ColumnKind, string>> = {
  number: "DOUBLE",
  boolean: "BOOLEAN",
  time: "TIMESTAMP",
  text: "VARCHAR",
};

/** Rows of DuckDB's own chunks. */
const CHUNK = 2048;

/**
 * Fills a new table of the engine with batches; NaN and -1 become NULL.
 *
 * The first batch says which columns there are; the others must have the same.
 */
export async function appendBatches(
  connection: DuckDBConnection,
  name: string,
  batches: AsyncIterable<Table>,
): Promise<void> {
  const duckdb = await import("@duckdb/node-api");
  const types: Readonly<Record<ColumnKind, DuckDBType>> = {
    number: duckdb.DOUBLE,
    boolean: duckdb.BOOLEAN,
    time: duckdb.TIMESTAMP,
    text: duckdb.VARCHAR,
  };
  let columns: readonly (readonly [string, ColumnKind])[] = [];
  let appender: Awaited<ReturnType<DuckDBConnection["createAppender"]>> | undefined;
  for await (const table of batches) {
    if (appender === undefined) {
      columns = [...table.columns].map(([column, { kind }]) => [column, kind] as const);
      const definitions = columns.map(([column, kind]) => `${quoteName(column)} ${TYPES[kind]}`);
      await connection.run(`CREATE OR REPLACE TABLE ${quoteName(name)} (${definitions.join(", ")})`);
      appender = await connection.createAppender(name);
    }
    const chunkTypes = columns.map(([, kind]) => types[kind]);
    for (let from = 0; from < table.rows; from += CHUNK) {
      const rows = Math.min(CHUNK, table.rows - from);
      const chunk = duckdb.DuckDBDataChunk.create(chunkTypes, rows);
      for (const [index, [column, kind]] of columns.entries()) {
        const values = table.columns.get(column);
        if (values?.kind !== kind) throw new Error(`batch without column ${column} of ${kind}`);
        fill(chunk.getColumnVector(index), values, from, rows);
      }
      appender.appendDataChunk(chunk);
    }
  }
  if (appender === undefined) throw new Error("no batch to write, not even an empty one");
  appender.flushSync();
  appender.closeSync();
}

function fill(vector: DuckDBVector, column: Column, from: number, rows: number): void {
  if (column.kind === "text") {
    for (let row = 0; row < rows; row++) {
      vector.setItem(row, column.words[column.codes[from + row] ?? -1] ?? null);
    }
  } else {
    const { items, dataView, validity } = inside(vector);
    const values = column.values.subarray(from, from + rows);
    if (items instanceof Float64Array) items.set(values);
    else if (items instanceof BigInt64Array) {
      for (let row = 0; row < rows; row++) items[row] = BigInt(Math.round((values[row] || 0) * 1000));
    } else if (dataView !== undefined) {
      for (let row = 0; row < rows; row++) dataView.setUint8(row, values[row] === 1 ? 1 : 0);
    }
    const mask = missingMask(values);
    if (mask !== undefined) (validity as { data: BigUint64Array | null }).data = mask;
  }
  vector.flush();
}

/** One bit a row, 0 where it is missing; `undefined` where none is. */
function missingMask(values: Float64Array): BigUint64Array | undefined {
  let words: Uint32Array | undefined;
  for (let row = 0; row < values.length; row++) {
    if (!Number.isNaN(values[row])) continue;
    words ??= new Uint32Array(Math.ceil(values.length / 64) * 2).fill(0xffff_ffff);
    words[row >>> 5] = (words[row >>> 5] as number) & ~(1 << (row & 31));
  }
  return words === undefined ? undefined : new BigUint64Array(words.buffer);
}

/** Fills a table of the same columns with a result's rows, in their order. */
export async function appendResult(
  connection: DuckDBConnection,
  name: string,
  result: DuckDBResult,
): Promise<void> {
  const appender = await connection.createAppender(name);
  for (let chunk = await result.fetchChunk(); chunk !== null; chunk = await result.fetchChunk()) {
    if (chunk.rowCount === 0) break;
    appender.appendDataChunk(chunk);
  }
  appender.flushSync();
  appender.closeSync();
}
