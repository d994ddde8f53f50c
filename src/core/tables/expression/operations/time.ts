import { all, type Operation } from "../operation.ts";
import { mapNumbers, mapPairs } from "../vectors.ts";

const MILLISECONDS_A_DAY = 86_400_000;

/** Parts of a time in UTC; weekday 1 is Monday, 7 is Sunday. */
export const TIME_PARTS = {
  year: (date) => date.getUTCFullYear(),
  month: (date) => date.getUTCMonth() + 1,
  day: (date) => date.getUTCDate(),
  weekday: (date) => ((date.getUTCDay() + 6) % 7) + 1,
  hour: (date) => date.getUTCHours(),
  minute: (date) => date.getUTCMinutes(),
  day_of_year(date) {
    const start = new Date(date);
    start.setUTCMonth(0, 1);
    return Math.round((date.getTime() - start.getTime()) / MILLISECONDS_A_DAY) + 1;
  },
} satisfies Record<string, (date: Date) => number>;

export type TimePart = keyof typeof TIME_PARTS;

/** DuckDB's names for them. */
export const TIME_PARTS_SQL: Readonly<Record<TimePart, string>> = {
  year: "year",
  month: "month",
  day: "day",
  weekday: "isodow",
  hour: "hour",
  minute: "minute",
  day_of_year: "dayofyear",
};

/**
 * One part of milliseconds since 1970; missing stays missing.
 *
 * @example timePart("weekday", 0) // => 4
 * @example timePart("day_of_year", 31 * 86400000) // => 32
 */
export function timePart(part: TimePart, milliseconds: number): number {
  const date = new Date(Math.floor(milliseconds)); // engines count microseconds: before 1970 they round down
  return TIME_PARTS[part](date);
}

const parts = (Object.keys(TIME_PARTS) as TimePart[]).map(
  (name): Operation => ({
    name,
    signature: all("time", "number", 1),
    sql: ([x]) => `CAST(${TIME_PARTS_SQL[name]}(${x}) AS DOUBLE)`,
    evaluate: ([x]) => mapNumbers(x, "number", (time) => timePart(name, time)),
  }),
);

/** Times, in UTC. */
export const TIME: readonly Operation[] = [
  ...parts,
  {
    name: "days_between",
    signature: all("time", "number", 2),
    sql: ([from, to]) => `((epoch_us(${to}) - epoch_us(${from})) / 86400000000e0)`,
    evaluate: ([from, to]) => mapPairs(from, to, "number", (a, b) => (b - a) / MILLISECONDS_A_DAY),
  },
];
