import type { ColumnKind } from "../column.ts";
import { quoteName, quoteText } from "../sql/quote.ts";
import { type Checked, check, type Kinds } from "./check.ts";
import type { Expression } from "./expression.ts";
import { sqlLet } from "./operation.ts";

const TYPES: Readonly<Record<ColumnKind, string>> = {
  number: "DOUBLE",
  boolean: "BOOLEAN",
  text: "VARCHAR",
  time: "TIMESTAMP",
};

/**
 * The expression as DuckDB SQL with the meaning it has in memory: all numbers are DOUBLE, NaN and
 * infinity are NULL, every name and text is quoted. It is parenthesised as far as it needs to be
 * put into a larger one.
 *
 * @param kinds of the columns that the SQL will see: the SQL depends on them
 * @throws {ExpressionError} on an unknown column or a kind that does not fit
 * @example toSql({ node: "column", name: "late", at: 0 }, new Map([["late", "boolean"]])) // => 'CAST("late" AS BOOLEAN)'
 */
export function toSql(expression: Expression, kinds: Kinds): string {
  return bounded(check(expression, kinds));
}

/**
 * A column as the dialect sees it: DOUBLE without NaN and infinity, BOOLEAN, VARCHAR, or TIMESTAMP.
 *
 * @example columnSql("it's", "text") // => 'CAST("it\'s" AS VARCHAR)'
 */
export function columnSql(name: string, kind: ColumnKind): string {
  const quoted = quoteName(name);
  switch (kind) {
    case "number":
      return `CASE WHEN isfinite(CAST(${quoted} AS DOUBLE)) THEN CAST(${quoted} AS DOUBLE) END`;
    case "time":
      return `make_timestamp(epoch_us(${quoted}))`; // dates and zoned times alike; infinite ones are NULL
    case "boolean":
    case "text":
      return `CAST(${quoted} AS ${TYPES[kind]})`;
  }
}

/**
 * A number as DuckDB reads it without loss: always DOUBLE, never DECIMAL.
 *
 * @example numberSql(0.1) // => "0.1e0"
 * @example numberSql(1e300) // => "1e+300"
 * @example numberSql(-2) // => "(-2e0)"
 */
export function numberSql(value: number): string {
  if (!Number.isFinite(value)) return "CAST(NULL AS DOUBLE)";
  const text = String(Math.abs(value));
  const positive = text.includes("e") ? text : `${text}e0`;
  return value < 0 || Object.is(value, -0) ? `(-${positive})` : positive;
}

function print(checked: Checked): string {
  switch (checked.node) {
    case "literal":
      return literalSql(checked.kind, checked.value);
    case "column":
      return columnSql(checked.name, checked.kind);
    case "call": {
      const { operation, args, constants } = checked;
      const printed = args.map((arg, i) => (operation.passes?.(i) ? print(arg) : bounded(arg)));
      return operation.sql(printed, constants);
    }
  }
}

/** Printed, and NULL where it is not a finite number. */
function bounded(checked: Checked): string {
  const sql = print(checked);
  const unbounded = checked.node === "call" && checked.operation.unbounded === true;
  return unbounded ? sqlLet(sql, (v) => `CASE WHEN isfinite(${v}) THEN ${v} END`) : sql;
}

function literalSql(kind: ColumnKind, value: number | boolean | string | null): string {
  if (value === null) return `CAST(NULL AS ${TYPES[kind]})`;
  if (typeof value === "boolean") return value ? "TRUE" : "FALSE";
  if (typeof value === "string") return quoteText(value);
  return kind === "time" ? `make_timestamp(${Math.round(value * 1000)})` : numberSql(value);
}
