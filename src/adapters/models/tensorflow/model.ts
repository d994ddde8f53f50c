import type { Tensor } from "@tensorflow/tfjs-core";
import { UserError } from "../../../errors.ts";
import type { Model, ModelExpectation } from "../../../ports/model.ts";
import { gather, readingOf } from "../scores.ts";
import type { Artifacts } from "./artifacts.ts";
import { type Backend, type BackendName, openBackend } from "./backend.ts";
import { isGraph } from "./format.ts";
import { checkGraph } from "./graph.ts";
import { checkTopology } from "./topology.ts";

const SLICE = 8192; // rows at once: what lies between the layers stays small

/** What models of layers and graphs have in common; types of the package differ where the values do not. */
interface Runnable {
  readonly inputs: readonly { readonly shape?: readonly (number | null)[] | undefined }[];
  predict(input: Tensor, options: { batchSize?: number }): unknown;
  /** Graphs may hold control flow, which only this runs. */
  predictAsync?(input: Tensor, options: object): Promise<unknown>;
  dispose(): unknown;
}

/**
 * A model of layers or a graph, from files that were read.
 *
 * @throws {UserError} where TensorFlow.js cannot make a model of them, or it is not what is expected
 */
export async function openTensorflow(
  artifacts: Artifacts,
  expects: ModelExpectation,
  path: string,
  name: BackendName = "wasm",
): Promise<Model> {
  const backend = await openBackend(name);
  const model = await loadModel(backend, artifacts, path);
  try {
    const width = widthOf(model, expects, path);
    const outputs = await triedOutputs(model, backend, width, path);
    const reading = readingOf(outputs, undefined, expects, path);
    return {
      runtime: backend.runtime,
      async predict(features, rows) {
        if (features.length !== rows * width)
          throw new UserError(
            `${path} takes ${width} features a row; there are ${features.length} in ${rows} rows`,
          );
        await openBackend(name);
        const gathered = gather(rows, reading, expects, path);
        for (let start = 0; start < rows; start += SLICE) {
          const end = Math.min(start + SLICE, rows);
          const slice = features.subarray(start * width, end * width);
          gathered.add((await answer(model, backend, slice, end - start, width, path)).values);
        }
        return gathered.scores();
      },
      close: async () => void model.dispose(),
    };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

async function loadModel(
  backend: Backend,
  { file, elements, constant, handler }: Artifacts,
  path: string,
): Promise<Runnable> {
  try {
    if (isGraph(file)) checkGraph(file.modelTopology, constant, path);
    if (isGraph(file)) return (await (await backend.graphs()).loadGraphModel(handler)) as Runnable;
    const layers = await backend.layers();
    checkTopology(backend.core, file.modelTopology, elements, path);
    return (await layers.loadLayersModel(handler)) as Runnable;
  } catch (error) {
    throw unusable(error, path, "cannot be loaded by TensorFlow.js");
  }
}

/** The width of the model's one input. */
function widthOf({ inputs }: Runnable, expects: ModelExpectation, path: string): number {
  const [input] = inputs;
  if (input === undefined || inputs.length > 1)
    throw new UserError(`${path} has ${inputs.length} inputs; right is one, of shape [rows, features]`);
  const { shape } = input;
  const [, inner] = shape ?? [];
  const known = typeof inner === "number" && inner > 0 ? inner : undefined;
  if (shape !== undefined && shape.length !== 2)
    throw new UserError(`${path} takes rows of shape [${shape.join(", ")}]; right is [rows, features]`);
  if (known !== undefined && expects.width !== undefined && known !== expects.width)
    throw new UserError(
      `${path} takes ${known} features a row; the contract's features are ${expects.width}`,
    );
  const width = expects.width ?? known;
  if (width === undefined) throw new UserError(`${path} does not say how many features it takes`);
  return width;
}

/** How many numbers a row the model gives: asked with one row of zeros, since graphs often do not say. */
async function triedOutputs(model: Runnable, backend: Backend, width: number, path: string): Promise<number> {
  const { values, shape } = await answer(model, backend, new Float32Array(width), 1, width, path);
  if (shape.length > 2 || shape[0] !== 1)
    throw new UserError(`${path} answers one row with shape [${shape.join(", ")}]; right is [1, outputs]`);
  return values.length;
}

async function answer(
  model: Runnable,
  { core }: Backend,
  features: Float32Array,
  rows: number,
  width: number,
  path: string,
): Promise<{ readonly values: ArrayLike<number>; readonly shape: readonly number[] }> {
  const input = core.tensor2d(features, [rows, width]);
  let given: Tensor[] = [];
  try {
    given = await predicted(model, input);
    const [output] = given;
    if (output === undefined || given.length > 1)
      throw new UserError(`${path} gives ${given.length} outputs; right is one tensor of scores`);
    return { values: await output.data<"float32">(), shape: output.shape };
  } catch (error) {
    throw unusable(error, path, "cannot answer for a row of features");
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

function unusable(error: unknown, path: string, what: string): UserError {
  if (error instanceof UserError) return error;
  const [line = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  return new UserError(`${path} ${what}: ${line}`, { cause: error });
}
