import { type Evaluation, type EvaluationInput, evaluate } from "../core/measures/evaluation.ts";
import type { Task } from "../core/measures/task.ts";
import { weighing } from "../core/measures/weighing.ts";
import type { LabelThreshold } from "../core/models/label-thresholds.ts";
import { assembleReport } from "../core/report/assemble.ts";
import type { Report } from "../core/report/report.ts";

/** What is asked of files without a contract; a contract says all of this itself. */
export interface PlainQuestion
  extends Omit<EvaluationInput, "resamples" | "confidence" | "seed" | "minGroupSize"> {
  /** What the report calls the model: the file's name. */
  readonly name: string;
  readonly resamples: number;
  readonly baselineReason?: string;
  /** The candidate's, where labels have thresholds of their own. */
  readonly thresholds?: readonly LabelThreshold[];
  /** The column that says how much each row counts. */
  readonly weight?: string;
}

const DEFAULTS = { confidence: 0.95, seed: 7, minGroupSize: 1 }; // the files are the asker's own: all groups are shown

/** The report of predictions or of a model, without gates: it measures and judges nothing. */
export function plainReport(question: PlainQuestion): Report {
  const { name, baselineReason, weight, thresholds, ...input } = question;
  const evaluation: Evaluation = evaluate({ ...DEFAULTS, ...input });
  const state =
    input.baseline !== undefined ? "compared" : baselineReason === undefined ? "none" : "not comparable";
  return reportOf({
    name,
    task: input.task,
    classes: input.classes,
    rows: input.candidate.labels.length,
    threshold: input.candidate.threshold,
    thresholds,
    evaluation,
    baseline: { state, reason: baselineReason ?? null, commit: null, digest: null },
    warnings: [weighing(weight ?? "", input.candidate.weights) ?? []].flat(),
  });
}

/** What was measured of a plain file. */
interface Measured {
  readonly name: string;
  readonly task: Task;
  readonly classes: readonly string[];
  readonly rows: number;
  readonly threshold: number | undefined;
  /** Where labels have thresholds of their own, in place of the one. */
  readonly thresholds?: readonly LabelThreshold[] | undefined;
  readonly evaluation: Evaluation;
  readonly baseline?: Report["baseline"];
  readonly warnings?: Report["warnings"];
}

/** The report of what was measured of a plain file. */
export function reportOf({ name, task, classes, rows, evaluation, ...more }: Measured): Report {
  const { threshold = null, thresholds } = more;
  return assembleReport({
    model: name,
    task,
    owner: null,
    problem: null,
    subject: {
      digest: null,
      commit: null,
      trainer: null,
      rows: { train: null, validation: null, holdout: rows },
      positive: task === "binary-classification" ? (classes[1] ?? null) : null,
      threshold: thresholds === undefined ? threshold : null,
      ...(thresholds === undefined ? {} : { thresholds: [...thresholds] }),
      decided: null,
    },
    baseline: more.baseline ?? { state: "none", reason: null, commit: null, digest: null },
    changes: [],
    gates: [],
    ...evaluation,
    checks: [],
    history: [],
    warnings: more.warnings ?? [],
  });
}
