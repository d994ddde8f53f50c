import type { Contract } from "../config/contract.ts";
import { columnSql } from "../core/tables/expression/index.ts";
import { quoteName } from "../core/tables/sql/quote.ts";
import type { Engine } from "../ports/engine.ts";
import type { DataColumn } from "./columns.ts";
import { rowText } from "./row-hash.ts";

type NameContract = Pick<Contract, "data" | "split">;

/**
 * Makes the table that a split is decided by; see `KeysTable` in split.ts.
 *
 * A row's `__id` is the id column as text, or the MD5 of its contents. Copies of a row get `-2`,
 * `-3` and so on after it, in the order of the rows, but stay one unit: on one side of the split.
 */
export async function nameRows(
  engine: Engine,
  keys: string,
  rows: string,
  { data: { roles }, split }: NameContract,
  columns: readonly DataColumn[],
): Promise<void> {
  const kindOf = new Map(columns.map(({ name, kind }) => [name, kind]));
  const text = (name: string): string => `CAST(${quoteName(name)} AS VARCHAR)`;
  const named = roles.id !== undefined && roles.id !== "row_hash" ? text(roles.id) : undefined;
  const parts = [
    `${named ?? `md5(${rowText(columns)})`} AS name`,
    ...(roles.group === undefined ? [] : [`${text(roles.group)} AS own_group`]),
    ...(split.by === "time" && roles.time !== undefined
      ? [`epoch_us(${columnSql(roles.time, kindOf.get(roles.time) ?? "time")}) AS moment`]
      : []),
    ...(split.stratify === undefined ? [] : [`${text(roles.label)} AS stratum`]),
  ];
  const found = `${keys}_found`;
  await engine.run(`CREATE OR REPLACE TABLE ${found} AS SELECT __row, ${parts.join(", ")} FROM ${rows}`);
  const copies = named === undefined && (await hasCopies(engine, found));
  const id = copies ? "CASE WHEN nth = 1 THEN name ELSE name || '-' || nth END" : "name";
  const nth = copies ? ", row_number() OVER (PARTITION BY name ORDER BY __row) AS nth" : "";
  const grouped = roles.group !== undefined;
  const unit = grouped
    ? "CASE WHEN own_group IS NULL THEN 'row:' || name ELSE 'group:' || own_group END"
    : "name";
  const moment =
    split.by !== "time"
      ? "CAST(NULL AS BIGINT)"
      : grouped
        ? "max(moment) OVER (PARTITION BY unit)"
        : "moment";
  await engine.run(`CREATE OR REPLACE TABLE ${keys} AS
    SELECT __row, ${id} AS __id, unit, ${moment} AS moment,
      ${split.stratify === undefined ? "CAST(NULL AS VARCHAR)" : "stratum"} AS stratum
    FROM (SELECT *, ${unit} AS unit${nth} FROM ${found})`);
  await engine.run(`DROP TABLE ${found}`);
}

/** The order of copies costs a sort, and most data have none. */
async function hasCopies(engine: Engine, found: string): Promise<boolean> {
  const [row = {}] = await engine.rows(
    `SELECT count(*) > 0 AS found FROM (
       SELECT 1 FROM ${found} GROUP BY CAST('0x' || substr(name, 1, 15) AS BIGINT) HAVING count(*) > 1 LIMIT 1)`,
  );
  return row.found === true;
}
