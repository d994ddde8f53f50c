import { type BigIntStats, statSync } from "node:fs";

/**
 * What the disk says of a file without reading it. Two equal stamps, the older of them taken when the
 * file had not been written for a while, mean the same bytes.
 */
export interface Stamp {
  readonly size: number;
  /** Nanoseconds since 1970; a text, since a number cannot hold them. */
  readonly modified: string;
  /** When bytes, name or mode last changed: catches those who set the time of modification back. */
  readonly changed: string;
  readonly inode: string;
}

/**
 * How long after a write a stamp is not to be trusted, in milliseconds: FAT counts time in steps of
 * two seconds, so a second write may leave the same time. Git has the same rule.
 */
export const RACY = 2000;

export function stampOf(stats: BigIntStats): Stamp {
  return {
    size: Number(stats.size),
    modified: String(stats.mtimeNs),
    changed: String(stats.ctimeNs),
    inode: String(stats.ino),
  };
}

/** The stamp of a path's file; symbolic links are followed. */
export function takeStamp(path: string): Stamp {
  return stampOf(statSync(path, { bigint: true }));
}

export function sameStamp(a: Stamp, b: Stamp): boolean {
  return a.size === b.size && a.modified === b.modified && a.changed === b.changed && a.inode === b.inode;
}

/** Whether a file stood still long enough that its stamp tells its bytes. */
export function isSettled(stamp: Stamp, now: number): boolean {
  return Number(BigInt(stamp.modified) / 1_000_000n) + RACY < now;
}
