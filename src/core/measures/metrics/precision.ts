import { BINARY, CLASSIFICATION } from "../task.ts";
import { allRows, macro, micro, ofPositive, ratio, smallestClass, weighted } from "./averages.ts";
import { type DecisionMetric, SCIKIT_LEARN } from "./metric.ts";

const byClass = (hits: number, decided: number) => ratio(hits, decided);
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
};

/** Precision, averaged over classes in three ways. */
export const precisionAverages: readonly DecisionMetric[] = [
  {
    name: "precision_macro",
    title: "Precision, macro",
    tasks: CLASSIFICATION,
    ...shared,
    support: smallestClass,
    of: macro(byClass),
  },
  {
    name: "precision_micro",
    title: "Precision, micro",
    tasks: CLASSIFICATION,
    ...shared,
    support: allRows,
    of: micro(byClass),
  },
  {
    name: "precision_weighted",
    title: "Precision, weighted",
    tasks: CLASSIFICATION,
    ...shared,
    support: smallestClass,
    of: weighted(byClass),
  },
];
