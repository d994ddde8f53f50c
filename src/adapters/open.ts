import { EXIT } from "../errors.ts";
import type { Engine } from "../ports/engine.ts";
import type { Ports } from "../ports/ports.ts";
import { hostOf } from "./host.ts";
import { installedNatives, type Natives } from "./natives.ts";
import { lineProgress } from "./progress/lines.ts";
import { terminalProgress } from "./progress/terminal.ts";
import { templates } from "./templates.ts";
import { type OpenWorkspace, openWorkspace } from "./workspace.ts";

export interface Surroundings {
  /** Absolute path of the folder the command was called in. */
  readonly folder: string;
  /** Where people read: standard error. */
  readonly stream: NodeJS.WriteStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What a training command is given of the environment, before its secrets are taken out; else all of it. */
  readonly commandEnvironment?: Readonly<Record<string, string | undefined>>;
  /** Where the packages are that are not bundled; else beside us. */
  readonly natives?: Natives;
}

/** Ports of this machine, and the two ends that a host needs. */
export interface OpenPorts extends Ports {
  /** Asks what is under way to stop; asked twice, or not heard for as long as that may take, the process ends. */
  interrupt(): void;
  close(): Promise<void>;
}

const PATIENCE = 2000;

/** The outside world for real. Engines, trainers and runtimes are loaded when they are first used. */
export function openPorts({
  folder,
  stream,
  environment,
  commandEnvironment = environment,
  natives = installedNatives,
}: Surroundings): OpenPorts {
  const progress =
    stream.isTTY && environment.CI === undefined ? terminalProgress(stream) : lineProgress(stream);
  const stop = new AbortController();
  const engines = new Set<Engine>();
  const workspaces = new Map<string, Promise<OpenWorkspace>>();
  let patience = PATIENCE;

  return {
    folder,
    progress,
    now: () => new Date(),
    signal: stop.signal,
    endsWithin(milliseconds) {
      patience = Math.max(patience, milliseconds);
    },
    screen: {
      colour: process.stdout.isTTY === true && environment.NO_COLOR === undefined,
      width: process.stdout.columns ?? 100,
    },

    workspace(at) {
      let opened = workspaces.get(at);
      if (opened === undefined) {
        opened = openWorkspace(at, progress, environment);
        workspaces.set(at, opened);
      }
      return opened;
    },

    async elsewhere(wanted) {
      const { openElsewhere } = await import("./repo/elsewhere.ts");
      return openElsewhere(wanted, progress, environment);
    },

    backendName: (backend) => `tensorflow.js ${natives.version("@tensorflow/tfjs-core")} (${backend})`,

    templates,

    get engineName() {
      return `duckdb ${natives.version("@duckdb/node-api").replace(/-r\.\d+$/, "")}`;
    },

    async engine(at) {
      await natives.ready();
      const { openDuckdb } = await import("./engines/duckdb/engine.ts");
      const opened = await openDuckdb(at === undefined ? {} : { folder: at });
      const engine: Engine = {
        ...opened,
        async close() {
          if (engines.delete(engine)) await opened.close();
        },
      };
      engines.add(engine);
      return engine;
    },

    async model(path, expects) {
      await natives.ready();
      const { openModel } = await import("./models/open.ts");
      return openModel(path, expects, { variable: (name) => environment[name], signal: stop.signal });
    },

    async keepModel(from, to) {
      const { keepOnnx } = await import("./models/onnx/file.ts");
      await keepOnnx(from, to);
    },

    trainer: async (request, task) => {
      await natives.ready();
      const { trainBuiltin } = await import("./trainers/tensorflow.ts");
      return trainBuiltin(request, task);
    },

    crossValidate: async (request, k) => {
      await natives.ready();
      const { crossValidate } = await import("./trainers/cross-validate.ts");
      const task = progress.start("cross-validating", k);
      try {
        return await crossValidate(request, k, task);
      } finally {
        task.end();
      }
    },

    commands: async (command) => {
      const { runCommand } = await import("./process/command.ts");
      return runCommand({ ...command, signal: stop.signal }, stream, commandEnvironment);
    },

    host: hostOf(environment),

    async forge(access) {
      const { openForge } = await import("./forge/github.ts");
      return openForge(access, environment);
    },

    async ledger(access) {
      const { gitLedger } = await import("./ledger/git.ts");
      return gitLedger(access, environment);
    },

    handoff: {
      async send(...request) {
        const { actionsHandoff } = await import("./handoffs/actions.ts");
        return actionsHandoff(environment).send(...request);
      },
      async receive(request) {
        const { actionsHandoff } = await import("./handoffs/actions.ts");
        return actionsHandoff(environment).receive(request);
      },
    },

    async layOut(request) {
      const { layOut } = await import("./repo/trees.ts");
      return layOut(request, environment);
    },

    async ask(...request) {
      const { ask } = await import("./web/ask.ts");
      return ask(...request);
    },

    async tracking(uri) {
      const { mlflowTracking } = await import("./mlflow/tracking.ts");
      return mlflowTracking({ uri, signal: stop.signal }, environment);
    },

    async listen(options) {
      const { listen } = await import("./server/http.ts");
      return listen(options);
    },

    interrupt() {
      if (stop.signal.aborted) process.exit(EXIT.interrupted);
      stop.abort();
      setTimeout(() => process.exit(EXIT.interrupted), patience).unref();
    },

    async close() {
      await Promise.all([...engines].map((engine) => engine.close()));
      const opened = await Promise.allSettled(workspaces.values());
      await Promise.all(opened.map((one) => (one.status === "fulfilled" ? one.value.close() : undefined)));
    },
  };
}
