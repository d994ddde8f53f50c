import { UserError } from "../../../errors.ts";
import type { Model, ModelExpectation } from "../../../ports/model.ts";
import type { Bounds } from "../apart/child.ts";
import { gather, readingOf } from "../scores.ts";
import { runApart } from "./apart.ts";
import type { Artifacts } from "./artifacts.ts";
import type { BackendName } from "./backend.ts";
import { runHere } from "./here.ts";
import { type Running, type TensorAnswer, unusable } from "./running.ts";

const SLICE = 8192; // rows at once: what lies between the layers stays small

/**
 * A model of layers or a graph, from files that were read.
 *
 * @param name what computes, where it is no stranger's, which runs in a process of its own
 * @param bounds of a stranger's
 * @throws {UserError} where TensorFlow.js cannot make a model of them, or it is not what is expected
 */
export async function openTensorflow(
  artifacts: Artifacts,
  expects: ModelExpectation,
  path: string,
  name: BackendName = "wasm",
  bounds: Partial<Bounds> = {},
): Promise<Model> {
  const model =
    expects.stranger === true
      ? await runApart(artifacts, path, bounds)
      : await runHere(artifacts, path, name);
  try {
    const width = widthOf(model, expects, path);
    const outputs = await triedOutputs(model, width, path);
    const reading = readingOf(outputs, undefined, expects, path);
    return {
      runtime: model.runtime,
      async predict(features, rows) {
        if (features.length !== rows * width)
          throw new UserError(
            `${path} takes ${width} features a row; there are ${features.length} in ${rows} rows`,
          );
        const gathered = gather(rows, reading, expects, path);
        for (let start = 0; start < rows; start += SLICE) {
          const end = Math.min(start + SLICE, rows);
          const slice = features.subarray(start * width, end * width);
          gathered.add((await answer(model, slice, end - start, width, path)).values);
        }
        return gathered.scores();
      },
      close: () => model.close(),
    };
  } catch (error) {
    await model.close();
    throw error;
  }
}

/** The width of the model's one input. */
function widthOf({ inputs }: Running, expects: ModelExpectation, path: string): number {
  if (inputs.length !== 1)
    throw new UserError(`${path} has ${inputs.length} inputs; right is one, of shape [rows, features]`);
  const [shape] = inputs;
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
async function triedOutputs(model: Running, width: number, path: string): Promise<number> {
  const { values, shape } = await answer(model, new Float32Array(width), 1, width, path);
  if (shape.length > 2 || shape[0] !== 1)
    throw new UserError(`${path} answers one row with shape [${shape.join(", ")}]; right is [1, outputs]`);
  return values.length;
}

async function answer(
  model: Running,
  features: Float32Array,
  rows: number,
  width: number,
  path: string,
): Promise<TensorAnswer> {
  let given: TensorAnswer;
  try {
    given = await model.answer(features, rows, width);
  } catch (error) {
    throw unusable(error, path, "cannot answer for a row of features");
  }
  if (given.outputs === 1) return given;
  throw new UserError(`${path} gives ${given.outputs} outputs; right is one tensor of scores`);
}
