import { quoteName, quoteText } from "../../tables/sql/quote.ts";
import { brokenRows, missing, presentRows } from "./cell.ts";
import { type Check, type CheckedColumn, numberOf } from "./check.ts";

/** Every value fits a regular expression from its first letter to its last (syntax: RE2). */
export default function matches(column: CheckedColumn, pattern: string): Check {
  const text = `CAST(${quoteName(column.name)} AS VARCHAR)`;
  const broken = `(NOT ${missing(column)} AND NOT regexp_full_match(${text}, ${quoteText(pattern)}))`;
  return {
    title: `${column.name} matches ${pattern}`,
    column: column.name,
    aggregates: { present: presentRows(column), broken: brokenRows(broken) },
    broken,
    shown: text,
    allow: 0,
    measure: (found) => ({
      count: numberOf(found, "broken"),
      rows: numberOf(found, "present"),
      observed: null,
    }),
  };
}
