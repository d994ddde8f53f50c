import {
  linkSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { UserError } from "../../errors.ts";
import type { Progress } from "../../ports/progress.ts";
import { unique } from "../files/atomic.ts";
import { isAlive } from "../files/sweep.ts";

/** A sign of life this often, in milliseconds. */
const SIGN = 10_000;
/** Without one for this long, a lock of another machine counts as left behind. */
const SILENT_ELSEWHERE = 60_000;
/** As long for a process here that runs: its number may be another's by now; training may block long. */
const SILENT_HERE = 10 * 60_000;
const RETRY = 100;

/** Who holds a lock: the text of its file. */
interface Owner {
  readonly process: number;
  readonly host: string;
  /** Tells two locks of one process apart. */
  readonly id: string;
}

/**
 * Runs `work` while no other process holds the lock of that name. Waits for whoever holds it, and
 * says so; the lock of a process of this machine that was killed is taken over at once.
 *
 * The lock is a file that appears whole, with its owner in it: that is what a hard link can do and a
 * folder, as in proper-lockfile, cannot, where a kill between the two steps makes all others wait.
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
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.lock`);
  const owner = { process: process.pid, host: hostname(), id: unique() };
  await take(path, owner, (other) =>
    progress.say(`waiting for another \`trainyard ${name}\`${byWhom(other)} to end`),
  );
  const signs = setInterval(() => giveSign(path, owner), SIGN);
  signs.unref();
  try {
    const result = await work();
    if (readOwner(path)?.id !== owner.id) {
      throw new UserError(`another process took over the lock "${path}" meanwhile; run again`);
    }
    return result;
  } finally {
    clearInterval(signs);
    if (readOwner(path)?.id === owner.id) rmSync(path, { force: true });
  }
}

async function take(path: string, owner: Owner, onWait: (other: Owner | undefined) => void): Promise<void> {
  for (let said = false; !tryToTake(path, owner); ) {
    if (isAbandoned(path)) {
      breakLock(path);
      continue;
    }
    if (!said) onWait(readOwner(path));
    said = true;
    await setTimeout(RETRY);
  }
}

function tryToTake(path: string, owner: Owner): boolean {
  const draft = `${path}.${owner.id}`;
  writeFileSync(draft, JSON.stringify(owner), { flag: "wx" });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    if (code === "EPERM" || code === "ENOTSUP" || code === "ENOSYS") return tryWithoutLink(path, owner);
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** For file systems without hard links: a kill at the wrong moment costs the next one a minute. */
function tryWithoutLink(path: string, owner: Owner): boolean {
  try {
    writeFileSync(path, JSON.stringify(owner), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function giveSign(path: string, owner: Owner): void {
  if (readOwner(path)?.id !== owner.id) return;
  const now = new Date();
  utimesSync(path, now, now);
}

function byWhom(owner: Owner | undefined): string {
  if (owner === undefined) return "";
  return owner.host === hostname()
    ? ` (process ${owner.process})`
    : ` (process ${owner.process} on ${owner.host})`;
}

function isAbandoned(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return false;
  const silent = Date.now() - stats.mtimeMs;
  const owner = readOwner(path);
  if (owner?.host !== hostname()) return silent > SILENT_ELSEWHERE;
  return !isAlive(owner.process) || silent > SILENT_HERE;
}

/** Takes an abandoned lock away, one breaker at a time: a second one would take away the next lock. */
function breakLock(path: string): void {
  const guard = `${path}.break`;
  try {
    mkdirSync(guard);
  } catch {
    const stats = statSync(guard, { throwIfNoEntry: false });
    if (stats !== undefined && Date.now() - stats.mtimeMs > SIGN) removeGuard(guard); // its breaker was killed
    return;
  }
  try {
    if (isAbandoned(path)) rmSync(path, { force: true });
  } finally {
    removeGuard(guard);
  }
}

function removeGuard(guard: string): void {
  try {
    rmdirSync(guard);
  } catch {
    // somebody else was faster
  }
}

function readOwner(path: string): Owner | undefined {
  try {
    const { process, host, id } = JSON.parse(readFileSync(path, "utf8")) as Partial<Owner>;
    if (typeof process !== "number" || typeof host !== "string" || typeof id !== "string") return undefined;
    return { process, host, id };
  } catch {
    return undefined;
  }
}
