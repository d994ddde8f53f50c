import { counted } from "../../report/numbers.ts";
import { mcnemarExact } from "../../stats/mcnemar.ts";
import { CLASSIFICATION } from "../task.ts";
import { allRows, smallestClass } from "./averages.ts";
import { type DecisionMetric, type PairedTest, SCIKIT_LEARN } from "./metric.ts";

const mcnemar: PairedTest = ({ labels, decisions }, baseline) => {
  let [ours, theirs] = [0, 0];
  for (let row = 0; row < labels.length; row++) {
    const right = decisions[row] === labels[row];
    if (right === (baseline.decisions[row] === labels[row])) continue;
    if (right) ours++;
    else theirs++;
  }
  return {
    method: "McNemar, exact",
    p: mcnemarExact(ours, theirs),
    detail: `${counted(ours, "row")} only the candidate decides rightly, ${counted(theirs, "row")} only production`,
  };
};

/** The share of rows that were decided rightly. NaN without rows. */
export const accuracy: DecisionMetric = {
  name: "accuracy",
  title: "Accuracy",
  tasks: CLASSIFICATION,
  better: "higher",
  range: [0, 1],
  needs: "decisions",
  source: `${SCIKIT_LEARN}, accuracy_score`,
  support: allRows,
  of: ({ rows, hits }) => hits.reduce((a, b) => a + b, 0) / rows,
  share: { of: ({ rows, hits }) => ({ count: hits.reduce((a, b) => a + b, 0), of: rows }), among: "all" },
  test: mcnemar,
};

/** The plain mean of recall over the classes that any row belongs to. NaN without rows. */
export const balancedAccuracy: DecisionMetric = {
  name: "balanced_accuracy",
  title: "Balanced accuracy",
  tasks: CLASSIFICATION,
  better: "higher",
  range: [0, 1],
  needs: "decisions",
  source: `${SCIKIT_LEARN}, balanced_accuracy_score`,
  support: smallestClass,
  of: ({ truth, hits }) => {
    let sum = 0;
    let classes = 0;
    for (let c = 0; c < truth.length; c++) {
      const rows = truth[c] as number;
      if (rows === 0) continue;
      sum += (hits[c] as number) / rows;
      classes++;
    }
    return sum / classes;
  },
};
