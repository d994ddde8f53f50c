import { type FileHandle, open } from "node:fs/promises";
import type { Table } from "../../core/tables/column.ts";
import { chunkOf } from "../../core/tables/parquet/chunk.ts";
import { footer, MAGIC, type ParquetColumn, type RowGroup } from "../../core/tables/parquet/footer.ts";
import { type Gathered, GROUP, gathered } from "../../core/tables/parquet/gather.ts";

/**
 * Writes batches to a Parquet file, one row group in memory at a time. The bytes depend on the rows
 * alone, not on how the batches cut them; NaN and -1 are NULL.
 *
 * @param path is written in place: give a temporary name
 */
export async function writeParquet(batches: AsyncIterable<Table>, path: string): Promise<void> {
  const file = await open(path, "w");
  try {
    let group: Gathered | undefined;
    let columns: readonly ParquetColumn[] = [];
    const groups: RowGroup[] = [];
    let offset = await append(file, [MAGIC]);
    const finish = async (rows: Gathered): Promise<void> => {
      const written: RowGroup = { rows: rows.rows, offset, chunks: [] };
      const chunks = [];
      for (const column of rows.columns) {
        const { parts, ...chunk } = chunkOf(column, rows.rows);
        offset += await append(file, parts);
        chunks.push(chunk);
      }
      groups.push({ ...written, chunks });
      rows.clear();
    };
    for await (const batch of batches) {
      if (group === undefined) {
        group = gathered(batch);
        columns = [...batch.columns].map(([name, { kind }]) => ({ name, kind }));
      }
      for (let from = 0; from < batch.rows; ) {
        from += group.take(batch, from);
        if (group.rows === GROUP) await finish(group);
      }
    }
    if (group === undefined) throw new Error("no batch to write, not even an empty one");
    if (group.rows > 0) await finish(group);
    await append(file, [footer(columns, groups)]);
  } finally {
    await file.close();
  }
}

async function append(file: FileHandle, parts: readonly Uint8Array[]): Promise<number> {
  let size = 0;
  for (const part of parts) {
    for (let at = 0; at < part.length; ) {
      const { bytesWritten } = await file.write(part, at);
      at += bytesWritten;
    }
    size += part.length;
  }
  return size;
}
