import { basename, join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteText } from "../../../core/tables/sql/quote.ts";
import { nearest } from "../../../core/text/nearest.ts";
import { UserError, unreachable } from "../../../errors.ts";
import type { FileSource } from "../../../ports/engine.ts";
import { convertCsv } from "./csv.ts";
import { closeInstance, type InstanceOptions, openInstance } from "./instance.ts";
import { convertJson } from "./json.ts";
import { linkOrCopy } from "./move.ts";
import { filesOf } from "./paths.ts";
import { type Stamp, sameStill, stampsOf } from "./stamps.ts";

export interface Loaded {
  /** A query over files in the engine's own folder. */
  readonly sql: string;
  /** The files that the query still depends on. */
  readonly stamps: readonly Stamp[];
}

/**
 * Brings a source's files into the engine's folder: Parquet as links, text as Parquet made of it by
 * an instance that may read everything and runs our statements only.
 *
 * @throws {UserError} where a file is missing, broken, unlike the first, or changes meanwhile
 */
export async function loadSource(
  name: string,
  described: FileSource,
  options: InstanceOptions,
  connection: DuckDBConnection,
): Promise<Loaded> {
  const source = { ...described, paths: await filesOf(described.paths) };
  if (source.paths.length === 0) throw new UserError(`source "${name}" names no file`);
  const stamps = await stampsOf(source.paths);
  if (source.format === "parquet") {
    const paths = await Promise.all(
      source.paths.map(async (path, index) => {
        const inside = join(options.folder, `${index}.parquet`);
        await linkOrCopy(path, inside);
        return inside;
      }),
    );
    const sql = await union(connection, source, paths);
    await sameStill(stamps);
    return { sql, stamps };
  }
  const opened = await openInstance(options, false);
  try {
    const paths: string[] = [];
    for (const [index, path] of source.paths.entries()) {
      const inside = join(options.folder, `${index}.parquet`);
      await convert(opened.connection, path, inside, source);
      paths.push(inside);
    }
    await sameStill(stamps);
    return { sql: await union(connection, source, paths), stamps: [] };
  } finally {
    closeInstance(opened);
  }
}

function convert(connection: DuckDBConnection, path: string, to: string, source: FileSource): Promise<void> {
  switch (source.format) {
    case "csv":
      return convertCsv(connection, path, to, source);
    case "jsonl":
      return convertJson(connection, path, to, source);
    case "parquet":
      throw new Error("parquet is linked, not converted");
    default:
      return unreachable(source.format);
  }
}

/** One query over files that must have the same columns, in whatever order. */
async function union(
  connection: DuckDBConnection,
  source: FileSource,
  paths: readonly string[],
): Promise<string> {
  let first: readonly string[] | undefined;
  for (const [index, path] of paths.entries()) {
    const from = source.paths[index] ?? path;
    const names = await columnsOf(connection, path, from);
    if (first === undefined) first = names;
    const [known, other] = [first, source.paths[0] ?? ""];
    const lacking = known.find((name) => !names.includes(name));
    const extra = names.find((name) => !known.includes(name));
    if (lacking !== undefined || extra !== undefined) {
      const found = lacking === undefined ? `has a column "${extra}"` : `has no column "${lacking}"`;
      const meant = lacking === undefined ? undefined : nearest(lacking, names);
      const hint = meant === undefined ? "" : `, but "${meant}"`;
      throw new UserError(
        `"${from}" ${found}${hint}, unlike "${basename(other)}"; files of one source must have the same columns`,
      );
    }
  }
  const list = paths.map(quoteText).join(", ");
  return paths.length === 1
    ? `SELECT * FROM read_parquet(${list})`
    : `SELECT * FROM read_parquet([${list}], union_by_name = true)`;
}

async function columnsOf(connection: DuckDBConnection, path: string, shown: string): Promise<string[]> {
  try {
    const reader = await connection.runAndReadAll(`DESCRIBE SELECT * FROM read_parquet(${quoteText(path)})`);
    return reader.getRows().map(([name]) => String(name));
  } catch (error) {
    throw new UserError(`"${shown}" is not a whole Parquet file: write it again, or say its format`, {
      cause: error,
    });
  }
}
