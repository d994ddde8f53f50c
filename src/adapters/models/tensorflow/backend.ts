import { dirname, join, sep } from "node:path";
import util from "node:util";
import { UserError } from "../../../errors.ts";
import { loadCommonJs, pathOf } from "../../common-js.ts";

export type Core = typeof import("@tensorflow/tfjs-core");
export type Layers = Pick<typeof import("@tensorflow/tfjs-layers"), "loadLayersModel">;
export type Graphs = Pick<typeof import("@tensorflow/tfjs-converter"), "loadGraphModel">;
export type BackendName = "wasm" | "tfjs-node";

/** TensorFlow.js with one backend chosen. All parts share one engine. */
export interface Backend {
  readonly core: Core;
  /** What computes: `tensorflow.js 4.22.0 (wasm)`. */
  readonly runtime: string;
  readonly layers: () => Promise<Layers>;
  readonly graphs: () => Promise<Graphs>;
}

/** Why a machine cannot run it. */
export const NO_SIMD =
  "this machine's WebAssembly has no SIMD, without which a model would get other bytes; train on another, or ask for train.backend: tfjs-node";

const opened = new Map<BackendName, Promise<Backend>>();

/**
 * TensorFlow.js, loaded when it is first asked for. The two backends live in one engine, so the one
 * opened last computes.
 *
 * @throws {UserError} where it is not installed, or cannot run here
 */
export async function openBackend(name: BackendName): Promise<Backend> {
  let backend = opened.get(name);
  if (backend === undefined) {
    backend = name === "wasm" ? openWasm() : openNative();
    opened.set(name, backend);
    backend.catch(() => opened.delete(name));
  }
  const { core } = await backend;
  const wanted = name === "wasm" ? "wasm" : "tensorflow";
  if (core.getBackend() !== wanted) await core.setBackend(wanted); // sets all kernels up, each time
  return backend;
}

/**
 * WebAssembly: one thread and SIMD, everywhere. Threads would add up in another order with another
 * number of cores, and code without SIMD in another order again.
 */
async function openWasm(): Promise<Backend> {
  const core = loadCommonJs("@tensorflow/tfjs-core") as Core;
  core.enableProdMode(); // its advice is for developers, and goes to standard output
  const wasm = loadCommonJs(
    "@tensorflow/tfjs-backend-wasm",
  ) as typeof import("@tensorflow/tfjs-backend-wasm");
  if ((await core.env().getAsync("WASM_HAS_SIMD_SUPPORT")) !== true) throw new UserError(NO_SIMD);
  core.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  const folder = dirname(pathOf("@tensorflow/tfjs-backend-wasm/package.json"));
  wasm.setWasmPaths(join(folder, "wasm-out") + sep);
  if (!(await core.setBackend("wasm"))) throw new UserError("TensorFlow.js could not start its WASM backend");
  return {
    core,
    runtime: `tensorflow.js ${core.version_core} (wasm)`,
    layers: async () => loadCommonJs("@tensorflow/tfjs-layers") as Layers,
    graphs: async () => loadCommonJs("@tensorflow/tfjs-converter") as Graphs,
  };
}

/** TensorFlow's own library, where the user has installed it beside us. */
async function openNative(): Promise<Backend> {
  mendUtil();
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2"; // warnings and worse
  const name = "@tensorflow/tfjs-node"; // not a literal: an optional peer has no types here
  let tf: Core & Layers & Graphs & { readonly version: { readonly tfjs: string } };
  try {
    const loaded = await import(name);
    tf = loaded.default ?? loaded;
  } catch (cause) {
    throw new UserError(
      'train.backend: "tfjs-node" is not installed; install it with `npm install @tensorflow/tfjs-node`, or use backend: wasm',
      { cause },
    );
  }
  tf.enableProdMode();
  return {
    core: tf,
    runtime: `tensorflow.js ${tf.version.tfjs} (tfjs-node)`,
    layers: async () => tf,
    graphs: async () => tf,
  };
}

/** Gives back what tfjs-node 4.22 calls and Node 23 took out of `util`. */
function mendUtil(): void {
  const gone: Record<string, (value: unknown) => boolean> = {
    isNullOrUndefined: (value) => value === null || value === undefined,
    isArray: Array.isArray,
    isString: (value) => typeof value === "string",
    isNumber: (value) => typeof value === "number",
    isBoolean: (value) => typeof value === "boolean",
    isFunction: (value) => typeof value === "function",
  };
  const there = util as unknown as Record<string, unknown>;
  for (const [name, test] of Object.entries(gone)) there[name] ??= test;
}
