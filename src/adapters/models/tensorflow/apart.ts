import { dirname, join, sep } from "node:path";
import { UserError } from "../../../errors.ts";
import { pathOf } from "../../common-js.ts";
import { type Bounds, startApart } from "../apart/child.ts";
import type { Artifacts } from "./artifacts.ts";
import { NO_SIMD } from "./backend.ts";
import { isGraph } from "./format.ts";
import { checkGraph } from "./graph.ts";
import { type Running, type TensorAnswer, unusable } from "./running.ts";
import { checkTopology } from "./topology.ts";

/** What the process does, as text: as `backend.ts` and `here.ts` do it, with the WebAssembly backend. */
const PROGRAM = `
let tf, model;
async function answer({ open, load, features, rows, width, most }) {
  if (open) {
    tf = require(open.core);
    tf.enableProdMode();
    const wasm = require(open.wasm);
    if ((await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT")) !== true) return {};
    tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
    wasm.setWasmPaths(open.folder);
    if (!(await tf.setBackend("wasm"))) throw new Error("TensorFlow.js could not start its WASM backend");
    model = require(open.loader);
    return { version: tf.version_core, classes: Object.keys(tf.serialization.SerializationMap.getMap().classNameMap) };
  }
  if (load) {
    const handler = { load: async () => load.loaded };
    model = await (load.graph ? model.loadGraphModel(handler) : model.loadLayersModel(handler));
    return model.inputs.map(({ shape }) => shape ?? undefined);
  }
  const input = tf.tensor2d(features, [rows, width]);
  let given = [];
  try {
    try {
      given = model.predict(input, { batchSize: rows });
    } catch (error) {
      if (!(error && String(error.message).includes("executeAsync")) || !model.predictAsync) throw error;
      given = await model.predictAsync(input, {});
    }
    given = Array.isArray(given) ? given : "dataId" in given ? [given] : Object.values(given);
    const [output] = given;
    if (!output) return { outputs: 0, values: [], shape: [] };
    if (output.size > most) throw new Error("it answers " + output.size + " numbers, more than any question has");
    return { outputs: given.length, values: await output.data(), shape: output.shape };
  } finally {
    tf.dispose([input, ...(Array.isArray(given) ? given : [])]);
  }
}
`;

const MOST_A_ROW = 10_000; // numbers: classes, of which there are fewer

/**
 * TensorFlow.js in a process of its own, for a stranger's model: a graph may loop for ever, or make in a
 * loop more than any memory holds.
 *
 * @throws {UserError} where it cannot make a model of the files, or comes to an end over it
 */
export async function runApart(
  { file, elements, constant, loaded }: Artifacts,
  path: string,
  bounds: Partial<Bounds> = {},
): Promise<Running> {
  const graph = isGraph(file);
  if (graph) checkGraph(file.modelTopology, constant, path);
  const child = startApart(PROGRAM, bounds);
  const told = async (doing: Promise<unknown>): Promise<unknown> => {
    try {
      return await doing;
    } catch (error) {
      throw unusable(error, path, "cannot be loaded by TensorFlow.js");
    }
  };
  try {
    const folder = join(dirname(pathOf("@tensorflow/tfjs-backend-wasm/package.json")), "wasm-out") + sep;
    const open = {
      core: pathOf("@tensorflow/tfjs-core"),
      wasm: pathOf("@tensorflow/tfjs-backend-wasm"),
      loader: pathOf(graph ? "@tensorflow/tfjs-converter" : "@tensorflow/tfjs-layers"),
      folder,
    };
    const { version, classes } = (await told(child.ask({ open }))) as Opened;
    if (version === undefined) throw new UserError(NO_SIMD);
    if (!graph) checkTopology(new Set(classes), file.modelTopology, elements, path);
    await told(child.watch(loaded.weightData.byteLength));
    const inputs = (await told(child.ask({ load: { graph, loaded } }))) as Running["inputs"];
    return {
      runtime: `tensorflow.js ${version} (wasm)`,
      inputs,
      answer: async (features, rows, width) =>
        (await child.ask({ features, rows, width, most: rows * MOST_A_ROW })) as TensorAnswer,
      close: () => child.end(),
    };
  } catch (error) {
    await child.end();
    throw error;
  }
}

/** Nothing where WebAssembly has no SIMD. */
interface Opened {
  readonly version?: string;
  /** The classes of layers that it has. */
  readonly classes?: readonly string[];
}
