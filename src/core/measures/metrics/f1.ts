import { BINARY } from "../task.ts";
import { averagesOf, type ByClass, ofPositive, ratio } from "./averages.ts";
import { type DecisionMetric, SCIKIT_LEARN } from "./metric.ts";

const byClass: ByClass = (hits, decided, truth, empty) => ratio(2 * hits, decided + truth, empty);
const shared = {
  better: "higher",
  range: [0, 1],
  needs: "decisions",
  source: `${SCIKIT_LEARN}, f1_score`,
} as const;

/** The harmonic mean of precision and recall: 2·hits / (decided + true). 0 where both are 0; NaN without rows. */
export const f1: DecisionMetric = {
  name: "f1",
  title: "F1",
  tasks: BINARY,
  ...shared,
  support: ({ decided, truth, hits }) => (decided[1] ?? 0) + (truth[1] ?? 0) - (hits[1] ?? 0),
  of: ofPositive(byClass),
};

/** F1, averaged over classes in three ways. */
export const f1Averages = averagesOf({ name: "f1", title: "F1", source: shared.source }, byClass);
