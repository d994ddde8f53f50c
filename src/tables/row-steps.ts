import type { Contract } from "../config/contract.ts";
import { check, parseExpression, toSql } from "../core/tables/expression/index.ts";
import { UserError } from "../errors.ts";
import type { Engine } from "../ports/engine.ts";
import { type DataColumn, kindsOf, requireColumn } from "./columns.ts";
import { rowText } from "./row-hash.ts";
import { onBehalfOf } from "./step-error.ts";

type RowStep = Contract["prepare"]["rows"][number];

/**
 * Applies `prepare.rows` in their order. A condition keeps the rows in which it is true, not those
 * in which it is missing.
 *
 * @returns the name of a relation with the rows that are left, and how many each step removed
 * @throws {UserError} on a condition that is none, or an unknown column
 */
export async function keptRows(
  engine: Engine,
  source: string,
  columns: readonly DataColumn[],
  steps: readonly RowStep[],
): Promise<{ readonly kept: string; readonly removed: Readonly<Record<string, number>> }> {
  const removed: Record<string, number> = {};
  let kept = source;
  let rows = steps.length === 0 ? 0 : await count(engine, source);
  for (const [index, step] of steps.entries()) {
    const [table, view] = [`__kept_${index}`, `__rows_${index}`];
    const select = onBehalfOf(["prepare", "rows", index, "where" in step ? "where" : "deduplicate"], () =>
      "where" in step
        ? `SELECT __row FROM ${kept} WHERE ${conditionSql(step.where, columns)}`
        : `SELECT min(__row) AS __row FROM ${kept} GROUP BY ${contents(step.deduplicate.ignore, columns)}`,
    );
    await engine.run(`CREATE OR REPLACE TABLE ${table} AS ${select}`);
    await engine.run(
      `CREATE OR REPLACE VIEW ${view} AS SELECT * FROM ${source} WHERE __row IN (SELECT __row FROM ${table})`,
    );
    kept = view;
    const left = await count(engine, table);
    removed[`removed_${index + 1}_${"where" in step ? "where" : "deduplicate"}`] = rows - left;
    rows = left;
  }
  return { kept, removed };
}

function conditionSql(text: string, columns: readonly DataColumn[]): string {
  const kinds = kindsOf(columns);
  const place = "prepare.rows: where";
  try {
    const expression = parseExpression(text);
    const { kind } = check(expression, kinds);
    if (kind === "boolean") return toSql(expression, kinds);
    throw new UserError(`"${text}" is a ${kind}, and a condition is true or false`);
  } catch (cause) {
    if (cause instanceof UserError) throw new UserError(`${place}: ${cause.message}`, { cause });
    throw cause;
  }
}

/** Rows are compared by the MD5 of their contents: 16 bytes a row, however wide it is. */
function contents(ignore: readonly string[], columns: readonly DataColumn[]): string {
  const names = columns.map(({ name }) => name);
  for (const name of ignore) {
    if (name !== "row_hash") requireColumn(name, names, "prepare.rows: deduplicate.ignore");
  }
  return `md5_number(${rowText(columns.filter(({ name }) => !ignore.includes(name)))})`;
}

async function count(engine: Engine, relation: string): Promise<number> {
  const [row = {}] = await engine.rows(`SELECT count(*) AS rows FROM ${relation}`);
  return Number(row.rows);
}
