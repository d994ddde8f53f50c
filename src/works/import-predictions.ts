import type { Contract } from "../config/contract.ts";
import type { Column } from "../core/tables/column.ts";
import type { Engine } from "../ports/engine.ts";
import { readPredictions } from "../tables/predictions.ts";
import { scoreColumn } from "./prediction-scores.ts";
import type { StageProject } from "./project.ts";

/** Checks a file of predictions and keeps it in the form in which `predictionScores` reads it. */
export async function importPredictions(
  { contract }: StageProject,
  engine: Engine,
  path: string,
  to: string,
  classes: readonly string[],
): Promise<void> {
  const { ids, scores } = await readPredictions(engine, path, {
    task: contract.task,
    classes,
    quantiles: quantilesOf(contract),
    holdout: "prepared",
  });
  const columns = new Map<string, Column>([["id", ids]]);
  for (let output = 0; output < scores.outputs; output++) {
    const values = new Float64Array(scores.values.length / scores.outputs);
    for (let row = 0; row < values.length; row++)
      values[row] = scores.values[row * scores.outputs + output] ?? Number.NaN;
    columns.set(scoreColumn(output), { kind: "number", values });
  }
  const rows = scores.values.length / scores.outputs;
  await engine.write(one({ rows, columns }), to);
}

/** The quantiles that the contract asks for, in percent. */
export const quantilesOf = ({ evaluate }: Pick<Contract, "evaluate">): readonly number[] =>
  (evaluate.forecast?.quantiles ?? []).map((share) => Number((share * 100).toPrecision(12)));

async function* one<T>(value: T): AsyncGenerator<T> {
  yield value;
}
