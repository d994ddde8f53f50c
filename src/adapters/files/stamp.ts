import { type Stats, statSync } from "node:fs";

/**
 * What the disk says of a file without reading it. Two equal stamps, the older of them taken when the
 * file had not been written for a while, mean the same bytes.
 */
export interface Stamp {
  readonly size: number;
  /** Milliseconds since 1970, to a quarter of a microsecond: finer than any clock that a disk is told. */
  readonly modified: number;
  /** When bytes, name or mode last changed: catches those who set the time of modification back. */
  readonly changed: number;
  readonly inode: number;
}

/**
 * How long after a write a stamp is not to be trusted, in milliseconds: FAT counts time in steps of
 * two seconds, so a second write may leave the same time. Git has the same rule.
 */
export const RACY = 2000;
/** The same where the time shows parts of a second: no clock of such a disk ticks in steps of 10 ms or more. */
const RACY_FINE = 100;

/** What of the disk's answer makes a stamp. */
export type Stamped = Pick<Stats, "size" | "mtimeMs" | "ctimeMs" | "ino">;

export function stampOf({ size, mtimeMs, ctimeMs, ino }: Stamped): Stamp {
  return { size, modified: mtimeMs, changed: ctimeMs, inode: ino };
}

/** The stamp of a path's file; symbolic links are followed. */
export function takeStamp(path: string): Stamp {
  return stampOf(statSync(path));
}

export function sameStamp(a: Stamp, b: Stamp): boolean {
  return a.size === b.size && a.modified === b.modified && a.changed === b.changed && a.inode === b.inode;
}

/** Whether a file stood still long enough that its stamp tells its bytes. */
export function isSettled(modified: number, now: number): boolean {
  return modified + (modified % 1000 === 0 ? RACY : RACY_FINE) < now;
}

const FIELDS = 4;

/** Many stamps, in one block of numbers. */
export class Stamps {
  length = 0;
  #numbers = new Float64Array(FIELDS << 8);

  add({ size, mtimeMs, ctimeMs, ino }: Stamped): void {
    this.put(this.length, size, mtimeMs, ctimeMs, ino);
  }

  put(index: number, size: number, modified: number, changed: number, inode: number): void {
    const at = index * FIELDS;
    if (at >= this.#numbers.length) {
      const larger = new Float64Array(Math.ceil((index + 1) * 1.6) * FIELDS);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[at] = size;
    this.#numbers[at + 1] = modified;
    this.#numbers[at + 2] = changed;
    this.#numbers[at + 3] = inode;
    if (index >= this.length) this.length = index + 1;
  }

  /** Says what was not known yet of a file that has only been made. */
  made(index: number, changed: number, inode: number): void {
    this.put(index, this.size(index), this.modified(index), changed, inode);
  }

  /** All of them as bytes, not to be written to. */
  bytes(): Buffer {
    const { buffer, byteOffset } = this.#numbers;
    return Buffer.from(buffer, byteOffset, this.length * FIELDS * 8);
  }

  size(index: number): number {
    return this.#numbers[index * FIELDS] ?? 0;
  }

  modified(index: number): number {
    return this.#numbers[index * FIELDS + 1] ?? 0;
  }

  at(index: number): Stamp {
    const from = index * FIELDS;
    const numbers = this.#numbers;
    const size = numbers[from] ?? 0;
    const modified = numbers[from + 1] ?? 0;
    const changed = numbers[from + 2] ?? 0;
    const inode = numbers[from + 3] ?? 0;
    return { size, modified, changed, inode };
  }

  /** Whether a file has the stamp still. */
  is(index: number, { size, mtimeMs, ctimeMs, ino }: Stats): boolean {
    return this.equals(index, size, mtimeMs, ctimeMs, ino);
  }

  equals(index: number, size: number, modified: number, changed: number, inode: number): boolean {
    const at = index * FIELDS;
    return (
      this.#numbers[at] === size &&
      this.#numbers[at + 1] === modified &&
      this.#numbers[at + 2] === changed &&
      this.#numbers[at + 3] === inode
    );
  }
}
