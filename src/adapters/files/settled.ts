import { statSync, utimesSync } from "node:fs";
import { isSettled, RACY } from "./stamp.ts";
import { type FileTable, NAMED } from "./table.ts";

/** A time so far back that stamps with it can be trusted at once, in seconds as `utimes` takes them. */
export function settledTime(): number {
  return Math.floor((Date.now() - RACY - 1000) / 1000);
}

/**
 * Files of our own making that were written only now, dated back by a little: whatever writes to them from
 * now on leaves another time, so that their stamps can be trusted at once. A file that is not as it was
 * keeps its stamp, and so is read again.
 *
 * @param path where the files of the table are now
 * @param isOurs which of them we made; a user's own file keeps its time
 */
export function settleTable(
  path: string,
  table: FileTable,
  isOurs: (index: number) => boolean = () => true,
): void {
  const now = Date.now();
  const time = settledTime();
  for (let i = 0; i < table.length; i++) {
    const { size, modified, inode } = table.stamps.at(i);
    if (!isOurs(i) || (table.marks(i) & NAMED) === 0 || (table.isDirectory && isSettled(modified, now)))
      continue;
    const relpath = table.files.path(i);
    const file = relpath === "" ? path : `${path}/${relpath}`;
    const there = statSync(file, { throwIfNoEntry: false });
    if (there === undefined || there.ino !== inode || there.mtimeMs !== modified || there.size !== size)
      continue;
    if (!isSettled(modified, now)) utimesSync(file, time, time);
    const { size: length, mtimeMs, ctimeMs, ino } = statSync(file);
    table.stamps.put(i, length, mtimeMs, ctimeMs, ino);
  }
}
