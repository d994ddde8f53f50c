import type { Contract } from "../config/contract.ts";
import { quoteName } from "../core/tables/sql/quote.ts";
import type { Engine } from "../ports/engine.ts";
import type { DataColumn } from "./columns.ts";
import { rowText } from "./row-hash.ts";
import type { Finding } from "./warnings.ts";

type CrossingContract = Pick<Contract, "data" | "split">;

/** Digits of an MD5, which an unnamed row's `__id` begins with; that of a copy is longer. */
const MD5 = 32;
const NAME = `substr(__id, 1, ${MD5})`;

/**
 * Rows held out whose contents, but for the id, also stand on the training side: what was learnt by
 * heart looks like skill there.
 */
export async function crossings(
  engine: Engine,
  prepared: string,
  columns: readonly DataColumn[],
  { data: { roles }, split }: CrossingContract,
): Promise<Finding[]> {
  const named = roles.id !== undefined && roles.id !== "row_hash";
  if (!named && split.by !== "time" && roles.group === undefined) return []; // equal rows share their side
  const compared = columns.filter(({ name }) => name !== roles.id);
  const contents = named
    ? `SELECT md5_number(${rowText(compared)}) AS contents, __split FROM ${quoteName(prepared)}`
    : `SELECT ${NAME} AS contents, __split FROM ${quoteName(prepared)} WHERE ${NAME} IN (
         SELECT ${NAME} FROM ${quoteName(prepared)} WHERE length(__id) > ${MD5})`; // few rows stand twice
  const [row = {}] = await engine.rows(
    `SELECT coalesce(sum(held), 0)::BIGINT AS copies FROM (
       SELECT count(*) FILTER (__split = 'train') AS learnt,
         count(*) FILTER (__split IN ('validation', 'holdout')) AS held
       FROM (${contents})
       GROUP BY contents HAVING learnt > 0 AND held > 0)`,
  );
  const copies = Number(row.copies);
  if (copies === 0) return [];
  return [
    {
      title: "Same rows on both sides of the split",
      text: `${copies} held out ${copies === 1 ? "row has" : "rows have"} the contents of a training row${named ? ", under another id" : ""}, so the evaluation flatters the model. Remove copies with deduplicate in prepare.rows${named ? ", ignoring the id" : ""}.`,
    },
  ];
}

/** Ids that name more than one row. */
export async function sharedIds(
  engine: Engine,
  prepared: string,
  { data: { roles } }: CrossingContract,
): Promise<Finding[]> {
  if (roles.id === undefined || roles.id === "row_hash") return [];
  const [row = {}] = await engine.rows(
    `SELECT count(*) - count(DISTINCT __id) AS shared FROM ${quoteName(prepared)}`,
  );
  const shared = Number(row.shared);
  if (shared === 0) return [];
  return [
    {
      title: "The id names several rows",
      text: `${shared} ${shared === 1 ? "row has" : "rows have"} the id of an earlier row, so rows cannot be told apart by it. Choose another column for data.roles.id, or remove copies with deduplicate.`,
    },
  ];
}
