import { METRICS } from "../../core/measures/metrics/catalogue.ts";

import { predictsNumbers, type Task } from "../../core/measures/task.ts";
import type { Check } from "./finding.ts";

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
  reads: ["task", "evaluate.decision", "plan.costs"],
  *find({ task, evaluate, plan }) {
    const { decision: how } = evaluate;
    if ("threshold" in how) return;
    if (task !== "binary-classification") {
      const message =
        task === "multilabel"
          ? "one threshold for all labels is not chosen by this version; say it: `decision: { threshold: 0.5 }`"
          : `a threshold decides between two classes, and the task is ${task}; take it out`;
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
      const moved = [...METRICS.values()].filter(
        (one) =>
          one.needs === "decisions" && one.better === "higher" && one.tasks.includes("binary-classification"),
      );
      const message = `the threshold does not move "${how.maximize}"; maximize one of: ${moved.map(({ name }) => name).join(", ")}`;
      yield { path: ["evaluate", "decision", "maximize"], message };
    }
  },
};
