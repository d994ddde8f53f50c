import { isOneOf } from "../../tables/sql/one-of.ts";
import { quoteName } from "../../tables/sql/quote.ts";
import { brokenRows, constant, missing, presentRows } from "./cell.ts";
import { type Check, type CheckedColumn, numberOf } from "./check.ts";

/** So many values are named in the title; beyond them they are counted. */
const NAMED = 6;

/** Every value is one of a list. A number in quotes matches a number, a number matches its text. */
export default function isIn(column: CheckedColumn, list: readonly (string | number | boolean)[]): Check {
  const x = quoteName(column.name);
  const known = [...new Set(list.map((value) => constant(value, column.kind)))].filter(
    (sql): sql is string => sql !== undefined,
  );
  const outside = known.length === 0 ? "TRUE" : `NOT ${isOneOf(x, known)}`;
  const broken = `(NOT ${missing(column)} AND ${outside})`;
  const named =
    list.length <= NAMED
      ? list.join(", ")
      : `${list.slice(0, NAMED - 1).join(", ")} or ${list.length - NAMED + 1} more`;
  return {
    title: `${column.name} is one of ${named}`,
    column: column.name,
    aggregates: { present: presentRows(column), broken: brokenRows(broken) },
    broken,
    shown: `CAST(${x} AS VARCHAR)`,
    allow: 0,
    measure: (found) => ({
      count: numberOf(found, "broken"),
      rows: numberOf(found, "present"),
      observed: null,
    }),
  };
}
