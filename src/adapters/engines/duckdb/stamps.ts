import { stat } from "node:fs/promises";
import { UserError } from "../../../errors.ts";

/** What tells one state of a file from another without reading it. */
export interface Stamp {
  readonly path: string;
  readonly size: number;
  readonly modified: number;
  readonly inode: number;
}

/** @throws {UserError} where there is no such file. */
export async function stampOf(path: string): Promise<Stamp> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new UserError(`there is no file "${path}"`);
  if (!found.isFile())
    throw new UserError(`"${path}" is not a file; name files, or a glob such as data/*.csv`);
  return { path, size: found.size, modified: found.mtimeMs, inode: found.ino };
}

export const stampsOf = (paths: readonly string[]): Promise<Stamp[]> => Promise.all(paths.map(stampOf));

/**
 * A file that is gone does no harm: the engine holds its bytes by a link or a copy of its own.
 *
 * @throws {UserError} where another file has taken a file's place, or its bytes changed
 */
export async function sameStill(stamps: readonly Stamp[]): Promise<void> {
  for (const before of stamps) {
    const now = await stat(before.path).catch(() => undefined);
    if (now === undefined) continue;
    if (now.size !== before.size || now.mtimeMs !== before.modified || now.ino !== before.inode) {
      throw new UserError(`"${before.path}" changed while it was read; run again when nothing writes to it`);
    }
  }
}
