import { quoteName } from "../core/tables/sql/quote.ts";
import type { ColumnInfo, Engine } from "../ports/engine.ts";

/** Up to so many rows all are compared; beyond, those whose hash falls into one part of several. */
const COMPARED = 250_000;

/**
 * The share of rows that repeat another one in every column.
 *
 * Copies of a row have the same hash, so a part chosen by the hash holds all copies of its rows: the
 * share in it is the share in all but for chance.
 */
export async function duplicateShare(
  engine: Engine,
  relation: string,
  columns: readonly ColumnInfo[],
  rows: number,
): Promise<{ readonly share: number; readonly exact: boolean }> {
  const parts = Math.ceil(rows / COMPARED);
  if (columns.length === 0 || rows === 0) return { share: 0, exact: true };
  const hash = `hash(${columns.map(({ name }) => quoteName(name)).join(", ")})`;
  const part = parts === 1 ? "" : ` WHERE h % ${parts} = 0`;
  const [row = {}] = await engine.rows(
    `SELECT count(*) AS compared, count(DISTINCT h) AS different FROM (SELECT ${hash} AS h FROM ${quoteName(relation)})${part}`,
  );
  const [compared, different] = [Number(row.compared ?? 0), Number(row.different ?? 0)];
  return { share: compared === 0 ? 0 : (compared - different) / compared, exact: parts === 1 };
}
