import { quoteName } from "../../tables/sql/quote.ts";
import { missing, presentRows } from "./cell.ts";
import { type Check, type CheckedColumn, numberOf } from "./check.ts";

/** No value stands twice. The rows that break it are those that repeat an earlier one. */
export default function unique(column: CheckedColumn): Check {
  const x = quoteName(column.name);
  const value = `CASE WHEN NOT ${missing(column)} THEN ${x} END`;
  return {
    title: `${column.name} is unique`,
    column: column.name,
    aggregates: { present: presentRows(column), distinct: `count(DISTINCT ${value})` },
    // `__number` is the row's own number, which the second scan adds.
    broken: `(NOT ${missing(column)} AND "__number" > min("__number") OVER (PARTITION BY ${value}))`,
    shown: `CAST(${x} AS VARCHAR)`,
    allow: 0,
    measure(found) {
      const present = numberOf(found, "present");
      const distinct = numberOf(found, "distinct");
      return {
        count: present - distinct,
        rows: present,
        observed: `${distinct.toLocaleString("en-US")} distinct`,
      };
    },
  };
}
