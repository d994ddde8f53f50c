import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { applyRecipe, applyValues, parseRecipe } from "../core/features/recipe.ts";
import { BUNDLE_FILE, type Bundle, parseBundle, RECIPE_FILE } from "../core/models/bundle.ts";
import type { Table } from "../core/tables/column.ts";
import { UserError } from "../errors.ts";
import type { Engine } from "../ports/engine.ts";
import type { Ports } from "../ports/ports.ts";
import { predictionScores } from "./prediction-scores.ts";

/** A model's folder, opened: it answers for prepared rows. */
export interface OpenBundle {
  readonly bundle: Bundle;
  /** Columns of the prepared rows that it asks for; `__id` where it knows rows by their names. */
  readonly asks: readonly string[];
  /** Scores a row; see `Model.predict`. */
  readonly outputs: number;
  /** Whether it answers for any row; a file of predictions answers for the holdout's alone. */
  readonly general: boolean;
  /** @param table prepared rows with the columns that it asks for */
  score(table: Table): Promise<Float64Array>;
  close(): Promise<void>;
}

/** Opens a model's folder. @throws {UserError} where something in it is not what it should be */
export async function openBundle(ports: Ports, engine: Engine, folder: string): Promise<OpenBundle> {
  const name = basename(folder);
  const bundle = parseBundle(await readFile(join(folder, BUNDLE_FILE), "utf8"), name);
  const outputs = bundle.classes.length > 2 ? bundle.classes.length : 1;
  if (bundle.kind === "predictions") {
    const score = await predictionScores(engine, join(folder, bundle.file), bundle);
    return { bundle, asks: ["__id"], outputs, general: false, score, close: async () => {} };
  }
  const recipe = parseRecipe(await readFile(join(folder, RECIPE_FILE), "utf8"), `${name}/${RECIPE_FILE}`);
  const columns = recipe.takes === "columns";
  const model = await ports.model(bundle.kind === "onnx" ? join(folder, bundle.file) : folder, {
    task: bundle.task,
    ...(columns ? {} : { width: recipe.outputs.length }),
    outputs,
    classes: bundle.classes,
  });
  return {
    bundle,
    asks: recipe.inputs.map((input) => input.name),
    outputs,
    general: true,
    async score(table) {
      if (columns) {
        if (model.predictColumns !== undefined)
          return (await model.predictColumns(applyValues(recipe, table))).values;
        throw new UserError(
          `${name} takes one tensor of features, but its contract says \`features: { in: model }\``,
        );
      }
      const { matrix, rows } = applyRecipe(recipe, table);
      return (await model.predict(matrix, rows)).values;
    },
    close: () => model.close(),
  };
}
