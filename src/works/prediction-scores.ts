import { classNames } from "../core/measures/labels.ts";
import type { Bundle } from "../core/models/bundle.ts";
import type { Table } from "../core/tables/column.ts";
import { UserError } from "../errors.ts";
import type { Engine } from "../ports/engine.ts";

/** Scores a row: one a label, or one a class of more than two; else one, and one a quantile. */
export const outputsOf = ({
  task,
  classes,
  quantiles,
}: Pick<Bundle, "task" | "classes" | "quantiles">): number =>
  classes.length > 2 || task === "multilabel" ? classes.length : 1 + (quantiles?.length ?? 0);

/** The name of the column of scores in a bundle's predictions: one, or one a class by its index. */
export const scoreColumn = (index: number): string => `score_${index}`;

/**
 * Answers from a file of predictions, by `__id`: for a training command that leaves no model. Rows that it has
 * and nobody asks about are those that have left the holdout since: what is compared is the same rows all the same.
 *
 * @returns a function from prepared rows to their scores, which throws where a row has none
 * @throws {UserError} where an id is missing or there twice, as in a file that somebody else wrote
 */
export async function predictionScores(
  engine: Engine,
  path: string,
  bundle: Bundle,
): Promise<(table: Table) => Promise<Float64Array>> {
  const { model } = bundle;
  const outputs = outputsOf(bundle);
  const relation = `predictions of ${model} ${path}`;
  await engine.load(relation, { paths: [path], format: "parquet" });
  const table = await engine.table(`SELECT * FROM "${relation.replaceAll('"', '""')}"`);
  const id = table.columns.get("id");
  if (id === undefined) throw new UserError(`the predictions of ${model} hold no id`);
  const names = classNames(id);
  const rows = new Map(names.map((name, row) => [name, row]));
  if (rows.size < names.length || rows.has(undefined))
    throw new UserError(
      `the predictions of ${model} do not tell rows apart: an id is missing, or there twice`,
    );
  const scores = Array.from({ length: outputs }, (_, index) => {
    const column = table.columns.get(scoreColumn(index));
    if (column === undefined || column.kind === "text")
      throw new UserError(`the predictions of ${model} hold no ${scoreColumn(index)}`);
    return column.values;
  });
  return async (asked) => {
    const ids = asked.columns.get("__id");
    const values = new Float64Array(asked.rows * outputs);
    for (const [row, name] of (ids === undefined ? [] : classNames(ids)).entries()) {
      const at = rows.get(name);
      if (at === undefined)
        throw new UserError(
          `${model} has no prediction for some of these rows; it was made for another holdout`,
        );
      for (let output = 0; output < outputs; output++)
        values[row * outputs + output] = scores[output]?.[at] ?? Number.NaN;
    }
    return values;
  };
}
