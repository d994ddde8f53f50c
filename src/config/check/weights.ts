import type { Check } from "./finding.ts";

/** What rows count by is named. */
export const weights: Check = {
  reads: ["data.roles.weight", "evaluate.weighted"],
  *find({ data, evaluate }) {
    if (evaluate.weighted !== true || data.roles.weight !== undefined) return;
    const message = "rows count by no column; name it in data.roles: `weight: COLUMN`";
    yield { path: ["evaluate", "weighted"], message };
  },
};
