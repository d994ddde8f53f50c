import { CLASSIFICATION } from "../task.ts";
import { smallestClass } from "./averages.ts";
import { type DecisionMetric, SCIKIT_LEARN } from "./metric.ts";

/**
 * Cohen's kappa: how far the share of right decisions is above what decisions of the same totals
 * would reach by chance, as a share of what there is to reach. NaN where chance alone is always
 * right: all rows are of one class and decided for it.
 */
export const cohenKappa: DecisionMetric = {
  name: "cohen_kappa",
  title: "Cohen's kappa",
  tasks: CLASSIFICATION,
  better: "higher",
  range: [-1, 1],
  needs: "decisions",
  source: `${SCIKIT_LEARN}, cohen_kappa_score`,
  onRequest: true,
  undefined: "all rows are of one class and decided for it",
  support: smallestClass,
  of: ({ rows, truth, decided, hits }) => {
    let right = 0;
    let chance = 0;
    for (let c = 0; c < truth.length; c++) {
      right += hits[c] as number;
      chance += (truth[c] as number) * (decided[c] as number);
    }
    return (right * rows - chance) / (rows * rows - chance);
  },
};
