import type { Check } from "./finding.ts";

/** The columns of a statement are sensitive ones, and its rate is one of the task. */
export const statements: Check = {
  reads: ["task", "data.roles.sensitive", "evaluate.statements"],
  *find({ task, data, evaluate }) {
    const asked = evaluate.statements?.ll144;
    if (asked === undefined) return;
    const path = ["evaluate", "statements", "ll144"];
    for (const key of ["sex", "race"] as const) {
      if (data.roles.sensitive.includes(asked[key])) continue;
      yield {
        path: [...path, key],
        message: `"${asked[key]}" is no sensitive column; add it to data.roles.sensitive`,
      };
    }
    if (asked.sex === asked.race) {
      yield { path: [...path, "race"], message: `"${asked.race}" is the column of sex already` };
    }
    const isBinary = task === "binary-classification";
    if (!isBinary && task !== "regression") {
      yield {
        path,
        message: `impact ratios are of a binary-classification or a regression, not of a ${task}`,
      };
    } else if (asked.rate === "selection" && !isBinary) {
      yield { path: [...path, "rate"], message: `a ${task} selects nobody; right is scoring` };
    }
  },
};
