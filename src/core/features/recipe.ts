import * as z from "zod";
import { UserError } from "../../errors.ts";
import type { Column, Table } from "../tables/column.ts";
import { isMissing, lengthOf } from "../tables/expression/vectors.ts";
import type { Made } from "./feature-step.ts";
import { featureNames } from "./specs.ts";
import { FEATURE_STEPS, type FittedFeature, fittedFeature } from "./steps.ts";
import { applyFittedValues, fittedValue } from "./values.ts";

/** A matrix wider than this fits no memory beside its rows. */
export const MAX_WIDTH = 100_000;

const recipe = z.object({
  schema: z.literal("trainyard/recipe/1"),
  inputs: z
    .array(z.object({ name: z.string().min(1), kind: z.enum(["number", "boolean", "text", "time"]) }))
    .max(MAX_WIDTH)
    .meta({ description: "The columns that a row must bring" }),
  values: z.array(fittedValue).max(MAX_WIDTH).meta({ description: "`prepare.values`, fitted" }),
  takes: z
    .enum(["features", "columns"])
    .meta({ description: "Whether the model takes a matrix of features, or the columns by name" }),
  features: z.array(fittedFeature).max(MAX_WIDTH),
  outputs: z
    .array(z.string().min(1))
    .min(1)
    .max(MAX_WIDTH)
    .meta({ description: "Names of what enters the model, in its order" }),
});

/** All that was learnt of the training rows, and how a raw row becomes what the model takes. */
export type Recipe = z.output<typeof recipe>;

/** Features of rows, as a model takes them. */
export interface Features {
  readonly names: readonly string[];
  readonly width: number;
  readonly rows: number;
  /** Row-major: `matrix[row * width + feature]`. */
  readonly matrix: Float32Array;
}

/**
 * Reads a recipe as it came out of an artifact.
 *
 * @param place what to call it in a message
 * @throws {UserError} where it is not JSON, not a recipe, or its steps do not fit one another
 * @example parseRecipe("{}", "models/wages/recipe.json") // throws "models/wages/recipe.json is not a recipe: schema"
 */
export function parseRecipe(text: string, place = "recipe.json"): Recipe {
  const wrong = (why: string, cause?: unknown): UserError =>
    new UserError(`${place} is not a recipe: ${why}; run \`trainyard features\` again, or pull the model`, {
      cause,
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw wrong("it is no JSON", cause);
  }
  const parsed = recipe.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw wrong(`${issue?.path.join(".") || "top level"}: ${issue?.message ?? "wrong"}`);
  }
  try {
    consistent(parsed.data);
  } catch (cause) {
    if (cause instanceof UserError) throw wrong(cause.message, cause);
    throw wrong("its steps do not fit one another", cause);
  }
  return parsed.data;
}

/** Whether the steps fit: tried on a table without rows. */
function consistent(found: Recipe): void {
  const empty = (kind: Column["kind"]): Column =>
    kind === "text" ? { kind, codes: new Int32Array(0), words: [] } : { kind, values: new Float64Array(0) };
  const columns = new Map(found.inputs.map(({ name, kind }) => [name, empty(kind)]));
  const after = applyValues(found, { rows: 0, columns });
  if (found.takes === "features") applyRecipe(found, { rows: 0, columns });
  const names =
    found.takes === "features" ? featureNames(found.features, new Set(after.columns.keys())) : found.outputs;
  if (names.join("\0") !== found.outputs.join("\0"))
    throw new UserError("outputs are not what its steps make");
  if (found.takes === "columns" && !names.every((name) => after.columns.has(name))) {
    throw new UserError("outputs name a column that there is not");
  }
}

/**
 * The inputs of a recipe after `prepare.values`: what a model that takes columns is given.
 *
 * @throws {UserError} on a column that is not there, or holds another kind than it was fitted on
 */
export function applyValues(recipe: Recipe, table: Table): Table {
  const columns = new Map(recipe.inputs.map(({ name, kind }) => [name, inputOf(table, name, kind)]));
  return applyFittedValues(recipe.values, { rows: table.rows, columns });
}

function inputOf(table: Table, name: string, kind: Column["kind"]): Column {
  const column = table.columns.get(name);
  if (column === undefined) throw new UserError(`column "${name}" is missing; the model was trained on it`);
  if (column.kind === kind) return column;
  const rows = lengthOf(column);
  for (let row = 0; row < rows; row++) {
    if (isMissing(column, row)) continue;
    throw new UserError(`column "${name}" holds ${column.kind}, and the model was trained on ${kind}`);
  }
  return kind === "text"
    ? { kind, codes: new Int32Array(rows).fill(-1), words: [] }
    : { kind, values: new Float64Array(rows).fill(NaN) };
}

/**
 * What rows are to the model: THE function of training, evaluation, batch and a single row. Every
 * value is computed on its own, so a row alone gives the bits that it gives among others.
 *
 * @param missing what becomes of a feature without a value: "refuse" it, or "keep" NaN in the matrix
 * @throws {UserError} on a column that is not there or of another kind, and on a feature without a
 *   value, naming it and the number of rows
 */
export function applyRecipe(recipe: Recipe, table: Table, missing: "refuse" | "keep" = "refuse"): Features {
  if (recipe.takes === "columns") {
    throw new UserError("the model takes columns, not features; its contract says `features: { in: model }`");
  }
  const columns = new Map(applyValues(recipe, table).columns);
  const raw = new Set(columns.keys());
  const { rows } = table;
  const places = new Map(recipe.outputs.map((name, place) => [name, place]));
  const width = recipe.outputs.length;
  const matrix = new Float32Array(rows * width);
  for (const step of recipe.features) {
    const made = make(step, columns);
    const [name = ""] = step.outputs;
    const place = places.get(name);
    if (made.kind === "values" && !raw.has(name)) columns.set(name, { kind: "number", values: made.values });
    if (place !== undefined) put(made, place, matrix, width);
  }
  const features = { names: recipe.outputs, width, rows, matrix };
  if (missing === "refuse") refuseMissing(recipe, features);
  return features;
}

function make(step: FittedFeature, columns: ReadonlyMap<string, Column>): Made {
  const kind = FEATURE_STEPS.get(step.step);
  const column = columns.get(step.column);
  if (kind === undefined || column === undefined) {
    throw new UserError(`there is no column "${step.column}" to ${step.step}`);
  }
  if (!kind.accepts.includes(column.kind)) {
    throw new UserError(
      `${step.step}: "${step.column}" holds ${column.kind}; it takes ${kind.accepts.join(", ")}`,
    );
  }
  const made = kind.apply(step, column);
  if ((made.kind === "hot" ? made.width : 1) === step.outputs.length) return made;
  throw new UserError(`${step.step}: "${step.column}" has not as many features as names`);
}

function put(made: Made, place: number, matrix: Float32Array, width: number): void {
  if (made.kind === "values") {
    const { values } = made;
    for (let row = 0; row < values.length; row++) matrix[row * width + place] = values[row] as number;
    return;
  }
  const { hot } = made;
  for (let row = 0; row < hot.length; row++) {
    const category = hot[row] as number;
    if (category >= 0) matrix[row * width + place + category] = 1;
  }
}

function refuseMissing(recipe: Recipe, { matrix, width, rows, names }: Features): void {
  for (let place = 0; place < width; place++) {
    let count = 0;
    let large = false;
    for (let at = place; at < matrix.length; at += width) {
      const value = matrix[at] as number;
      if (Number.isFinite(value)) continue;
      count++;
      if (!Number.isNaN(value)) large = true;
    }
    if (count === 0) continue;
    const name = names[place] ?? "";
    const column = recipe.features.find(({ outputs }) => outputs.includes(name))?.column ?? name;
    const where = rows === 1 ? "the row" : `${count} of ${rows} rows`;
    throw new UserError(
      large
        ? `feature "${name}" is too large for 32 bits in ${where}; clip "${column}" in prepare.values`
        : `feature "${name}" has no value in ${where}; give "${column}", or fill it in prepare.values`,
    );
  }
}
