import type { DuckDBDataChunk, DuckDBResult } from "@duckdb/node-api";
import type { Column, Table } from "../../../core/tables/column.ts";
import type { ColumnInfo } from "../../../ports/engine.ts";
import { kindOf } from "./kinds.ts";
import { copyNumbers } from "./numbers.ts";
import { type TextCoder, textCoder } from "./text-coder.ts";

/** Rows of one batch: 20 columns of them are 10 MB. */
const BATCH = 65_536;

/** The columns of a result that has started. */
export function columnsOf(result: {
  readonly columnCount: number;
  columnName(index: number): string;
  columnType(index: number): { toString(): string };
}): ColumnInfo[] {
  return Array.from({ length: result.columnCount }, (_, index) => {
    const type = result.columnType(index).toString();
    return { name: result.columnName(index), type, kind: kindOf(type) };
  });
}

/** A streaming result as tables of up to 65,536 rows; one empty table where there are no rows. */
export async function* batchesOf(result: DuckDBResult): AsyncGenerator<Table> {
  const columns = columnsOf(result);
  const coders = columns.map(({ kind }) => (kind === "text" ? textCoder() : undefined));
  let chunks: DuckDBDataChunk[] = [];
  let rows = 0;
  let some = false;
  for (let chunk = await result.fetchChunk(); chunk !== null; chunk = await result.fetchChunk()) {
    if (chunk.rowCount === 0) break;
    if (rows + chunk.rowCount > BATCH) {
      yield tableOf(chunks, rows, columns, coders);
      [chunks, rows] = [[], 0];
    }
    some = true;
    chunks.push(chunk);
    rows += chunk.rowCount;
  }
  if (rows > 0 || !some) yield tableOf(chunks, rows, columns, coders);
}

function tableOf(
  chunks: readonly DuckDBDataChunk[],
  rows: number,
  columns: readonly ColumnInfo[],
  coders: readonly (TextCoder | undefined)[],
): Table {
  const table = new Map<string, Column>();
  for (const [index, { name, type, kind }] of columns.entries()) {
    const coder = coders[index];
    const values = new Float64Array(coder === undefined ? rows : 0);
    const codes = new Int32Array(coder === undefined ? 0 : rows);
    let offset = 0;
    for (const chunk of chunks) {
      const vector = chunk.getColumnVector(index);
      if (coder === undefined) copyNumbers(vector, type, values, offset);
      else coder.copyCodes(vector, codes, offset);
      offset += chunk.rowCount;
    }
    table.set(
      name,
      coder === undefined ? { kind: kind as "number", values } : { kind: "text", codes, words: coder.words },
    );
  }
  return { rows, columns: table };
}

/** Batches as one table. Text columns share one dictionary over all batches, so codes stay. */
export async function tableFrom(batches: AsyncIterable<Table>): Promise<Table> {
  const parts: Table[] = [];
  for await (const part of batches) parts.push(part);
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const columns = new Map<string, Column>();
  for (const [name, first] of parts[0]?.columns ?? []) {
    let offset = 0;
    if (first.kind === "text") {
      const codes = new Int32Array(rows);
      for (const part of parts) {
        const column = part.columns.get(name);
        if (column?.kind === "text") codes.set(column.codes, offset);
        offset += part.rows;
      }
      columns.set(name, { kind: "text", codes, words: first.words });
    } else {
      const values = new Float64Array(rows);
      for (const part of parts) {
        const column = part.columns.get(name);
        if (column !== undefined && column.kind !== "text") values.set(column.values, offset);
        offset += part.rows;
      }
      columns.set(name, { kind: first.kind, values });
    }
  }
  return { rows, columns };
}
