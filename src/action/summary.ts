import { appendFileSync, statSync } from "node:fs";

/** What GitHub takes of one step, in bytes; a summary above it is not shown at all. */
const MOST = 1024 * 1024;
const CUT = "\n\n… cut here: a job summary holds 1 MiB\n";

/** Adds to the job's summary, up to what GitHub takes of one step. Does nothing where there is none. */
export function addSummary(file: string | undefined, markdown: string): void {
  if (file === undefined || file === "") return;
  const there = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  appendFileSync(file, fitting(`${markdown}\n`, MOST - there));
}

/**
 * As much of a text as fits, whole lines, with a note where some is missing.
 *
 * @param room bytes of UTF-8
 * @example fitting("short\n", 100) // => "short\n"
 * @example fitting("x".repeat(100), 10) // => ""
 */
export function fitting(text: string, room: number): string {
  if (Buffer.byteLength(text) <= room) return text;
  const bytes = Buffer.from(text).subarray(0, Math.max(0, room - Buffer.byteLength(CUT)));
  const end = bytes.lastIndexOf("\n");
  return end < 0 ? "" : `${bytes.subarray(0, end).toString()}${CUT}`;
}

/**
 * A text as it is, in a block that nothing of it can end.
 *
 * @example block("a ``` b") // => "````text\na ``` b\n````"
 */
export function block(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}
