import { instantOf } from "../../tables/expression/calendar.ts";
import { quoteName } from "../../tables/sql/quote.ts";
import { brokenRows, constant, isFloating, missing, presentRows } from "./cell.ts";
import { type Check, type CheckedColumn, numberOf, type Unfit } from "./check.ts";

const DAY = /^\d{4}-\d\d-\d\d$/;

/**
 * Every value lies between two bounds, both included. Infinity lies outside; a day as the upper bound
 * of times means that whole day. In a text column numbers are read as such, and a text that is none
 * breaks it; two bounds in quotes compare texts.
 */
export default function between(
  column: CheckedColumn,
  [low, high]: readonly [number | string, number | string],
): Check | Unfit {
  const { name, kind } = column;
  const title = `${name} is between ${low} and ${high}`;
  const unfit = (why: string): Unfit => ({ title, column: name, unfit: why });
  const quoted = quoteName(name);
  let [x, lower, upper] = [quoted, constant(low, kind), constant(high, kind)];
  let above = ">";
  let other = "FALSE";
  if (kind === "boolean") return unfit("a truth value lies between nothing; use in: [true, false]");
  if (kind === "time") {
    const [from, to] = [instantOf(String(low)), instantOf(String(high))];
    if (from === undefined || to === undefined) {
      return unfit(
        `the bounds of a time are written like "2024-12-31", found ${from === undefined ? low : high}`,
      );
    }
    x = `CAST(${quoted} AS TIMESTAMP)`;
    lower = timeSql(from);
    upper = timeSql(DAY.test(String(high)) ? to + 86_400_000 : to);
    if (DAY.test(String(high))) above = ">=";
  } else if (kind === "text" && (typeof low === "number" || typeof high === "number")) {
    x = `TRY_CAST(${quoted} AS DOUBLE)`;
    other = `${x} IS NULL`;
    [lower, upper] = [constant(low, "number"), constant(high, "number")];
  }
  if (lower === undefined || upper === undefined) {
    return unfit(`the bounds of a number are numbers, found "${lower === undefined ? low : high}"`);
  }
  const broken = `(NOT ${missing(column)} AND (${x} < ${lower} OR ${x} ${above} ${upper} OR ${other}))`;
  // NULL is left out as it is; only floating numbers hold NaN, which would count as the largest.
  const present = isFloating(column) ? `CASE WHEN NOT ${missing(column)} THEN ${x} END` : x;
  const extreme = (which: string): string => `CAST(${which}(${present}) AS VARCHAR)`;
  return {
    title,
    column: name,
    aggregates: {
      present: presentRows(column),
      broken: brokenRows(broken),
      ...(kind === "text" ? {} : { low: extreme("min"), high: extreme("max") }),
    },
    broken,
    shown: `CAST(${quoted} AS VARCHAR)`,
    allow: 0,
    measure: (found) => ({
      count: numberOf(found, "broken"),
      rows: numberOf(found, "present"),
      observed: null,
      seen: found.low === undefined || found.low === null ? undefined : `${found.low} to ${found.high}`,
    }),
  };
}

const timeSql = (milliseconds: number): string => `make_timestamp(${Math.round(milliseconds * 1000)})`;
