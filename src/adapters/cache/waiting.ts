import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Md5 } from "../../core/artifacts/digest.ts";
import type { ObjectFolder } from "./objects.ts";

/** So many objects or bytes wait at most: what a killed process loses. */
const MOST = 1 << 18;
const LARGEST = 2 ** 30;

/**
 * Objects that wait for their names, in a folder of drafts: there each lies under its own name already, and what
 * the cache has no folder for comes into it a whole folder at a time. One change of name for each of 256
 * folders takes a fifth of the time that one for each of 20,000 objects takes.
 */
export interface Waiting {
  /**
   * Where an object is to be written, once and whole.
   *
   * @returns undefined where the cache has a folder for it, which is to be asked
   */
  place(md5: Md5): string | undefined;
  /** Says how many bytes were written there; may give all that wait their names. */
  written(size: number): void;
  /** Gives all that wait their names. */
  end(): void;
}

const UNKNOWN = 0;
const THERE = 1;
const WAITS = 2;

export function waiting(objects: ObjectFolder): Waiting {
  const states = new Uint8Array(256);
  let folder: string | undefined;
  let count = 0;
  let size = 0;

  /** Whoever is interrupted keeps what was done. */
  const atExit = (): void => end();

  function begin(): string {
    process.once("exit", atExit);
    const made = objects.draft();
    mkdirSync(made);
    return made;
  }

  function end(): void {
    if (folder === undefined) return;
    process.removeListener("exit", atExit);
    const from = folder;
    folder = undefined;
    states.fill(UNKNOWN);
    count = size = 0;
    for (const start of readdirSync(from)) moveFolder(join(from, start), start);
    rmSync(from, { recursive: true, force: true });
  }

  function moveFolder(from: string, start: string): void {
    const to = dirname(objects.pathOf(`${start}${"0".repeat(30)}` as Md5));
    if (!existsSync(to)) {
      try {
        objects.makeFolder(dirname(to));
        objects.openFolder(from);
        renameSync(from, to);
        return;
      } catch (error) {
        if (!existsSync(to)) throw error; // else another process was faster
      }
    }
    for (const rest of readdirSync(from)) renameSync(`${from}/${rest}`, `${to}/${rest}`);
  }

  return {
    place(md5) {
      const start = md5.slice(0, 2);
      const at = Number.parseInt(start, 16);
      if (states[at] === UNKNOWN) {
        const isThere = existsSync(dirname(objects.pathOf(md5)));
        if (!isThere) {
          folder ??= begin();
          mkdirSync(`${folder}/${start}`);
        }
        states[at] = isThere ? THERE : WAITS;
      }
      return states[at] === THERE ? undefined : `${folder}/${start}/${md5.slice(2)}`;
    },

    written(bytes) {
      count++;
      size += bytes;
      if (count >= MOST || size >= LARGEST) end();
    },

    end,
  };
}
