import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { formatBytes } from "../../../core/text/bytes.ts";
import { UserError } from "../../../errors.ts";

/** How far a stranger's model is let go. */
export interface Bounds {
  /** Bytes of memory that its process may hold. */
  readonly memory: number;
  /** Milliseconds that loading it, or a question, may take. */
  readonly patience: number;
}

/** A process of its own, in which a stranger's model runs. */
export interface Apart {
  /**
   * What its program answers to a question.
   *
   * @throws {UserError} where the process has come to its end, which is told
   * @throws {Error} what the program itself threw
   */
  ask(question: object): Promise<unknown>;
  /** From here on its memory is watched. @param bytes of the model that it is about to load */
  watch(bytes: number): Promise<void>;
  /** Ends it, and waits until it and its folder are gone. */
  end(): Promise<void>;
}

const GIB = 2 ** 30;
const PATIENCE = 120_000;

/**
 * What every such process does, as text: so there is no file that a bundle would have to carry along. A
 * thread beside the runtime looks at the memory, since a runtime does not return while it computes.
 */
const HARNESS = `
const { Worker } = require("node:worker_threads");
const WATCH = 'const { workerData } = require("node:worker_threads"); const { writeSync } = require("node:fs");' +
  'setInterval(() => { if (process.memoryUsage.rss() > workerData) { writeSync(2, "memory"); process.kill(process.pid, "SIGKILL"); } }, 10);';
process.on("disconnect", () => process.exit());
process.on("message", async ({ id, watch, question }) => {
  try {
    if (watch) await new Promise((done) => new Worker(WATCH, { eval: true, workerData: watch }).once("online", done));
    process.send({ id, answer: question && await answer(question) });
  } catch (error) {
    process.send({ id, error: String(error && error.message || error).slice(0, 2000) });
  }
});
`;

interface Reply {
  readonly id: number;
  readonly answer?: unknown;
  readonly error?: string;
}

/**
 * Starts a process for a stranger's model, without this one's environment and in an empty folder: a model
 * that takes all memory, does not end, or breaks its runtime ends that process, and is told of in one sentence.
 *
 * @param program text that has `async function answer(question)`
 */
export function startApart(program: string, bounds: Partial<Bounds> = {}): Apart {
  const patience = bounds.patience ?? PATIENCE;
  const { SystemRoot } = process.env; // without it nothing starts on Windows
  const folder = mkdtempSync(join(tmpdir(), `trainyard-model-${process.pid}-`)); // nothing lies in it
  const child: ChildProcess = spawn(
    process.execPath,
    ["--max-old-space-size=1024", "--eval", program + HARNESS],
    {
      cwd: folder,
      env: SystemRoot === undefined ? {} : { SystemRoot },
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      serialization: "advanced",
      windowsHide: true,
    },
  );
  const kill = (): void => void child.kill("SIGKILL");
  const leave = (): void => {
    kill();
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {} // where the process still ends in it, it stays with the other temporary ones
  };
  process.on("exit", leave);
  const waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
  let limit = 0;
  let told = "";
  let late = false;
  let gone = false;
  let next = 0;
  /** This process stays for an answer that it waits for, and not for a model that nobody has closed. */
  const hold = (held: boolean): void => {
    for (const one of [child, child.channel, child.stderr as Socket | null])
      if (held) one?.ref();
      else one?.unref();
  };
  const ending = (): string => {
    if (late) return `it took longer than ${patience / 1000} s`;
    if (told.includes("memory")) return `it took more than ${formatBytes(limit)} of memory`;
    return `the process that it ran in ended (${child.signalCode ?? child.exitCode ?? "at once"})`;
  };
  const send = (message: object): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = next++;
      const timer = setTimeout(() => {
        late = true;
        kill();
      }, patience);
      const settle =
        <T>(then: (value: T) => void) =>
        (value: T) => {
          clearTimeout(timer);
          waiting.delete(id);
          if (waiting.size === 0) hold(false);
          then(value);
        };
      hold(true);
      waiting.set(id, { resolve: settle(resolve), reject: settle(reject) });
      child.send({ id, ...message }, (error) => {
        if (error !== null) waiting.get(id)?.reject(new UserError(ending(), { cause: error }));
      });
    });
  child.stderr?.on("data", (bytes: Uint8Array) => {
    told = (told + Buffer.from(bytes).toString("utf8")).slice(-1000);
  });
  child.on("message", (reply: Reply) => {
    const one = waiting.get(reply.id);
    if (reply.error === undefined) one?.resolve(reply.answer);
    else one?.reject(new Error(reply.error));
  });
  child.on("error", () => {}); // `close` follows, or the message is refused
  child.on("close", () => {
    gone = true;
    process.off("exit", leave);
    leave();
    for (const one of [...waiting.values()]) one.reject(new UserError(ending()));
  });
  return {
    ask: (question) => send({ question }),
    async watch(bytes) {
      limit = bounds.memory ?? Math.min(totalmem() / 2, Math.max(2 * GIB, 8 * bytes + GIB));
      await send({ watch: limit });
    },
    async end() {
      if (gone) return;
      hold(true);
      kill();
      await once(child, "close");
    },
  };
}
