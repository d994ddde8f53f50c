import type { Classified } from "../scored.ts";
import { MULTICLASS } from "../task.ts";
import {
  type Measured,
  NO_ROWS,
  SCIKIT_LEARN,
  type ScoreMetric,
  shareOf,
  undefinedBecause,
} from "./metric.ts";

/**
 * The share of rows whose true class is among the k with the largest scores; of equal scores the
 * later class stands first, as in scikit-learn. NaN where there are no more classes than k, since
 * then every answer is right.
 */
function among(k: number): ScoreMetric {
  return {
    name: `top_${k}_accuracy`,
    title: `Accuracy of the first ${k}`,
    tasks: MULTICLASS,
    better: "higher",
    range: [0, 1],
    needs: "scores",
    probabilities: false,
    source: `${SCIKIT_LEARN}, top_k_accuracy_score(k=${k})`,
    onRequest: true,
    measure: (answers) => (answers.classes <= k ? trivial(answers) : shareOf(found(answers, k))),
  };
}

/** Top-k accuracy for 2, 3 and 5. */
export const topAccuracy: readonly ScoreMetric[] = [2, 3, 5].map(among);

function trivial({ rows, classes }: Classified): Measured {
  return undefinedBecause(rows === 0 ? NO_ROWS : `there are only ${classes} classes`);
}

function found({ rows, labels, columns }: Classified, k: number): Float64Array {
  const before = new Float64Array(rows); // classes that stand before the true one
  columns.forEach((column, c) => {
    for (let row = 0; row < rows; row++) {
      const label = labels[row] as number;
      const gap = (column?.[row] ?? 0) - (columns[label]?.[row] ?? 0);
      if (gap > 0 || (gap === 0 && c > label)) before[row] = (before[row] as number) + 1;
    }
  });
  return before.map((count) => (count < k ? 1 : 0));
}
