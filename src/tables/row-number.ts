import { quoteName } from "../core/tables/sql/quote.ts";
import type { ColumnInfo, Engine } from "../ports/engine.ts";

/** The column in which `ingest` counts the rows from 1, in the order of the source. */
export const ROW = "__row";

/** A relation's columns without the one that only counts rows. */
export async function dataColumns(engine: Engine, relation: string): Promise<ColumnInfo[]> {
  const columns = await engine.columns(`SELECT * FROM ${quoteName(relation)}`);
  return columns.filter(({ name }) => name !== ROW);
}

/** The relation with its rows counted from 1 in a column `__number`, as a FROM item. */
export async function numbered(engine: Engine, relation: string): Promise<string> {
  const columns = await engine.columns(`SELECT * FROM ${quoteName(relation)}`);
  const number = columns.some(({ name }) => name === ROW) ? quoteName(ROW) : "row_number() OVER ()";
  return `(SELECT *, ${number} AS "__number" FROM ${quoteName(relation)})`;
}
