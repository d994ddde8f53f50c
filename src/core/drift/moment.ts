import { instantOf } from "../tables/expression/calendar.ts";

/** The parts of one time are asked for one after the other. */
let last: { readonly text: string; readonly time: number | undefined } = { text: "", time: undefined };

/**
 * As `instantOf`, for logs of millions of lines: a time that is written as servers write it is read by
 * the runtime, and one that comes again is not read again.
 *
 * @example momentOf("1970-01-01T00:00:01.500Z") // => 1500
 * @example momentOf("1970-02-31T00:00:00.000Z") // => undefined
 * @example momentOf("1970-01-02") // => 86400000
 */
export function momentOf(text: string): number | undefined {
  if (text !== last.text) last = { text, time: read(text) };
  return last.time;
}

const WRITTEN = "2026-11-21T10:00:00.000Z".length;

function read(text: string): number | undefined {
  if (text.length === WRITTEN && text[4] === "-" && text[10] === "T" && text.endsWith("Z")) {
    const time = Date.parse(text);
    const same = new Date(time).getUTCDate() === Number(text.slice(8, 10)); // the 31st of February is read as a 3rd
    if (same && time >= 0) return time;
  }
  return instantOf(text);
}
