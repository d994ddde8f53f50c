import { BINARY } from "../task.ts";
import { averagesOf, type ByClass, ofPositive, ratio } from "./averages.ts";
import { type DecisionMetric, SCIKIT_LEARN } from "./metric.ts";

const byClass: ByClass = (hits, decided, truth, empty) => ratio(hits, decided + truth - hits, empty);
const shared = { source: `${SCIKIT_LEARN}, jaccard_score`, onRequest: true } as const;

/**
 * Jaccard's index: of the rows that are positive or decided so, the share that are both. 0 where
 * there are none; NaN without rows. Then its averages over classes.
 */
export const jaccard: readonly DecisionMetric[] = [
  {
    name: "jaccard",
    title: "Jaccard index",
    tasks: BINARY,
    better: "higher",
    range: [0, 1],
    needs: "decisions",
    ...shared,
    support: ({ decided, truth, hits }) => (decided[1] ?? 0) + (truth[1] ?? 0) - (hits[1] ?? 0),
    of: ofPositive(byClass),
    share: {
      of: ({ decided, truth, hits }) => ({
        count: hits[1] ?? 0,
        of: (decided[1] ?? 0) + (truth[1] ?? 0) - (hits[1] ?? 0),
      }),
    },
  },
  ...averagesOf({ name: "jaccard", title: "Jaccard index", ...shared }, byClass),
];
