import crypto, { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { type Digest, digestOf, type Md5, type Sha256 } from "../../core/artifacts/digest.ts";
import { UserError } from "../../errors.ts";
import { type Stamp, sameStamp, stampOf } from "./stamp.ts";

/** Up to here one synchronous read is several times faster than a stream. */
export const SMALL = 1 << 20;
/** Bytes that are read, hashed and written at the same time, of each as many. */
const CHUNK = 1 << 20;
/** Chunks that may be under way: one is read, one is hashed, the others are written. */
const CHUNKS = 4;

/** What a file's bytes are called; the sha256 only where it was asked for. */
export interface Hashed {
  readonly md5: Md5;
  readonly sha256?: Sha256;
}

/** Whether a sha256 is wanted, too: it costs more than the md5. */
export type Names = "md5" | "both";

const buffer = Buffer.allocUnsafeSlow(SMALL + 1);

/**
 * Reads a small file at once. The bytes are valid until the next call.
 *
 * @param stamp what the file must have before and after; else it changes while it is read
 */
export function readSmall(path: string, stamp?: Stamp): { readonly bytes: Buffer; readonly stamp: Stamp } {
  const file = openSync(path, "r");
  try {
    const before = stamp ?? stampOf(fstatSync(file));
    let size = 0;
    for (let more = true; more; ) {
      const asked = Math.min(buffer.length, before.size + 1) - size;
      const read = asked > 0 ? readSync(file, buffer, size, asked, size) : 0;
      size += read;
      more = read > 0 && size <= before.size && read < asked && size < before.size;
    }
    if (size !== before.size || !sameStamp(before, stampOf(fstatSync(file)))) throw changedWhileRead(path);
    return { bytes: buffer.subarray(0, size), stamp: before };
  } finally {
    closeSync(file);
  }
}

/** The names of bytes in memory. */
export function namesOf(bytes: Uint8Array, names: Names): Hashed {
  const md5 = hexOf("md5", bytes) as Md5;
  return names === "md5" ? { md5 } : { md5, sha256: hexOf("sha256", bytes) as Sha256 };
}

type OneShot = (algorithm: string, bytes: Uint8Array, encoding: "hex") => string;

/** Node from 20.12 on hashes in one step, in half of the time for a small file. */
const hexOf: (algorithm: string, bytes: Uint8Array) => string =
  "hash" in crypto
    ? (algorithm, bytes) => (crypto.hash as OneShot)(algorithm, bytes, "hex")
    : (algorithm, bytes) => createHash(algorithm).update(bytes).digest("hex");

export interface StreamOptions {
  readonly names: Names;
  /** What the file must have before and after. */
  readonly stamp?: Stamp;
  /** Where the bytes go as well. */
  readonly to?: FileHandle;
  /** Called with the number of bytes since the last call. */
  readonly onBytes?: (count: number) => void;
}

/**
 * Hashes a large file in one pass, and copies it in the same one. Reading and writing are left to other
 * threads, so that this one does nothing but hash.
 *
 * @throws {UserError} where the file changes meanwhile
 */
export async function hashStream(
  path: string,
  options: StreamOptions,
): Promise<Hashed & { readonly stamp: Stamp }> {
  const file = await open(path, "r");
  try {
    const before = options.stamp ?? stampOf(await file.stat());
    const hashed = await pump(file, options);
    if (!sameStamp(before, stampOf(await file.stat()))) throw changedWhileRead(path);
    return { ...hashed, stamp: before };
  } finally {
    await file.close();
  }
}

async function pump(file: FileHandle, { names, to, onBytes }: StreamOptions): Promise<Hashed> {
  const short = createHash("md5");
  const long = names === "both" ? createHash("sha256") : undefined;
  const chunks = Array.from({ length: CHUNKS }, () => Buffer.allocUnsafeSlow(CHUNK));
  const writing: (Promise<void> | undefined)[] = [];
  const read = async (turn: number, at: number): Promise<Buffer> => {
    const chunk = chunks[turn % CHUNKS] ?? Buffer.alloc(0);
    await writing[turn % CHUNKS];
    const { bytesRead } = await file.read(chunk, 0, CHUNK, at);
    return chunk.subarray(0, bytesRead);
  };
  try {
    let at = 0;
    let next = read(0, at);
    for (let turn = 0; ; turn++) {
      const bytes = await next;
      if (bytes.length === 0) break;
      const place = at;
      at += bytes.length;
      next = read(turn + 1, at);
      next.catch(() => {}); // heard of in the next turn
      if (to !== undefined) {
        writing[turn % CHUNKS] = writeAll(to, bytes, place);
        writing[turn % CHUNKS]?.catch(() => {}); // heard of below, or before the chunk is used again
      }
      short.update(bytes);
      long?.update(bytes);
      onBytes?.(bytes.length);
    }
    await Promise.all(writing);
  } finally {
    await Promise.allSettled(writing);
  }
  const md5 = short.digest("hex") as Md5;
  return long === undefined ? { md5 } : { md5, sha256: long.digest("hex") as Sha256 };
}

async function writeAll(to: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await to.write(bytes, done, bytes.length - done, at + done);
    done += bytesWritten;
  }
}

/**
 * Hashes a file of any size, into both names.
 *
 * @throws {UserError} where it changes meanwhile
 */
export async function hashFile(
  path: string,
  onBytes?: (count: number) => void,
): Promise<Digest & { readonly stamp: Stamp }> {
  if (statSync(path).size <= SMALL) {
    const { bytes, stamp } = readSmall(path);
    return { ...digestOf(bytes), stamp };
  }
  const { md5, sha256, stamp } = await hashStream(path, { names: "both", ...(onBytes ? { onBytes } : {}) });
  if (sha256 === undefined) throw new Error("no sha256 was made");
  return { md5, sha256, stamp };
}

export function changedWhileRead(path: string): UserError {
  return new UserError(`"${path}" changed while it was read; try again when nothing writes to it`);
}
