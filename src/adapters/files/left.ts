import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { unique } from "./atomic.ts";
import { isAlive } from "./sweep.ts";

const DAY = 24 * 60 * 60 * 1000;
/** What nobody has gone on with for a week is in the way. */
export const ABANDONED = 7 * DAY;
/** A process that runs and has not written for a day is another one with its number. */
const SILENT = DAY;
/** What a process of another machine or container has not written to for so long is nobody's: which run there, is not seen. */
export const ELSEWHERE = 60 * 60 * 1000;
/** Which machine or container this is. */
export const MACHINE = createHash("sha256").update(hostname()).digest("hex").slice(0, 12);

/** Files that an ended process left for the next: `<process>-<random>@<machine>.<label>` in one folder. */
export interface Left {
  /** What an ended process left under a label, now ours; nobody else has it. */
  claim(label: string): { readonly path: string; readonly size: number } | undefined;
  /** Whether somebody has one under a label, alive or not. */
  has(label: string): boolean;
  /** A new path of ours for a label, which has no dot. */
  begin(label: string): string;
}

export function leftIn(folder: string, machine = MACHINE): Left {
  let left: Map<string, string> | undefined;

  /** Looked at once: 20,000 small objects are not worth 20,000 looks. */
  const leftBehind = (): Map<string, string> => {
    const found = new Map<string, string>();
    for (const entry of namesIn(folder)) {
      const [owner = "", label] = entry.split(".", 2);
      const [, where = machine] = owner.split("@");
      const stats = statSync(join(folder, entry), { throwIfNoEntry: false });
      if (label === undefined || stats === undefined) continue;
      const age = Date.now() - stats.mtimeMs;
      if (age > ABANDONED) rmSync(join(folder, entry), { force: true });
      else if (where !== machine ? age > ELSEWHERE : !isAlive(Number.parseInt(owner, 10)) || age > SILENT)
        found.set(label, entry);
    }
    return found;
  };

  const files: Left = {
    claim(label) {
      left ??= leftBehind();
      const entry = left.get(label);
      if (entry === undefined) return undefined;
      left.delete(label);
      const path = files.begin(label);
      try {
        renameSync(join(folder, entry), path); // of two that want it, one succeeds
      } catch {
        return undefined;
      }
      return { path, size: statSync(path).size };
    },

    has: (label) => namesIn(folder).some((entry) => entry.endsWith(`.${label}`)),

    begin(label) {
      mkdirSync(folder, { recursive: true });
      return join(folder, `${unique()}@${machine}.${label}`);
    },
  };
  return files;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
