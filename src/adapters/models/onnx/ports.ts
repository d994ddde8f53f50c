import { UserError } from "../../../errors.ts";
import type { ModelExpectation } from "../../../ports/model.ts";
import type { OnnxFile, Port } from "./inspect.ts";

const NUMBERS = new Set(["float", "double"]);

/** How a model wants to be asked: with rows of numbers, or with columns by name. */
export type Question =
  | { readonly kind: "matrix"; readonly input: Port; readonly width: number; readonly oneByOne: boolean }
  | { readonly kind: "columns"; readonly inputs: readonly Port[] };

/**
 * How a model is to be asked, from its inputs.
 *
 * @throws {UserError} where neither way fits, or the width is not the contract's
 */
export function questionOf({ inputs }: OnnxFile, expects: ModelExpectation, path: string): Question {
  const [input] = inputs;
  if (input === undefined) throw new UserError(`${path} has no inputs`);
  const single = inputs.every(({ shape }) => shape?.length === 1 || (shape?.length === 2 && shape[1] === 1));
  const matrix =
    inputs.length === 1 && NUMBERS.has(input.type ?? "") && !(single && expects.width === undefined);
  if (!matrix) {
    if (single && expects.width === undefined) return { kind: "columns", inputs };
    throw new UserError(
      `${path} takes ${inputs.map(described).join(", ")}; right is ${expects.width === undefined ? "a column by each name, of shape [rows, 1]" : `one float tensor of shape [rows, ${expects.width}]`}`,
    );
  }
  if (input.shape !== undefined && input.shape.length !== 2)
    throw new UserError(`${path} takes ${described(input)}; right is shape [rows, features]`);
  const [rows, known] = input.shape ?? [];
  if (known != null && expects.width !== undefined && known !== expects.width)
    throw new UserError(
      `${path} takes ${known} features a row; the contract's features are ${expects.width}`,
    );
  if (rows != null && rows > 1)
    throw new UserError(
      `${path} takes exactly ${rows} rows at once; export it with the number of rows left open`,
    );
  const width = expects.width ?? known;
  if (width == null) throw new UserError(`${path} does not say how many features it takes`);
  return { kind: "matrix", input, width, oneByOne: rows === 1 };
}

/**
 * The output with the scores: the only tensor of floats, or of several the one named like
 * probabilities.
 *
 * @throws {UserError} where there is none, with the way to get one from ZipMap or labels alone
 */
export function scoresOutput({ outputs }: OnnxFile, { task }: ModelExpectation, path: string): Port {
  const floats = outputs.filter(({ type }) => NUMBERS.has(type ?? ""));
  const named = floats.filter(({ name }) => /prob/i.test(name));
  const [score, ...others] = floats.length > 1 && named.length === 1 ? named : floats;
  if (score !== undefined && others.length === 0) return score;
  if (score !== undefined)
    throw new UserError(
      `${path} gives ${floats.map(described).join(", ")}; right is one tensor of scores, or one with "prob" in its name`,
    );
  if (outputs.some(({ type }) => type === undefined))
    throw new UserError(
      `${path} gives its probabilities as a list of maps (ZipMap), which is not read; export it with zipmap: False, in Python \`to_onnx(model, X, options={"zipmap": False})\``,
    );
  throw new UserError(
    `${path} gives ${outputs.map(described).join(", ") || "nothing"}; right is ${task === "regression" ? "a number of type float" : "probabilities of type float"}`,
  );
}

function described({ name, type, shape }: Port): string {
  const size = shape === undefined ? "" : ` [${shape.map((part) => part ?? "any").join(", ")}]`;
  return `"${name}" (${type ?? "no tensor"}${size})`;
}
