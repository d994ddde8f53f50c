import { createHash } from "node:crypto";
import type { Md5, Named, Sha256 } from "../../core/artifacts/digest.ts";
import { Listing } from "../../core/artifacts/listing.ts";
import { printEntry } from "../../core/artifacts/manifest.ts";
import { directoryName } from "../../core/artifacts/manifest-bytes.ts";
import { Stamps } from "./stamp.ts";

const LONG = 32;

/** The md5 of a file is known. */
export const NAMED = 1;
/** Its sha256 is known, too. */
export const VOUCHED = 2;

/**
 * An artifact's files as they stand in the working table: one with an empty path, or those of a directory,
 * sorted. Columns, since there may be a million of them.
 */
export class FileTable {
  readonly isDirectory: boolean;
  readonly files = new Listing();
  readonly stamps = new Stamps();
  #marks: Uint8Array = new Uint8Array(1 << 8);
  #long: Buffer | undefined;

  constructor(isDirectory: boolean) {
    this.isDirectory = isDirectory;
  }

  get length(): number {
    return this.files.length;
  }

  marks(index: number): number {
    return this.#marks[index] ?? 0;
  }

  /** Says a file's digests, as bytes or as hex. */
  name(index: number, md5: string | Uint8Array, sha256?: string | Uint8Array): void {
    if (index >= this.#marks.length) this.#growMarks(Math.max(this.length, Math.ceil(index * 1.6)));
    this.files.setDigest(index, md5);
    this.#marks[index] = NAMED;
    if (sha256 === undefined) return;
    const rows = Math.max(this.length, index + 1);
    if (this.#long === undefined || this.#long.length < rows * LONG) {
      const larger = Buffer.alloc(Math.ceil(rows * 1.5) * LONG);
      this.#long?.copy(larger);
      this.#long = larger;
    }
    if (typeof sha256 === "string") this.#long.write(sha256, index * LONG, LONG, "hex");
    else this.#long.set(sha256, index * LONG);
    this.#marks[index] = NAMED | VOUCHED;
  }

  /** What is known of each file, a byte each, not to be written to. */
  allMarks(): Uint8Array {
    if (this.#marks.length < this.length) this.#growMarks(this.length);
    return this.#marks.subarray(0, this.length);
  }

  /** Takes over what is known of all files at once; `long` is empty where no sha256 is known. */
  takeAll(marks: Uint8Array, digests: Uint8Array, long: Buffer): void {
    this.#marks = marks;
    this.files.setDigests(digests);
    this.#long = long.length === 0 ? undefined : long;
  }

  /** Takes over the names of another table's file. */
  take(index: number, from: FileTable, at: number): void {
    const marks = from.marks(at);
    if ((marks & NAMED) === 0) return;
    this.name(index, from.files.digest(at), (marks & VOUCHED) === 0 ? undefined : from.long(at));
  }

  /** Forgets all digests. */
  forget(): void {
    this.#marks.fill(0);
  }

  /** The 32 bytes of a file's sha256, where it is marked as known. */
  long(index: number): Uint8Array {
    const found = this.#long?.subarray(index * LONG, (index + 1) * LONG);
    return found?.length === LONG ? found : new Uint8Array(LONG);
  }

  #growMarks(rows: number): void {
    const larger = new Uint8Array(rows);
    larger.set(this.#marks);
    this.#marks = larger;
  }

  /** Bytes of all files. */
  get size(): number {
    let size = 0;
    for (let i = 0; i < this.length; i++) size += this.stamps.size(i);
    return size;
  }

  /** What it is called; all of its files are named. */
  named(known?: Md5): Named {
    if (!this.isDirectory) return { md5: this.files.md5(0), size: this.size };
    return { md5: known ?? directoryName(this.files), size: this.size, nfiles: this.length };
  }

  /** Its sha256; all of its files are vouched for. */
  sha256(): Sha256 {
    const text = (index: number): string => Buffer.from(this.long(index)).toString("hex");
    if (!this.isDirectory) return text(0) as Sha256;
    const hash = createHash("sha256").update("[");
    for (let i = 0; i < this.length; i++) {
      hash.update(`${i === 0 ? "" : ", "}${printEntry("sha256", text(i), this.files.path(i))}`);
    }
    return hash.update("]").digest("hex") as Sha256;
  }
}
