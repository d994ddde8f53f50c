import { BINARY } from "../task.ts";
import { averagesOf, type ByClass, ofPositive, ratio } from "./averages.ts";
import { type DecisionMetric, SCIKIT_LEARN } from "./metric.ts";

const byClass: ByClass = (hits, _decided, truth, empty) => ratio(hits, truth, empty);
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
  share: { of: ({ hits, truth }) => ({ count: hits[1] ?? 0, of: truth[1] ?? 0 }), among: 1 },
};

/** Recall, averaged over classes in three ways. */
export const recallAverages = averagesOf({ name: "recall", title: "Recall", source: shared.source }, byClass);
