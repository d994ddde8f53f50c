import { byGroupTasks } from "../../core/gates/by-group.ts";
import { type Condition, ConditionError, parseCondition } from "../../core/gates/condition.ts";
import { crossings } from "../../core/measures/fairness/columns.ts";
import { FAIRNESS } from "../../core/measures/fairness/table.ts";
import { METRICS, metricNamed, metricsOf, tasksOf } from "../../core/measures/metrics/catalogue.ts";
import { labelMetric, OF_LABEL } from "../../core/measures/metrics/of-label.ts";
import type { Task } from "../../core/measures/task.ts";
import { nearest } from "../../core/text/nearest.ts";
import { UserError } from "../../errors.ts";
import type { Contract } from "../contract.ts";
import { wordList } from "../words.ts";
import type { Check, Finding } from "./finding.ts";

/** The metrics that are named exist, and are metrics of the task. */
export const metrics: Check = {
  reads: [
    "task",
    "data.roles.label",
    "evaluate.custom",
    "evaluate.metrics",
    "evaluate.decision",
    "plan.costs",
  ],
  *find({ task, data, evaluate, plan }) {
    for (const [index, name] of (evaluate.metrics ?? []).entries()) {
      const path = ["evaluate", "metrics", index];
      if (Object.hasOwn(evaluate.custom ?? {}, name)) continue;
      if (task === "multilabel" && labelMetric(name, data.roles.labels ?? []) !== undefined) continue;
      const message = unknownMetric(name, task, Object.keys(evaluate.custom ?? {}));
      if (message !== undefined) yield { path, message };
      else if (needsCosts(name) && plan.costs === undefined) yield { path, message: costsMissing(name) };
    }
    if (!("maximize" in evaluate.decision) || task !== "binary-classification") return;
    const path = ["evaluate", "decision", "maximize"];
    const { maximize: name } = evaluate.decision;
    const message = unknownMetric(name, task);
    if (message !== undefined) yield { path, message };
    else if (name === "cost") yield { path, message: 'a cost is not maximized; write "minimize: cost"' };
    else if (needsCosts(name) && plan.costs === undefined) yield { path, message: costsMissing(name) };
  },
};

export function needsCosts(name: string): boolean {
  const metric = METRICS.get(name);
  return metric?.needs === "decisions" && metric.needsCosts !== undefined;
}

export const costsMissing = (name: string): string =>
  `"${name}" needs plan.costs with false_positive and false_negative`;

/** Why a name is no metric of a task; those of one's own are named where there are any. */
export function unknownMetric(name: string, task: Task, own: readonly string[] = []): string | undefined {
  try {
    metricNamed(name, task);
    return undefined;
  } catch (error) {
    if (error instanceof UserError) {
      const said = `${error.message}${ofOneLabel(task)}`;
      return own.length === 0 ? said : `${said}, and of your own: ${own.join(", ")}`;
    }
    throw error;
  }
}

/** What can be asked of one label, for those who did not. */
const ofOneLabel = (task: Task): string =>
  task === "multilabel" ? `; of one label: ${OF_LABEL.join(", ")}, as in "recall of LABEL"` : "";

/** What groups are made of is sensitive, and a column is crossed with others. */
export const groups: Check = {
  reads: [
    "data.roles.sensitive",
    "evaluate.groups.intersections",
    "evaluate.groups.control",
    "evaluate.groups.reference",
  ],
  *find({ data, evaluate }) {
    const { sensitive } = data.roles;
    const { intersections, control, reference } = evaluate.groups;
    const path = ["evaluate", "groups"];
    for (const [set, names] of (typeof intersections === "boolean" ? [] : intersections).entries()) {
      for (const [at, name] of names.entries()) {
        const message = notSensitive(name, sensitive);
        if (message !== undefined) yield { path: [...path, "intersections", set, at], message };
        else if (names.indexOf(name) < at) {
          yield { path: [...path, "intersections", set, at], message: `"${name}" is crossed with itself` };
        }
      }
    }
    if (intersections === true && sensitive.length > MOST_CROSSED) {
      const message = `${sensitive.length} sensitive columns have too many intersections; list the ones that matter`;
      yield { path: [...path, "intersections"], message };
    }
    for (const [at, name] of control.entries()) {
      const message = notSensitive(name, sensitive);
      if (message !== undefined) yield { path: [...path, "control", at], message };
    }
    for (const name of typeof reference === "string" ? [] : Object.keys(reference)) {
      const known = [...sensitive, ...crossings(sensitive, intersections).map((one) => one.name)];
      const message = notSensitive(name, known);
      if (message !== undefined) yield { path: [...path, "reference", name], message };
    }
  },
};

const MOST_CROSSED = 4; // eleven intersections

function notSensitive(name: string, sensitive: readonly string[]): string | undefined {
  if (sensitive.includes(name)) return undefined;
  const near = nearest(name, sensitive);
  const guess = near === undefined ? "" : `did you mean "${near}"? `;
  const there =
    sensitive.length === 0
      ? "no column is sensitive; name it under data.roles.sensitive"
      : `the sensitive columns: ${wordList(sensitive)}`;
  return `"${name}" is not under data.roles.sensitive; ${guess}${there}`;
}

/** Each gate can be read, and can be answered with what the contract says. */
export const gates: Check = {
  reads: [
    "task",
    "evaluate.custom",
    "data.roles.label",
    "data.roles.sensitive",
    "evaluate.gates[].gate",
    "evaluate.groups.intersections",
    "plan.costs",
  ],
  *find(contract) {
    const own = Object.entries(contract.evaluate.custom ?? {}).map(([name, { better }]) => ({
      name,
      better,
    }));
    for (const [index, { gate }] of contract.evaluate.gates.entries()) {
      const path = ["evaluate", "gates", index, "gate"];
      try {
        const found = unanswerable(parseCondition(gate, own), contract);
        if (found !== undefined) yield { path, ...found };
      } catch (error) {
        if (!(error instanceof ConditionError)) throw error;
        yield { path, offset: error.offset, message: error.message };
      }
    }
  },
};

function unknownLabel(
  text: string,
  label: string,
  task: Task,
  labels: readonly string[],
): Omit<Finding, "path"> | undefined {
  const offset = text.indexOf(label, text.indexOf(" of "));
  if (task !== "multilabel") {
    return { offset, message: `"of ${label}" asks one of several labels, and the task is ${task}` };
  }
  if (labels.includes(label)) return undefined;
  const near = nearest(label, labels);
  const guess = near === undefined ? "" : `did you mean "${near}"? `;
  return { offset, message: `"${label}" is not a label; ${guess}the labels: ${wordList(labels)}` };
}

function unanswerable(
  { text, metric, label, by, groups, custom }: Condition,
  { task, data, plan, evaluate }: Contract,
): Omit<Finding, "path"> | undefined {
  if (label !== undefined) return unknownLabel(text, label, task, data.roles.labels ?? []);
  const offset = text.indexOf(metric);
  const tasks =
    groups === undefined
      ? [...tasksOf(metric), ...(FAIRNESS.get(metric)?.tasks ?? [])]
      : byGroupTasks(groups);
  if (custom === undefined && !tasks.includes(task)) {
    const names = [
      ...metricsOf(task),
      ...[...FAIRNESS.values()].filter((measure) => measure.tasks.includes(task)),
    ];
    const available = wordList(names.map(({ name }) => name));
    return {
      offset,
      message: `"${metric}" is not a metric of ${task}; available: ${available}${ofOneLabel(task)}`,
    };
  }
  if (needsCosts(metric) && plan.costs === undefined) return { offset, message: costsMissing(metric) };
  if (by === undefined) return undefined;
  const crossed = crossings(data.roles.sensitive, evaluate.groups.intersections).map(({ name }) => name);
  const message = notSensitive(by, [...data.roles.sensitive, ...crossed]);
  return message === undefined ? undefined : { offset: text.indexOf(by, text.indexOf(" by ")), message };
}
