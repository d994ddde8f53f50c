import type { Cells, Confusion } from "./confusion.ts";
import { confusionCells, confusionOf } from "./confusion.ts";
import { type LabelSets, labelSetsOf } from "./label-sets.ts";
import {
  type DecisionMetric,
  type Measured,
  type Metric,
  NO_ROWS,
  type SetMetric,
  type ValueContext,
} from "./metrics/metric.ts";
import { weightedBy } from "./row-weights.ts";
import { type Classified, type Costs, classified, requireFinite, type Scored } from "./scored.ts";
import { MULTILABEL, predictsNumbers, type Task } from "./task.ts";

/** What a model answered for a set of rows, checked. */
export type Answers =
  | {
      readonly kind: "classes";
      readonly rows: number;
      readonly classified: Classified;
      /** Rows counted once each, whatever their weights. */
      readonly cells: Cells;
      readonly confusion: Confusion;
      /** The same by the rows' weights, where they have any. */
      readonly weighted?: Confusion;
    }
  | {
      readonly kind: "numbers";
      readonly rows: number;
      readonly labels: Float64Array;
      readonly predictions: Float64Array;
      readonly weights?: Float64Array;
      readonly context?: ValueContext;
    }
  | { readonly kind: "sets"; readonly rows: number; readonly sets: LabelSets };

/** A metric's value on all rows. */
export interface Point {
  /** NaN where there is none. */
  readonly value: number;
  readonly reason?: string;
  /** The rows behind it. */
  readonly support: number;
  /** How to measure it on resampled rows, where it is not a function of the confusion matrix. */
  readonly measured?: Measured;
}

/**
 * Checks a model's answers.
 *
 * @param classes how many classes, or labels, there are
 * @param empty what a share of nothing is; default 0
 * @throws {UserError} where labels or scores are missing
 */
export function answersOf(scored: Scored, task: Task, classes: number, empty = 0): Answers {
  const rows = scored.labels.length;
  const { weights } = scored;
  if (weights !== undefined && weights.length !== rows) {
    throw new RangeError(`${weights.length} weights of ${rows} rows`);
  }
  if (predictsNumbers(task)) {
    requireFinite(scored.labels, 1, "label");
    requireFinite(scored.scores, 1, "prediction");
    if (scored.scores.length !== rows)
      throw new RangeError(`${scored.scores.length} predictions of ${rows} rows`);
    const { context } = scored;
    for (const [percent, values] of context?.quantiles ?? []) {
      requireFinite(values, 1, `${percent} % quantile`);
    }
    const own = {
      ...(weights === undefined ? {} : { weights }),
      ...(context === undefined ? {} : { context }),
    };
    return { kind: "numbers", rows, labels: scored.labels, predictions: scored.scores, ...own };
  }
  if (MULTILABEL.includes(task)) return { kind: "sets", rows, sets: labelSetsOf(scored, classes, empty) };
  const checked = classified(scored, classes);
  const counted = (by?: Float64Array): Cells => {
    const cells = confusionCells(checked.labels, checked.decisions, classes, by);
    return empty === 0 ? cells : { ...cells, empty };
  };
  const cells = counted();
  return {
    kind: "classes",
    rows,
    classified: checked,
    cells,
    confusion: confusionOf(cells),
    ...(weights === undefined ? {} : { weighted: confusionOf(counted(weights)) }),
  };
}

/** Measures one metric of a model's answers. */
export function pointOf(metric: Metric, answers: Answers, costs: Costs | undefined): Point {
  const none = (reason: string): Point => ({ value: Number.NaN, reason, support: 0 });
  if (answers.rows === 0) return none(NO_ROWS);
  if (answers.kind === "numbers") {
    if (metric.needs !== "values") throw new TypeError(`${metric.name} is not of numbers`);
    return ofMeasured(
      metric.measure(answers.labels, answers.predictions, answers.context),
      answers.rows,
      answers.weights,
    );
  }
  if (answers.kind === "sets") {
    if (metric.needs !== "sets") throw new TypeError(`${metric.name} is not of several labels`);
    const { sets } = answers;
    const why = lackingOf(metric, sets);
    return why === undefined ? ofMeasured(metric.measure(sets), answers.rows, sets.weights) : none(why);
  }
  const { classified: rows, confusion, weighted = confusion } = answers;
  switch (metric.needs) {
    case "sets":
    case "values":
      throw new TypeError(`${metric.name} is not of classes`);
    case "decisions":
      if (metric.needsCosts && costs === undefined) return none("the contract has no plan.costs");
      return ofDecisions(metric, metric.of(weighted, costs), metric.support(confusion));
    case "scores": {
      const why = rows.unscored ?? (metric.probabilities ? rows.improbable : undefined);
      return why === undefined ? ofMeasured(metric.measure(rows), answers.rows, rows.weights) : none(why);
    }
  }
}

/** Why these answers do not say what a metric of several labels asks for; undefined where they do. */
export function lackingOf({ scores }: SetMetric, { unscored, improbable }: LabelSets): string | undefined {
  if (scores === "none") return undefined;
  return unscored ?? (scores === "probabilities" ? improbable : undefined);
}

function ofDecisions(metric: DecisionMetric, value: number, support: number): Point {
  if (!Number.isNaN(value)) return { value, support };
  return { value, support, reason: metric.undefined ?? "these decisions do not define it" };
}

function ofMeasured(each: Measured, rows: number, weights: Float64Array | undefined): Point {
  const measured = weights === undefined ? each : weightedBy(each, weights);
  const { value, reason, support } = measured;
  const text = reason ?? (Number.isFinite(value) ? undefined : "it is too large for a number");
  return { value, support: support ?? rows, measured, ...(text === undefined ? {} : { reason: text }) };
}
