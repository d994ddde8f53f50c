import type { Column, Table } from "../core/tables/column.ts";
import { quoteName } from "../core/tables/sql/quote.ts";
import { nearest } from "../core/text/nearest.ts";
import { UserError } from "../errors.ts";
import type { ColumnInfo, Engine, FileSource } from "../ports/engine.ts";
import { describeFile } from "../tables/sources.ts";

/**
 * Makes a plain file known to the engine.
 *
 * @param wanted the columns that must be there
 * @returns what the file is, and all of its columns
 * @throws {UserError} on a name that is no column
 */
export async function loadPlain(
  engine: Engine,
  relation: string,
  file: string,
  folder: string,
  wanted: readonly string[],
): Promise<{ readonly source: FileSource; readonly columns: readonly ColumnInfo[] }> {
  const source = describeFile(file, folder);
  await engine.load(relation, source);
  const columns = await engine.columns(`SELECT * FROM ${quoteName(relation)}`);
  const known = columns.map(({ name }) => name);
  for (const name of wanted) {
    if (known.includes(name)) continue;
    const close = nearest(name, known);
    const meant = close === undefined ? "" : `did you mean "${close}"? `;
    throw new UserError(`${file} has no column "${name}"; ${meant}available: ${known.join(", ")}`);
  }
  return { source, columns };
}

/**
 * Columns of a plain file, in memory.
 *
 * @param wanted the columns that must be there
 * @param more whether those alone are read, or all
 * @param key one of them that is read as it is written: 007 is not 7, and no digit of a long number is lost
 * @throws {UserError} on a name that is no column, and where there are no rows
 */
export async function readPlain(
  engine: Engine,
  relation: string,
  file: string,
  folder: string,
  wanted: readonly string[],
  more: "only" | "all" = "only",
  key?: string,
): Promise<Table> {
  const { source, columns } = await loadPlain(engine, relation, file, folder, wanted);
  const known = columns.map(({ name }) => name);
  if (key !== undefined && source.format !== "parquet") {
    const read = columns.find(({ name }) => name === key)?.kind;
    if (read !== "text") await engine.load(relation, { ...source, types: { [key]: "text" } });
  }
  const names = more === "all" ? known : [...new Set(wanted)];
  const selected = names.map((name) =>
    name === key ? `CAST(${quoteName(name)} AS VARCHAR) AS ${quoteName(name)}` : quoteName(name),
  );
  const table = await engine.table(`SELECT ${selected.join(", ")} FROM ${quoteName(relation)}`);
  if (table.rows === 0) throw new UserError(`${file} has no rows; there is nothing to measure`);
  return table;
}

/** A column that `readPlain` made sure of. */
export function columnOf(table: Table, name: string): Column {
  const found = table.columns.get(name);
  if (found === undefined) throw new Error(`column ${name} was not read`);
  return found;
}
