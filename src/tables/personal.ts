import type { Contract } from "../config/contract.ts";
import { columnSql } from "../core/tables/expression/index.ts";
import { quoteName } from "../core/tables/sql/quote.ts";
import { type DataColumn, requireColumn } from "./columns.ts";

export type Personal = Contract["data"]["personal"];

/**
 * The data columns as a SELECT list, with what becomes of personal ones: `drop`, the column is gone;
 * `hash`, SHA-256 of the value as text (the same value stays the same, but a list of guesses finds
 * it: it is a pseudonym, not anonymous); `mask`, `***` whatever the value; `generalise`, numbers to
 * their ten, times to their year, texts to their first letter. Missing stays missing.
 */
export function personalList(columns: readonly DataColumn[], personal: Personal): string {
  for (const name of Object.keys(personal)) {
    requireColumn(
      name,
      columns.map((column) => column.name),
      "data.personal",
    );
  }
  const list = columns.flatMap((column) => {
    const name = quoteName(column.name);
    const sql = treated(column, personal[column.name]);
    return sql === undefined ? [] : [sql === name ? name : `${sql} AS ${name}`];
  });
  return list.join(", ");
}

function treated({ name, kind }: DataColumn, treatment: Personal[string] | undefined): string | undefined {
  const column = quoteName(name);
  switch (treatment) {
    case undefined:
      return column;
    case "drop":
      return undefined;
    case "hash":
      return `sha256(CAST(${column} AS VARCHAR))`;
    case "mask":
      return `CASE WHEN ${column} IS NULL THEN NULL ELSE '***' END`;
    case "generalise":
      if (kind === "number") return `floor((${columnSql(name, kind)}) / 10e0) * 10e0`;
      if (kind === "time") return `date_trunc('year', ${columnSql(name, kind)})`;
      return kind === "text" ? `left(CAST(${column} AS VARCHAR), 1)` : column;
  }
}
