import { randomBytes } from "node:crypto";
import {
  closeSync,
  cpSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";

/** A name beside `path` that nobody else uses; hidden, so that globs pass it by. */
export function besides(path: string): string {
  return join(dirname(path), `.${basename(path)}.${unique()}.tmp`);
}

const START = randomBytes(6).toString("hex");
let made = 0;

/** A name that says which process made it, so that what a killed one left can be swept. */
export function unique(): string {
  return `${process.pid}-${START}${(made++).toString(36)}`; // chance once, since there are tens of thousands
}

/** Writes a small file: after a crash the path holds the old bytes or the new, never a part. */
export function writeAtomic(path: string, bytes: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = besides(path);
  try {
    const file = openSync(draft, "wx");
    try {
      writeFileSync(file, bytes);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/**
 * Puts a file or directory in the place of whatever `to` is. A directory that is in the way is moved
 * aside first and removed last, so that a crash between leaves one of the two whole.
 *
 * @param aside a folder on the same disk for what is in the way
 */
export function replace(from: string, to: string, aside: string): void {
  mkdirSync(dirname(to), { recursive: true });
  const there = lstatSync(to, { throwIfNoEntry: false });
  const old = there?.isDirectory() ? join(aside, unique()) : undefined;
  if (old !== undefined) {
    mkdirSync(aside, { recursive: true });
    renameSync(to, old);
  } else if (there !== undefined && lstatSync(from).isDirectory()) {
    rmSync(to);
  }
  try {
    move(from, to);
  } catch (error) {
    if (old !== undefined) renameSync(old, to);
    throw error;
  }
  if (old !== undefined) rmSync(old, { recursive: true, force: true });
}

/** Gives a file or directory another name, on another disk, too; what has that name is replaced in one step. */
export function move(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    const draft = besides(to); // another disk: copied there first, so that the last step is a rename again
    try {
      cpSync(from, draft, { recursive: true, verbatimSymlinks: true });
      renameSync(draft, to);
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
    rmSync(from, { recursive: true, force: true });
  }
}
