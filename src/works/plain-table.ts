import type { Column, Table } from "../core/tables/column.ts";
import { quoteName } from "../core/tables/sql/quote.ts";
import { nearest } from "../core/text/nearest.ts";
import { UserError } from "../errors.ts";
import type { Engine } from "../ports/engine.ts";
import { loadFile } from "../tables/sources.ts";

/**
 * Columns of a plain file, in memory.
 *
 * @param wanted names, or undefined for all
 * @throws {UserError} on a name that is no column, and where there are no rows
 */
export async function readPlain(
  engine: Engine,
  relation: string,
  file: string,
  folder: string,
  wanted: readonly string[],
  more: "only" | "all" = "only",
): Promise<Table> {
  await loadFile(engine, relation, file, folder);
  const known = (await engine.columns(`SELECT * FROM ${quoteName(relation)}`)).map(({ name }) => name);
  for (const name of wanted) {
    if (known.includes(name)) continue;
    const close = nearest(name, known);
    const meant = close === undefined ? "" : `did you mean "${close}"? `;
    throw new UserError(`${file} has no column "${name}"; ${meant}available: ${known.join(", ")}`);
  }
  const names = more === "all" ? known : [...new Set(wanted)];
  const table = await engine.table(`SELECT ${names.map(quoteName).join(", ")} FROM ${quoteName(relation)}`);
  if (table.rows === 0) throw new UserError(`${file} has no rows; there is nothing to measure`);
  return table;
}

/** A column that `readPlain` made sure of. */
export function columnOf(table: Table, name: string): Column {
  const found = table.columns.get(name);
  if (found === undefined) throw new Error(`column ${name} was not read`);
  return found;
}
