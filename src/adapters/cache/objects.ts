import {
  chmodSync,
  constants,
  copyFileSync,
  createReadStream,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { hashing, type Md5, md5, objectPath } from "../../core/artifacts/digest.ts";
import { ObjectDamaged, ObjectMissing, type Remote } from "../../ports/remote.ts";
import { unique } from "../files/atomic.ts";
import { onDisk } from "../files/space.ts";
import { sweep } from "../files/sweep.ts";

/** Read-only for everybody: DVC trusts objects of this mode without hashing them again. */
const MODE = 0o444;

/** A folder of objects in DVC's layout: a cache, or a remote on a disk. */
export interface ObjectFolder extends Remote {
  pathOf(name: Md5): string;
  /** A new path on the same disk for an object that is being made. */
  draft(): string;
  /** Gives a whole draft its name. Where the object is there already, the draft is dropped. */
  settle(draft: string, name: Md5): void;
  /** Removes an object that was found damaged. */
  drop(name: Md5): void;
}

/**
 * @param folder where `files/md5` lies
 * @param prepare called before the first write
 */
export function objectFolder(folder: string, prepare: () => void = () => {}): ObjectFolder {
  const drafts = join(folder, "tmp");
  let ready = false;

  const objects: ObjectFolder = {
    url: folder,

    pathOf: (name) => join(folder, objectPath(name)),

    async has(name) {
      return isFile(objects.pathOf(name));
    },

    async *read(name) {
      if (!isFile(objects.pathOf(name))) throw new ObjectMissing(name, folder);
      yield* createReadStream(objects.pathOf(name), { highWaterMark: 1 << 20 });
    },

    async write(name, bytes) {
      if (isFile(objects.pathOf(name))) return;
      await onDisk(folder, async () => {
        const draft = objects.draft();
        try {
          const found = await save(draft, bytes);
          const given = name.slice(0, 32) as Md5;
          if (found !== given) throw new ObjectDamaged(name, found, "what was read");
          objects.settle(draft, name);
        } finally {
          rmSync(draft, { force: true });
        }
      });
    },

    async *list() {
      for (const start of namesIn(join(folder, "files", "md5"))) {
        for (const rest of namesIn(join(folder, "files", "md5", start))) {
          const name = start.length === 2 ? md5(start + rest) : undefined;
          if (name !== undefined) yield name;
        }
      }
    },

    draft() {
      if (!ready) {
        prepare();
        sweep(drafts);
        ready = true;
      }
      mkdirSync(drafts, { recursive: true });
      return join(drafts, unique());
    },

    settle(draft, name) {
      const path = objects.pathOf(name);
      mkdirSync(dirname(path), { recursive: true });
      if (isFile(path)) {
        rmSync(draft, { force: true });
        return;
      }
      chmodSync(draft, MODE);
      renameSync(draft, path);
    },

    drop(name) {
      rmSync(objects.pathOf(name), { force: true });
    },
  };
  return objects;
}

/** Copies a file, sharing its blocks where the file system can. */
export function cloneFile(from: string, to: string): void {
  copyFileSync(from, to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
}

/** Writes bytes to a new file and on to the disk, and says their md5. */
async function save(path: string, bytes: AsyncIterable<Uint8Array>): Promise<Md5> {
  const hash = hashing();
  const file = await open(path, "wx");
  try {
    for await (const chunk of bytes) {
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return hash.digest().md5;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
