import type { Check } from "./finding.ts";

/** What is drawn for intervals is there, and only one thing is. */
export const resampling: Check = {
  reads: ["task", "data.roles.group", "data.roles.time", "evaluate.bootstrap"],
  *find({ task, data, evaluate }) {
    const { stratify, block } = evaluate.bootstrap;
    const { group, time } = data.roles;
    const path = ["evaluate", "bootstrap"];
    if (stratify !== undefined && task !== "binary-classification" && task !== "multiclass-classification") {
      const message = `"stratify" keeps the number of rows of each class, and the task is ${task}; take it out`;
      yield { path: [...path, "stratify"], message };
    }
    if (block !== undefined && time === undefined) {
      yield { path: [...path, "block"], message: 'blocks of time need data.roles.time: "time: COLUMN"' };
    }
    const named = [
      ...(group === undefined ? [] : ["groups (data.roles.group)"]),
      ...(block === undefined ? [] : ["blocks of time"]),
      ...(stratify === undefined ? [] : ["rows of each class"]),
    ];
    if (named.length < 2 || (block === undefined && stratify === undefined)) return;
    const message = `samples are drawn of ${named.join(" and of ")}; only one of them can be drawn`;
    yield { path: [...path, block === undefined ? "stratify" : "block"], message };
  },
};
