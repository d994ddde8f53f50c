import { spawn } from "node:child_process";
import type { Readable } from "node:stream";

/** What is run, and where its lines go. */
export interface Execution {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Asks it to stop: interrupts it, and kills it soon after. */
  readonly stop: AbortSignal;
  /** Kills it at once, with everything it started. */
  readonly kill: AbortSignal;
  readonly line: (text: string) => void;
}

/** The processes of one job, each with those that it started in a group of its own. */
export interface Processes {
  /** @returns the exit code; undefined where a signal ended it */
  run(execution: Execution): Promise<number | undefined>;
  /** Kills whatever was left behind. */
  close(): void;
}

const GRACE = 1_500; // milliseconds between asking and killing; GitHub gives ten seconds
const LAST_LINES = 500; // milliseconds for output that a process left behind holds open

/** Opens the processes of a job. */
export function openProcesses(): Processes {
  const groups = new Set<number>();
  return {
    run(execution) {
      const { command, args, cwd, env, line } = execution;
      const child = spawn(command, args, {
        cwd,
        env: { ...env },
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
      });
      if (child.pid !== undefined) groups.add(child.pid);
      byLines(child.stdout, line);
      byLines(child.stderr, line);
      const release = stopping(execution, child.pid);
      return new Promise((resolve, reject) => {
        child.once("error", (error) => {
          release();
          reject(error);
        });
        child.once("exit", (code) => {
          const late = setTimeout(() => {
            child.stdout.destroy();
            child.stderr.destroy();
          }, LAST_LINES);
          child.once("close", () => {
            clearTimeout(late);
            release();
            resolve(code ?? undefined);
          });
        });
      });
    },
    close() {
      for (const group of groups) signal(group, "SIGKILL");
      groups.clear();
    },
  };
}

function byLines(stream: Readable, line: (text: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    const lines = (rest + chunk).split(/\r?\n/);
    rest = lines.pop() ?? "";
    lines.forEach(line);
  });
  stream.once("close", () => {
    if (rest !== "") line(rest);
  });
}

function stopping({ stop, kill }: Execution, group: number | undefined): () => void {
  let grace: NodeJS.Timeout | undefined;
  const killed = () => signal(group, "SIGKILL");
  const stopped = () => {
    signal(group, "SIGINT");
    grace = setTimeout(killed, GRACE);
  };
  if (kill.aborted) killed();
  else if (stop.aborted) stopped();
  stop.addEventListener("abort", stopped);
  kill.addEventListener("abort", killed);
  return () => {
    clearTimeout(grace);
    stop.removeEventListener("abort", stopped);
    kill.removeEventListener("abort", killed);
  };
}

function signal(group: number | undefined, name: NodeJS.Signals): void {
  if (group === undefined) return;
  try {
    process.kill(-group, name);
  } catch {
    // It is gone already.
  }
}
