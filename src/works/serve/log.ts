import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { formatBytes } from "../../core/text/bytes.ts";

/** What became of the rows that were to be written. */
export interface LogCounts {
  readonly written: number;
  /** Rows that had no room any more: the oldest that waited. */
  readonly dropped: number;
  /** Writes that failed. */
  readonly failures: number;
  /** Bytes that wait. */
  readonly waiting: number;
}

/** The prediction log: nobody who is answered ever waits for it. */
export interface PredictionLog {
  /**
   * Takes in whole lines.
   *
   * @param day `2026-11-21`: the folder that they belong into
   */
  add(model: string, day: string, lines: readonly string[]): void;
  counts(): LogCounts;
  /** Writes what waits, for as long as it may take. */
  close(patience: number): Promise<void>;
}

/** Where and how a log is written. */
export interface LogOptions {
  readonly folder: string;
  /** What tells this server's files from those of others that write into the same folder. */
  readonly instance: string;
  /** One line for the one who runs the server. */
  readonly say: (text: string) => void;
  /** Bytes that may wait; then the oldest are dropped. */
  readonly room?: number;
  /** Bytes after which a new file begins. */
  readonly most?: number;
  /** Milliseconds between two writes. */
  readonly pace?: number;
}

interface Entry {
  readonly model: string;
  readonly day: string;
  readonly bytes: Buffer;
}

const ROOM = 32 * 2 ** 20;
const MOST = 64 * 2 ** 20;
const PACE = 1000;
/** Bytes that are written at once. */
const BATCH = 2 ** 20;
/** Milliseconds after a write that failed: twice as long each time, up to this. */
const MOST_WAIT = 60_000;
const NEWLINE = 10;

/** Opens a log. Nothing is made before there is something to write. */
export function predictionLog(options: LogOptions): PredictionLog {
  const { folder, instance, say, room = ROOM, most = MOST, pace = PACE } = options;
  const waiting: Entry[] = [];
  const files = new Map<string, LogFile>();
  let [written, dropped, failures, bytes, failed] = [0, 0, 0, 0, 0];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;

  const schedule = (): void => {
    const wait = failed === 0 ? pace : Math.min(pace * 2 ** failed, MOST_WAIT);
    timer ??= setTimeout(() => {
      timer = undefined;
      writing = flush().finally(() => {
        writing = undefined;
        if (waiting.length > 0) schedule();
      });
    }, wait);
  };

  const makeRoom = (): void => {
    while (bytes > room) {
      const oldest = waiting.shift();
      if (oldest === undefined) return;
      bytes -= oldest.bytes.length;
      dropped += linesIn(oldest.bytes);
    }
  };

  /** The oldest that wait, as many as belong together. */
  const next = (): Entry | undefined => {
    const [first] = waiting;
    if (first === undefined) return undefined;
    const parts: Buffer[] = [];
    for (let size = 0; size < BATCH; ) {
      const [entry] = waiting;
      if (entry === undefined || entry.model !== first.model || entry.day !== first.day) break;
      parts.push(entry.bytes);
      size += entry.bytes.length;
      waiting.shift();
    }
    return { ...first, bytes: Buffer.concat(parts) };
  };

  /** Writes until nothing waits, or a write fails. */
  const flush = async (): Promise<void> => {
    for (let entry = next(); entry !== undefined; entry = next()) {
      const { model, day } = entry;
      const file = files.get(model) ?? logFile(join(folder, model), instance, most);
      files.set(model, file);
      const { done, error } = await file.write(day, entry.bytes);
      written += linesIn(entry.bytes.subarray(0, done));
      bytes -= done;
      if (error === undefined) {
        if (failed > 0) say(`the prediction log is written again; ${dropped} rows were dropped so far`);
        failed = 0;
        continue;
      }
      waiting.unshift({ model, day, bytes: entry.bytes.subarray(done) });
      makeRoom();
      failures++;
      if (failed++ === 0) {
        say(
          `the prediction log cannot be written (${(error as Error).message}); answers go on, and up to ${formatBytes(room)} of rows wait`,
        );
      }
      return;
    }
  };

  return {
    add(model, day, lines) {
      const entry = { model, day, bytes: Buffer.from(lines.join("")) };
      if (entry.bytes.length === 0) return;
      waiting.push(entry);
      bytes += entry.bytes.length;
      makeRoom();
      schedule();
    },

    counts: () => ({ written, dropped, failures, waiting: bytes }),

    async close(patience) {
      clearTimeout(timer);
      timer = undefined;
      let late: NodeJS.Timeout | undefined;
      const enough = new Promise<void>((resolve) => {
        late = setTimeout(resolve, patience);
      });
      const last = async (): Promise<void> => {
        await writing;
        clearTimeout(timer);
        await flush();
        for (const file of files.values()) await file.close();
      };
      await Promise.race([last(), enough]);
      clearTimeout(late);
      clearTimeout(timer);
      const left = waiting.reduce((sum, entry) => sum + linesIn(entry.bytes), 0);
      if (left > 0) say(`${left} rows of the prediction log could not be written and are lost`);
    },
  };
}

interface LogFile {
  /** How many bytes of whole lines are on disk, and what kept the others from it. */
  write(day: string, bytes: Buffer): Promise<{ readonly done: number; readonly error?: unknown }>;
  close(): Promise<void>;
}

/** A model's newest file: another one for each day, when it is full, and after a write that failed. */
function logFile(folder: string, instance: string, most: number): LogFile {
  let handle: Awaited<ReturnType<typeof open>> | undefined;
  let [of, size, number] = ["", 0, 0];

  const close = async (): Promise<void> => {
    const last = handle;
    handle = undefined;
    await last?.close();
  };

  return {
    async write(day, bytes) {
      let done = 0;
      try {
        if (of !== day || size >= most) await close();
        if (handle === undefined) {
          await mkdir(join(folder, day), { recursive: true, mode: 0o750 });
          if (of !== day) number = 0;
          [of, size] = [day, 0];
          handle = await open(join(folder, day, `${instance}-${++number}.jsonl`), "ax", 0o640);
        }
        while (done < bytes.length) {
          const { bytesWritten } = await handle.write(bytes, done);
          done += bytesWritten;
        }
        size += done;
        return { done };
      } catch (error) {
        await close().catch(() => {});
        // A line that was cut stays the last of its file, and is written whole into the next.
        return { done: bytes.subarray(0, done).lastIndexOf(NEWLINE) + 1, error };
      }
    },
    close,
  };
}

function linesIn(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines++;
  return lines;
}
