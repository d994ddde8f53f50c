import { createHash } from "node:crypto";
import { closeSync, mkdirSync, openSync, renameSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import type { Md5 } from "../../core/artifacts/digest.ts";
import { besides } from "./atomic.ts";
import { recallFrom, writeTable } from "./memo-file.ts";
import { isSettled } from "./stamp.ts";
import { FileTable, NAMED } from "./table.ts";

/** Digests that were computed once, with the stamps that their files had. */
export interface Memo {
  /**
   * Names the files of an artifact that have the stamps that they had.
   *
   * @returns the directory's name, where all of them have and none came or went
   */
  recall(path: string, table: FileTable): Md5 | undefined;
  /**
   * Keeps the digests of those whose files had settled by `now`; nothing is kept of a file that may yet
   * change unseen.
   *
   * @param name the directory's own, where it is known
   */
  keep(path: string, table: FileTable, now: number, name?: Md5): void;
}

/** What a system says of folders that are not to be written to. */
const UNWRITABLE: ReadonlySet<string> = new Set(["EACCES", "EPERM", "EROFS"]);

/**
 * One small file for each artifact in `folder`, named after its path, so that processes that hash
 * different artifacts never write the same file, and the last of two that hash the same one wins.
 * A file that is damaged is a file that is not there.
 *
 * @param prepare called before anything is kept, so that Git does not see `folder`
 */
export function diskMemo(folder: string, root: string, prepare: () => void): Memo {
  const fileOf = (path: string): string => {
    const name = createHash("sha256").update(relative(root, path)).digest("hex").slice(0, 32);
    return join(folder, name);
  };

  return {
    recall: (path, table) => {
      let file: number;
      try {
        file = openSync(fileOf(path), "r");
      } catch {
        return undefined;
      }
      try {
        return recallFrom(file, table);
      } catch {
        return undefined;
      } finally {
        closeSync(file);
      }
    },

    keep(path, table, now, name) {
      const file = fileOf(path);
      const draft = besides(file);
      const kept = settled(table, now);
      try {
        prepare();
        mkdirSync(folder, { recursive: true });
        writeTable(draft, kept, table.isDirectory && kept === table ? name : undefined);
        if (kept.length === 0) rmSync(file, { force: true });
        else renameSync(draft, file);
      } catch (error) {
        // A repository that may only be read is read: the next look hashes again.
        if (!UNWRITABLE.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
      } finally {
        rmSync(draft, { force: true });
      }
    },
  };
}

/** Those files that are named and had settled; the table itself where all of them are. */
function settled(table: FileTable, now: number): FileTable {
  const isKept = (i: number): boolean =>
    (table.marks(i) & NAMED) !== 0 && isSettled(table.stamps.modified(i), now);
  let all = true;
  for (let i = 0; all && i < table.length; i++) all = isKept(i);
  if (all) return table;
  const kept = new FileTable(table.isDirectory);
  for (let i = 0; i < table.length; i++) {
    if (!isKept(i)) continue;
    const { size, modified, changed, inode } = table.stamps.at(i);
    const at = kept.length;
    kept.files.add(table.files.pathBytes(i));
    kept.stamps.put(at, size, modified, changed, inode);
    kept.take(at, table, i);
  }
  return kept;
}
