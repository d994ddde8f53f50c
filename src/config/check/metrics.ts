import { ConditionError, parseCondition } from "../../core/gates/condition.ts";
import { FAIRNESS } from "../../core/measures/fairness/table.ts";
import { METRICS, metricNamed } from "../../core/measures/metrics/catalogue.ts";
import type { Task } from "../../core/measures/task.ts";
import { nearest } from "../../core/text/nearest.ts";
import { UserError } from "../../errors.ts";
import type { Contract } from "../contract.ts";
import { wordList } from "../words.ts";
import type { Check, Finding } from "./finding.ts";

/** The metrics that are named exist, and are metrics of the task. */
export const metrics: Check = {
  reads: ["task", "evaluate.metrics", "evaluate.decision", "plan.costs"],
  *find({ task, evaluate, plan }) {
    for (const [index, name] of (evaluate.metrics ?? []).entries()) {
      const path = ["evaluate", "metrics", index];
      const message = unknownMetric(name, task);
      if (message !== undefined) yield { path, message };
      else if (name === "cost" && plan.costs === undefined) yield { path, message: COST };
    }
    if (!("maximize" in evaluate.decision) || task !== "binary-classification") return;
    const path = ["evaluate", "decision", "maximize"];
    const { maximize: name } = evaluate.decision;
    const message = unknownMetric(name, task);
    if (message !== undefined) yield { path, message };
    else if (name === "cost") yield { path, message: 'a cost is not maximized; write "minimize: cost"' };
  },
};

const COST = '"cost" needs plan.costs with false_positive and false_negative';

function unknownMetric(name: string, task: Task): string | undefined {
  try {
    metricNamed(name, task);
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

/** Each gate can be read, and can be answered with what the contract says. */
export const gates: Check = {
  reads: ["task", "data.roles.sensitive", "evaluate.gates[].gate", "plan.costs"],
  *find(contract) {
    for (const [index, { gate }] of contract.evaluate.gates.entries()) {
      const path = ["evaluate", "gates", index, "gate"];
      try {
        const found = unanswerable(parseCondition(gate), contract);
        if (found !== undefined) yield { path, ...found };
      } catch (error) {
        if (!(error instanceof ConditionError)) throw error;
        yield { path, offset: error.offset, message: error.message };
      }
    }
  },
};

function unanswerable(
  { text, metric, by }: { readonly text: string; readonly metric: string; readonly by?: string },
  { task, data, plan }: Contract,
): Omit<Finding, "path"> | undefined {
  const offset = text.indexOf(metric);
  const measure = METRICS.get(metric) ?? FAIRNESS.get(metric);
  if (measure?.tasks.includes(task) !== true) {
    const names = [...METRICS.values(), ...FAIRNESS.values()].filter(({ tasks }) => tasks.includes(task));
    const available = wordList(names.map(({ name }) => name));
    return { offset, message: `"${metric}" is not a metric of ${task}; available: ${available}` };
  }
  if (metric === "cost" && plan.costs === undefined) return { offset, message: COST };
  if (by === undefined || data.roles.sensitive.includes(by)) return undefined;
  const near = nearest(by, data.roles.sensitive);
  const guess = near === undefined ? "" : `did you mean "${near}"? `;
  const there =
    data.roles.sensitive.length === 0
      ? "no column is sensitive; name it under data.roles.sensitive"
      : `the sensitive columns: ${wordList(data.roles.sensitive)}`;
  return {
    offset: text.indexOf(by, text.indexOf(" by ")),
    message: `"${by}" is not under data.roles.sensitive; ${guess}${there}`,
  };
}
