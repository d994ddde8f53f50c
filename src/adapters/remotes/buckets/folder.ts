import { chmodSync, createReadStream, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Bucket, type Entry, KeyMissing, type Outgoing } from "../../../ports/bucket.ts";
import { unique } from "../../files/atomic.ts";
import { onDisk } from "../../files/space.ts";
import { sweep } from "../../files/sweep.ts";

/** Read-only for everybody: DVC trusts objects of this mode without hashing them again. */
const MODE = 0o444;
const DRAFTS = "tmp";

/** A bucket in a folder: another disk, a network share, the place beside a test. */
export function folderBucket(folder: string): Bucket {
  const pathOf = (key: string): string => join(folder, ...key.split("/"));
  let swept = false;

  return {
    url: folder,
    lanes: 8,
    lists: true,

    async size(key) {
      const stats = statSync(pathOf(key), { throwIfNoEntry: false });
      return stats?.isFile() ? stats.size : undefined;
    },

    async *read(key, from = 0) {
      const path = pathOf(key);
      if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new KeyMissing(key, folder);
      yield* createReadStream(path, { highWaterMark: 1 << 20, start: from });
    },

    async write(key, bytes) {
      await onDisk(folder, async () => {
        const drafts = join(folder, DRAFTS);
        if (!swept) sweep(drafts);
        swept = true;
        mkdirSync(drafts, { recursive: true });
        const draft = join(drafts, unique());
        const path = pathOf(key);
        try {
          await save(draft, bytes);
          chmodSync(draft, MODE);
          mkdirSync(dirname(path), { recursive: true });
          renameSync(draft, path);
        } finally {
          rmSync(draft, { force: true });
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

/** Writes bytes to a new file and on to the disk. */
async function save(path: string, outgoing: Outgoing): Promise<void> {
  const file = await open(path, "wx");
  try {
    for await (const chunk of outgoing.bytes()) await file.writeFile(chunk);
    await file.sync();
  } finally {
    await file.close();
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
