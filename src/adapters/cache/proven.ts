import { statSync } from "node:fs";
import type { Digest } from "../../core/artifacts/digest.ts";
import { type Stamp, sameStamp, stampOf } from "../files/stamp.ts";

/** Large objects that this process has taken in and hashed, each with the stamp that it had then. */
const proven = new Map<string, { readonly stamp: Stamp; readonly digest: Digest }>();

/**
 * Remembers what was hashed while it came, so that it need not be hashed again on its way out.
 *
 * @param path where the object lies now
 * @param inode of the file that was hashed: somebody else's object may have been there first
 */
export function prove(path: string, inode: number, digest: Digest): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.ino === inode) proven.set(path, { stamp: stampOf(stats), digest });
}

/** What an object's bytes were found to be; undefined where this process has not hashed it, or it was touched since. */
export function provenAt(path: string): Digest | undefined {
  const known = proven.get(path);
  const stats = known && statSync(path, { throwIfNoEntry: false });
  return known !== undefined && stats !== undefined && sameStamp(known.stamp, stampOf(stats))
    ? known.digest
    : undefined;
}
