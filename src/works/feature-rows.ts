import type { Contract } from "../config/contract.ts";
import type { Recipe } from "../core/features/recipe.ts";
import { classNames, orderClasses } from "../core/measures/labels.ts";
import { predictsNumbers } from "../core/measures/task.ts";
import type { Matrix } from "../core/tables/matrix.ts";
import type { Engine } from "../ports/engine.ts";
import { readMatrix } from "../tables/read-matrix.ts";
import { onBehalfOf, StepError } from "../tables/step-error.ts";
import { type Side, targets } from "./score.ts";

/** The classes of all rows that there are, in the order of their indices; of several labels these; none for a regression. */
export async function classesOf(engine: Engine, contract: Contract): Promise<string[]> {
  if (predictsNumbers(contract.task)) return [];
  const { label, labels, positive } = contract.data.roles;
  if (labels !== undefined) return [...labels];
  const table = await engine.table(
    "SELECT DISTINCT __label AS label FROM features WHERE __label IS NOT NULL ORDER BY 1",
  );
  const column = table.columns.get("label");
  const found = column === undefined ? [] : classNames(column);
  if (found.length < 2) {
    const held = found.length === 0 ? "no value" : "one class";
    throw new StepError(
      `the label "${label}" has ${held} in the prepared rows; there is nothing to tell apart`,
      ["data", "roles", "label"],
    );
  }
  if (contract.task === "binary-classification" && found.length > 2) {
    throw new StepError(
      `the label "${label}" has ${found.length} classes, and binary-classification has two; say task: multiclass-classification, or make the label in a SQL file`,
      ["task"],
    );
  }
  const said = positive === undefined ? undefined : String(positive);
  return onBehalfOf(["data", "roles", said === undefined ? "label" : "positive"], () =>
    orderClasses(found, said),
  );
}

/** One side's features and labels as a trainer takes them. */
export async function matrixOf(
  engine: Engine,
  recipe: Recipe,
  contract: Contract,
  side: Side,
  classes: readonly string[],
): Promise<Matrix> {
  const { matrix, rows, width, label, weights } = await readMatrix(engine, "features", recipe, side);
  const labels = rows === 0 ? new Float64Array(0) : targets(label, contract, classes);
  return { matrix, rows, width, labels, ...(weights === undefined ? {} : { weights }) };
}
