import { counted } from "../report/numbers.ts";

/** How often production is looked at. */
export type Every = "hourly" | "daily" | "weekly";

const HOUR = 3_600_000;
const LENGTH: Readonly<Record<Every, number>> = { hourly: HOUR, daily: 24 * HOUR, weekly: 168 * HOUR };
const WORDS: Readonly<Record<Every, string>> = { hourly: "hour", daily: "day", weekly: "week" };

/**
 * Whether looks at production were left out, in a sentence; undefined where none was. A forge's
 * schedule may be late by half of its length before anything is said: GitHub's often is by an hour.
 *
 * @param before when it was looked at last, ISO 8601; undefined where never
 *
 * @example overdue("2026-11-20T04:17:00.000Z", "2026-11-21T04:30:00.000Z", "daily") // => undefined
 * @example overdue("2026-11-17T04:17:00.000Z", "2026-11-21T04:30:00.000Z", "daily") // => "the look before this one was 4 days ago, and one is due every day: GitHub left out or delayed 3 runs"
 * @example overdue(undefined, "2026-11-21T04:30:00.000Z", "daily") // => undefined
 */
export function overdue(before: string | undefined, now: string, every: Every): string | undefined {
  if (before === undefined) return undefined;
  const gap = Date.parse(now) - Date.parse(before);
  const missed = Math.round(gap / LENGTH[every]) - 1;
  if (!(missed >= 1)) return undefined;
  return `the look before this one was ${span(gap)} ago, and one is due every ${WORDS[every]}: GitHub left out or delayed ${counted(missed, "run")}`;
}

/**
 * A length of time, in the largest unit of which there are at least two.
 *
 * @example span(4 * 3_600_000) // => "4 hours"
 * @example span(60_000) // => "1 minute"
 */
export function span(milliseconds: number): string {
  const hours = milliseconds / HOUR;
  if (hours >= 48) return counted(Math.round(hours / 24), "day");
  if (hours >= 2) return counted(Math.round(hours), "hour");
  return counted(Math.max(1, Math.round(hours * 60)), "minute");
}
