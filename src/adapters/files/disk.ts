import { chmodSync, existsSync, mkdirSync, realpathSync, rmSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { isLegacy, type Md5 } from "../../core/artifacts/digest.ts";
import { compareText } from "../../core/text/order.ts";
import type { Files } from "../../ports/files.ts";
import type { Progress } from "../../ports/progress.ts";
import { replace, unique, writeAtomic } from "./atomic.ts";
import { type Measured, type MeasureOptions, measure } from "./content.ts";
import { findNamed } from "./find-named.ts";
import { ignoredBelow } from "./ignored.ts";
import { isCalled } from "./legacy.ts";
import { diskMemo } from "./memo.ts";
import { settleTable } from "./settled.ts";
import { onDisk } from "./space.ts";
import { sweep } from "./sweep.ts";
import type { FileTable } from "./table.ts";
import { readText } from "./text.ts";

/** The working files on disk, with what the cache needs to know of them. */
export interface DiskFiles extends Files {
  measure(path: string, options: MeasureOptions): Promise<Measured | undefined>;
  /** Says what was found while writing the draft `path`, so that `replace` carries it on. */
  note(path: string, table: FileTable): void;
  /** Keeps what was found while writing to `path` itself; what we wrote only now is dated back by a little. */
  remember(path: string, table: FileTable, options?: Remembering): void;
}

/** What is known of a folder that was written to. */
export interface Remembering {
  /** What it is called now, where it is whole. */
  readonly name?: Md5;
  /** Which of its files we wrote; all, where nothing is said. */
  readonly isOurs?: (index: number) => boolean;
}

/** Never looked into for files of the user's. */
const NOT_THEIRS = ["**/.git/**", "**/.dvc/**", "**/.trainyard/**", "**/node_modules/**"];

/** @param root the workspace's root; drafts and digests are kept in `.trainyard` below it */
export function diskFiles(root: string, progress: Progress): DiskFiles {
  const own = join(root, ".trainyard");
  const drafts = join(own, "tmp");
  const memo = diskMemo(join(own, "hashes"), root, () => keepOwnFolder(root));
  const noted = new Map<string, FileTable>();

  const files: DiskFiles = {
    async measure(path, options) {
      const isDraft = resolve(path).startsWith(`${drafts}${sep}`);
      const leaveOut = isDraft ? undefined : ignoredBelow(root, resolve(path));
      const measured = await measure(path, memo, progress, {
        ...options,
        ...(leaveOut === undefined ? {} : { leaveOut }),
      });
      if (measured !== undefined) files.note(path, measured.table);
      return measured;
    },

    note(path, table) {
      const whole = resolve(path);
      if (whole.startsWith(`${drafts}${sep}`)) noted.set(whole, table);
    },

    remember(path, table, { name, isOurs } = {}) {
      keepOwnFolder(root);
      settleTable(path, table, isOurs);
      memo.keep(path, table, Date.now(), name);
    },

    async named(path) {
      return (await files.measure(path, { names: "md5" }))?.named;
    },

    async holds(path, name) {
      if (!isLegacy(name)) return (await files.named(path))?.md5 === name;
      const stats = statSync(path, { throwIfNoEntry: false });
      if (stats === undefined) return false;
      return isCalled(path, name, stats.isDirectory(), ignoredBelow(root, resolve(path)));
    },

    async listed(path) {
      const measured = await files.measure(path, { names: "md5" });
      if (measured === undefined) return undefined;
      const { named, table } = measured;
      if (!table.isDirectory) return named;
      const inside = Array.from({ length: table.length }, (_, i) => ({
        relpath: table.files.path(i),
        md5: table.files.md5(i),
        size: table.stamps.at(i).size,
      }));
      return { ...named, files: inside };
    },

    async content(path) {
      const measured = await files.measure(path, { names: "both" });
      if (measured?.sha256 === undefined) return undefined;
      const { md5, ...rest } = measured.named;
      return { md5, sha256: measured.sha256, ...rest };
    },

    async read(path) {
      if (!existsSync(path)) return undefined;
      return onDisk(path, async () => readText(path));
    },

    async write(path, text) {
      if (resolve(path).startsWith(`${own}${sep}`)) keepOwnFolder(root);
      writeAtomic(path, text);
    },

    async replace(from, to) {
      keepOwnFolder(root);
      replace(from, to, drafts);
      const table = noted.get(resolve(from));
      noted.delete(resolve(from));
      if (table !== undefined) files.remember(to, table);
    },

    async remove(path) {
      for (const one of noted.keys()) if (one.startsWith(`${path}${sep}`)) noted.delete(one);
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
      const named = findNamed(folder, globs);
      if (named !== undefined) return named;
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
