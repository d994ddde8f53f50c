import type { Report } from "../report/report.ts";
import type { TextColumn } from "../tables/column.ts";
import { calibrationOf } from "./calibration.ts";
import { confusionMatrix } from "./confusion.ts";
import { curvesOf } from "./curves.ts";
import { type AllSettings, fairnessOfAll } from "./fairness/all.ts";
import type { IntervalMethod } from "./interval-method.ts";
import { metricRows } from "./metric-rows.ts";
import { metricNamed, metricsOf } from "./metrics/catalogue.ts";
import type { Metric } from "./metrics/metric.ts";
import { labelMetric } from "./metrics/of-label.ts";
import { labelRows } from "./per-label.ts";
import { type Answers, answersOf } from "./points.ts";
import { withoutZeros } from "./row-weights.ts";
import type { Costs, Scored } from "./scored.ts";
import { comparesGroups, type Task } from "./task.ts";

export type { Costs, Scored } from "./scored.ts";
export { chooseThreshold, type ThresholdGoal } from "./threshold.ts";

/** All that an evaluation looks at: answers of the models, groups, and how sure it is to be. */
export interface EvaluationInput {
  readonly task: Task;
  /** Names of the classes, in the order of the labels; for two the second is the positive one. Empty for regression. */
  readonly classes: readonly string[];
  /** The candidate on the holdout rows. */
  readonly candidate: Scored;
  /** The candidate on its training rows, for the overfitting gap. */
  readonly train?: Scored;
  /** The baseline on the same holdout rows in the same order. */
  readonly baseline?: Scored;
  /** By name: the group of each holdout row. */
  readonly sensitive: ReadonlyMap<string, TextColumn>;
  /** Names of the metrics to show first, in that order. */
  readonly shown?: readonly string[];
  /** Names of what is measured too, although it would be only on request: such as what gates judge. */
  readonly asked?: readonly string[];
  readonly costs?: Costs;
  /** 0 makes no intervals. */
  readonly resamples: number;
  readonly confidence: number;
  readonly seed: number;
  readonly method?: IntervalMethod;
  /** Whether every resample is to have as many rows of each class as there are. */
  readonly stratify?: boolean;
  /** The moment of each holdout row, counted from 0 in the order of time, where rows depend on those before them. */
  readonly moments?: Int32Array;
  /** So many moments are drawn together. */
  readonly block?: number;
  /** The permutation test beside every difference, in place of those that textbooks name. */
  readonly test?: "permutation";
  /** The group of each holdout row, counted from 0, where rows of a group belong together. */
  readonly clusters?: Int32Array;
  /** What a share of no rows is, such as the precision where none is decided positive; default 0. */
  readonly zeroDivision?: ZeroDivision;
  /** Groups of fewer rows are neither shown nor measured. */
  readonly minGroupSize: number;
  /** Whom groups are held against. */
  readonly reference?: AllSettings["reference"];
  /** Which sensitive columns are crossed. */
  readonly intersections?: AllSettings["intersections"];
  /** Sensitive columns within whose values the others' groups are compared. */
  readonly control?: AllSettings["control"];
  readonly progress?: (done: number, total: number) => void;
}

/** What a share of no rows is; "no data": it has no value. */
export type ZeroDivision = 0 | 1 | "no data";

export type Evaluation = Pick<
  Report,
  "metrics" | "shown" | "confusion" | "curves" | "calibration" | "labels" | "fairness"
>;

/**
 * All that is measured of a model on its holdout rows: every metric of the task with its interval,
 * beside the training rows and the baseline; curves; and who is treated how.
 *
 * The same input gives the same numbers, whatever else is computed beside them. Zero rows give no
 * values, each with its reason.
 *
 * @throws {UserError} where a row has no label or score, weights are no weights, or a metric to show is not known
 * @throws {RangeError} where columns differ in length, or a query lies in two groups of rows
 */
export function evaluate(asked: EvaluationInput): Evaluation {
  const counted = withoutZeros(asked);
  const strata = asked.stratify === true ? { strata: counted.candidate.labels } : {};
  const together = drawnTogether(counted.candidate.context?.queries, counted.clusters);
  const drawn = together === undefined ? {} : { clusters: together };
  const input = { ...counted, ...weighing(counted.candidate.weights), ...strata, ...drawn };
  const { task, classes, costs, sensitive } = input;
  const wanted = new Set(input.shown);
  // who writes down what a right decision brings wants to see it
  if (wanted.size > 0 && task === "binary-classification" && hasBenefits(costs)) wanted.add("net_benefit");
  const shown = [...wanted].map((name) => labelMetric(name, classes) ?? metricNamed(name, task));
  const ofLabels = (input.asked ?? []).flatMap((name) => labelMetric(name, classes) ?? []);
  const metrics = [...ordered(task, shown, new Set(input.asked), costs)];
  metrics.push(...ofLabels.filter(({ name }) => !metrics.some((known) => known.name === name)));
  const empty = input.zeroDivision === "no data" ? Number.NaN : (input.zeroDivision ?? 0);
  const ask = (scored: Scored) => answersOf(scored, task, classes.length, empty);
  const candidate = ask(input.candidate);
  const train = input.train && ask(input.train);
  const baseline = input.baseline && ask(besides(input.baseline, input.candidate));
  if (baseline !== undefined && baseline.rows !== candidate.rows) {
    throw new RangeError(`${baseline.rows} rows of the baseline beside ${candidate.rows}`);
  }
  for (const [name, column] of sensitive) {
    if (column.codes.length !== candidate.rows)
      throw new RangeError(`${name} has ${column.codes.length} rows`);
  }
  const calibration =
    candidate.kind === "classes" ? calibrationOf(candidate.classified, input.confidence) : undefined;
  return {
    metrics: metricRows(metrics, { candidate, train, baseline }, input),
    shown: shown.length,
    confusion:
      candidate.kind === "classes" && candidate.rows > 0
        ? { labels: [...classes], counts: confusionMatrix(candidate.cells) }
        : null,
    curves: curvesOf(candidate, baseline, input.minGroupSize, calibration?.bins),
    ...(calibration === undefined ? {} : { calibration }),
    ...(candidate.kind === "sets"
      ? { labels: labelRows(candidate.sets, setsOf(baseline), classes, input.confidence) }
      : {}),
    fairness: fairnessOfAll(comparesGroups(task) ? sensitive : new Map(), { candidate, baseline }, input),
  };
}

/** A query is drawn with all its rows, and a group of rows with all its queries. */
function drawnTogether(queries?: Int32Array, clusters?: Int32Array): Int32Array | undefined {
  if (queries === undefined || clusters === undefined) return queries ?? clusters;
  const clusterOf = new Map<number, number>();
  queries.forEach((query, row) => {
    const cluster = clusters[row] as number;
    if ((clusterOf.get(query) ?? cluster) !== cluster)
      throw new RangeError("a query lies in two groups of rows");
    clusterOf.set(query, cluster);
  });
  return clusters;
}

const setsOf = (answers: Answers | undefined) => (answers?.kind === "sets" ? answers.sets : undefined);

const weighing = (weights: Float64Array | undefined) => (weights === undefined ? {} : { weights });

/** What is known of the candidate's rows is known of the baseline's: they are the same. */
function besides(baseline: Scored, { weights, context }: Scored): Scored {
  if (context === undefined) return { ...baseline, ...weighing(weights) };
  const { quantiles: _, ...rows } = context;
  return { ...baseline, ...weighing(weights), context: { ...rows, ...baseline.context } };
}

function ordered(
  task: Task,
  shown: readonly Metric[],
  asked: ReadonlySet<string>,
  costs: Costs | undefined,
): Metric[] {
  const rest = metricsOf(task).filter((metric) => asked.has(metric.name) || isUsual(metric, costs));
  return [...new Set([...shown, ...rest])];
}

/** Whether every report has a metric; of costs and benefits, those that the contract speaks of. */
function isUsual(metric: Metric, costs: Costs | undefined): boolean {
  if (metric.onRequest || metric.needs !== "decisions" || metric.needsCosts === undefined) {
    return metric.onRequest === undefined;
  }
  return metric.needsCosts === "costs" ? costs !== undefined : hasBenefits(costs);
}

function hasBenefits(costs: Costs | undefined): boolean {
  return costs?.true_positive !== undefined || costs?.true_negative !== undefined;
}
