import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { type Md5, objectPath } from "../../core/artifacts/digest.ts";
import { unique } from "../files/atomic.ts";
import { canWriteBehind, writeBehind } from "../files/behind.ts";
import type { Keep } from "../files/content.ts";
import { changedWhileRead, hashStream } from "../files/hash.ts";
import { sameStamp, takeStamp } from "../files/stamp.ts";
import type { ObjectFolder } from "./objects.ts";
import { waiting } from "./waiting.ts";

const DAY = 24 * 60 * 60 * 1000;
/** So many small files are written before another thread is worth its start. */
const FEW = 500;

/**
 * Takes working files into a cache as they are hashed. What lies under a name is what was hashed: the bytes
 * that were in memory or, of a large file, the copy that was made in the same pass.
 *
 * An object gets its name when it is whole, so that a killed process leaves none that is half. It is not
 * waited for until the disk has it: what a power cut takes of it is found when it is hashed on its way out.
 */
export function keepIn(objects: ObjectFolder): Keep {
  const folder = objects.url;
  const behind = canWriteBehind() ? writeBehind() : undefined;
  const fresh = waiting(objects, () => behind?.end());
  const own = unique();
  let count = 0;
  let draftsIn: string | undefined;
  const draft = (): string => {
    draftsIn ??= dirname(objects.draft());
    return `${draftsIn}/${own}-${count++}`;
  };
  const widen = (0o444 & process.umask()) !== 0;
  let clones = true;
  let smallOnes = 0;

  /** Writes a read-only file; false where it is there already. */
  function write(path: string, bytes: Uint8Array): boolean {
    let file: number;
    try {
      file = openSync(path, "wx", 0o444);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    }
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    } catch (error) {
      rmSync(path, { force: true });
      throw error;
    } finally {
      closeSync(file);
    }
    if (widen) chmodSync(path, 0o444);
    return true;
  }

  function takeIn(bytes: Uint8Array, md5: Md5): void {
    const path = draft();
    write(path, bytes);
    try {
      moveIn(objects, path, md5);
    } catch (error) {
      rmSync(path, { force: true });
      throw error;
    }
  }

  return {
    has: (md5) => isThereFresh(`${folder}/${objectPath(md5)}`),

    small(bytes, md5) {
      const isMany = behind !== undefined && ++smallOnes > FEW;
      const mayBeThere = fresh.hasFolder(md5);
      if (mayBeThere && isThereFresh(`${folder}/${objectPath(md5)}`)) return;
      if (mayBeThere && !isMany) {
        takeIn(bytes, md5);
        return;
      }
      const path = fresh.place(md5);
      if (isMany && !behind.isBusy)
        behind.write({ path, mode: 0o444, mayBeThere: true, ...(widen ? { chmod: 0o444 } : {}) }, bytes);
      else if (!write(path, bytes)) return;
      fresh.written(bytes.length);
    },

    end: () => fresh.end(),

    async large(path, options) {
      const copy = draft();
      try {
        clones &&= clone(path, copy);
        if (clones) {
          const { names, onBytes, stamp } = options;
          const found = await hashStream(copy, { names, ...(onBytes ? { onBytes } : {}) });
          if (stamp !== undefined && !sameStamp(stamp, takeStamp(path))) throw changedWhileRead(path);
          objects.settle(copy, found.md5);
          return found;
        }
        const to = await open(copy, "wx");
        const found = await hashStream(path, { ...options, to }).finally(() => to.close());
        objects.settle(copy, found.md5);
        return found;
      } finally {
        rmSync(copy, { force: true });
      }
    },
  };
}

/** Gives a draft its name; the folder for it is made when it is missed. */
function moveIn(objects: ObjectFolder, draft: string, md5: Md5): void {
  const path = objects.pathOf(md5);
  try {
    renameSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    objects.makeFolder(dirname(path));
    renameSync(draft, path);
  }
}

/** Shares a file's blocks with a new one; false where the file system cannot. */
function clone(from: string, to: string): boolean {
  try {
    copyFileSync(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE);
    return true;
  } catch {
    rmSync(to, { force: true });
    return false;
  }
}

/** An old object that is come upon again counts as new: no `gc` that runs meanwhile may take it away. */
function isThereFresh(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats?.isFile()) return false;
  if (Date.now() - stats.mtimeMs > DAY) {
    try {
      utimesSync(path, new Date(), new Date());
    } catch {
      // somebody else's object of a shared cache
    }
  }
  return true;
}
