import { quoteName } from "../../tables/sql/quote.ts";
import { brokenRows, missing, presentRows } from "./cell.ts";
import { type Check, type CheckedColumn, numberOf } from "./check.ts";

const TITLES: Readonly<Record<string, string>> = {
  integer: "an integer",
  number: "a number",
  text: "a text",
  boolean: "true or false",
  date: "a date",
  timestamp: "a time",
};

const INTEGER_TYPES = /^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/;

/**
 * Every value is of a type. A file that stores integers as floating numbers, or a column that is text
 * because of one bad cell, is judged by its values, so that the rows that are wrong can be named.
 */
export default function type(column: CheckedColumn, wanted: string): Check {
  const misfit = misfitOf(column, wanted);
  const broken = `(NOT ${missing(column)} AND ${misfit})`;
  return {
    title: `${column.name} is ${TITLES[wanted] ?? wanted}`,
    column: column.name,
    aggregates: { present: presentRows(column), broken: misfit === "FALSE" ? "0" : brokenRows(broken) },
    broken,
    shown: `CAST(${quoteName(column.name)} AS VARCHAR)`,
    allow: 0,
    measure: (found) => ({
      count: numberOf(found, "broken"),
      rows: numberOf(found, "present"),
      observed: column.type,
    }),
  };
}

/** SQL that is true where a present cell is not of the wanted type. */
function misfitOf({ name, type, kind }: CheckedColumn, wanted: string): string {
  const x = quoteName(name);
  const key = `${wanted} from ${kind}`;
  if (wanted === "integer" && INTEGER_TYPES.test(type)) return "FALSE";
  const misfits: Readonly<Record<string, string>> = {
    "integer from number": `(NOT isfinite(CAST(${x} AS DOUBLE)) OR ${x} <> trunc(${x}))`,
    "integer from text": `NOT regexp_full_match(${x}, ' *[+-]?[0-9]+ *')`,
    "number from number": "FALSE",
    "number from text": `TRY_CAST(${x} AS DOUBLE) IS NULL`,
    "text from text": "FALSE",
    "boolean from boolean": "FALSE",
    "boolean from number": `${x} NOT IN (0, 1)`,
    "boolean from text": `lower(${x}) NOT IN ('true', 'false')`,
    "date from time": type === "DATE" ? "FALSE" : `${x} <> date_trunc('day', ${x})`,
    "date from text": `(NOT regexp_full_match(${x}, '[0-9]{4}-[0-9]{2}-[0-9]{2}') OR TRY_CAST(${x} AS DATE) IS NULL)`,
    "timestamp from time": "FALSE",
    "timestamp from text": `TRY_CAST(${x} AS TIMESTAMP) IS NULL`,
  };
  return misfits[key] ?? "TRUE";
}
