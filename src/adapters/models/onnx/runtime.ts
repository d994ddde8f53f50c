import { dirname, join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { Tensor, TensorConstructor } from "onnxruntime-web";
import type { SealedOnnx } from "../../../core/models/onnx/known.ts";
import { UserError } from "../../../errors.ts";
import { pathOf } from "../../common-js.ts";
import type { Bounds } from "../apart/child.ts";

export type RuntimeName = "onnxruntime-node" | "onnxruntime-web";

/** A model that was loaded. */
export interface Session {
  run(feeds: Record<string, Tensor>, fetches: readonly string[]): Promise<Readonly<Record<string, Tensor>>>;
  release(): Promise<void>;
}

/** One of the two packages that run ONNX models. */
export interface Runtime {
  /** Package and version: `onnxruntime-node 1.30.0`. */
  readonly runtime: string;
  readonly Tensor: TensorConstructor;
  create(bytes: SealedOnnx, options: object): Promise<Session>;
}

type Package = typeof import("onnxruntime-web");

const opened = new Map<RuntimeName, Promise<Runtime>>();

/**
 * ONNX Runtime: the native package where it is installed and runs here, else the one in WebAssembly.
 *
 * @param asked one of the two, and no other
 * @param apart in a process of its own, within bounds; one for each model
 */
export async function openRuntime(asked?: RuntimeName, apart?: Partial<Bounds>): Promise<Runtime> {
  const open = async (name: RuntimeName): Promise<Runtime> => {
    if (apart === undefined) return once(name);
    const { openApart } = await import("./apart.ts");
    return openApart(name, apart);
  };
  if (asked !== undefined) return open(asked);
  try {
    return await open("onnxruntime-node");
  } catch {
    return open("onnxruntime-web");
  }
}

function once(name: RuntimeName): Promise<Runtime> {
  let runtime = opened.get(name);
  if (runtime === undefined) {
    runtime = load(name);
    opened.set(name, runtime);
  }
  return runtime;
}

async function load(name: RuntimeName): Promise<Runtime> {
  let ort: Package;
  try {
    const loaded = (await import(name)) as Package & { readonly default?: Package };
    ort = loaded.InferenceSession === undefined && loaded.default !== undefined ? loaded.default : loaded;
  } catch (cause) {
    throw new UserError(`${name} is not installed; install it with \`npm install ${name}\``, { cause });
  }
  const web = name === "onnxruntime-web";
  if (web) useOwnFiles(ort);
  ort.env.logLevel = "fatal"; // what goes wrong is thrown; the log would go past us to the screen
  const { node, common } = ort.env.versions as Readonly<Record<string, string | undefined>>;
  const version = ort.env.versions.web ?? node ?? common;
  return {
    runtime: `${name} ${version}`,
    Tensor: ort.Tensor,
    create: (bytes, options) => ort.InferenceSession.create(bytes, options),
  };
}

/** How a model is loaded, wherever it runs. */
export const OPTIONS = {
  executionMode: "sequential",
  intraOpNumThreads: 1, // sums in one order, whatever the machine
  interOpNumThreads: 1,
  logSeverityLevel: 4,
} as const;

/** One thread, and the WebAssembly that lies in the package: nothing is fetched. */
function useOwnFiles(ort: Package): void {
  const folder = dirname(pathOf("onnxruntime-web/ort-wasm-simd-threaded.wasm"));
  ort.env.wasm.wasmPaths = pathToFileURL(join(folder, sep)).href;
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.proxy = false;
}
