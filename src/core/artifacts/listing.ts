import type { Md5 } from "./digest.ts";

const DIGITS = 16;
/** Beyond this a list of paths would not fit into one buffer on every machine. */
const LONGEST = 2 ** 31;

/**
 * The files of a directory and their digests, in columns: a million of them take some 60 MB, where a
 * million objects would take 300. Paths are UTF-8, and stand in the order of code points, which is that
 * of their bytes, where whoever fills the list adds them so.
 *
 * @example new Listing().length // => 0
 */
export class Listing {
  length = 0;
  #paths = Buffer.allocUnsafe(1 << 12);
  #ends = new Uint32Array(1 << 8);
  #digests = Buffer.alloc((1 << 8) * DIGITS);

  /** Adds a file; its digest is zeros until `setDigest`. */
  add(path: string | Uint8Array, md5?: string | Uint8Array): void {
    this.#makeRoom(typeof path === "string" ? path.length * 3 : path.length);
    const start = this.#start(this.length);
    const size = typeof path === "string" ? this.#paths.write(path, start) : path.length;
    if (typeof path !== "string") this.#paths.set(path, start);
    this.#ends[this.length] = start + size;
    this.length++;
    if (md5 !== undefined) this.setDigest(this.length - 1, md5);
  }

  /** A path, with `/`. */
  path(index: number): string {
    return this.#paths.toString("utf8", this.#start(index), this.#ends[index]);
  }

  /** The bytes of a path, not to be written to. */
  pathBytes(index: number): Buffer {
    return this.#paths.subarray(this.#start(index), this.#ends[index]);
  }

  /** A file's md5, as text. */
  md5(index: number): Md5 {
    return this.#digests.toString("hex", index * DIGITS, (index + 1) * DIGITS) as Md5;
  }

  /** The 16 bytes of a file's md5, not to be written to. */
  digest(index: number): Buffer {
    return this.#digests.subarray(index * DIGITS, (index + 1) * DIGITS);
  }

  setDigest(index: number, md5: string | Uint8Array): void {
    if (typeof md5 === "string") this.#digests.write(md5, index * DIGITS, DIGITS, "hex");
    else this.#digests.set(md5, index * DIGITS);
  }

  /** The columns as bytes, not to be written to: all paths, where each ends as 4 bytes, and all digests. */
  columns(): Readonly<Record<"paths" | "ends" | "digests", Buffer>> {
    const { buffer, byteOffset } = this.#ends;
    return {
      paths: this.#paths.subarray(0, this.#start(this.length)),
      ends: Buffer.from(buffer, byteOffset, this.length * 4),
      digests: this.#digests.subarray(0, this.length * DIGITS),
    };
  }

  /** Takes over the digests of all files at once, 16 bytes each. */
  setDigests(digests: Uint8Array): void {
    this.#digests.set(digests);
  }

  /** Compares two paths of two lists by code points: negative, 0 or positive. */
  compare(index: number, other: Listing, at: number): number {
    return this.#paths.compare(
      other.#paths,
      other.#start(at),
      other.#ends[at],
      this.#start(index),
      this.#ends[index],
    );
  }

  /** Compares a path with bytes from elsewhere. */
  compareBytes(index: number, bytes: Uint8Array, start: number, end: number): number {
    return this.#paths.compare(bytes, start, end, this.#start(index), this.#ends[index]);
  }

  sameDigest(index: number, other: Listing, at: number): boolean {
    const [a, b] = [index * DIGITS, at * DIGITS];
    return this.#digests.compare(other.#digests, b, b + DIGITS, a, a + DIGITS) === 0;
  }

  /** Whether each path stands after the one before it. */
  isSorted(): boolean {
    for (let i = 1; i < this.length; i++) if (this.compare(i - 1, this, i) >= 0) return false;
    return true;
  }

  /** The same files by code points of their paths. */
  sorted(): Listing {
    const order = Uint32Array.from({ length: this.length }, (_, i) => i);
    order.sort((a, b) => this.compare(a, this, b));
    const list = new Listing();
    for (const i of order) list.add(this.pathBytes(i), this.digest(i));
    return list;
  }

  #start(index: number): number {
    return index === 0 ? 0 : (this.#ends[index - 1] ?? 0);
  }

  #makeRoom(size: number): void {
    const used = this.#start(this.length);
    if (used + size > this.#paths.length) {
      if (used + size > LONGEST) throw new RangeError("the paths of a directory take more than 2 GiB");
      const larger = Buffer.allocUnsafe(Math.max(used + size, Math.ceil(this.#paths.length * 1.6)));
      this.#paths.copy(larger, 0, 0, used);
      this.#paths = larger;
    }
    if (this.length < this.#ends.length) return;
    const rows = Math.ceil(this.length * 1.6);
    const ends = new Uint32Array(rows);
    ends.set(this.#ends);
    this.#ends = ends;
    const digests = Buffer.alloc(rows * DIGITS);
    this.#digests.copy(digests);
    this.#digests = digests;
  }
}

/** One file of two lists: where it stands in each, or -1 where it does not. */
export interface Pair {
  readonly left: number;
  readonly right: number;
}

/** Walks through two sorted lists at once. */
export function* pairs(left: Listing, right: Listing): Iterable<Pair> {
  let a = 0;
  let b = 0;
  while (a < left.length || b < right.length) {
    const order = a === left.length ? 1 : b === right.length ? -1 : left.compare(a, right, b);
    if (order === 0) yield { left: a++, right: b++ };
    else if (order < 0) yield { left: a++, right: -1 };
    else yield { left: -1, right: b++ };
  }
}
