import type { Contract } from "../config/contract.ts";
import { columnSql } from "../core/tables/expression/index.ts";
import { quoteName } from "../core/tables/sql/quote.ts";
import type { Engine } from "../ports/engine.ts";
import type { DataColumn } from "./columns.ts";
import { rowText } from "./row-hash.ts";

const FOUND = "__found";
const NAMED = "__named";
const NAMES = "__names";

type NameContract = Pick<Contract, "data" | "split">;

/**
 * Makes the relation that a split is decided by; see `splitSql`.
 *
 * A row's `__id` is the id column as text, or the MD5 of its contents. Copies of a row get `-2`,
 * `-3` and so on after it, in the order of the rows, but stay one unit: on one side of the split.
 *
 * @param distinct whether the rows are known to hold no copies
 * @returns its name
 */
export async function nameRows(
  engine: Engine,
  rows: string,
  { data: { roles }, split }: NameContract,
  columns: readonly DataColumn[],
  distinct: boolean,
): Promise<string> {
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
  await engine.run(`CREATE OR REPLACE TABLE ${FOUND} AS SELECT __row, ${parts.join(", ")} FROM ${rows}`);
  const copies = named === undefined && !distinct && (await hasCopies(engine));
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
  const windows = copies || grouped; // without them there is nothing to keep beside what was found
  const keys = windows ? NAMED : NAMES;
  await engine.run(`CREATE OR REPLACE ${windows ? "TABLE" : "VIEW"} ${keys} AS
    SELECT __row, ${id} AS __id, unit, ${moment} AS moment,
      ${split.stratify === undefined ? "CAST(NULL AS VARCHAR)" : "stratum"} AS stratum
    FROM (SELECT *, ${unit} AS unit${nth} FROM ${FOUND})`);
  return keys;
}

/** Gives back what `nameRows` holds. */
export async function forgetNames(engine: Engine): Promise<void> {
  await engine.run(`DROP VIEW IF EXISTS ${NAMES}`);
  for (const table of [NAMED, FOUND]) await engine.run(`DROP TABLE IF EXISTS ${table}`);
}

/** The order of copies costs a sort, and most data have none. */
async function hasCopies(engine: Engine): Promise<boolean> {
  const [row = {}] = await engine.rows(
    `SELECT count(*) > 0 AS found FROM (
       SELECT 1 FROM ${FOUND} GROUP BY CAST('0x' || substr(name, 1, 15) AS BIGINT) HAVING count(*) > 1 LIMIT 1)`,
  );
  return row.found === true;
}
