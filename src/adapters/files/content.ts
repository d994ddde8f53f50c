import { statSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Content } from "../../core/artifacts/digest.ts";
import { directoryContent, type ManifestFile } from "../../core/artifacts/manifest.ts";
import { UserError } from "../../errors.ts";
import type { Progress } from "../../ports/progress.ts";
import { hashFile } from "./hash.ts";
import type { Memo, Remembered } from "./memo.ts";
import { type Stamp, stampOf } from "./stamp.ts";
import { type Walked, walk } from "./walk.ts";

export interface MeasuredFile extends ManifestFile {
  readonly stamp: Stamp;
}

/** What an artifact holds, and each of its files. */
export interface Measured {
  readonly content: Content;
  readonly isDirectory: boolean;
  /** One file with an empty relpath, or the files of the directory, each as it was when it was hashed. */
  readonly files: readonly MeasuredFile[];
}

/** From here on a person would wonder what is happening: about a second of hashing. */
const WORTH_SHOWING = 256 * 2 ** 20;
/** Files between two looks at the event loop, so that Ctrl-C is heard. */
const BATCH = 200;

/** Finds out a file's digest and the stamp that it had; `onBytes` is told of each part that is read. */
export type Hasher = (path: string, onBytes: (count: number) => void) => Promise<Remembered>;

/**
 * What a file or directory holds, from the memo where its files have not changed.
 *
 * @returns undefined where there is nothing
 */
export async function measure(
  path: string,
  memo: Memo,
  progress: Progress,
  hash: Hasher = hashFile,
): Promise<Measured | undefined> {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  if (!stats.isDirectory() && !stats.isFile()) {
    throw new UserError(`"${path}" is neither a file nor a folder`);
  }
  const walked = stats.isDirectory() ? walk(path) : [{ relpath: "", stamp: stampOf(stats) }];
  const hashed = await hashAll(path, walked, memo, progress, hash);
  const files = walked.map(({ relpath }) => {
    const one = hashed.get(relpath);
    if (one === undefined) throw new Error(`not hashed: ${relpath}`);
    return { relpath, ...one, size: one.stamp.size };
  });
  const [first] = files;
  if (stats.isDirectory() || first === undefined) {
    return { content: directoryContent(files), isDirectory: true, files };
  }
  const { md5, sha256, size } = first;
  return { content: { md5, sha256, size }, isDirectory: false, files };
}

async function hashAll(
  path: string,
  walked: readonly Walked[],
  memo: Memo,
  progress: Progress,
  hash: Hasher,
): Promise<ReadonlyMap<string, Remembered>> {
  const recalled = memo.recall(path);
  const known = new Map<string, Remembered>();
  for (const { relpath, stamp } of walked) {
    const one = recalled.find(relpath, stamp);
    if (one !== undefined) known.set(relpath, one);
  }
  const missing = walked.filter(({ relpath }) => !known.has(relpath));
  if (missing.length === 0) return known;

  const bytes = missing.reduce((sum, { stamp }) => sum + stamp.size, 0);
  const task = bytes >= WORTH_SHOWING ? progress.start(`reading ${path}`, bytes) : undefined;
  const started = Date.now(); // what is written from here on is not settled
  let done = 0;
  for (const [index, { relpath }] of missing.entries()) {
    const one = await hash(relpath === "" ? path : join(path, relpath), (count) => {
      done += count;
      task?.update(done, bytes);
    });
    known.set(relpath, one);
    if (index % BATCH === BATCH - 1) await setImmediate();
  }
  task?.end();
  memo.keep(path, known, started);
  return known;
}
