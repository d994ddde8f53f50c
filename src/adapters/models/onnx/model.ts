import type { Tensor } from "onnxruntime-web";
import type { OnnxFile } from "../../../core/models/onnx/inspect.ts";
import type { SealedOnnx } from "../../../core/models/onnx/known.ts";
import { quoted } from "../../../core/models/onnx/quoted.ts";
import type { Table } from "../../../core/tables/column.ts";
import { UserError } from "../../../errors.ts";
import type { Model, ModelExpectation, Scores } from "../../../ports/model.ts";
import type { Bounds } from "../apart/child.ts";
import { type Gathering, gather, readingOf } from "../scores.ts";
import { readOnnx, runnable } from "./file.ts";
import { columnTensor, featuresTensor, matrixTensor, type Slice } from "./inputs.ts";
import { type Question, questionOf, scoresOutputs } from "./ports.ts";
import { OPTIONS, openRuntime, type Runtime, type RuntimeName, type Session } from "./runtime.ts";
import { firstLine, unloadable } from "./unloadable.ts";

const SLICE = 8192; // rows at once: what lies between the operators stays small

/**
 * A model from an ONNX file.
 *
 * @param name one runtime and no other; else the native one where it is there
 * @param bounds of a stranger's model, which runs in a process of its own
 * @throws {UserError} where the file is damaged, leaves itself, or is not what is expected
 */
export async function openOnnx(
  path: string,
  expects: ModelExpectation,
  name?: RuntimeName,
  bounds: Partial<Bounds> = {},
): Promise<Model> {
  const read = readOnnx(path);
  const { file } = read;
  const question = questionOf(file, expects, path);
  const outputs = scoresOutputs(file, expects, path);
  const bytes = runnable(read, path);
  const runtime = await openRuntime(name, expects.stranger === true ? bounds : undefined);
  const session = await created(runtime, bytes, file, path);
  const asked = { runtime, session, file, question, outputs, expects, path };
  try {
    const model = question.kind === "columns" ? ofColumns(asked, question) : ofMatrix(asked, question);
    // its operators and its outputs are tried before they are relied on
    if (question.kind === "matrix" && expects.width !== undefined)
      await model.predict(new Float32Array(expects.width), 1);
    return model;
  } catch (error) {
    await session.release();
    throw error;
  }
}

interface Asked {
  readonly runtime: Runtime;
  readonly session: Session;
  readonly file: OnnxFile;
  readonly question: Question;
  readonly outputs: readonly string[];
  readonly expects: ModelExpectation;
  readonly path: string;
}

function ofColumns(asked: Asked, { inputs }: Extract<Question, { kind: "columns" }>): Model {
  const { runtime, session, path } = asked;
  return {
    runtime: runtime.runtime,
    predict: async () => {
      throw new UserError(`${path} takes columns by name: ${inputs.map((input) => input.name).join(", ")}`);
    },
    predictColumns: (table) =>
      ask(asked, table.rows, (slice) =>
        Object.fromEntries(
          inputs.map((input) => [input.name, columnTensor(runtime.Tensor, input, table, slice, path)]),
        ),
      ),
    close: () => session.release(),
  };
}

function ofMatrix(asked: Asked, { input, width }: Extract<Question, { kind: "matrix" }>): Model {
  const { runtime, session, expects, path } = asked;
  const predict = async (features: Float32Array, rows: number): Promise<Scores> => {
    const columns = width ?? (rows === 0 ? 1 : features.length / rows);
    if (features.length !== rows * columns || !Number.isInteger(columns))
      throw new UserError(
        `${path} takes ${columns} features a row; there are ${features.length} in ${rows} rows`,
      );
    return ask(asked, rows, (slice) => ({
      [input.name]: featuresTensor(runtime.Tensor, input, features, columns, slice, path),
    }));
  };
  const predictColumns = async (table: Table): Promise<Scores> => {
    if (width !== undefined && table.columns.size !== width)
      throw new UserError(
        `${path} takes ${width} columns; there are ${table.columns.size}: ${[...table.columns.keys()].slice(0, 20).map(quoted).join(", ")}`,
      );
    return ask(asked, table.rows, (slice) => ({
      [input.name]: matrixTensor(runtime.Tensor, input, table, slice, path),
    }));
  };
  return {
    runtime: runtime.runtime,
    predict,
    ...(expects.width === undefined ? { predictColumns } : {}),
    close: () => session.release(),
  };
}

/** Asks for the rows of one slice after the other. */
async function ask(
  { session, file, question, outputs, expects, path }: Asked,
  rows: number,
  feeds: (slice: Slice) => Record<string, Tensor>,
): Promise<Scores> {
  const step = question.batch ?? SLICE;
  let gathered: Gathering | undefined;
  for (let start = 0; start < rows; start += step) {
    const end = Math.min(start + step, rows);
    const slice = { start, end, rows: question.batch ?? end - start };
    const { values, raw } = await answer(session, feeds(slice), outputs, slice, path);
    const named = outputs.length > 1 ? expects.classes : namedBy(file, expects, path);
    gathered ??= gather(rows, readingOf(raw, named, expects, path), expects, path);
    gathered.add(values);
  }
  return gathered?.scores() ?? { outputs: expects.outputs ?? 1, values: new Float64Array(0) };
}

/** The classes that the model names; where columns are one a class, they were put in the contract's order. */
function namedBy(
  { classes, outputs }: OnnxFile,
  { task }: ModelExpectation,
  path: string,
): readonly string[] | undefined {
  if (classes === undefined && task !== "regression" && outputs.some(({ type }) => type === "string"))
    throw new UserError(
      `${path} answers with the names of classes, and does not say in which order its scores are; export it with its classes, in Python \`to_onnx(model, X)\`, or train on the classes' numbers`,
    );
  return classes;
}

interface Answer {
  readonly values: ArrayLike<number>;
  /** Numbers a row. */
  readonly raw: number;
}

async function answer(
  session: Session,
  feeds: Record<string, Tensor>,
  outputs: readonly string[],
  { start, end, rows }: Slice,
  path: string,
): Promise<Answer> {
  let given: Readonly<Record<string, Tensor>>;
  try {
    given = await session.run(feeds, outputs);
  } catch (error) {
    throw new UserError(`${path} cannot answer: ${firstLine(error)}`, { cause: error });
  }
  const columns = outputs.map((name) => numbersOf(given[name], rows, path));
  const [only] = columns;
  if (only !== undefined && columns.length === 1)
    return { raw: only.raw, values: cut(only.values, (end - start) * only.raw) };
  const raw = columns.length;
  const values = new Float64Array((end - start) * raw);
  for (const [place, column] of columns.entries()) {
    if (column.raw !== 1)
      throw new UserError(`${path} gives ${column.raw} numbers a row for one class; right is one`);
    for (let row = 0; row < end - start; row++) values[row * raw + place] = column.values[row] ?? Number.NaN;
  }
  return { raw, values };
}

/** What only filled a batch up is left out. */
const cut = (values: ArrayLike<number>, length: number): ArrayLike<number> =>
  values.length === length ? values : Array.prototype.slice.call(values, 0, length);

/** An output of shape [rows], or [rows, outputs] with ones beside. */
function numbersOf(tensor: Tensor | undefined, rows: number, path: string): Answer {
  const [first, ...rest] = tensor?.dims ?? [];
  const plain = tensor !== undefined && (tensor.type === "float32" || tensor.type === "float64");
  if (!plain || first !== rows || rest.filter((size) => size !== 1).length > 1)
    throw new UserError(
      `${path} answers ${rows} rows with ${tensor?.type ?? "nothing"} of shape [${tensor?.dims.join(", ") ?? ""}]; right is float of shape [rows, outputs]`,
    );
  return { values: tensor.data as ArrayLike<number>, raw: rest.reduce((product, size) => product * size, 1) };
}

async function created(
  { create, runtime }: Runtime,
  bytes: SealedOnnx,
  file: OnnxFile,
  path: string,
): Promise<Session> {
  try {
    return await create(bytes, {
      ...OPTIONS,
      executionProviders: [runtime.startsWith("onnxruntime-web") ? "wasm" : "cpu"],
    });
  } catch (error) {
    throw unloadable(error, file, runtime, path);
  }
}
