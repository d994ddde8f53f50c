import { createHash } from "node:crypto";
import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from "node:fs";
import type { Md5 } from "../../core/artifacts/digest.ts";
import { type FileTable, VOUCHED } from "./table.ts";

/*
 * What is remembered of an artifact's files, in columns as they stand in memory, so that files of which none has
 * changed are compared and named all at once. 8 bytes of magic, 16 of the directory's name or zeros, as 8 bytes
 * each how many rows there are, how many bytes their paths have, and how many have a sha256 (all or none); then
 * the columns: stamps, ends of paths, paths, marks, md5, sha256; then the md5 of all that.
 */
const MAGIC = Buffer.from("TYHASH3\n");
const HEAD = 48;
const [STAMP, END, MARK, SHORT, LONG] = [32, 4, 1, 16, 32];
const TAIL = 16;
const CHUNK = 1 << 18;
const ROWS = 1 << 12;
/** Bytes of a column that are looked at together. */
const WINDOW = 1 << 16;

/** Writes what is known of the files of a table to a new file. */
export function writeTable(path: string, table: FileTable, name: Md5 | undefined): void {
  const { paths, ends, digests } = table.files.columns();
  const marks = table.allMarks();
  const vouched = marks.some((one) => (one & VOUCHED) !== 0);
  const head = Buffer.alloc(HEAD);
  MAGIC.copy(head);
  if (name !== undefined) head.write(name, MAGIC.length, 16, "hex");
  const sizes = [table.length, paths.length, vouched ? table.length : 0];
  for (const [i, size] of sizes.entries()) head.writeDoubleLE(size, 24 + i * 8);
  const hash = createHash("md5");
  const file = openSync(path, "wx");
  const write = (bytes: Uint8Array): void => {
    hash.update(bytes);
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
  };
  try {
    for (const column of [head, table.stamps.bytes(), ends, paths, marks, digests]) write(column);
    for (let from = 0; vouched && from < table.length; from += ROWS) {
      const part = Buffer.alloc(Math.min(ROWS, table.length - from) * LONG);
      for (let i = 0; i * LONG < part.length; i++) part.set(table.long(from + i), i * LONG);
      write(part);
    }
    writeSync(file, hash.digest());
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * Names the files of a table that have the stamps that they had.
 *
 * @returns the directory's name, where it was kept and all files are as they were; a file that is damaged says nothing
 */
export function recallFrom(file: number, table: FileTable): Md5 | undefined {
  const head = Buffer.alloc(HEAD);
  readSync(file, head, 0, HEAD, 0);
  const [rows, pathBytes, vouched] = [24, 32, 40].map((at) => head.readDoubleLE(at)) as [
    number,
    number,
    number,
  ];
  const columns = new Map<string, Column>();
  let at = HEAD;
  for (const [column, size] of [
    ["stamps", rows * STAMP],
    ["ends", rows * END],
    ["paths", pathBytes],
    ["marks", rows * MARK],
    ["digests", rows * SHORT],
    ["long", vouched * LONG],
  ] as const) {
    columns.set(column, { at, size });
    at += size;
  }
  if (!head.subarray(0, MAGIC.length).equals(MAGIC) || at + TAIL !== fstatSync(file).size) return undefined;
  if (vouched !== 0 && vouched !== rows) return undefined;

  const same = rows === table.length && pathBytes === table.files.columns().paths.length;
  const found = readAll(file, at, columns, same ? table : undefined);
  if (found === undefined) return undefined;
  if (found === "other") {
    merge(file, columns, rows, table);
    return undefined;
  }
  table.takeAll(found.marks, found.digests, found.long);
  const name = head.toString("hex", MAGIC.length, MAGIC.length + 16);
  return /[^0]/.test(name) ? (`${name}.dir` as Md5) : undefined;
}

/** Where a column lies in the file. */
interface Column {
  readonly at: number;
  readonly size: number;
}

type Columns = ReadonlyMap<string, Column>;
type Found = Readonly<Record<"marks" | "digests" | "long", Buffer>>;

/**
 * Reads all of it once, which shows whether it is whole.
 *
 * @param table whose files it may be about
 * @returns what is known where it is about these very files; undefined where it is damaged
 */
function readAll(
  file: number,
  end: number,
  columns: Columns,
  table: FileTable | undefined,
): Found | "other" | undefined {
  const of = (name: string): Column => columns.get(name) ?? { at: 0, size: 0 };
  const expected = table && [table.stamps.bytes(), table.files.columns().ends, table.files.columns().paths];
  const places = ["stamps", "ends", "paths"].map(of);
  const made = (name: string): Buffer => Buffer.allocUnsafeSlow(table === undefined ? 0 : of(name).size);
  const found: Found = { marks: made("marks"), digests: made("digests"), long: made("long") };
  const hash = createHash("md5");
  const chunk = Buffer.allocUnsafe(CHUNK);
  let same = table !== undefined;
  for (let at = 0; at < end; ) {
    const read = readSync(file, chunk, 0, Math.min(CHUNK, end - at), at);
    if (read === 0) return undefined;
    const bytes = chunk.subarray(0, read);
    hash.update(bytes);
    /** What of a column lies in this chunk: from where in the column, and from where to where in the chunk. */
    const part = (column: Column): readonly [number, number, number] => {
      const from = Math.max(at, column.at);
      return [from - column.at, from - at, Math.min(at + read, column.at + column.size) - at];
    };
    for (const [i, column] of places.entries()) {
      const [start, from, to] = part(column);
      const wanted = expected?.[i];
      if (same && to > from) same = wanted?.compare(bytes, from, to, start, start + to - from) === 0;
    }
    for (const name of same ? (["marks", "digests", "long"] as const) : []) {
      const [start, from, to] = part(of(name));
      if (to > from) bytes.copy(found[name], start, from, to);
    }
    at += read;
  }
  const tail = Buffer.alloc(TAIL);
  readSync(file, tail, 0, TAIL, end);
  if (!hash.digest().equals(tail)) return undefined;
  return same ? found : "other";
}

/** Goes through rows and files side by side, since both are in the order of paths. */
function merge(file: number, columns: Columns, rows: number, table: FileTable): void {
  const { files, stamps } = table;
  const read = (name: string): Window => windowOn(file, columns.get(name) ?? { at: 0, size: 0 });
  const [starts, ends, paths, marks, digests, longs] = [
    read("stamps"),
    read("ends"),
    read("paths"),
    read("marks"),
    read("digests"),
    read("long"),
  ];
  const most = columns.get("paths")?.size ?? 0;
  let at = 0;
  let from = 0;
  for (let row = 0; row < rows && at < files.length; row++) {
    const to = ends(row * END, END).readUInt32LE();
    if (to < from || to > most) return;
    const path = paths(from, to - from);
    from = to;
    let order = 1;
    for (; at < files.length; at++) {
      order = files.compareBytes(at, path, 0, path.length);
      if (order >= 0) break;
    }
    if (order !== 0) continue;
    const stamp = starts(row * STAMP, STAMP);
    const [size, modified, changed, inode] = [0, 8, 16, 24].map((place) => stamp.readDoubleLE(place));
    if (stamps.equals(at, size ?? 0, modified ?? 0, changed ?? 0, inode ?? 0)) {
      const vouched = ((marks(row, MARK)[0] ?? 0) & VOUCHED) !== 0;
      table.name(at, digests(row * SHORT, SHORT), vouched ? longs(row * LONG, LONG) : undefined);
    }
    at++;
  }
}

/** Bytes of a column, valid until the next call. */
type Window = (from: number, length: number) => Buffer;

function windowOn(file: number, { at, size }: Column): Window {
  let bytes = Buffer.alloc(0);
  let first = 0;
  return (from, length) => {
    if (from < first || from + length > first + bytes.length) {
      const larger = Math.min(size - from, Math.max(WINDOW, length));
      if (bytes.buffer.byteLength < larger) bytes = Buffer.allocUnsafeSlow(Math.max(WINDOW, length));
      const whole = Buffer.from(bytes.buffer);
      let read = 0;
      for (let more = -1; more !== 0 && read < larger; read += more)
        more = readSync(file, whole, read, larger - read, at + from + read);
      bytes = whole.subarray(0, read);
      first = from;
    }
    return bytes.subarray(from - first, from - first + length);
  };
}
