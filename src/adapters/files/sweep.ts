import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

const HOUR = 60 * 60 * 1000;
/** A draft older than this belongs to nobody, even where process numbers are used again. */
const ABANDONED = 24 * HOUR;

/**
 * Removes the drafts that killed processes left in a folder: names begin with a process number, see
 * `unique`. Drafts of processes that run are left alone, and those of the last hour too: their process
 * may run in another container.
 */
export function sweep(folder: string): void {
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    const process = Number(/^(\d+)-/.exec(name)?.[1] ?? NaN);
    if (ageOf(path) > (isAlive(process) ? ABANDONED : HOUR)) rmSync(path, { recursive: true, force: true });
  }
}

/** Whether a process of this machine runs. */
export function isAlive(id: number): boolean {
  if (!Number.isSafeInteger(id) || id <= 0) return false;
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // somebody else's, but it runs
  }
}

function ageOf(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? 0 : Date.now() - stats.mtimeMs;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
