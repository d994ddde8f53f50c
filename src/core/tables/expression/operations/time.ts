import { all, type Operation } from "../operation.ts";
import { mapNumbers, mapPairs } from "../vectors.ts";

const MILLISECONDS_A_DAY = 86_400_000;
/** Beyond it, before and after 1970, a Date has no parts. */
const LATEST = 8.64e15;

/** Parts of a day in UTC; weekday 1 is Monday, 7 is Sunday. */
const OF_DAYS = {
  year: (date) => date.getUTCFullYear(),
  month: (date) => date.getUTCMonth() + 1,
  day: (date) => date.getUTCDate(),
  weekday: (date) => ((date.getUTCDay() + 6) % 7) + 1,
  day_of_year(date) {
    const start = new Date(date);
    start.setUTCMonth(0, 1);
    return Math.round((date.getTime() - start.getTime()) / MILLISECONDS_A_DAY) + 1;
  },
} satisfies Record<string, (date: Date) => number>;

/** Parts of a time within its day: how long one lasts, and how many there are until it begins anew. */
const WITHIN_DAYS = {
  hour: [3_600_000, 24],
  minute: [60_000, 60],
} as const;

/** What can be asked of a time. */
export type TimePart = keyof typeof OF_DAYS | keyof typeof WITHIN_DAYS;

/** The names of all parts. */
export const TIME_PARTS: readonly string[] = [...Object.keys(OF_DAYS), ...Object.keys(WITHIN_DAYS)];

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
  const time = Math.floor(milliseconds); // engines count microseconds: before 1970 they round down
  if (!(Math.abs(time) <= LATEST)) return NaN;
  if (part === "hour" || part === "minute") {
    const [length, count] = WITHIN_DAYS[part];
    const place = Math.floor(time / length) % count;
    return place < 0 ? place + count : place + 0;
  }
  const day = Math.floor(time / MILLISECONDS_A_DAY);
  const last = lasts[part];
  if (last.day !== day) {
    last.day = day;
    last.value = OF_DAYS[part](new Date(Math.max(day * MILLISECONDS_A_DAY, -LATEST)));
  }
  return last.value;
}

/** The day that was asked for last, and its parts: the times of a column mostly go through one day after the other. */
const lasts = Object.fromEntries(
  Object.keys(OF_DAYS).map((part) => [part, { day: NaN, value: NaN }]),
) as Record<keyof typeof OF_DAYS, { day: number; value: number }>;

const parts = (TIME_PARTS as TimePart[]).map(
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
