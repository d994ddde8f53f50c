import { mkdirSync, readFileSync, rmdirSync, rmSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { UserError } from "../../errors.ts";
import type { Progress } from "../../ports/progress.ts";
import { writeAtomic } from "../files/atomic.ts";
import { isAlive } from "../files/sweep.ts";

/** Without a sign of life for this long a lock of another machine counts as left behind. */
const STALE = 60_000;
/** A sign of life this often; training may keep the event loop busy for seconds. */
const UPDATE = 10_000;
const RETRY = 100;

/** Who holds a lock. The lock's own identity stands beside it, so that it is not taken for a later one. */
interface Owner {
  readonly process: number;
  readonly host: string;
  readonly lock: string;
}

/**
 * Runs `work` while no other process holds the lock of that name. Waits for whoever holds it, and
 * says so; the lock of a process of this machine that was killed is taken over at once.
 *
 * @param folder where locks are kept
 * @throws {UserError} where another process took the lock over meanwhile, as after a long sleep
 */
export async function alone<T>(
  folder: string,
  name: string,
  progress: Progress,
  work: () => Promise<T>,
): Promise<T> {
  const { default: lockfile } = await import("proper-lockfile");
  const path = join(folder, `${name}.lock`);
  const ownerFile = join(folder, `${name}.owner.json`);
  mkdirSync(folder, { recursive: true });

  let lost = false;
  const take = (): Promise<() => Promise<void>> =>
    lockfile.lock(join(folder, name), {
      lockfilePath: path,
      realpath: false,
      stale: STALE,
      update: UPDATE,
      onCompromised: () => {
        lost = true;
      },
    });
  const release = await takeOrWait(take, path, ownerFile, name, progress);
  try {
    writeAtomic(ownerFile, JSON.stringify({ process: process.pid, host: hostname(), lock: identity(path) }));
    const result = await work();
    if (lost) throw new UserError(`another process took over the lock "${path}" meanwhile; run again`);
    return result;
  } finally {
    if (!lost) {
      rmSync(ownerFile, { force: true });
      await release();
    }
  }
}

async function takeOrWait(
  take: () => Promise<() => Promise<void>>,
  path: string,
  ownerFile: string,
  name: string,
  progress: Progress,
): Promise<() => Promise<void>> {
  for (let said = false; ; ) {
    try {
      return await take();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
    }
    const owner = readOwner(ownerFile);
    if (owner !== undefined && isDead(owner, path)) {
      breakLock(path, ownerFile);
      continue;
    }
    if (!said) progress.say(`waiting for another \`trainyard ${name}\`${byWhom(owner)} to end`);
    said = true;
    await setTimeout(RETRY);
  }
}

function byWhom(owner: Owner | undefined): string {
  if (owner === undefined) return "";
  return owner.host === hostname()
    ? ` (process ${owner.process})`
    : ` (process ${owner.process} on ${owner.host})`;
}

function isDead(owner: Owner, path: string): boolean {
  return owner.host === hostname() && !isAlive(owner.process) && owner.lock === identity(path);
}

/** Takes away the lock of a dead process, one breaker at a time: the next one would take away a new lock. */
function breakLock(path: string, ownerFile: string): void {
  const guard = `${path}.break`;
  try {
    mkdirSync(guard);
  } catch {
    const since = statSync(guard, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
    if (Date.now() - since > UPDATE) remove(guard); // its breaker was killed, too
    return;
  }
  try {
    const owner = readOwner(ownerFile);
    if (owner === undefined || !isDead(owner, path)) return;
    rmSync(ownerFile, { force: true });
    remove(path);
  } finally {
    remove(guard);
  }
}

function remove(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // somebody else was faster
  }
}

function identity(path: string): string {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? "" : `${stats.ino}:${stats.birthtimeNs}`;
}

function readOwner(file: string): Owner | undefined {
  try {
    const { process, host, lock } = JSON.parse(readFileSync(file, "utf8")) as Partial<Owner>;
    if (typeof process !== "number" || typeof host !== "string" || typeof lock !== "string") return undefined;
    return { process, host, lock };
  } catch {
    return undefined;
  }
}
