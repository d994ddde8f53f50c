import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { applyRecipe, applyValues, parseRecipe, type Recipe } from "../core/features/recipe.ts";
import { predictsNumbers, type Task } from "../core/measures/task.ts";
import { BUNDLE_FILE, type Bundle, parseBundle, RECIPE_FILE } from "../core/models/bundle.ts";
import { type EndpointOptions, endpointOf } from "../core/models/endpoint/address.ts";
import { ENDPOINT_FILE, parseEndpoint } from "../core/models/endpoint/file.ts";
import type { Table } from "../core/tables/column.ts";
import { UserError } from "../errors.ts";
import type { Engine } from "../ports/engine.ts";
import type { Ports } from "../ports/ports.ts";
import { outputsOf, predictionScores } from "./prediction-scores.ts";

/** A model's folder, opened: it answers for prepared rows. */
export interface OpenBundle {
  readonly bundle: Bundle;
  /** Columns of the prepared rows that it asks for; `__id` where it knows rows by their names. */
  readonly asks: readonly string[];
  /** Scores a row; see `Model.predict`. */
  readonly outputs: number;
  /** Whether it answers for any row; a file of predictions answers for the holdout's alone. */
  readonly general: boolean;
  /**
   * @param table prepared rows with the columns that it asks for
   * @throws {RowsRefused} where the recipe makes nothing of them
   * @throws {UserError} where the model does not answer
   */
  score(table: Table): Promise<Float64Array>;
  close(): Promise<void>;
}

/** A model that answers for any row, and needs no engine for it. */
export interface GeneralBundle extends OpenBundle {
  readonly general: true;
  readonly recipe: Recipe;
}

/** Rows of which the recipe makes nothing that a model could be asked about: so the model was not asked. */
export class RowsRefused extends UserError {}

/** Whether a model answers for any row. */
export const isGeneral = (model: OpenBundle): model is GeneralBundle => model.general;

/** Opens a model's folder. @throws {UserError} where something in it is not what it should be */
export async function openBundle(ports: Ports, engine: Engine, folder: string): Promise<OpenBundle> {
  const bundle = await readBundle(folder);
  if (bundle.kind !== "predictions") return openGeneral(ports, bundle, folder);
  const score = await predictionScores(engine, join(folder, bundle.file), bundle);
  return { bundle, asks: ["__id"], outputs: outputsOf(bundle), general: false, score, close: async () => {} };
}

/**
 * Opens the folder of a model that answers for any row, as a server needs it. All of it is in memory then.
 *
 * @throws {UserError} where it is a file of predictions, or something in it is not what it should be
 */
export async function openServable(ports: Ports, folder: string): Promise<GeneralBundle> {
  const bundle = await readBundle(folder);
  if (bundle.kind === "endpoint")
    throw new UserError(`"${bundle.model}" lies at an address, where it is served already`);
  if (bundle.kind !== "predictions") return openGeneral(ports, bundle, folder);
  throw new UserError(
    `"${bundle.model}" is a file of predictions, which answers for the holdout's rows alone; to be served, a training leaves an ONNX or TensorFlow.js model`,
  );
}

async function readBundle(folder: string): Promise<Bundle> {
  return parseBundle(await readFile(join(folder, BUNDLE_FILE), "utf8"), basename(folder));
}

/** Where the model itself is: a file of the folder, the folder, or an address. */
async function placeOf(
  { kind, file }: Bundle,
  folder: string,
  name: string,
): Promise<{ readonly path: string; readonly endpoint?: EndpointOptions }> {
  if (kind === "onnx") return { path: join(folder, file) };
  if (kind !== "endpoint") return { path: folder };
  const { url, token_from, output, takes, batch } = parseEndpoint(
    await readFile(join(folder, ENDPOINT_FILE), "utf8"),
    name,
  );
  endpointOf(url); // an address and no path, whoever wrote it
  return {
    path: url,
    endpoint: {
      ...(token_from === null ? {} : { tokenFrom: token_from }),
      ...(output === null ? {} : { output }),
      ...(takes === null ? {} : { takes }),
      ...(batch === null ? {} : { batch }),
    },
  };
}

/** What a model's file answers: an order and a forecast are numbers as any other. */
export const answered = (task: Task): Task => (predictsNumbers(task) ? "regression" : task);

async function openGeneral(ports: Ports, bundle: Bundle, folder: string): Promise<GeneralBundle> {
  const name = basename(folder);
  const outputs = outputsOf(bundle);
  const recipe = parseRecipe(await readFile(join(folder, RECIPE_FILE), "utf8"), `${name}/${RECIPE_FILE}`);
  const columns = recipe.takes === "columns";
  const { path, endpoint } = await placeOf(bundle, folder, name);
  const model = await ports.model(path, {
    task: answered(bundle.task),
    ...(columns ? {} : { width: recipe.outputs.length }),
    outputs,
    classes: bundle.classes,
    ...(bundle.scores === undefined ? {} : { scores: bundle.scores }),
    ...(endpoint === undefined ? {} : { endpoint }),
  });
  return {
    bundle,
    recipe,
    asks: recipe.inputs.map((input) => input.name),
    outputs,
    general: true,
    async score(table) {
      if (columns) {
        if (model.predictColumns !== undefined)
          return (await model.predictColumns(prepared(() => applyValues(recipe, table)))).values;
        throw new UserError(
          `${name} takes one tensor of features, but its contract says \`features: { in: model }\``,
        );
      }
      const { matrix, rows } = prepared(() => applyRecipe(recipe, table));
      return (await model.predict(matrix, rows)).values;
    },
    close: () => model.close(),
  };
}

function prepared<T>(rows: () => T): T {
  try {
    return rows();
  } catch (error) {
    if (error instanceof UserError) throw new RowsRefused(error.message, { cause: error });
    throw error;
  }
}
