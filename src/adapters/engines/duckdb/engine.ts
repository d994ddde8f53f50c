import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { quoteName, quoteText } from "../../../core/tables/sql/quote.ts";
import type { Engine, Row } from "../../../ports/engine.ts";
import { writeParquet } from "../parquet-file.ts";
import { appendResult } from "./append.ts";
import { batchesOf, columnsOf, tableFrom } from "./batches.ts";
import { cellOf } from "./cells.ts";
import { statementFailure } from "./failure.ts";
import { closeInstance, loadPackage, openInstance } from "./instance.ts";
import { loadSource } from "./load.ts";
import { moveInPlace } from "./move.ts";
import { selectOnly } from "./select-only.ts";
import { type Stamp, sameStill } from "./stamps.ts";

export interface DuckdbOptions {
  /** Else as many as the machine has cores. Results do not depend on it. */
  readonly threads?: number;
  /** Such as `1GB`; else DuckDB's default of 80 % of the machine's. */
  readonly memory?: string;
  /** Where a folder for the engine's own files is made; else the system's temporary folder. */
  readonly folder?: string;
}

/** How files are written: fixed, because the bytes of a version depend on it. */
const PARQUET = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880";

/**
 * DuckDB in this process. Whatever it reads, it reads from a folder of its own: `load` links or
 * converts sources into it, `save` and `write` move results out of it, and SQL sees nothing else.
 */
export async function openDuckdb(options: DuckdbOptions = {}): Promise<Engine> {
  const { threads = availableParallelism(), memory, folder: parent = tmpdir() } = options;
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, "trainyard-"));
  const { version } = await loadPackage();
  const opened = await openInstance({ threads, memory, folder }, true);
  const { instance, connection } = opened;
  const sources = new Map<string, readonly Stamp[]>();
  let files = 0;

  /** Nothing that is read counts, neither an answer nor a failure, if a file changed meanwhile. */
  const unchanged = (): Promise<void> => sameStill([...sources.values()].flat());

  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      const result = await work();
      await unchanged();
      return result;
    } catch (error) {
      await unchanged();
      throw statementFailure(error);
    }
  };

  /** Writes a table of ours, whose rows are packed evenly, so that threads have no say in the bytes. */
  const saved = async (table: string, path: string): Promise<void> => {
    const draft = join(folder, `out-${++files}.parquet`);
    try {
      await connection.run(`COPY ${quoteName(table)} TO ${quoteText(draft)} (${PARQUET})`);
      await unchanged();
      await moveInPlace(draft, path);
    } finally {
      await rm(draft, { force: true });
    }
  };

  /** Gives a name for a table that lasts as long as the work. */
  const withTable = async (work: (table: string) => Promise<void>): Promise<void> => {
    const table = `draft ${++files}`;
    try {
      await guarded(() => work(table));
    } finally {
      await connection.run(`DROP TABLE IF EXISTS ${quoteName(table)}`);
    }
  };

  const engine: Engine = {
    name: `duckdb ${version().replace(/^v/, "")}`,

    async load(name, source) {
      const inside = join(folder, `in-${++files}`);
      await mkdir(inside);
      const { sql, stamps } = await loadSource(name, source, { threads, memory, folder: inside }, connection);
      await connection.run(`CREATE OR REPLACE VIEW ${quoteName(name)} AS ${sql}`);
      sources.set(name, stamps);
    },

    async checkSelect(sql, file) {
      const tables = await connection.runAndReadAll(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main' ORDER BY 1",
      );
      return selectOnly(
        connection,
        sql,
        file,
        tables.getRows().map(([name]) => String(name)),
      );
    },

    async run(sql, { steady = false } = {}) {
      await guarded(async () => {
        if (!steady) return connection.run(sql);
        await connection.run("SET threads = 1");
        try {
          return await connection.run(sql);
        } finally {
          await connection.run(`SET threads = ${threads}`);
        }
      });
    },

    async rows(sql) {
      return guarded(async () => {
        const reader = await connection.runAndReadAll(sql);
        const names = reader.columnNames();
        return reader
          .getRows()
          .map(
            (row): Row => Object.fromEntries(names.map((name, index) => [name, cellOf(row[index] ?? null)])),
          );
      });
    },

    async columns(sql) {
      return guarded(async () => {
        const prepared = await connection.prepare(sql);
        const columns = columnsOf(prepared);
        prepared.destroySync();
        return columns;
      });
    },

    async *batches(sql) {
      const own = await instance.connect(); // a stream ends when its connection is used for more
      try {
        yield* batchesOf(await own.stream(sql));
        await unchanged();
      } catch (error) {
        await unchanged();
        throw statementFailure(error);
      } finally {
        own.closeSync();
      }
    },

    async table(sql) {
      return tableFrom(engine.batches(sql));
    },

    async save(sql, path) {
      await withTable(async (table) => {
        const own = await instance.connect();
        try {
          await own.run(`CREATE TABLE ${quoteName(table)} AS SELECT * FROM (${sql}\n) LIMIT 0`);
          await appendResult(connection, table, await own.stream(sql));
        } finally {
          own.closeSync();
        }
        await saved(table, path);
      });
    },

    async write(batches, path) {
      const draft = join(folder, `out-${++files}.parquet`);
      try {
        await writeParquet(batches, draft);
        await unchanged(); // the batches may come from a source
        await moveInPlace(draft, path);
      } finally {
        await rm(draft, { force: true });
      }
    },

    async close() {
      closeInstance(opened);
      await rm(folder, { recursive: true, force: true });
    },
  };
  return engine;
}
