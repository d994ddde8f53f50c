import type { Check } from "./finding.ts";

/** Thresholds for each group are of two classes, and are found on validation rows. */
export const tradeOff: Check = {
  reads: ["task", "data.roles.sensitive", "split", "evaluate.groups.trade_off"],
  *find({ task, data, split, evaluate }) {
    if (evaluate.groups.trade_off === undefined) return;
    const path = ["evaluate", "groups", "trade_off"];
    if (task !== "binary-classification") {
      yield {
        path,
        message: `thresholds for each group are of two classes, and the task is ${task}; take it out`,
      };
    }
    if (data.roles.sensitive.length === 0) {
      yield { path, message: "there are no groups; name columns in data.roles.sensitive" };
    }
    if (split.validation === 0) {
      yield { path, message: "thresholds are found on validation rows, and split.validation keeps none" };
    }
  },
};
