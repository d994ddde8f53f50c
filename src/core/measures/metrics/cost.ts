import { BINARY } from "../task.ts";
import { allRows } from "./averages.ts";
import type { DecisionMetric } from "./metric.ts";

/** What wrong decisions cost, a row, in the unit of the contract's `plan.costs`. NaN without costs or rows. */
export const cost: DecisionMetric = {
  name: "cost",
  title: "Cost a row",
  tasks: BINARY,
  better: "lower",
  range: [0, Infinity],
  needs: "decisions",
  source: "plan.costs of the contract",
  needsCosts: true,
  support: allRows,
  of: ({ rows, truth, decided, hits }, costs) => {
    if (costs === undefined) return Number.NaN;
    const falsePositives = (decided[1] ?? 0) - (hits[1] ?? 0);
    const falseNegatives = (truth[1] ?? 0) - (hits[1] ?? 0);
    return (falsePositives * costs.false_positive + falseNegatives * costs.false_negative) / rows;
  },
};
