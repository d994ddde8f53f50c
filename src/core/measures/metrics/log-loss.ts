import type { Classified } from "../scored.ts";
import { CLASSIFICATION } from "../task.ts";
import { meanOf, SCIKIT_LEARN, type ScoreMetric } from "./metric.ts";

/**
 * The mean of −ln p, where p is the probability given to the true class.
 *
 * p is kept within 2⁻⁵² and 1 − 2⁻⁵², so a certainty that is wrong costs 36.04 and not infinity.
 * Rows are not scaled to add up to 1. NaN without rows.
 */
export const logLoss: ScoreMetric = {
  name: "log_loss",
  title: "Log loss",
  tasks: CLASSIFICATION,
  better: "lower",
  range: [0, Infinity],
  needs: "scores",
  probabilities: true,
  addsUp: true,
  source: `${SCIKIT_LEARN}, log_loss`,
  measure: (answers) => {
    const least = smallest(answers);
    const rough = least < FEW ? { rough: `rough for ${least} rows of a class` } : {};
    return { ...meanOf(losses(answers)), ...rough };
  },
};

/** With fewer rows of a class its losses have too long a tail for the percentiles of so few. */
const FEW = 30;

/** The rows of the smallest class that has any; of one class alone, those of the others are none. */
function smallest({ labels, classes }: Classified): number {
  const counts = new Float64Array(classes);
  for (const label of labels) counts[label] = (counts[label] as number) + 1;
  return counts.filter((count) => count > 0 || classes === 2).reduce((a, b) => Math.min(a, b), labels.length);
}

function losses({ rows, labels, columns }: Classified): Float64Array {
  const loss = new Float64Array(rows);
  const positive = columns[0] === undefined ? columns[1] : undefined;
  for (let row = 0; row < rows; row++) {
    const label = labels[row] as number;
    const score = (positive ?? (columns[label] as Float64Array))[row] as number;
    const p = positive !== undefined && label === 0 ? 1 - score : score;
    loss[row] = -Math.log(Math.min(Math.max(p, Number.EPSILON), 1 - Number.EPSILON));
  }
  return loss;
}
