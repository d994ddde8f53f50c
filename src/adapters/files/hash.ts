import { createReadStream, readFileSync } from "node:fs";
import { type Digest, digestOf, hashing } from "../../core/artifacts/digest.ts";
import { UserError } from "../../errors.ts";
import { type Stamp, sameStamp, takeStamp } from "./stamp.ts";

/** Up to here one synchronous read is several times faster than a stream. */
const SMALL = 1 << 20;
/** A chunk that keeps both hashes busy and the event loop alive. */
const CHUNK = 1 << 20;

export interface Hashed extends Digest {
  readonly stamp: Stamp;
}

/**
 * Hashes a file in one pass.
 *
 * @param onBytes called with the number of bytes since the last call
 * @throws {UserError} where the file changes while it is read
 */
export async function hashFile(path: string, onBytes?: (count: number) => void): Promise<Hashed> {
  const stamp = takeStamp(path);
  const digest = stamp.size <= SMALL ? digestOf(readFileSync(path)) : await hashStream(path, onBytes);
  if (stamp.size <= SMALL) onBytes?.(stamp.size);
  if (!sameStamp(stamp, takeStamp(path))) throw changedWhileRead(path);
  return { ...digest, stamp };
}

async function hashStream(path: string, onBytes?: (count: number) => void): Promise<Digest> {
  const hash = hashing();
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK })) {
    hash.update(chunk);
    onBytes?.(chunk.length);
  }
  return hash.digest();
}

export function changedWhileRead(path: string): UserError {
  return new UserError(`"${path}" changed while it was read; try again when nothing writes to it`);
}
