import { METRICS, metricsOf } from "../../core/measures/metrics/catalogue.ts";
import { predictsNumbers, type Task } from "../../core/measures/task.ts";
import { nearest } from "../../core/text/nearest.ts";
import { wordList } from "../words.ts";
import type { Check, Finding } from "./finding.ts";
import { needsCosts } from "./metrics.ts";

/** The tasks that each built-in trainer can learn, the reason why not, and what can instead. */
const TRAINERS: Readonly<Record<string, readonly Task[]>> = {
  logistic: ["binary-classification", "multiclass-classification"],
  linear: ["regression"],
  mlp: ["binary-classification", "multiclass-classification", "regression"],
};

/** The trainer can learn the task. */
export const trainer: Check = {
  reads: ["task", "train"],
  *find({ task, train }) {
    if (!("with" in train)) return;
    if (TRAINERS[train.with]?.includes(task) !== true) {
      const right = Object.keys(TRAINERS).filter((name) => TRAINERS[name]?.includes(task));
      const message =
        right.length === 0
          ? `no built-in trainer learns ${task}; right is \`run: COMMAND\`, which leaves predictions or an ONNX model`
          : `"${train.with}" does not learn ${task}; ${right.map((name) => `"${name}"`).join(" and ")} do`;
      yield { path: ["train", "with"], message };
    }
    if (train.params.class_weight === "balanced" && predictsNumbers(task)) {
      yield {
        path: ["train", "params", "class_weight"],
        message: "a regression has no classes to weigh; take it out",
      };
    }
  },
};

/** What looks at the validation rows has some. */
export const validationRows: Check = {
  reads: ["train.params", "split.validation", "evaluate.decision"],
  *find({ train, split, evaluate }) {
    if (split.validation > 0) return;
    if ("with" in train && train.params.early_stopping !== false) {
      const message = "early stopping looks at the validation rows, and split.validation is 0%";
      yield { path: ["train", "params", "early_stopping"], message };
    }
    if (!("threshold" in evaluate.decision)) {
      const message = "the threshold is chosen on the validation rows, and split.validation is 0%";
      yield { path: ["evaluate", "decision"], message };
    }
  },
};

/** The threshold is chosen by something that it moves. */
export const decision: Check = {
  reads: ["task", "data.roles.label", "evaluate.decision", "plan.costs"],
  *find({ task, data, evaluate, plan }) {
    const { decision: how } = evaluate;
    if ("threshold" in how) {
      if (typeof how.threshold !== "number") yield* byLabel(how.threshold, task, data.roles.labels);
      return;
    }
    if (task === "multilabel") {
      const message = eachMisfit(how);
      if (message !== undefined)
        yield { path: ["evaluate", "decision", "minimize" in how ? "minimize" : "maximize"], message };
      return;
    }
    if (task !== "binary-classification") {
      const message = `a threshold decides between two classes, and the task is ${task}; take it out`;
      yield { path: ["evaluate", "decision"], message };
    }
    if ("minimize" in how) {
      if (plan.costs !== undefined) return;
      const message = '"minimize: cost" needs plan.costs with false_positive and false_negative';
      yield { path: ["evaluate", "decision", "minimize"], message };
      return;
    }
    const metric = METRICS.get(how.maximize);
    if (metric === undefined || how.maximize === "cost") return; // `metrics.ts` says what is wrong with an unknown one
    if (metric.needs !== "decisions") {
      const message = `the threshold does not move "${how.maximize}"; maximize one of: ${moved().join(", ")}`;
      yield { path: ["evaluate", "decision", "maximize"], message };
    }
  },
};

/** Metrics of the decisions of two classes, which a threshold can make greatest. */
const moved = (): string[] =>
  metricsOf("binary-classification")
    .filter((one) => one.needs === "decisions" && one.better === "higher")
    .map(({ name }) => name);

/** The same of one of several labels: averages over a label's yes and no are not those over labels that they sound like. */
const movedOfLabel = (): string[] =>
  moved().filter((name) => !/_(macro|micro|weighted)$/.test(name) && !needsCosts(name));

/** The thresholds that are said by label are those of labels. */
function* byLabel(
  said: Readonly<Record<string, number>>,
  task: Task,
  labels: readonly string[] | undefined,
): Iterable<Finding> {
  const path = ["evaluate", "decision", "threshold"];
  if (task !== "multilabel") {
    const message = `thresholds by label are for a multilabel, and the task is ${task}; right is one number`;
    yield { path, message };
    return;
  }
  if (labels === undefined) return; // what is wrong with the label is said of itself
  const names = Object.keys(said);
  if (names.length === 0) {
    yield { path, message: "no label has a threshold here; name one, or say one number for all" };
  }
  for (const name of names) {
    if (labels.includes(name)) continue;
    const near = nearest(name, labels);
    const guess = near === undefined ? "" : `did you mean "${near}"? `;
    yield {
      path: [...path, name],
      message: `"${name}" is not a label; ${guess}the labels: ${wordList(labels)}`,
    };
  }
}

/** Why the thresholds of labels cannot be chosen like that; undefined where they can. */
function eachMisfit(how: { readonly maximize: string } | { readonly minimize: "cost" }): string | undefined {
  const right = movedOfLabel();
  if ("minimize" in how) {
    return `plan.costs are of one question, and a multilabel asks one for each label; maximize one of: ${right.join(", ")}`;
  }
  if (right.includes(how.maximize)) return undefined;
  const near = nearest(how.maximize, right);
  const guess = near === undefined ? "" : `did you mean "${near}"? `;
  return `"${how.maximize}" is not a metric of one label's decisions; ${guess}maximize one of: ${right.join(", ")}`;
}
