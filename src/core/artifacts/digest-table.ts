import { digitsOf, type ObjectName, type Sha256 } from "./digest.ts";

/** The sha256 of many objects, by name, in 48 bytes a row: those of a million files are 48 MB. */
export interface DigestTable {
  readonly rows: number;
  /** The rows by name: 16 bytes of md5, 32 of sha256. */
  readonly bytes: Uint8Array;
  get(name: ObjectName): Sha256 | undefined;
}

const NAME = 16;
const ROW = NAME + 32;

/** Rows that are still being found. */
export interface DigestRows {
  add(name: ObjectName, sha256: Sha256): void;
  /** The rows, sorted; of those with one name, one is kept. Once only: they are moved, not copied. */
  table(): DigestTable;
}

/**
 * A table to be filled.
 *
 * @param most how many rows there may be, where it is known: then nothing has to grow
 *
 * @example digestRows().table().rows // => 0
 */
export function digestRows(most = 64): DigestRows {
  let given = Buffer.alloc(Math.max(1, most) * ROW);
  let count = 0;
  return {
    add(name, long) {
      if ((count + 1) * ROW > given.length)
        given = Buffer.concat([given, Buffer.alloc(((count >> 1) + 1) * ROW)]);
      given.write(digitsOf(name), count * ROW, NAME, "hex");
      given.write(long, count * ROW + NAME, ROW - NAME, "hex");
      count++;
    },
    table() {
      const order = sortedRows(given, ROW, count);
      const sorted = Buffer.alloc(order.length * ROW);
      for (const [place, row] of order.entries()) {
        given.copy(sorted, place * ROW, row * ROW, (row + 1) * ROW);
      }
      given = Buffer.alloc(0);
      count = 0;
      return tableOf(sorted);
    },
  };
}

/**
 * The rows of a buffer by their first 16 bytes, without those that have the same ones.
 *
 * @example sortedRows(Buffer.alloc(48), 16, 3).length // => 1
 */
export function sortedRows(rows: Buffer, width: number, count: number): Uint32Array {
  const order = new Uint32Array(count).map((_, index) => index);
  order.sort((a, b) => compareRows(rows, a * width, rows, b * width));
  let kept = 0;
  for (const row of order) {
    const before = order[kept - 1];
    if (before === undefined || compareRows(rows, before * width, rows, row * width) !== 0)
      order[kept++] = row;
  }
  return order.subarray(0, kept);
}

/**
 * The table that bytes from anywhere hold, or undefined where they are none.
 *
 * @example readDigestTable(new Uint8Array(47)) // => undefined
 */
export function readDigestTable(bytes: Uint8Array): DigestTable | undefined {
  if (bytes.length % ROW !== 0) return undefined;
  const rows = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let row = 1; row < bytes.length / ROW; row++) {
    if (compareRows(rows, (row - 1) * ROW, rows, row * ROW) >= 0) return undefined;
  }
  return tableOf(rows);
}

function tableOf(bytes: Buffer): DigestTable {
  const rows = bytes.length / ROW;
  const wanted = Buffer.alloc(NAME);
  return {
    rows,
    bytes,
    get(name) {
      wanted.write(digitsOf(name), 0, NAME, "hex");
      let low = 0;
      let high = rows;
      while (low < high) {
        const middle = (low + high) >> 1;
        const order = compareRows(bytes, middle * ROW, wanted, 0);
        if (order === 0) return bytes.toString("hex", middle * ROW + NAME, (middle + 1) * ROW) as Sha256;
        if (order < 0) low = middle + 1;
        else high = middle;
      }
      return undefined;
    },
  };
}

/** By name; four numbers are compared sooner than sixteen bytes. */
function compareRows(left: Buffer, a: number, right: Buffer, b: number): number {
  for (let at = 0; at < NAME; at += 4) {
    const difference = left.readUInt32BE(a + at) - right.readUInt32BE(b + at);
    if (difference !== 0) return difference;
  }
  return 0;
}
