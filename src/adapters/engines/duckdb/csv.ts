import { rm } from "node:fs/promises";
import type { DuckDBConnection } from "@duckdb/node-api";
import { type Dialect, dialectOf, nameTrouble } from "../../../core/tables/csv/dialect.ts";
import { quoteText } from "../../../core/tables/sql/quote.ts";
import { nearest } from "../../../core/text/nearest.ts";
import { UserError } from "../../../errors.ts";
import type { FileSource } from "../../../ports/engine.ts";
import { csvFailure } from "./csv-failure.ts";
import { exactTypes, hopefulCells, likelyTypes, MISFIT } from "./csv-types.ts";
import { beginningOf } from "./text-start.ts";

/**
 * A CSV file as Parquet, each column as the narrowest type that fits all of its cells, so that the last
 * row counts as much as the first.
 *
 * @throws {UserError} with file and line, where the file is broken or names are empty or doubled
 */
export async function convertCsv(
  connection: DuckDBConnection,
  path: string,
  to: string,
  source: FileSource,
): Promise<void> {
  const { text, encoding, whole } = await beginningOf(path, source.encoding);
  const dialect = dialectOf(text, source, whole);
  if (dialect === undefined) {
    throw new UserError(
      whole
        ? "is empty; a CSV file begins with a row of column names"
        : "has no complete first row; is a quote left open?",
      { at: { file: path } },
    );
  }
  const trouble = dialect.header ? nameTrouble(dialect.names) : undefined;
  if (trouble !== undefined) {
    throw new UserError(`${trouble}; each column needs a name of its own`, { at: { file: path, line: 1 } });
  }
  for (const name of Object.keys(source.types ?? {})) {
    if (dialect.names.includes(name)) continue;
    const meant = nearest(name, dialect.names);
    const hint = meant === undefined ? "" : `did you mean "${meant}"? `;
    throw new UserError(`has no column "${name}"; ${hint}available: ${dialect.names.join(", ")}`, {
      at: { file: path },
    });
  }
  // a column may be called "constructor", and nothing was told of it
  const told = Object.assign(Object.create(null) as Record<string, string>, source.types);
  try {
    await convertCells(connection, readCsv(path, dialect, encoding), path, to, dialect, told);
  } catch (error) {
    throw await csvFailure(error, path, dialect, encoding);
  }
}

/** One pass with the types that the beginning suggests; where a later cell does not fit, two. */
async function convertCells(
  connection: DuckDBConnection,
  cells: string,
  path: string,
  to: string,
  dialect: Dialect,
  told: Readonly<Record<string, string>>,
): Promise<void> {
  const copy = (columns: string, from: string, file: string): Promise<unknown> =>
    connection.run(`COPY (SELECT ${columns} FROM ${from}) TO ${quoteText(file)} (FORMAT parquet)`);
  const candidates = await likelyTypes(connection, cells, dialect, told);
  const hopeful = hopefulCells(candidates);
  if (hopeful !== undefined) {
    try {
      await copy(hopeful.join(", "), cells, to);
      return;
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes(MISFIT)) throw error;
    }
  }
  const raw = `${to}.cells`;
  try {
    await copy("*", cells, raw);
    const from = `read_parquet(${quoteText(raw)})`;
    const exact = await exactTypes(connection, from, path, candidates, told);
    await copy(exact.join(", "), from, to);
  } finally {
    await rm(raw, { force: true });
  }
}

function readCsv(path: string, { delimiter, quote, header, names }: Dialect, encoding: string): string {
  const columns = names.map((name) => `${quoteText(name)}: 'VARCHAR'`).join(", ");
  return `read_csv(${quoteText(path)}, auto_detect = false, columns = {${columns}}, delim = ${quoteText(delimiter)},
    quote = ${quoteText(quote)}, escape = ${quoteText(quote)}, header = ${header}, encoding = ${quoteText(encoding)},
    nullstr = '', strict_mode = true, null_padding = false, max_line_size = 16777216)`;
}
