import { predictsNumbers } from "../../core/measures/task.ts";
import type { Check } from "./finding.ts";

/** The columns of the slices may be told of, and the loss is one of the task. */
export const slices: Check = {
  reads: ["task", "data.roles", "data.personal", "evaluate.slices"],
  *find({ task, data, evaluate }) {
    if (evaluate.slices === undefined) return;
    const { columns, loss } = evaluate.slices;
    const { label, id, time, group, weight, leaks } = data.roles;
    const never = new Map(
      [
        [label, "is the label"],
        [id, "names the rows"],
        [time, "is the time of the rows"],
        [group, "names the groups of rows"],
        [weight, "is the weight of the rows"],
        ...leaks.map((column) => [column, "knows the answer (data.roles.leaks)"]),
        ...Object.keys(data.personal).map((column) => [column, "is personal (data.personal)"]),
      ].map(([column, why]) => [column, why] as const),
    );
    for (const [index, column] of (columns === "auto" ? [] : columns).entries()) {
      const why = never.get(column);
      if (why === undefined) continue;
      yield {
        path: ["evaluate", "slices", "columns", index],
        message: `no slice is made of "${column}", since it ${why}; take it out`,
      };
    }
    const ofNumbers = loss === "absolute_error" || loss === "squared_error";
    if (loss !== undefined && ofNumbers !== predictsNumbers(task)) {
      const right = predictsNumbers(task) ? "absolute_error or squared_error" : "error or log_loss";
      yield {
        path: ["evaluate", "slices", "loss"],
        message: `"${loss}" is not a loss of a ${task}; right is ${right}`,
      };
    }
  },
};
