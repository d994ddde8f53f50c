import type { Tensor } from "@tensorflow/tfjs-core";
import { UserError } from "../../../errors.ts";
import type { Artifacts } from "./artifacts.ts";
import { type Backend, type BackendName, openBackend } from "./backend.ts";
import { isGraph } from "./format.ts";
import { checkGraph } from "./graph.ts";
import { type Running, type TensorAnswer, unusable } from "./running.ts";
import { checkTopology } from "./topology.ts";

/** What models of layers and graphs have in common; types of the package differ where the values do not. */
interface Runnable {
  readonly inputs: readonly { readonly shape?: readonly (number | null)[] | undefined }[];
  predict(input: Tensor, options: { batchSize?: number }): unknown;
  /** Graphs may hold control flow, which only this runs. */
  predictAsync?(input: Tensor, options: object): Promise<unknown>;
  dispose(): unknown;
}

/**
 * TensorFlow.js in this process.
 *
 * @throws {UserError} where it cannot make a model of the files
 */
export async function runHere(artifacts: Artifacts, path: string, name: BackendName): Promise<Running> {
  const backend = await openBackend(name);
  const model = await loadModel(backend, artifacts, path);
  return {
    runtime: backend.runtime,
    inputs: model.inputs.map(({ shape }) => shape),
    async answer(features, rows, width) {
      await openBackend(name);
      return answer(model, backend, features, rows, width);
    },
    close: async () => void model.dispose(),
  };
}

async function loadModel(
  backend: Backend,
  { file, elements, constant, loaded }: Artifacts,
  path: string,
): Promise<Runnable> {
  const handler = { load: async () => loaded };
  try {
    if (isGraph(file)) checkGraph(file.modelTopology, constant, path);
    if (isGraph(file)) return (await (await backend.graphs()).loadGraphModel(handler)) as Runnable;
    const layers = await backend.layers();
    const known = backend.core.serialization.SerializationMap.getMap().classNameMap;
    checkTopology(new Set(Object.keys(known)), file.modelTopology, elements, path);
    return (await layers.loadLayersModel(handler)) as Runnable;
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw unusable(error, path, "cannot be loaded by TensorFlow.js");
  }
}

async function answer(
  model: Runnable,
  { core }: Backend,
  features: Float32Array,
  rows: number,
  width: number,
): Promise<TensorAnswer> {
  const input = core.tensor2d(features, [rows, width]);
  let given: Tensor[] = [];
  try {
    given = await predicted(model, input);
    const [output] = given;
    if (output === undefined) return { outputs: 0, values: [], shape: [] };
    return { outputs: given.length, values: await output.data<"float32">(), shape: output.shape };
  } finally {
    core.dispose([input, ...given]);
  }
}

async function predicted(model: Runnable, input: Tensor): Promise<Tensor[]> {
  const [rows = 1] = input.shape;
  let given: unknown;
  try {
    given = model.predict(input, { batchSize: rows });
  } catch (error) {
    const asynchronous = error instanceof Error && error.message.includes("executeAsync");
    if (!asynchronous || model.predictAsync === undefined) throw error;
    given = await model.predictAsync(input, {}); // warns on the screen where it was not needed
  }
  if (Array.isArray(given)) return given;
  const one = given as Tensor | Record<string, Tensor>;
  return "dataId" in one ? [one as Tensor] : Object.values(one);
}
