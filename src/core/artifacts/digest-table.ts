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

/**
 * A table of names and their sha256; of rows with one name, one is kept.
 *
 * @param most no fewer rows than are given
 *
 * @example digestTable([], 0).rows // => 0
 */
export function digestTable(
  rows: Iterable<readonly [name: ObjectName, sha256: Sha256]>,
  most: number,
): DigestTable {
  const given = Buffer.alloc(most * ROW);
  let count = 0;
  for (const [name, long] of rows) {
    given.write(digitsOf(name), count * ROW, NAME, "hex");
    given.write(long, count * ROW + NAME, ROW - NAME, "hex");
    count++;
  }
  const order = new Uint32Array(count).map((_, index) => index);
  order.sort((a, b) => compareRows(given, a, b));
  const sorted = Buffer.alloc(count * ROW);
  let kept = 0;
  for (const [place, row] of order.entries()) {
    const before = order[place - 1];
    if (before !== undefined && compareRows(given, before, row) === 0) continue;
    given.copy(sorted, kept * ROW, row * ROW, (row + 1) * ROW);
    kept++;
  }
  return tableOf(sorted.subarray(0, kept * ROW));
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
    if (compareRows(rows, row - 1, row) >= 0) return undefined;
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
        const at = middle * ROW;
        const order = bytes.compare(wanted, 0, NAME, at, at + NAME);
        if (order === 0) return bytes.toString("hex", at + NAME, at + ROW) as Sha256;
        if (order < 0) low = middle + 1;
        else high = middle;
      }
      return undefined;
    },
  };
}

/** By name; four numbers are compared sooner than sixteen bytes. */
function compareRows(rows: Buffer, a: number, b: number): number {
  for (let at = 0; at < NAME; at += 4) {
    const difference = rows.readUInt32BE(a * ROW + at) - rows.readUInt32BE(b * ROW + at);
    if (difference !== 0) return difference;
  }
  return 0;
}
