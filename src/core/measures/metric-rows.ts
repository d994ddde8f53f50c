import type { DifferenceTest, MetricRow } from "../report/report.ts";
import { isIndependent } from "./bootstrap.ts";
import { type Certainty, intervalOf } from "./interval.ts";
import { boundsOfMetrics, type RowBounds } from "./metric-bounds.ts";
import type { Metric } from "./metrics/metric.ts";
import { permutationTests } from "./permutation.ts";
import { type Answers, type Point, pointOf } from "./points.ts";
import type { Costs } from "./scored.ts";

/** The answers that are compared. The baseline's are for the candidate's rows, the train ones are for others. */
export interface Models {
  readonly candidate: Answers;
  readonly train: Answers | undefined;
  readonly baseline: Answers | undefined;
}

/** How sure to be, what costs what, and whom to tell how far it is. */
export interface Settings extends Certainty {
  readonly costs?: Costs;
  /** The permutation test beside every difference, in place of those that textbooks name. */
  readonly test?: "permutation";
  readonly progress?: (done: number, total: number) => void;
}

/**
 * Each metric with its value, its interval, and the same on training rows and of the baseline.
 * A value that is not defined is null with its reason; so is an interval.
 */
export function metricRows(metrics: readonly Metric[], models: Models, input: Settings): MetricRow[] {
  const { costs } = input;
  const ours = metrics.map((metric) => pointOf(metric, models.candidate, costs));
  const theirs = metrics.map((metric) => models.baseline && pointOf(metric, models.baseline, costs));
  const bounds = boundsOfMetrics(metrics, { ...models, ours, theirs }, input);
  const swaps =
    input.test === "permutation" && models.baseline !== undefined && input.resamples > 0
      ? permutationTests(metrics, models.candidate, models.baseline, costs, input)
      : undefined;
  return metrics.map((metric, m) => {
    const point = ours[m] ?? { value: Number.NaN, support: 0 };
    const trained = models.train && pointOf(metric, models.train, costs);
    return rowOf(
      titled(metric, costs),
      point,
      trained,
      theirs[m],
      bounds.get(metric),
      swaps === undefined ? testOf(metric, models, input) : swaps.get(metric),
    );
  });
}

/** What is counted in a unit of the contract's says so. */
function titled(metric: Metric, costs: Costs | undefined): Metric {
  const counted = metric.needs === "decisions" && metric.needsCosts !== undefined;
  return counted && costs?.unit ? { ...metric, title: `${metric.title}, ${costs.unit}` } : metric;
}

/** The textbook's test of the difference, where the metric has one and uncertainty was asked for. */
function testOf(
  metric: Metric,
  { candidate, baseline }: Models,
  settings: Settings,
): DifferenceTest | undefined {
  // both tests take rows for independent, and for equally important
  if (settings.resamples === 0 || !isIndependent(settings) || settings.weights !== undefined)
    return undefined;
  if (metric.needs === "values") return undefined;
  if (metric.needs === "sets") {
    if (candidate.kind !== "sets" || baseline?.kind !== "sets") return undefined;
    return metric.test?.(candidate.sets, baseline.sets);
  }
  if (candidate.kind !== "classes" || baseline?.kind !== "classes") return undefined;
  return metric.test?.(candidate.classified, baseline.classified);
}

function rowOf(
  { name, title, better }: Metric,
  point: Point,
  train: Point | undefined,
  baseline: Point | undefined,
  bounds: RowBounds | undefined,
  test: DifferenceTest | undefined,
): MetricRow {
  const value = known(point.value);
  const base = known(baseline?.value);
  const own = value === null ? undefined : bounds?.own;
  const change = bounds?.difference;
  return {
    name,
    title,
    better,
    value,
    interval: intervalOf(own),
    train: known(train?.value),
    baseline: base,
    difference:
      value === null || base === null
        ? null
        : {
            value: value - base,
            interval: intervalOf(change),
            ...(change !== undefined && "reason" in change ? { reason: change.reason } : {}),
            ...(test === undefined ? {} : { test }),
          },
    reason: point.reason ?? (own !== undefined && "reason" in own ? own.reason : null),
  };
}

const known = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : value;
