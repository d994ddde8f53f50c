import { CLASSIFICATION } from "../task.ts";
import { smallestClass } from "./averages.ts";
import { type DecisionMetric, SCIKIT_LEARN } from "./metric.ts";

/**
 * Matthews' correlation between true and decided class, for any number of classes (Gorodkin's R_K).
 *
 * 0 where all rows are of one class or decided for one; NaN without rows.
 */
export const mcc: DecisionMetric = {
  name: "mcc",
  title: "Matthews correlation",
  tasks: CLASSIFICATION,
  better: "higher",
  range: [-1, 1],
  needs: "decisions",
  source: `${SCIKIT_LEARN}, matthews_corrcoef`,
  support: smallestClass,
  of: ({ rows, truth, decided, hits }) => {
    if (rows === 0) return Number.NaN;
    let right = 0;
    let both = 0;
    let trueSquares = 0;
    let decidedSquares = 0;
    for (let c = 0; c < truth.length; c++) {
      const [t, d] = [truth[c] as number, decided[c] as number];
      right += hits[c] as number;
      both += t * d;
      trueSquares += t * t;
      decidedSquares += d * d;
    }
    const spread = (rows * rows - decidedSquares) * (rows * rows - trueSquares);
    return spread === 0 ? 0 : (right * rows - both) / Math.sqrt(spread);
  },
};
