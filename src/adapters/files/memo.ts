import { createHash } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { type Digest, md5, sha256 } from "../../core/artifacts/digest.ts";
import { writeAtomic } from "./atomic.ts";
import { isSettled, type Stamp, sameStamp } from "./stamp.ts";

/** Digests that were computed once, with the stamps that their files had. */
export interface Memo {
  /** The digests of the files of an artifact, by path below it; "" for a file. */
  recall(path: string): Recalled;
  /** Keeps those whose files had settled by `now`; nothing is kept of a file that may yet change unseen. */
  keep(path: string, files: ReadonlyMap<string, Remembered>, now: number): void;
}

export interface Remembered extends Digest {
  readonly stamp: Stamp;
}

export interface Recalled {
  /** The digest of a file that still has the stamp that it had. */
  find(relpath: string, stamp: Stamp): Remembered | undefined;
}

type Row = readonly [
  relpath: string,
  size: number,
  modified: string,
  changed: string,
  inode: string,
  md5: string,
  sha256: string,
];

/**
 * One small file for each artifact in `folder`, named after its path, so that processes that hash
 * different artifacts never write the same file, and the last of two that hash the same one wins.
 * A file that is damaged is a file that is not there.
 */
export function diskMemo(folder: string, root: string): Memo {
  const fileOf = (path: string): string => {
    const name = createHash("sha256").update(relative(root, path)).digest("hex").slice(0, 32);
    return join(folder, `${name}.json`);
  };

  return {
    recall(path) {
      const rows = new Map(readRows(fileOf(path)).map((row) => [row[0], row]));
      return {
        find(relpath, stamp) {
          const row = rows.get(relpath);
          if (row === undefined) return undefined;
          const [, size, modified, changed, inode, short, long] = row;
          if (!sameStamp({ size, modified, changed, inode }, stamp)) return undefined;
          const names = { md5: md5(short), sha256: sha256(long) };
          if (names.md5 === undefined || names.sha256 === undefined) return undefined;
          return { md5: names.md5, sha256: names.sha256, stamp };
        },
      };
    },

    keep(path, files, now) {
      const rows: Row[] = [];
      for (const [relpath, { stamp, md5, sha256 }] of files) {
        if (!isSettled(stamp, now)) continue;
        rows.push([relpath, stamp.size, stamp.modified, stamp.changed, stamp.inode, md5, sha256]);
      }
      if (rows.length > 0)
        writeAtomic(fileOf(path), `${JSON.stringify({ path: relative(root, path), rows })}\n`);
      else rmSync(fileOf(path), { force: true });
    },
  };
}

function readRows(file: string): readonly Row[] {
  try {
    const { rows } = JSON.parse(readFileSync(file, "utf8")) as { rows?: unknown };
    return Array.isArray(rows) ? rows.filter(isRow) : [];
  } catch {
    return [];
  }
}

function isRow(row: unknown): row is Row {
  return (
    Array.isArray(row) &&
    row.length === 7 &&
    typeof row[1] === "number" &&
    row.every((cell, index) => index === 1 || typeof cell === "string")
  );
}
