import assert from "node:assert/strict";
import { it } from "node:test";
import { random } from "../../../../src/core/stats/random.ts";
import {
  TIME_PARTS,
  type TimePart,
  timePart,
} from "../../../../src/core/tables/expression/operations/time.ts";

const DAY = 86_400_000;
const LATEST = 8.64e15; // the last millisecond that a Date has

/** The days of the months before, by the calendar's rule and no date of the first of January. */
function dayOfYear(date: Date): number {
  const year = date.getUTCFullYear();
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const months = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return months.slice(0, date.getUTCMonth()).reduce((sum, days) => sum + days, date.getUTCDate());
}

/** What a Date says of a whole millisecond. */
const SAID: Readonly<Record<TimePart, (date: Date) => number>> = {
  year: (date) => date.getUTCFullYear(),
  month: (date) => date.getUTCMonth() + 1,
  day: (date) => date.getUTCDate(),
  weekday: (date) => date.getUTCDay() || 7,
  hour: (date) => date.getUTCHours(),
  minute: (date) => date.getUTCMinutes(),
  day_of_year: dayOfYear,
};

/** Instants of all times, of our centuries, beside borders of days and years, and one after the other. */
function* instants(): Generator<number> {
  const stream = random(20261121, "instants");
  const between = (low: number, high: number): number => low + stream.uniform() * (high - low);
  const century = 36_525 * DAY;
  for (let count = 0; count < 4000; count++) {
    yield between(-LATEST + 366 * DAY, LATEST);
    yield between(-3 * century, 3 * century); // with a fraction of a millisecond
    const border = Math.floor(between(-200_000, 200_000)) * DAY;
    yield* [border - 1, border, border + 1, border + DAY - 1, border - 0.5];
    const first = Date.UTC(Math.floor(between(100, 9999)), 0, 1);
    yield* [first - 1, first, first + 58 * DAY, first + 59 * DAY, first + 365 * DAY];
  }
  yield* [0, -0, -1, 1, LATEST, -LATEST + 366 * DAY];
}

it("parts of a time are a Date's, before and after 1970, whichever day was asked for before", () => {
  const times = [...instants()];
  for (const part of TIME_PARTS as TimePart[]) {
    for (const time of times) {
      const date = new Date(Math.floor(time));
      if (!Object.is(timePart(part, time), SAID[part](date)))
        assert.equal(timePart(part, time), SAID[part](date), `${part} of ${time}`);
    }
  }
});

it("a time that no Date has has no part", () => {
  for (const part of TIME_PARTS as TimePart[])
    for (const time of [NaN, Infinity, -Infinity, LATEST + 1, -LATEST - 1])
      assert.equal(timePart(part, time), NaN);
});
