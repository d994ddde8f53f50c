import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { isEndpoint } from "../../core/models/endpoint/address.ts";
import { MODEL_FILE } from "../../core/models/layers-model.ts";
import { UserError } from "../../errors.ts";
import type { Model, ModelExpectation } from "../../ports/model.ts";
import type { Caller } from "./endpoint/model.ts";

/** The machine around a model: what an address needs of it. */
const NOBODY: Caller = { variable: () => undefined, signal: new AbortController().signal };

/**
 * Opens a model, choosing the runtime by the file's name: `.onnx`, or a `model.json` of TensorFlow.js
 * and the folder that it lies in. An address is asked over HTTP.
 *
 * Nothing that executes code on load is a model here: a pickle, a SavedModel or a script is refused.
 *
 * @throws {UserError} where it is missing, damaged, or not what is expected
 */
export async function openModel(
  path: string,
  expects: ModelExpectation,
  caller: Caller = NOBODY,
): Promise<Model> {
  if (isEndpoint(path)) {
    const { openEndpoint } = await import("./endpoint/model.ts");
    return openEndpoint(path, expects, caller);
  }
  if (!existsSync(path))
    throw new UserError(`${path} does not exist; right is an .onnx file or a folder with ${MODEL_FILE}`);
  const file = statSync(path).isDirectory() ? join(path, MODEL_FILE) : path;
  if (!existsSync(file))
    throw new UserError(
      `${path} holds no ${MODEL_FILE}; right is an .onnx file or a folder that TensorFlow.js saved`,
    );
  if (!statSync(file).isFile()) throw new UserError(`${file} is not a file`);
  if (statSync(file).size === 0) throw new UserError(`${file} is empty`);
  if (file.endsWith(".onnx")) {
    const { openOnnx } = await import("./onnx/model.ts");
    return openOnnx(file, expects);
  }
  if (!file.endsWith(".json"))
    throw new UserError(
      `${file} is not a model that can be opened; right is an .onnx file or a folder with ${MODEL_FILE}, which hold no code`,
    );
  const { artifactsIn } = await import("./tensorflow/artifacts.ts");
  const { openTensorflow } = await import("./tensorflow/model.ts");
  return openTensorflow(artifactsIn(file), expects, file);
}
