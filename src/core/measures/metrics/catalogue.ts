import { UserError } from "../../../errors.ts";
import { nearest } from "../../text/nearest.ts";

import type { Task } from "../task.ts";
import { accuracy, balancedAccuracy } from "./accuracy.ts";
import { brier } from "./brier.ts";
import { calibrationMetrics } from "./calibration.ts";
import { cohenKappa } from "./cohen-kappa.ts";
import { cost, netBenefit } from "./cost.ts";
import { deviances } from "./deviances.ts";
import { ece } from "./ece.ts";
import { mae, mape, r2, rmse } from "./errors.ts";
import { f2, f05 } from "./f-beta.ts";
import { f1, f1Averages } from "./f1.ts";
import { forecasting } from "./forecasting.ts";
import { jaccard } from "./jaccard.ts";
import { logLoss } from "./log-loss.ts";
import { mcc } from "./mcc.ts";
import type { Metric } from "./metric.ts";
import { moreErrors } from "./more-errors.ts";
import { precision, precisionAverages } from "./precision.ts";
import { rankAverages } from "./rank-averages.ts";
import { averagePrecisionMetric, averagePrecisionOvr, rocAuc, rocAucOvr } from "./ranks.ts";
import { recall, recallAverages } from "./recall.ts";
import { retrieval } from "./retrieval.ts";
import { hammingLoss, setDecisions, subsetAccuracy } from "./set-decisions.ts";
import { setLosses, setOrders } from "./set-orders.ts";
import { setRanks } from "./set-ranks.ts";
import { gMean, specificity } from "./specificity.ts";
import { topAccuracy } from "./top-accuracy.ts";

const ORDER: readonly Metric[] = [
  rocAuc,
  rocAucOvr,
  averagePrecisionMetric,
  averagePrecisionOvr,
  accuracy,
  balancedAccuracy,
  precision,
  recall,
  f1,
  mcc,
  cost,
  netBenefit,
  logLoss,
  brier,
  ece,
  ...precisionAverages,
  ...recallAverages,
  ...f1Averages,
  ...retrieval,
  ...forecasting,
  mae,
  rmse,
  mape,
  r2,
  specificity,
  gMean,
  cohenKappa,
  ...f2,
  ...f05,
  ...jaccard,
  ...calibrationMetrics,
  ...topAccuracy,
  ...rankAverages,
  ...moreErrors,
  ...deviances,
  ...setDecisions,
  subsetAccuracy,
  hammingLoss,
  ...setRanks,
  ...setOrders,
  ...setLosses,
];

/**
 * Every metric by its name, in the order in which a report shows them. A name that several tasks have, each with its
 * own definition, stands for the first: all mean the same by it, and have the same direction and range.
 *
 * @example [...METRICS.keys()].slice(0, 2) // => ["roc_auc", "roc_auc_ovr"]
 */
export const METRICS: ReadonlyMap<string, Metric> = new Map(
  ORDER.filter(({ name }, at) => ORDER.findIndex((one) => one.name === name) === at).map((metric) => [
    metric.name,
    metric,
  ]),
);

/**
 * The tasks that have a metric of a name; none where nobody has.
 *
 * @example tasksOf("brier") // => ["binary-classification", "multiclass-classification", "multilabel"]
 * @example tasksOf("f1_score") // => []
 */
export function tasksOf(name: string): readonly Task[] {
  return ORDER.filter((metric) => metric.name === name).flatMap(({ tasks }) => tasks);
}

/**
 * The metrics of a task, in order: first those that every report has, then those on request.
 *
 * @example metricsOf("regression").slice(0, 4).map((metric) => metric.name) // => ["mae", "rmse", "mape", "r2"]
 */
export function metricsOf(task: Task): readonly Metric[] {
  return ORDER.filter((metric) => metric.tasks.includes(task));
}

/**
 * The metric of a name, for a task.
 *
 * @throws {UserError} that names what was probably meant, and all that there is
 * @example metricNamed("f1", "binary-classification").title // => "F1"
 * @example metricNamed("f1_score", "binary-classification") // throws 'unknown metric "f1_score"; did you mean "f1"?'
 * @example metricNamed("f1", "regression") // throws '"f1" is not a metric of regression; available: mae, rmse, mape, r2, '
 */
export function metricNamed(name: string, task: Task): Metric {
  const metric = metricsOf(task).find((one) => one.name === name);
  if (metric !== undefined) return metric;
  const names = metricsOf(task).map((one) => one.name);
  const available = `available: ${names.join(", ")}`;
  if (METRICS.has(name)) throw new UserError(`"${name}" is not a metric of ${task}; ${available}`);
  const meant = nearest(name, names) ?? names.find((one) => name.startsWith(one) || one.startsWith(name));
  const hint = meant === undefined ? "" : `did you mean "${meant}"? `;
  throw new UserError(`unknown metric "${name}"; ${hint}${available}`);
}
