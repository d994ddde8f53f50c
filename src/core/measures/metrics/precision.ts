import { BINARY } from "../task.ts";
import { averagesOf, type ByClass, ofPositive, ratio } from "./averages.ts";
import { type DecisionMetric, SCIKIT_LEARN } from "./metric.ts";

const byClass: ByClass = (hits, decided, _truth, empty) => ratio(hits, decided, empty);
const shared = {
  better: "higher",
  range: [0, 1],
  needs: "decisions",
  source: `${SCIKIT_LEARN}, precision_score`,
} as const;

/** Of the rows decided positive, the share that are. 0 where none is decided positive; NaN without rows. */
export const precision: DecisionMetric = {
  name: "precision",
  title: "Precision",
  tasks: BINARY,
  ...shared,
  support: ({ decided }) => decided[1] ?? 0,
  of: ofPositive(byClass),
  share: { of: ({ hits, decided }) => ({ count: hits[1] ?? 0, of: decided[1] ?? 0 }) },
};

/** Precision, averaged over classes in three ways. */
export const precisionAverages = averagesOf(
  { name: "precision", title: "Precision", source: shared.source },
  byClass,
);
