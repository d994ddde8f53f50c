import { createHash } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Md5 } from "../../core/artifacts/digest.ts";
import { besides } from "./atomic.ts";
import { isSettled } from "./stamp.ts";
import { type FileTable, NAMED, VOUCHED } from "./table.ts";

/** Digests that were computed once, with the stamps that their files had. */
export interface Memo {
  /**
   * Names the files of an artifact that have the stamps that they had.
   *
   * @returns the directory's name, where all of them have and none came or went
   */
  recall(path: string, table: FileTable): Md5 | undefined;
  /**
   * Keeps the digests of those whose files had settled by `now`; nothing is kept of a file that may yet
   * change unseen.
   *
   * @param name the directory's own, where it is known
   */
  keep(path: string, table: FileTable, now: number, name?: Md5): void;
}

/*
 * The file: 8 bytes of magic, 16 of the directory's name or zeros, then a row for each file in the order
 * of paths, then the md5 of all that. A row: 2 bytes for the length of the path, 1 of marks, size, times
 * and inode as 8 bytes each, 16 of md5, 32 of sha256 where the mark says so, the path.
 */
const MAGIC = Buffer.from("TYHASH2\n");
const HEAD = MAGIC.length + 16;
const FIXED = 3 + 4 * 8 + 16;
const LONG = 32;
const TAIL = 16;
const CHUNK = 1 << 18;

/**
 * One small file for each artifact in `folder`, named after its path, so that processes that hash
 * different artifacts never write the same file, and the last of two that hash the same one wins.
 * A file that is damaged is a file that is not there.
 */
export function diskMemo(folder: string, root: string): Memo {
  const fileOf = (path: string): string => {
    const name = createHash("sha256").update(relative(root, path)).digest("hex").slice(0, 32);
    return join(folder, name);
  };

  return {
    recall: (path, table) => {
      let file: number;
      try {
        file = openSync(fileOf(path), "r");
      } catch {
        return undefined;
      }
      try {
        return recallFrom(file, table);
      } catch {
        return undefined;
      } finally {
        closeSync(file);
      }
    },

    keep(path, table, now, name) {
      const file = fileOf(path);
      mkdirSync(folder, { recursive: true });
      const draft = besides(file);
      try {
        const kept = writeRows(draft, table, now, name);
        if (kept === 0) rmSync(file, { force: true });
        else renameSync(draft, file);
      } finally {
        rmSync(draft, { force: true });
      }
    },
  };
}

function writeRows(path: string, table: FileTable, now: number, name: Md5 | undefined): number {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, "wx");
  const hash = createHash("md5");
  const chunk = Buffer.allocUnsafe(CHUNK + 2 ** 17);
  let used = 0;
  let kept = 0;
  const flush = (): void => {
    hash.update(chunk.subarray(0, used));
    writeSync(file, chunk, 0, used);
    used = 0;
  };
  try {
    MAGIC.copy(chunk);
    chunk.fill(0, MAGIC.length, HEAD);
    used = HEAD;
    const settled = table.isDirectory && name !== undefined && allSettled(table, now);
    if (settled) chunk.write(name, MAGIC.length, 16, "hex");
    for (let i = 0; i < table.length; i++) {
      if ((table.marks(i) & NAMED) === 0 || !isSettled(table.stamps.modified(i), now)) continue;
      used = writeRow(chunk, used, table, i);
      kept++;
      if (used >= CHUNK) flush();
    }
    flush();
    writeSync(file, hash.digest());
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return kept;
}

function allSettled(table: FileTable, now: number): boolean {
  for (let i = 0; i < table.length; i++) if (!isSettled(table.stamps.modified(i), now)) return false;
  return true;
}

function writeRow(chunk: Buffer, start: number, table: FileTable, index: number): number {
  const path = table.files.pathBytes(index);
  const { size, modified, changed, inode } = table.stamps.at(index);
  const marks = table.marks(index);
  let at = chunk.writeUInt16LE(path.length, start);
  at = chunk.writeUInt8(marks, at);
  for (const number of [size, modified, changed, inode]) at = chunk.writeDoubleLE(number, at);
  chunk.set(table.files.digest(index), at);
  at += 16;
  if ((marks & VOUCHED) !== 0) {
    chunk.set(table.long(index), at);
    at += LONG;
  }
  chunk.set(path, at);
  return at + path.length;
}

/** Goes through rows and files side by side, since both are in the order of paths. */
function recallFrom(file: number, table: FileTable): Md5 | undefined {
  const { files, stamps } = table;
  const hash = createHash("md5");
  const chunk = Buffer.allocUnsafe(CHUNK);
  let start = 0; // bytes from here on are not understood yet
  let end = 0;
  let done = false;
  /** Makes so many bytes stand at `start`; false where the file has no more than its tail. */
  const need = (count: number): boolean => {
    while (end - start < count + TAIL && !done) {
      chunk.copyWithin(0, start, end);
      end -= start;
      start = 0;
      const read = readSync(file, chunk, end, chunk.length - end, null);
      done = read === 0;
      end += read;
    }
    return end - start >= count + TAIL;
  };
  const pass = (count: number): void => {
    hash.update(chunk.subarray(start, start + count));
    start += count;
  };

  if (!need(HEAD) || !chunk.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  const name = chunk.toString("hex", MAGIC.length, HEAD);
  pass(HEAD);
  let at = 0;
  let rows = 0;
  let matched = 0;
  while (need(FIXED)) {
    const marks = chunk[start + 2] ?? 0;
    const fixed = FIXED + ((marks & VOUCHED) !== 0 ? LONG : 0);
    const length = fixed + chunk.readUInt16LE(start);
    if (!need(length)) break;
    const [from, to] = [start + fixed, start + length];
    while (at < files.length && files.compareBytes(at, chunk, from, to) < 0) at++;
    rows++;
    if (at < files.length && files.compareBytes(at, chunk, from, to) === 0) {
      if (hasStamp(table, at, chunk, start + 3)) {
        const digests = start + FIXED - 16;
        const long =
          (marks & VOUCHED) !== 0 ? chunk.subarray(start + FIXED, start + FIXED + LONG) : undefined;
        table.name(at, chunk.subarray(digests, digests + 16), long);
        matched++;
      }
      at++;
    }
    pass(length);
  }
  const whole = end - start === TAIL && hash.digest().equals(chunk.subarray(start, end));
  if (!whole) {
    table.forget();
    return undefined;
  }
  return rows === matched && matched === stamps.length && /[^0]/.test(name)
    ? (`${name}.dir` as Md5)
    : undefined;
}

function hasStamp({ stamps }: FileTable, index: number, chunk: Buffer, at: number): boolean {
  return stamps.equals(
    index,
    chunk.readDoubleLE(at),
    chunk.readDoubleLE(at + 8),
    chunk.readDoubleLE(at + 16),
    chunk.readDoubleLE(at + 24),
  );
}
