import { type Stats, statSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import type { Md5, Named, Sha256 } from "../../core/artifacts/digest.ts";
import { UserError } from "../../errors.ts";
import type { Progress } from "../../ports/progress.ts";
import { changedWhileRead, type Hashed, hashStream, type Names, namesOf, readSmall, SMALL } from "./hash.ts";
import type { Memo } from "./memo.ts";
import { FileTable, NAMED, VOUCHED } from "./table.ts";
import { type LeaveOut, walk } from "./walk.ts";

/** What an artifact holds, and each of its files as it was when it was hashed. */
export interface Measured {
  readonly named: Named;
  /** Where it was asked for. */
  readonly sha256?: Sha256;
  readonly table: FileTable;
}

/** Where bytes may be kept while they are hashed. */
export interface Keep {
  /** Whether the bytes of this name are kept already. */
  has(md5: Md5): boolean;
  /** Keeps bytes in memory, where they are not kept yet. They can be relied upon after `end`. */
  small(bytes: Uint8Array, md5: Md5): void;
  /** Hashes a large file and keeps it in the same pass. */
  large(path: string, options: Parameters<typeof hashStream>[1]): Promise<Hashed>;
  /** Called after the last one, also where one failed. */
  end(): void;
}

export interface MeasureOptions {
  readonly names: Names;
  readonly keep?: Keep;
  readonly leaveOut?: LeaveOut;
  /** Shown the files before any is read; may throw. */
  readonly first?: (table: FileTable) => void;
  /** Told of each small file that is read. */
  readonly look?: (relpath: string, bytes: Uint8Array) => void;
}

/** From here on a person would wonder what is happening: about a second of hashing. */
const WORTH_SHOWING = 256 * 2 ** 20;
/** Files between two looks at the event loop, so that Ctrl-C is heard. */
const BATCH = 200;

/**
 * What a file or directory holds, from the memo where its files have not changed.
 *
 * @returns undefined where there is nothing
 */
export async function measure(
  path: string,
  memo: Memo,
  progress: Progress,
  options: MeasureOptions,
): Promise<Measured | undefined> {
  const table = tableAt(path, options.leaveOut);
  if (table === undefined) return undefined;
  options.first?.(table);
  const started = Date.now(); // what is written from here on is not settled
  const recalled = memo.recall(path, table);
  const hashed = await readUnknown(path, table, progress, options);
  const named = table.named(hashed === 0 ? recalled : undefined);
  if (hashed > 0 || (table.isDirectory && recalled === undefined)) {
    memo.keep(path, table, started, table.isDirectory ? named.md5 : undefined);
  }
  return { named, table, ...(options.names === "both" ? { sha256: table.sha256() } : {}) };
}

/** The files at a path with their stamps, none of them named. */
function tableAt(path: string, leaveOut?: LeaveOut): FileTable | undefined {
  const stats = statsAt(path);
  if (stats === undefined) return undefined;
  if (stats.isDirectory()) return walk(path, leaveOut);
  if (!stats.isFile()) throw new UserError(`"${path}" is neither a file nor a folder`);
  const table = new FileTable(false);
  table.files.add("");
  table.stamps.add(stats);
  return table;
}

/** Of what is there; below a file there is nothing. */
function statsAt(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return undefined;
    throw error;
  }
}

/** Reads the files that are not known, or not kept; says how many were not known. */
async function readUnknown(
  path: string,
  table: FileTable,
  progress: Progress,
  options: MeasureOptions,
): Promise<number> {
  const { names, keep, look } = options;
  const wanted = names === "md5" ? NAMED : NAMED | VOUCHED;
  const isKnown = (index: number): boolean => (table.marks(index) & wanted) === wanted;
  const isDone = (index: number): boolean =>
    isKnown(index) && (keep === undefined || keep.has(table.files.md5(index)));

  const todo: number[] = [];
  let bytes = 0;
  for (let i = 0; i < table.length; i++) {
    if (i % (BATCH * 10) === BATCH) await setImmediate();
    if (isDone(i)) continue;
    todo.push(i);
    bytes += table.stamps.size(i);
  }
  const task = bytes >= WORTH_SHOWING ? progress.start(`reading ${path}`, bytes) : undefined;
  let done = 0;
  const onBytes = (count: number): void => {
    done += count;
    task?.update(done, bytes);
  };

  let hashed = 0;
  /** Takes down what a file is called; one that was known and is called otherwise has changed unseen. */
  const takeDown = (index: number, file: string, { md5, sha256 }: Hashed): void => {
    if ((table.marks(index) & NAMED) !== 0 && table.files.md5(index) !== md5) throw changedWhileRead(file);
    if (isKnown(index)) return;
    table.name(index, md5, sha256);
    hashed++;
  };
  try {
    for (let turn = 0; turn < todo.length; turn++) {
      const index = todo[turn] ?? 0;
      const relpath = table.files.path(index);
      const file = relpath === "" ? path : `${path}/${relpath}`;
      const stamp = table.stamps.at(index);
      if (stamp.size <= SMALL) {
        const { bytes: content } = readSmall(file, stamp);
        const found = namesOf(content, names);
        keep?.small(content, found.md5);
        look?.(relpath, content);
        takeDown(index, file, found);
        onBytes(stamp.size);
        if (turn % BATCH === BATCH - 1) await setImmediate();
      } else {
        const reading = { names, stamp, onBytes };
        const mayBeKept = keep !== undefined && !isKnownAndKept(table, index, keep);
        takeDown(index, file, mayBeKept ? await keep.large(file, reading) : await hashStream(file, reading));
      }
    }
  } finally {
    keep?.end();
  }
  task?.end();
  return hashed;
}

function isKnownAndKept(table: FileTable, index: number, keep: Keep): boolean {
  return (table.marks(index) & NAMED) !== 0 && keep.has(table.files.md5(index));
}
