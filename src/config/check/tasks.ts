import type { Check } from "./finding.ts";

/** Several labels are for multilabel, which has nothing of what is of one label alone. */
export const severalLabels: Check = {
  reads: ["task", "data.roles", "split.stratify", "evaluate.slices"],
  *find({ task, data, split, evaluate }) {
    const { labels, sensitive } = data.roles;
    const path = ["data", "roles", "label"];
    if (task !== "multilabel") {
      if (labels === undefined) return;
      const message = `a ${task} has one label, and this is a list of ${labels.length}; say task: multilabel, or name one column`;
      yield { path, message };
      return;
    }
    if (labels === undefined) {
      const message = `multilabel has one column of 0 and 1 for each label; list them: "label: [${data.roles.label}, COLUMN]"`;
      yield { path, message };
      return;
    }
    for (const [index, name] of labels.entries()) {
      if (labels.indexOf(name) < index)
        yield { path: [...path, index], message: `"${name}" is listed twice` };
    }
    if (sensitive.length > 0) {
      const message =
        "groups are not compared where a row may carry several labels, since none of them is the one that selects; take it out, or judge one label as a binary-classification";
      yield { path: ["data", "roles", "sensitive"], message };
    }
    if (split.stratify !== undefined) {
      const message = "rows that carry several labels have no one class to stratify by; take it out";
      yield { path: ["split", "stratify"], message };
    }
    if (evaluate.slices !== undefined) {
      const message = "weak slices of rows that carry several labels are not looked at yet; take it out";
      yield { path: ["evaluate", "slices"], message };
    }
  },
};

/** What a ranking and a forecast need is there, and stands nowhere else. */
export const tasks: Check = {
  reads: ["task", "data.roles", "split.by", "evaluate.forecast", "evaluate.slices", "evaluate.weighted"],
  *find({ task, data, split, evaluate }) {
    const { roles } = data;
    const path = ["data", "roles"];
    if (task === "ranking") {
      if (roles.query === undefined) {
        yield { path, message: "a ranking orders the rows of a query; name its column: `query: COLUMN`" };
      } else if (roles.group !== roles.query) {
        const message = `the rows of a query stay together, so "query" is the group, too; take "group" out`;
        yield { path: [...path, "group"], message };
      }
      if (roles.weight !== undefined && evaluate.weighted !== false) {
        const message = "queries count the same in figures, whatever their rows weigh; say `weighted: false`";
        yield { path: [...path, "weight"], message };
      }
      const not = "of a ranking are not looked at yet; take it out";
      if (roles.sensitive.length > 0) yield { path: [...path, "sensitive"], message: `groups ${not}` };
      if (evaluate.slices !== undefined) {
        yield { path: ["evaluate", "slices"], message: `weak slices ${not}` };
      }
    } else if (roles.query !== undefined) {
      yield { path: [...path, "query"], message: `queries belong to a ranking, and the task is ${task}` };
    }
    if (task === "forecast") {
      if (roles.time === undefined) {
        yield { path, message: "a forecast is of a time to come; name its column: `time: COLUMN`" };
      }
      if (split.by !== "time") {
        const message = `a forecast is judged on what comes later: "by: time"; this split is by ${split.by}`;
        yield { path: ["split", "by"], message };
      }
      return;
    }
    if (roles.series !== undefined) {
      yield { path: [...path, "series"], message: `series belong to a forecast, and the task is ${task}` };
    }
    if (evaluate.forecast !== undefined) {
      yield { path: ["evaluate", "forecast"], message: `this is for a forecast, and the task is ${task}` };
    }
  },
};
