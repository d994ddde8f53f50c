import { statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { RACY } from "./stamp.ts";
import { FileTable, NAMED } from "./table.ts";

/** A time so far back that stamps with it can be trusted at once, in seconds as `utimes` takes them. */
export function settledTime(): number {
  return Math.floor((Date.now() - RACY - 1000) / 1000);
}

/**
 * Files of our own making, dated back by a little: whatever writes to them from now on leaves another
 * time, so that their stamps can be trusted at once. Those that are not as they were are left out.
 *
 * @param path where the files of the table are now
 */
export function settleTable(path: string, table: FileTable): FileTable {
  const settled = new FileTable(table.isDirectory);
  const time = settledTime();
  for (let i = 0; i < table.length; i++) {
    const relpath = table.files.path(i);
    const file = relpath === "" ? path : join(path, relpath);
    const there = statSync(file, { throwIfNoEntry: false });
    const { size, modified, inode } = table.stamps.at(i);
    if (there === undefined || (table.marks(i) & NAMED) === 0) continue;
    if (there.ino !== inode || there.mtimeMs !== modified || there.size !== size) continue;
    utimesSync(file, time, time);
    const at = settled.length;
    settled.files.add(table.files.pathBytes(i));
    settled.stamps.add(statSync(file));
    settled.take(at, table, i);
  }
  return settled;
}
