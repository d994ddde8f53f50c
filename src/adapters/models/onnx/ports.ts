import type { OnnxFile, Port } from "../../../core/models/onnx/inspect.ts";
import { quoted } from "../../../core/models/onnx/quoted.ts";
import { UserError } from "../../../errors.ts";
import type { ModelExpectation } from "../../../ports/model.ts";

const FLOATS = new Set(["float", "double"]);
const MATRICES = new Set(["float", "double", "int64", "int32", "string", "bool"]);
const MOST_AT_ONCE = 1_000_000; // rows of a fixed batch: padding to more of them would only cost

/** How a model wants to be asked: with rows of values of one kind, or with columns by name. */
export type Question = (
  | { readonly kind: "matrix"; readonly input: Port; readonly width: number | undefined }
  | { readonly kind: "columns"; readonly inputs: readonly Port[] }
) & {
  /** Rows of each question, where the model takes no other number of them. */
  readonly batch: number | undefined;
};

/**
 * How a model is to be asked, from its inputs.
 *
 * @throws {UserError} where neither way fits, or the width is not the contract's
 */
export function questionOf({ inputs }: OnnxFile, expects: ModelExpectation, path: string): Question {
  const [input] = inputs;
  if (input === undefined) throw new UserError(`${path} has no inputs`);
  const batch = batchOf(inputs, path);
  const single = inputs.every(({ shape }) => shape?.length === 1 || (shape?.length === 2 && shape[1] === 1));
  const matrix =
    inputs.length === 1 && MATRICES.has(input.type ?? "") && !(single && expects.width === undefined);
  if (!matrix || (expects.width !== undefined && input.type === "string")) {
    if (single && expects.width === undefined) return { kind: "columns", inputs, batch };
    throw new UserError(
      `${path} takes ${list(inputs)}; right is ${expects.width === undefined ? "a column by each name, of shape [rows, 1]" : `one float tensor of shape [rows, ${expects.width}]`}`,
    );
  }
  if (input.shape !== undefined && input.shape.length !== 2)
    throw new UserError(`${path} takes ${described(input)}; right is shape [rows, features]`);
  const known = input.shape?.[1] ?? undefined;
  if (known !== undefined && expects.width !== undefined && known !== expects.width)
    throw new UserError(
      `${path} takes ${known} features a row; the contract's features are ${expects.width}`,
    );
  return { kind: "matrix", input, width: expects.width ?? known, batch };
}

/** The number of rows that all inputs fix, if any does. */
function batchOf(inputs: readonly Port[], path: string): number | undefined {
  const fixed = new Set(inputs.flatMap(({ shape }) => shape?.[0] ?? []));
  const [rows, other] = fixed;
  if (rows === undefined) return undefined;
  if (other === undefined && rows > 0 && rows <= MOST_AT_ONCE) return rows;
  throw new UserError(
    `${path} takes exactly ${[...fixed].join(" and ")} rows at once; export it with the number of rows left open`,
  );
}

/**
 * The outputs with the scores: the only tensor of floats; of several the one named like probabilities; or
 * one column a class, in the order of the contract's classes.
 *
 * @throws {UserError} where there is none, with the way to get one
 */
export function scoresOutputs(
  { outputs, maps }: OnnxFile,
  { task, classes }: ModelExpectation,
  path: string,
): readonly string[] {
  const mapped = [...new Set(maps.values())];
  const [map, second] = mapped;
  if (map !== undefined && second === undefined) return [map];
  const floats = outputs.filter(({ type }) => FLOATS.has(type ?? ""));
  const [score, ...others] = floats;
  if (score !== undefined && others.length === 0) return [score.name];
  const named = floats.filter(({ name }) => /prob/i.test(name));
  if (named.length === 1) return named.map(({ name }) => name);
  const columns = classes?.map((name) =>
    floats.find((one) => [name, `s${name}`, `i${name}`].includes(one.name) && one.shape?.length !== 2),
  );
  if (columns?.length === floats.length && floats.length > 1)
    return columns.flatMap((one) => (one === undefined ? [] : [one.name]));
  if (score !== undefined)
    throw new UserError(
      `${path} gives ${list(floats)}; right is one tensor of scores, or one with "prob" in its name`,
    );
  throw new UserError(
    `${path} gives ${list(outputs) || "nothing"}; right is ${task === "regression" ? "a number of type float" : "probabilities of type float"}`,
  );
}

const list = (ports: readonly Port[]): string =>
  ports.slice(0, 20).map(described).join(", ") + (ports.length > 20 ? ", …" : "");

function described({ name, type, shape }: Port): string {
  const size = shape === undefined ? "" : ` [${shape.map((part) => part ?? "any").join(", ")}]`;
  return `${quoted(name)} (${type ?? "no tensor"}${size})`;
}
