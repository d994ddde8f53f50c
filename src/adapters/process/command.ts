import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { relative } from "node:path";
import { withoutSecrets } from "../../core/training/environment.ts";
import { EXIT, UserError } from "../../errors.ts";
import type { Command, CommandEnd } from "../../ports/process.ts";
import { isNothing, stampOf } from "./stamp.ts";
import { tailOf } from "./tail.ts";

const GRACE = 1500; // milliseconds from the request to stop to the end; the command line waits two seconds
const DRAIN = 1000; // milliseconds for what was printed last, where a process left behind holds the pipe open

/** Where a command's output goes while it runs. */
export interface Live {
  write(bytes: Uint8Array): unknown;
}

/**
 * Runs a shell line and shows its output as it comes, as it is.
 *
 * It gets no standard input and no secrets (see `withoutSecrets`). It runs in a process group of its
 * own, which is ended whole: on the signal, when this process ends, and for what it leaves running.
 *
 * @throws {UserError} where it fails, is killed, is interrupted, or leaves nothing new at `out`
 */
export async function runCommand(
  { line, folder, environment, out, signal, called = "train.run" }: Command,
  live: Live = process.stderr,
  surroundings: Readonly<Record<string, string | undefined>> = process.env,
): Promise<CommandEnd> {
  if (signal?.aborted) throw interrupted(called);
  const before = out === undefined ? undefined : stampOf(out);
  const tail = tailOf();
  const child = spawn(line, {
    shell: true,
    cwd: folder,
    env: { ...withoutSecrets(surroundings), ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    detached: process.platform !== "win32",
    windowsHide: true,
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (bytes: Uint8Array) => {
      tail.add(bytes);
      live.write(bytes);
    });
  }
  const end = await ended(child, signal);
  const said = tail.text();
  if (signal?.aborted) throw interrupted(called);
  if (end.error !== undefined)
    throw new UserError(`${called} cannot be started: ${end.error.message}`, { cause: end.error });
  if (end.killed !== undefined)
    throw failure(called, line, `was killed by ${end.killed}${MEMORY[end.killed] ?? ""}`, said);
  if (end.code !== 0) throw failure(called, line, `ended with exit code ${end.code}`, said);
  if (out === undefined) return { tail: said };
  const name = relative(folder, out);
  if (isNothing(out))
    throw failure(
      called,
      line,
      `ended well but left nothing at "${name}", where train.out expects the model`,
      said,
    );
  if (stampOf(out) === before)
    throw failure(called, line, `ended well but did not write "${name}"; what is there is older`, said);
  return { tail: said };
}

const MEMORY: Readonly<Record<string, string>> = { SIGKILL: ", as happens when memory runs out" };

interface End {
  readonly code?: number;
  readonly killed?: string;
  readonly error?: Error;
}

/** Waits for a command; nothing of its group is alive afterwards. */
function ended(child: ChildProcess, signal: AbortSignal | undefined): Promise<End> {
  const stop = () => {
    end(child, "SIGTERM");
    setTimeout(() => end(child, "SIGKILL"), GRACE).unref();
  };
  const kill = () => end(child, "SIGKILL");
  signal?.addEventListener("abort", stop, { once: true });
  process.once("exit", kill);
  return new Promise<End>((resolve) => {
    child.once("error", (error) => resolve({ error }));
    child.once("exit", (code, killed) => {
      kill(); // what the command left running in its group
      const answer = endOf(code, killed);
      const late = setTimeout(() => resolve(answer), DRAIN);
      child.once("close", () => {
        clearTimeout(late);
        resolve(answer);
      });
    });
  }).finally(() => {
    signal?.removeEventListener("abort", stop);
    process.removeListener("exit", kill);
    child.stdout?.destroy();
    child.stderr?.destroy();
  });
}

/** A shell says 128 + n for a command of its that signal n killed. */
function endOf(code: number | null, killed: NodeJS.Signals | null): End {
  if (killed !== null) return { killed };
  const [name] = Object.entries(constants.signals).find(([, number]) => number + 128 === code) ?? [];
  return name === undefined ? { code: code ?? 1 } : { killed: name };
}

/** Ends a command and all that it started. */
function end(child: ChildProcess, how: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill(how);
    else process.kill(-child.pid, how);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error; // they are gone already
  }
}

function failure(called: string, line: string, what: string, said: string): UserError {
  const printed = said === "" ? "it printed nothing" : `it printed last:\n${said.replace(/^/gm, "  ")}`;
  return new UserError(`${called} "${line.trim()}" ${what}; ${printed}`);
}

function interrupted(called: string): UserError {
  return new UserError(`${called} was interrupted`, { exit: EXIT.interrupted });
}
