import {
  chmodSync,
  constants,
  copyFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join, sep } from "node:path";
import { type ObjectName, objectAt, objectPath } from "../../core/artifacts/digest.ts";
import type { Cache } from "../../ports/cache.ts";
import { ObjectMissing } from "../../ports/remote.ts";
import { unique } from "../files/atomic.ts";
import { onDisk } from "../files/space.ts";
import { sweep } from "../files/sweep.ts";
import { partials } from "./partials.ts";
import { receiveObject } from "./receive.ts";
import { type Seen, seenIn } from "./seen.ts";

/** Read-only for everybody: DVC trusts objects of this mode without hashing them again. */
const MODE = 0o444;
/** What a folder of a shared cache may be: the group writes, and what is made in it is the group's. */
const GROUP_FOLDER = 0o2775;
/** Up to here one synchronous read is several times faster than a stream. */
const SMALL = 1 << 20;

/** A folder of objects in DVC's layout: the part of a cache that knows nothing of working files. */
export interface ObjectFolder extends Pick<Cache, "url" | "has" | "open" | "receive" | "list" | "drop"> {
  pathOf(name: ObjectName): string;
  /** What was hashed on other machines, where that is believed. */
  readonly seen?: Seen;
  /** Whether an object is here, asked thousands of times. */
  holds(name: ObjectName): boolean;
  /** Makes a folder of the cache, as open to a group as `cache.shared` says. */
  makeFolder(path: string): void;
  /** Makes a folder as open as those that `makeFolder` makes. */
  openFolder(path: string): void;
  /** A new path on the same disk for an object that is being made. */
  draft(): string;
  /** Gives a whole draft its name, and its mode where it is another than `mode`. Where the object is there already, the draft is dropped. */
  settle(draft: string, name: ObjectName, mode?: number): void;
}

/**
 * @param folder where `files/md5` lies
 * @param prepare called before the first write
 * @param shared `group`: whoever is of the folder's group may add objects
 * @param trusted whether what was hashed elsewhere is believed
 */
export function objectFolder(
  folder: string,
  prepare: () => void = () => {},
  shared: "group" | "owner" = "owner",
  trusted = false,
): ObjectFolder {
  const drafts = join(folder, "tmp");
  const top = join(folder, sep);
  const parts = partials(join(folder, "trainyard", "partial"));
  let ready = false;

  const objects: ObjectFolder = {
    url: folder,
    ...(trusted ? { seen: seenIn(join(folder, "trainyard", "seen")) } : {}),

    pathOf: (name) => `${top}${objectPath(name)}`, // asked thousands of times

    has: async (name) => objects.holds(name),

    holds: (name) => isFile(objects.pathOf(name)),

    makeFolder(path) {
      const made = mkdirSync(path, { recursive: true });
      if (made === undefined || shared === "owner") return;
      for (let at = path; at.length >= made.length; at = dirname(at)) chmodSync(at, GROUP_FOLDER);
    },

    openFolder(path) {
      if (shared === "group") chmodSync(path, GROUP_FOLDER);
    },

    open(name) {
      const path = objects.pathOf(name);
      const stats = statSync(path, { throwIfNoEntry: false });
      if (!stats?.isFile()) throw new ObjectMissing(name, folder);
      return {
        size: stats.size,
        path,
        async *bytes(from = 0, to = stats.size) {
          if (from === 0 && to === stats.size && to <= SMALL) yield readFileSync(path);
          else if (to > from)
            yield* createReadStream(path, { highWaterMark: 1 << 20, start: from, end: to - 1 });
        },
      };
    },

    async receive(name, incoming, expected) {
      if (isFile(objects.pathOf(name))) return;
      await onDisk(folder, () => {
        if (!ready) objects.draft();
        return receiveObject({ objects, partials: parts, name, incoming, expected });
      });
    },

    async *list() {
      for (const top of ["files/md5", ""]) {
        for (const start of namesIn(join(folder, top)).filter((name) => /^[0-9a-f]{2}$/.test(name))) {
          for (const rest of namesIn(join(folder, top, start))) {
            const name = objectAt(`${top === "" ? "" : `${top}/`}${start}/${rest}`);
            const stats = name && statSync(objects.pathOf(name), { throwIfNoEntry: false });
            if (name !== undefined && stats?.isFile()) {
              yield { name, size: stats.size, modified: stats.mtime };
            }
          }
        }
      }
    },

    draft() {
      if (!ready) {
        prepare();
        sweep(drafts);
        ready = true;
      }
      if (!existsSync(drafts)) objects.makeFolder(drafts);
      return join(drafts, unique());
    },

    settle(draft, name, mode) {
      const path = objects.pathOf(name);
      if (isFile(path)) {
        rmSync(draft, { force: true });
        return;
      }
      if (mode !== MODE) chmodSync(draft, MODE);
      try {
        renameSync(draft, path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
        objects.makeFolder(dirname(path)); // of thousands few are the first in their folder
        renameSync(draft, path);
      }
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
