import type { DuckDBConnection, DuckDBResult } from "@duckdb/node-api";

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
