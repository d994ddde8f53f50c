import { readFileSync, statSync } from "node:fs";
import type { InferenceSession, Tensor } from "onnxruntime-web";
import { classOrder } from "../../../core/models/class-order.ts";
import type { Table } from "../../../core/tables/column.ts";
import { UserError } from "../../../errors.ts";
import type { Model, ModelExpectation, Scores } from "../../../ports/model.ts";
import { type Gathering, gather, outputsOf } from "../scores.ts";
import { columnTensor } from "./inputs.ts";
import { inspectOnnx, type OnnxFile } from "./inspect.ts";
import { questionOf, scoresOutput } from "./ports.ts";
import { openRuntime, type Runtime, type RuntimeName } from "./runtime.ts";

const SLICE = 8192; // rows at once: what lies between the operators stays small
const LARGEST = 2 ** 31 - 1; // Protocol Buffers' own limit

/**
 * A model from an ONNX file.
 *
 * @param name one runtime and no other; else the native one where it is there
 * @throws {UserError} where the file is damaged, leaves itself, or is not what is expected
 */
export async function openOnnx(path: string, expects: ModelExpectation, name?: RuntimeName): Promise<Model> {
  const { size } = statSync(path);
  if (size > LARGEST)
    throw new UserError(`${path} is ${size} bytes large; an ONNX file has at most ${LARGEST}`);
  const bytes = readFileSync(path);
  const file = inspected(bytes, path);
  const question = questionOf(file, expects, path);
  const output = scoresOutput(file, expects, path).name;
  const runtime = await openRuntime(name);
  const session = await created(runtime, bytes, path);

  /** Asks for the rows of one slice after the other. */
  async function ask(
    rows: number,
    step: number,
    feeds: (start: number, end: number) => Record<string, Tensor>,
  ): Promise<Scores> {
    let gathered: Gathering | undefined;
    for (let start = 0; start < rows; start += step) {
      const end = Math.min(start + step, rows);
      const tensor = await answer(session, feeds(start, end), output, end - start, path);
      const raw = tensor.dims[1] ?? 1;
      gathered ??= gather(rows, raw, orderOf(file, raw, expects, path), expects, path);
      gathered.add(tensor.data as ArrayLike<number>);
    }
    return gathered?.scores() ?? { outputs: expects.outputs ?? 1, values: new Float64Array(0) };
  }

  try {
    if (question.kind === "columns") {
      const { inputs } = question;
      return {
        runtime: runtime.runtime,
        predict: async () => {
          throw new UserError(
            `${path} takes columns by name: ${inputs.map((input) => input.name).join(", ")}`,
          );
        },
        predictColumns: (table: Table) =>
          ask(table.rows, SLICE, (start, end) =>
            Object.fromEntries(
              inputs.map((input) => [
                input.name,
                columnTensor(runtime.Tensor, input, table, start, end, path),
              ]),
            ),
          ),
        close: () => session.release(),
      };
    }
    const { input, width, oneByOne } = question;
    const predict = async (features: Float32Array, rows: number): Promise<Scores> => {
      if (features.length !== rows * width)
        throw new UserError(
          `${path} takes ${width} features a row; there are ${features.length} in ${rows} rows`,
        );
      return ask(rows, oneByOne ? 1 : SLICE, (start, end) => {
        const slice = features.subarray(start * width, end * width);
        const tensor =
          input.type === "double"
            ? new runtime.Tensor("float64", Float64Array.from(slice), [end - start, width])
            : new runtime.Tensor("float32", slice, [end - start, width]);
        return { [input.name]: tensor };
      });
    };
    await predict(new Float32Array(width), 1); // its operators and its outputs are tried before they are relied on
    return { runtime: runtime.runtime, predict, close: () => session.release() };
  } catch (error) {
    await session.release();
    throw error;
  }
}

function inspected(bytes: Uint8Array, path: string): OnnxFile {
  try {
    return inspectOnnx(bytes);
  } catch (error) {
    if (error instanceof UserError) throw new UserError(`${path} cannot be used: ${error.message}`);
    throw error;
  }
}

async function created(
  { create, runtime }: Runtime,
  bytes: Uint8Array,
  path: string,
): Promise<InferenceSession> {
  try {
    return await create(bytes);
  } catch (error) {
    throw new UserError(`${path} cannot be loaded by ${runtime}: ${firstLine(error)}`, { cause: error });
  }
}

async function answer(
  session: InferenceSession,
  feeds: Record<string, Tensor>,
  output: string,
  rows: number,
  path: string,
): Promise<Tensor> {
  let tensor: Tensor | undefined;
  try {
    tensor = (await session.run(feeds, [output]))[output];
  } catch (error) {
    throw new UserError(`${path} cannot answer: ${firstLine(error)}`, { cause: error });
  }
  if (tensor === undefined || tensor.dims[0] !== rows || tensor.dims.length > 2)
    throw new UserError(
      `${path} answers ${rows} rows with shape [${tensor?.dims.join(", ") ?? ""}]; right is [rows, outputs]`,
    );
  return tensor;
}

/** For each score of the port, the column of the model's that it is read from. */
function orderOf(
  { classes }: OnnxFile,
  raw: number,
  expects: ModelExpectation,
  path: string,
): readonly number[] {
  const outputs = outputsOf(raw, expects, path);
  if (expects.task === "regression") return [0];
  const order = classOrder(classes, expects.classes, raw, path);
  return outputs === 1 && raw === 2 ? order.slice(1) : order;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}
