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
  needsCosts: "costs",
  support: allRows,
  of: ({ rows, truth, decided, hits }, costs) => {
    if (costs === undefined) return Number.NaN;
    const falsePositives = (decided[1] ?? 0) - (hits[1] ?? 0);
    const falseNegatives = (truth[1] ?? 0) - (hits[1] ?? 0);
    return (falsePositives * costs.false_positive + falseNegatives * costs.false_negative) / rows;
  },
};

/**
 * What right decisions bring less what wrong ones cost, per 1,000 rows, in the unit of the contract's
 * `plan.costs`. NaN without costs or rows.
 */
export const netBenefit: DecisionMetric = {
  name: "net_benefit",
  title: "Net benefit per 1,000 rows",
  tasks: BINARY,
  better: "higher",
  range: [-Infinity, Infinity],
  needs: "decisions",
  source: "plan.costs of the contract",
  needsCosts: "benefits",
  support: allRows,
  of: ({ rows, truth, decided, hits }, costs) => {
    if (costs === undefined) return Number.NaN;
    const [trueNegatives = 0, truePositives = 0] = hits;
    const falsePositives = (decided[1] ?? 0) - truePositives;
    const falseNegatives = (truth[1] ?? 0) - truePositives;
    const brought = truePositives * (costs.true_positive ?? 0) + trueNegatives * (costs.true_negative ?? 0);
    const lost = falsePositives * costs.false_positive + falseNegatives * costs.false_negative;
    return (1000 * (brought - lost)) / rows;
  },
};
