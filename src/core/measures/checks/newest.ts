import { quoteName } from "../../tables/sql/quote.ts";
import { presentRows } from "./cell.ts";
import { type Check, type CheckedColumn, numberOf, type Unfit } from "./check.ts";

const UNITS = [
  ["w", 6.048e8],
  ["d", 8.64e7],
  ["h", 3.6e6],
  ["m", 6e4],
  ["s", 1e3],
] as const;

/** The newest value is at most so many milliseconds old. A value in the future is not old. */
export default function newest(column: CheckedColumn, within: number, now: Date): Check | Unfit {
  const title = `${column.name}'s newest value is at most ${age(within)} old`;
  if (column.kind !== "time")
    return { title, column: column.name, unfit: `the column is ${column.type}, no date or time` };
  return {
    title,
    column: column.name,
    aggregates: {
      present: presentRows(column),
      newest: `epoch_ms(max(CAST(${quoteName(column.name)} AS TIMESTAMP)))`,
    },
    allow: 0,
    measure(found) {
      const rows = numberOf(found, "present");
      if (rows === 0) return { count: null, rows, observed: null };
      const last = numberOf(found, "newest");
      return {
        count: null,
        rows,
        holds: now.getTime() - last <= within,
        observed: `newest ${new Date(last).toISOString().replace(".000Z", "Z")}`,
      };
    },
  };
}

/**
 * A length of time in its largest whole unit.
 *
 * @example age(604800000) // => "1w"
 * @example age(5400000) // => "90m"
 */
export function age(milliseconds: number): string {
  const [unit, length] = UNITS.find(([, size]) => milliseconds % size === 0) ?? ["ms", 1];
  return `${milliseconds / length}${unit}`;
}
