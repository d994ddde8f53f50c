import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir, totalmem } from "node:os";
import { dirname, join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { Tensor, TensorConstructor } from "onnxruntime-web";
import { formatBytes } from "../../../core/text/bytes.ts";
import { UserError } from "../../../errors.ts";
import { pathOf } from "../../common-js.ts";
import type { Runtime, RuntimeName, Session } from "./runtime.ts";

/** How far a stranger's model is let go. */
export interface Bounds {
  /** Bytes of memory that its process may hold. */
  readonly memory: number;
  /** Milliseconds that loading it, or a question, may take. */
  readonly patience: number;
}

const GIB = 2 ** 30;
const PATIENCE = 120_000;

/**
 * What the process does, as text: so there is no file that a bundle would have to carry along. A thread
 * beside the runtime looks at the memory, since the runtime's own does not return while it computes.
 */
const PROGRAM = `
const { Worker } = require("node:worker_threads");
const WATCH = 'const { workerData } = require("node:worker_threads"); const { writeSync } = require("node:fs");' +
  'setInterval(() => { if (process.memoryUsage.rss() > workerData) { writeSync(2, "memory"); process.kill(process.pid, "SIGKILL"); } }, 10);';
let ort, session;
process.on("disconnect", () => process.exit());
process.on("message", async ({ id, load, watch, bytes, options, feeds, fetches }) => {
  try {
    if (load) {
      const loaded = await import(load.module);
      ort = loaded.InferenceSession ? loaded : loaded.default;
      if (load.wasm) { ort.env.wasm.wasmPaths = load.wasm; ort.env.wasm.numThreads = 1; ort.env.wasm.proxy = false; }
      ort.env.logLevel = "fatal";
      process.send({ id, version: ort.env.versions.web ?? ort.env.versions.node ?? ort.env.versions.common });
    } else if (bytes) {
      new Worker(WATCH, { eval: true, workerData: watch });
      session = await ort.InferenceSession.create(bytes, options);
      process.send({ id });
    } else {
      const given = Object.entries(feeds).map(([name, { type, data, dims }]) => [name, new ort.Tensor(type, data, dims)]);
      const answer = await session.run(Object.fromEntries(given), fetches);
      process.send({ id, answer: Object.fromEntries(Object.entries(answer).map(([name, { type, data, dims }]) => [name, { type, data, dims }])) });
    }
  } catch (error) {
    process.send({ id, error: String(error && error.message || error).slice(0, 2000) });
  }
});
`;

/** A tensor that is sent to another process: what it is made of. */
class Plain {
  readonly type: string;
  readonly data: unknown;
  readonly dims: readonly number[];

  constructor(type: string, data: unknown, dims: readonly number[]) {
    this.type = type;
    this.data = data;
    this.dims = dims;
  }
}

/**
 * ONNX Runtime in a process of its own, without this one's environment: a model that takes all memory,
 * does not end, or breaks the runtime ends that process, and is told of in one sentence.
 *
 * @throws {UserError} where the runtime is not installed
 */
export async function openApart(name: RuntimeName, bounds: Partial<Bounds> = {}): Promise<Runtime> {
  const child = start(bounds.patience ?? PATIENCE);
  const web = name === "onnxruntime-web";
  try {
    const module = pathToFileURL(moduleOf(name)).href;
    const wasm = web ? pathToFileURL(join(dirname(wasmFile()), sep)).href : undefined;
    const { version } = await child.ask({ load: { module, wasm } });
    return {
      runtime: `${name} ${version}`,
      Tensor: Plain as unknown as TensorConstructor,
      async create(bytes, options): Promise<Session> {
        const watch = bounds.memory ?? Math.min(totalmem() / 2, Math.max(2 * GIB, 8 * bytes.length + GIB));
        child.limit = watch;
        try {
          await child.ask({ bytes, options, watch });
        } catch (error) {
          await child.end();
          throw error;
        }
        return {
          run: async (feeds, fetches) => (await child.ask({ feeds: plain(feeds), fetches })).answer ?? {},
          release: () => child.end(),
        };
      },
    };
  } catch (error) {
    await child.end();
    throw error;
  }
}

const moduleOf = (name: RuntimeName): string => {
  try {
    return pathOf(name);
  } catch (cause) {
    throw new UserError(`${name} is not installed; install it with \`npm install ${name}\``, { cause });
  }
};
const wasmFile = (): string => pathOf("onnxruntime-web/ort-wasm-simd-threaded.wasm");
const plain = (feeds: Readonly<Record<string, Tensor>>): object =>
  Object.fromEntries(
    Object.entries(feeds).map(([name, { type, data, dims }]) => [name, { type, data, dims: [...dims] }]),
  );

interface Reply {
  readonly id: number;
  readonly version?: string;
  readonly answer?: Readonly<Record<string, Tensor>>;
  readonly error?: string;
}

interface Child {
  /** Bytes of memory, for the message. */
  limit: number;
  ask(question: object): Promise<Reply>;
  /** Ends it, and waits until it and its folder are gone. */
  end(): Promise<void>;
}

function start(patience: number): Child {
  const folder = mkdtempSync(join(tmpdir(), `trainyard-model-${process.pid}-`)); // nothing lies in it
  const { SystemRoot } = process.env; // without it nothing starts on Windows
  const child: ChildProcess = spawn(process.execPath, ["--max-old-space-size=1024", "--eval", PROGRAM], {
    cwd: folder,
    env: SystemRoot === undefined ? {} : { SystemRoot },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    serialization: "advanced",
    windowsHide: true,
  });
  const kill = (): void => void child.kill("SIGKILL");
  const leave = (): void => {
    kill();
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {} // where the process still ends in it, it stays with the other temporary ones
  };
  process.on("exit", leave);
  const waiting = new Map<number, { resolve(reply: Reply): void; reject(error: Error): void }>();
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
  const self: Child = {
    limit: 0,
    ask: (question) =>
      new Promise<Reply>((resolve, reject) => {
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
        child.send({ id, ...question }, (error) => {
          if (error !== null) waiting.get(id)?.reject(new UserError(ending(), { cause: error }));
        });
      }),
    async end() {
      if (gone) return;
      hold(true);
      kill();
      await once(child, "close");
    },
  };
  const ending = (): string => {
    if (late) return `it took longer than ${patience / 1000} s`;
    if (told.includes("memory")) return `it took more than ${formatBytes(self.limit)} of memory`;
    return `the process that it ran in ended (${child.signalCode ?? child.exitCode ?? "at once"})`;
  };
  child.stderr?.on("data", (bytes: Uint8Array) => {
    told = (told + Buffer.from(bytes).toString("utf8")).slice(-1000);
  });
  child.on("message", (reply: Reply) => {
    const one = waiting.get(reply.id);
    if (reply.error === undefined) one?.resolve(reply);
    else one?.reject(new Error(reply.error));
  });
  child.on("error", () => {}); // `close` follows, or the message is refused
  child.on("close", () => {
    gone = true;
    process.off("exit", leave);
    leave();
    for (const one of [...waiting.values()]) one.reject(new UserError(ending()));
  });
  return self;
}
