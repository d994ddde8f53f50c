import { constants } from "node:fs";
import { lstat, open, readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { compareText } from "../core/text/order.ts";

/** What a folder of prediction logs holds. */
export interface LogFiles {
  /** Absolute paths, in one order. */
  readonly paths: readonly string[];
  /** Bytes of all of them. */
  readonly bytes: number;
  /** Links, which are not followed. */
  readonly links: number;
  /** Folders that cannot be read. */
  readonly unreadable: number;
}

/** A log's files lie at `MODEL/2026-11-21/`, or anywhere not far below. */
const DEEPEST = 5;
const MOST_FILES = 200_000;
const LOG = /\.jsonl$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MILLISECONDS_A_DAY = 86_400_000;

/**
 * Finds the files of prediction logs below a folder. Links are not followed, wherever they lead; the
 * folder itself may be one.
 *
 * @param from milliseconds since 1970: folders of days before are not looked into
 * @returns undefined where there is no such folder
 */
export async function findLogs(folder: string, from: number): Promise<LogFiles | undefined> {
  const top = await realpath(folder).catch(() => undefined);
  if (top === undefined || !(await lstat(top)).isDirectory()) return undefined;
  const paths: string[] = [];
  let [bytes, links, unreadable] = [0, 0, 0];
  const walk = async (place: string, depth: number): Promise<void> => {
    const entries = await readdir(place, { withFileTypes: true }).catch(() => undefined);
    if (entries === undefined) unreadable++;
    for (const entry of (entries ?? []).sort((a, b) => compareText(a.name, b.name))) {
      const path = join(place, entry.name);
      if (entry.isSymbolicLink()) links++;
      else if (entry.isDirectory() && depth < DEEPEST && !isOver(entry.name, from))
        await walk(path, depth + 1);
      else if (entry.isFile() && LOG.test(entry.name) && paths.length < MOST_FILES) {
        paths.push(path);
        bytes += await lstat(path).then(
          ({ size }) => size,
          () => 0,
        );
      }
    }
  };
  await walk(top, 0);
  return { paths, bytes, links, unreadable };
}

/** Whether a folder is that of a day that ended a day before: servers may name days by their own clocks. */
const isOver = (name: string, from: number): boolean =>
  DAY.test(name) && Date.parse(name) + 2 * MILLISECONDS_A_DAY < from;

/** A longer line is no prediction. */
const LONGEST_LINE = 2 ** 20;
const CHUNK = 2 ** 20;
const NEWLINE = 10;

/** Who takes in the lines of a file. */
export interface LineReader {
  line(text: string): void;
  /** A line that is longer than any prediction. */
  tooLong(): void;
  /** After each piece that was read. */
  read(bytes: number): void;
}

/**
 * Reads a file line by line in memory of one size, as far as it reached when it was opened. A last line
 * without an end is given as it is.
 *
 * @returns whether it is a plain file
 * @throws what the file system says, where it cannot be read, or is a link
 */
export async function readLines(path: string, reader: LineReader): Promise<boolean> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) return false;
    const { size } = stats;
    const buffer = Buffer.allocUnsafe(CHUNK + LONGEST_LINE);
    let [kept, position, skipping] = [0, 0, false];
    while (position < size) {
      const { bytesRead } = await file.read(buffer, kept, Math.min(CHUNK, size - position), position);
      if (bytesRead === 0) break;
      position += bytesRead;
      const end = kept + bytesRead;
      let start = 0;
      for (let at = buffer.indexOf(NEWLINE, kept); at >= 0 && at < end; at = buffer.indexOf(NEWLINE, start)) {
        if (skipping) skipping = false;
        else give(reader, buffer, start, at);
        start = at + 1;
      }
      kept = end - start;
      if (skipping) kept = 0;
      else if (kept >= LONGEST_LINE) {
        reader.tooLong();
        [skipping, kept] = [true, 0];
      } else buffer.copyWithin(0, start, end);
      reader.read(bytesRead);
    }
    if (!skipping) give(reader, buffer, 0, kept);
    return true;
  } finally {
    await file.close();
  }
}

function give(reader: LineReader, buffer: Buffer, start: number, end: number): void {
  const tooLong = end - start > LONGEST_LINE;
  const text = tooLong ? "" : buffer.toString("utf8", start, end).trim();
  if (tooLong) reader.tooLong();
  else if (text !== "") reader.line(text);
}
