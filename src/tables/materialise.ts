import type { Contract } from "../config/contract.ts";
import { applyRecipe, applyValues, type Recipe } from "../core/features/recipe.ts";
import type { Column, Table } from "../core/tables/column.ts";
import { labelSql } from "../core/tables/labels.ts";
import { quoteName } from "../core/tables/sql/quote.ts";
import { UserError } from "../errors.ts";
import type { Engine } from "../ports/engine.ts";

export type Side = "train" | "validation" | "holdout" | "embargo";

/**
 * The rows as the model sees them, batch by batch in the order of `__row`: `__row`, `__split`,
 * `__label`, `__weight` where there is one, then the features (0 and 1 as booleans), rounded to 32
 * bits as they are in the matrix. A row's `__id` is found by its `__row` in the prepared rows: texts
 * of which each stands once cost more on their way than all features together. For a model that takes columns: its columns after `prepare.values`.
 *
 * @param split only this side's rows
 * @throws {UserError} where a feature has no value in some row
 */
export async function* materialise(
  engine: Engine,
  recipe: Recipe,
  relation: string,
  contract: Pick<Contract, "data">,
  split?: Side,
): AsyncGenerator<Table> {
  if (recipe.outputs.length > 10_000 && recipe.takes === "features") {
    throw new UserError(`features make ${recipe.outputs.length} columns; a file of them holds at most 10000`);
  }
  const { weight } = contract.data.roles;
  const own = [
    "__row AS __own_row",
    "__split AS __own_split",
    `${labelSql(contract.data.roles)} AS __own_label`,
    ...(weight === undefined ? [] : [`${quoteName(weight)} AS __own_weight`]),
  ];
  const inputs = recipe.inputs.map(({ name }) => quoteName(name));
  const where = split === undefined ? "" : ` WHERE __split = '${split}'`;
  const sql = `SELECT ${[...own, ...inputs].join(", ")} FROM ${quoteName(relation)}${where} ORDER BY __row`;
  const binary = binaryFeatures(recipe);
  for await (const batch of engine.batches(sql)) {
    const columns = new Map<string, Column>();
    for (const [name, column] of batch.columns) {
      if (name.startsWith("__own_")) columns.set(name.replace("__own_", "__"), column);
    }
    for (const [name, column] of made(recipe, batch, binary)) columns.set(name, column);
    yield { rows: batch.rows, columns };
  }
}

function made(recipe: Recipe, batch: Table, binary: ReadonlySet<string>): Iterable<[string, Column]> {
  if (recipe.takes === "columns") {
    const { columns } = applyValues(recipe, batch);
    return recipe.outputs.flatMap((name): [string, Column][] => {
      const column = columns.get(name);
      return column === undefined ? [] : [[name, column]];
    });
  }
  const { matrix, width, rows } = applyRecipe(recipe, batch);
  return recipe.outputs.map((name, place): [string, Column] => {
    const values = new Float64Array(rows);
    for (let row = 0; row < rows; row++) values[row] = matrix[row * width + place] as number;
    return [name, { kind: binary.has(name) ? "boolean" : "number", values }];
  });
}

/** Features that are 0 or 1: an eighth of the memory in a file and on its way there. */
function binaryFeatures(recipe: Recipe): ReadonlySet<string> {
  const steps = recipe.features.filter(
    ({ step }) => step === "one_hot" || step === "hash" || step === "missing",
  );
  return new Set(steps.flatMap(({ outputs }) => outputs));
}
