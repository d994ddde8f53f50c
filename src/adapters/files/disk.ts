import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  utimesSync,
} from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { compareText } from "../../core/text/order.ts";
import type { Files } from "../../ports/files.ts";
import type { Progress } from "../../ports/progress.ts";
import { replace, unique, writeAtomic } from "./atomic.ts";
import { type Hasher, type Measured, type MeasuredFile, measure } from "./content.ts";
import { diskMemo, type Remembered } from "./memo.ts";
import { onDisk } from "./space.ts";
import { RACY, takeStamp } from "./stamp.ts";
import { sweep } from "./sweep.ts";

/** The working files on disk, with what the cache needs to know of them. */
export interface DiskFiles extends Files {
  /** @param hash how the digests are found that are not known yet */
  measure(path: string, hash?: Hasher): Promise<Measured | undefined>;
  /** Says what was found while writing `path`, so that `replace` carries it on. */
  note(path: string, files: readonly MeasuredFile[]): void;
}

/** Never looked into for files of the user's. */
const NOT_THEIRS = ["**/.git/**", "**/.dvc/**", "**/.trainyard/**", "**/node_modules/**"];

/** @param root the workspace's root; drafts and digests are kept in `.trainyard` below it */
export function diskFiles(root: string, progress: Progress): DiskFiles {
  const drafts = join(root, ".trainyard", "tmp");
  const memo = diskMemo(join(root, ".trainyard", "hashes"), root);
  const noted = new Map<string, readonly MeasuredFile[]>();

  const files: DiskFiles = {
    async measure(path, hash) {
      const measured = await measure(path, memo, progress, hash);
      if (measured !== undefined) files.note(path, measured.files);
      return measured;
    },

    note(path, list) {
      noted.set(resolve(path), list);
    },

    async content(path) {
      return (await files.measure(path))?.content;
    },

    async read(path) {
      if (!existsSync(path)) return undefined;
      return onDisk(path, async () => readFileSync(path, "utf8"));
    },

    async write(path, text) {
      writeAtomic(path, text);
    },

    async replace(from, to) {
      keepOwnFolder(root);
      replace(from, to, drafts);
      const list = noted.get(resolve(from));
      noted.delete(resolve(from));
      if (list === undefined) return;
      const now = Date.now();
      memo.keep(to, aged(to, list, now), now);
    },

    async remove(path) {
      rmSync(path, { recursive: true, force: true });
    },

    async exists(path) {
      return existsSync(path);
    },

    async liesBelow(path, folder) {
      let above = dirname(path);
      while (!existsSync(above) && above !== dirname(above)) above = dirname(above);
      const real = relative(realpathSync(folder), realpathSync(above));
      return real !== ".." && !real.startsWith(`..${sep}`) && resolve(real) !== real;
    },

    async isExecutable(path) {
      const stats = statSync(path);
      return stats.isFile() && (stats.mode & 0o111) !== 0;
    },

    async makeExecutable(path) {
      chmodSync(path, statSync(path).mode | 0o111);
    },

    async draft() {
      keepOwnFolder(root);
      sweep(drafts);
      const folder = join(drafts, unique());
      mkdirSync(folder, { recursive: true });
      removeAtExit(folder);
      return folder;
    },

    async find(folder, globs) {
      if (globs.every(isPlain))
        return globs.filter((path) => existsSync(join(folder, path))).sort(compareText);
      const { glob } = await import("tinyglobby");
      const options = { cwd: folder, dot: true, ignore: NOT_THEIRS, expandDirectories: false };
      return (await glob([...globs], options)).sort(compareText);
    },
  };
  return files;
}

/** Whether a glob is the one path that it spells. */
function isPlain(glob: string): boolean {
  return !/[*?[\]{}()!\\]/.test(glob);
}

/**
 * Files of our own making, dated back by a little: whatever writes to them from now on leaves another
 * time, so that their stamps can be trusted at once.
 */
function aged(path: string, list: readonly MeasuredFile[], now: number): ReadonlyMap<string, Remembered> {
  const known = new Map<string, Remembered>();
  const time = new Date(now - RACY - 1000);
  for (const { relpath, md5, sha256, stamp } of list) {
    const file = relpath === "" ? path : join(path, relpath);
    const there = takeStamp(file);
    if (there.inode !== stamp.inode || there.modified !== stamp.modified || there.size !== stamp.size)
      continue;
    utimesSync(file, time, time);
    known.set(relpath, { md5, sha256, stamp: takeStamp(file) });
  }
  return known;
}

/** `.trainyard` with a `.gitignore` of its own, so that nobody's needs to name it. */
export function keepOwnFolder(folder: string): void {
  const file = join(folder, ".trainyard", ".gitignore");
  if (!existsSync(file)) writeAtomic(file, "*\n");
}

const leftAtExit = new Set<string>();

/** An interrupted process takes its drafts with it; a killed one leaves them to `sweep`. */
function removeAtExit(folder: string): void {
  if (leftAtExit.size === 0) {
    process.once("exit", () => {
      for (const one of leftAtExit) rmSync(one, { recursive: true, force: true });
    });
  }
  leftAtExit.add(folder);
}
