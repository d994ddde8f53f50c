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
  /** Whether the cache has a folder for an object, which may hold it. */
  hasFolder(md5: Md5): boolean;
  /** Where an object is to be written, once and whole. */
  place(md5: Md5): string;
  /** Says how many bytes were written there; may give all that wait their names. */
  written(size: number): void;
  /** Gives all that wait their names. */
  end(): void;
}

const THERE = 1;
const ASKED = 2;
const MADE = 4;

/** @param settle called before names are given: returns when all that was to be written is there */
export function waiting(objects: ObjectFolder, settle: () => void): Waiting {
  const states = new Uint8Array(256);
  let folder: string | undefined;
  let count = 0;
  let size = 0;

  /** Whoever is interrupted keeps what was done. */
  const atExit = (): void => {
    try {
      end();
    } catch {
      // it is hashed again by the next one
    }
  };

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
    states.fill(0);
    count = size = 0;
    try {
      settle();
    } finally {
      for (const start of readdirSync(from)) moveFolder(join(from, start), start);
      rmSync(from, { recursive: true, force: true });
    }
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
    hasFolder(md5) {
      const at = Number.parseInt(md5.slice(0, 2), 16);
      const state = states[at] ?? 0;
      if ((state & ASKED) !== 0) return (state & THERE) !== 0;
      const isThere = existsSync(dirname(objects.pathOf(md5)));
      states[at] = state | ASKED | (isThere ? THERE : 0);
      return isThere;
    },

    place(md5) {
      const start = md5.slice(0, 2);
      const at = Number.parseInt(start, 16);
      const state = states[at] ?? 0;
      if ((state & MADE) === 0) {
        folder ??= begin();
        mkdirSync(`${folder}/${start}`);
        states[at] = state | MADE;
      }
      return `${folder}/${start}/${md5.slice(2)}`;
    },

    written(bytes) {
      count++;
      size += bytes;
      if (count >= MOST || size >= LARGEST) end();
    },

    end,
  };
}
