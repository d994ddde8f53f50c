import {
  chmodSync,
  closeSync,
  constants,
  createReadStream,
  fchmodSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { copyFile, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Bucket, type Entry, KeyMissing, type Outgoing } from "../../../ports/bucket.ts";
import { unique } from "../../files/atomic.ts";
import { onDisk } from "../../files/space.ts";
import { sweep } from "../../files/sweep.ts";

/** Read-only for everybody: DVC trusts objects of this mode without hashing them again. */
const MODE = 0o444;
const DRAFTS = "tmp";
/** Up to here bytes are gathered and written at once, which is several times faster than in parts. */
const SMALL = 1 << 20;

/** A bucket in a folder: another disk, a network share, the place beside a test. */
export function folderBucket(folder: string): Bucket {
  const pathOf = (key: string): string => join(folder, ...key.split("/"));
  let swept = false;

  return {
    url: folder,
    lanes: 8,
    lists: true,
    page: 1, // each key of a listing is looked at by itself

    path(key) {
      const path = pathOf(key);
      return statSync(path, { throwIfNoEntry: false })?.isFile() ? path : undefined;
    },

    async size(key) {
      const stats = statSync(pathOf(key), { throwIfNoEntry: false });
      return stats?.isFile() ? stats.size : undefined;
    },

    async *read(key, from = 0) {
      const path = pathOf(key);
      if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new KeyMissing(key, folder);
      yield* createReadStream(path, { highWaterMark: 1 << 20, start: from });
    },

    async *range(key, from, to) {
      const path = pathOf(key);
      if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new KeyMissing(key, folder);
      yield* createReadStream(path, { highWaterMark: 1 << 20, start: from, end: to - 1 });
    },

    async write(key, bytes) {
      await onDisk(folder, async () => {
        const drafts = join(folder, DRAFTS);
        if (!swept) {
          sweep(drafts);
          mkdirSync(drafts, { recursive: true });
        }
        swept = true;
        const draft = join(drafts, unique());
        try {
          await save(draft, bytes);
          moveTo(draft, pathOf(key));
        } catch (error) {
          rmSync(draft, { force: true });
          throw error;
        }
      });
    },

    async *list(prefix) {
      yield* entries(folder, prefix.slice(0, prefix.lastIndexOf("/") + 1), prefix);
    },

    async remove(keys) {
      await onDisk(folder, async () => {
        for (const key of keys) rmSync(pathOf(key), { force: true });
      });
    },

    async close() {},
  };
}

/** Writes bytes to a new file and, where they are many, on to the disk. */
async function save(path: string, outgoing: Outgoing): Promise<void> {
  if (outgoing.path !== undefined && outgoing.settled !== undefined) {
    await copyFile(outgoing.path, path, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
    await outgoing.settled();
  } else if (outgoing.size <= SMALL) {
    const parts: Uint8Array[] = [];
    for await (const chunk of outgoing.bytes()) parts.push(chunk);
    const file = openSync(path, "wx");
    try {
      fchmodSync(file, MODE);
      for (const part of parts) for (let at = 0; at < part.length; ) at += writeSync(file, part, at);
    } finally {
      closeSync(file);
    }
    return;
  } else {
    const file = await open(path, "wx");
    try {
      for await (const chunk of outgoing.bytes()) await file.writeFile(chunk);
    } finally {
      await file.close();
    }
  }
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  chmodSync(path, MODE);
}

/** Gives a draft its place; of thousands few are the first in their folder. */
function moveTo(draft: string, path: string): void {
  try {
    renameSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    mkdirSync(dirname(path), { recursive: true });
    renameSync(draft, path);
  }
}

function* entries(folder: string, below: string, prefix: string): Iterable<Entry> {
  for (const entry of namesIn(join(folder, below))) {
    const key = `${below}${entry.name}`;
    if (below === "" && entry.name === DRAFTS) continue;
    if (entry.isDirectory()) {
      const inner = `${key}/`;
      if (inner.startsWith(prefix) || prefix.startsWith(inner)) yield* entries(folder, inner, prefix);
    } else if (entry.isFile() && key.startsWith(prefix)) {
      const stats = statSync(join(folder, key), { throwIfNoEntry: false });
      if (stats !== undefined) yield { key, size: stats.size, modified: stats.mtime };
    }
  }
}

function namesIn(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
