import { BINARY, CLASSIFICATION } from "../task.ts";
import { allRows, macro, micro, ofPositive, ratio, smallestClass, weighted } from "./averages.ts";
import { type DecisionMetric, SCIKIT_LEARN } from "./metric.ts";

const byClass = (hits: number, _decided: number, truth: number) => ratio(hits, truth);
const shared = {
  better: "higher",
  range: [0, 1],
  needs: "decisions",
  source: `${SCIKIT_LEARN}, recall_score`,
} as const;

/** Of the positive rows, the share decided so. 0 where no row is positive; NaN without rows. */
export const recall: DecisionMetric = {
  name: "recall",
  title: "Recall",
  tasks: BINARY,
  ...shared,
  support: ({ truth }) => truth[1] ?? 0,
  of: ofPositive(byClass),
};

/** Recall, averaged over classes in three ways. */
export const recallAverages: readonly DecisionMetric[] = [
  {
    name: "recall_macro",
    title: "Recall, macro",
    tasks: CLASSIFICATION,
    ...shared,
    support: smallestClass,
    of: macro(byClass),
  },
  {
    name: "recall_micro",
    title: "Recall, micro",
    tasks: CLASSIFICATION,
    ...shared,
    support: allRows,
    of: micro(byClass),
  },
  {
    name: "recall_weighted",
    title: "Recall, weighted",
    tasks: CLASSIFICATION,
    ...shared,
    support: smallestClass,
    of: weighted(byClass),
  },
];
