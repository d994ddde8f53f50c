import type { Classified } from "../scored.ts";
import { CLASSIFICATION } from "../task.ts";
import { meanOf, SCIKIT_LEARN, type ScoreMetric } from "./metric.ts";

/**
 * The mean squared distance of probabilities from what happened: for two classes (p − y)², from 0
 * to 1; for more the sum of it over the classes, from 0 to 2. NaN without rows.
 */
export const brier: ScoreMetric = {
  name: "brier",
  title: "Brier score",
  tasks: CLASSIFICATION,
  better: "lower",
  range: [0, 2],
  needs: "scores",
  probabilities: true,
  addsUp: true,
  source: `${SCIKIT_LEARN}, brier_score_loss`,
  measure: (answers) => meanOf(distances(answers)),
};

function distances({ rows, labels, columns }: Classified): Float64Array {
  const distance = new Float64Array(rows);
  columns.forEach((column, c) => {
    if (column === undefined) return;
    for (let row = 0; row < rows; row++) {
      const gap = (column[row] as number) - (labels[row] === c ? 1 : 0);
      distance[row] = (distance[row] as number) + gap * gap;
    }
  });
  return distance;
}
