import type { DifferenceTest, MetricRow } from "../report/report.ts";
import type { LeftOut } from "./bca.ts";
import { bootstrap, isIndependent } from "./bootstrap.ts";
import { decisionMethod, resampleDecisionDifferences, resampleDecisions } from "./decisions.ts";
import { type Bounds, type Certainty, intervalOf, percentiles, widened } from "./interval.ts";
import { cellsLeftOut, rowsLeftOut } from "./left-out.ts";
import type { DecisionMetric, Metric } from "./metrics/metric.ts";
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
  const bounds = new Map<Metric, RowBounds>();
  if (input.resamples > 0 && models.candidate.rows > 0) {
    boundScores(metrics, ours, theirs, models.candidate.rows, input, bounds);
    boundDecisions(metrics, ours, theirs, models, input, bounds);
  }
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

interface RowBounds {
  readonly own: Bounds;
  readonly difference?: Bounds;
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
            interval: intervalOf(bounds?.difference),
            ...(test === undefined ? {} : { test }),
          },
    reason: point.reason ?? (own !== undefined && "reason" in own ? own.reason : null),
  };
}

const known = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : value;

function boundScores(
  metrics: readonly Metric[],
  ours: readonly Point[],
  theirs: readonly (Point | undefined)[],
  rows: number,
  input: Settings,
  bounds: Map<Metric, RowBounds>,
): void {
  const places = metrics.flatMap((metric, m) => {
    const reason = ours[m]?.measured?.noInterval;
    if (reason !== undefined) bounds.set(metric, { own: { reason }, difference: { reason } });
    return defined(ours[m]) && reason === undefined ? [m] : [];
  });
  const paired = places.filter((m) => defined(theirs[m]));
  const measured = (points: readonly (Point | undefined)[], which: readonly number[]) =>
    which.flatMap((m) => points[m]?.measured ?? []);
  const models = [measured(ours, places), measured(theirs, paired)];
  if (places.length === 0) return;
  const progress = input.progress && ((done: number) => input.progress?.(done, input.resamples));
  const { values, method } = bootstrap(models, rows, input, progress);
  places.forEach((m, at) => {
    const own = values[0]?.[at];
    const base = values[1]?.[paired.indexOf(m)];
    const metric = metrics[m];
    const measured = ours[m]?.measured;
    if (own === undefined || metric === undefined || measured === undefined) return;
    const change = base === undefined ? undefined : own.map((value, i) => value - (base[i] as number));
    const drawn = { own, change, method: method(measured) };
    bounds.set(
      metric,
      boundsOf(drawn, input, ours[m], theirs[m], () => rowsLeftOut(measured, rows)),
    );
  });
}

const defined = (point: Point | undefined): boolean =>
  point?.measured !== undefined && Number.isFinite(point.value);

function boundDecisions(
  metrics: readonly Metric[],
  ours: readonly Point[],
  theirs: readonly (Point | undefined)[],
  { candidate, baseline }: Models,
  input: Settings,
  bounds: Map<Metric, RowBounds>,
): void {
  if (candidate.kind !== "classes") return;
  const hasValue = (metric: Metric): metric is DecisionMetric =>
    metric.needs === "decisions" && Number.isFinite(ours[metrics.indexOf(metric)]?.value);
  const decided = metrics.filter(hasValue);
  const { cells, rows, classified } = candidate;
  const values = resampleDecisions(decided, cells, rows, input.costs, input, classified);
  const changes =
    baseline?.kind === "classes"
      ? resampleDecisionDifferences(
          decided,
          candidate.classified,
          baseline.classified,
          input.costs,
          input,
          cells.empty,
        )
      : [];
  const method = decisionMethod(rows, input);
  decided.forEach((metric, at) => {
    const own = values[at];
    const m = metrics.indexOf(metric);
    if (own === undefined) return;
    const rough = metric.rough?.(candidate.confusion);
    const told = rough === undefined ? method : `${method}, ${rough}`;
    const drawn = { own, change: changes[at], method: told };
    bounds.set(
      metric,
      boundsOf(drawn, input, ours[m], theirs[m], () =>
        input.weights === undefined ? cellsLeftOut(metric, cells, input.costs) : NOT_LEFT_OUT,
      ),
    );
  });
}

/** Resampled values, the candidate's and the differences, and how they came about. */
interface Drawn {
  readonly own: Float64Array;
  readonly change: Float64Array | undefined;
  readonly method: string;
}

/** Of groups, of blocks, of strata, and of a cell's rows of unlike weight, it is not known what leaving one out would do: their intervals stay percentiles, and say so. */
const NOT_LEFT_OUT: LeftOut = { values: new Float64Array(0) };

/**
 * The interval of the value, and that of the difference. The difference's is one of percentiles in any case, widened
 * for few rows: two models of the same worth are told apart by BCa in one of ten draws of 300 rows
 * (docs/evaluation/coverage.md), and a claim must not be made so lightly.
 */
function boundsOf(
  { own, change, method }: Drawn,
  certainty: Certainty,
  point: Point | undefined,
  baseline: Point | undefined,
  leave: () => LeftOut,
): RowBounds {
  const { confidence, method: kind } = certainty;
  const byRow = isIndependent(certainty) && certainty.strata === undefined;
  const support = point?.support ?? 0;
  const value = point?.value ?? Number.NaN;
  const left = kind === "bca" ? (byRow ? leave() : NOT_LEFT_OUT) : undefined;
  const bounds = percentiles(own, confidence, method, support, left && { value, leftOut: left });
  if (change === undefined) return { own: bounds };
  const both = Math.min(support, baseline?.support ?? 0);
  const difference = widened(change, confidence, `paired ${method}`, unitsBehind(both, certainty));
  return { own: bounds, difference };
}

/** Of rows that belong together, groups are what stands behind a number: their share of the rows. */
function unitsBehind(rows: number, { clusters }: Certainty): number {
  if (clusters === undefined) return rows;
  const groups = 1 + clusters.reduce((most, group) => Math.max(most, group), -1);
  return Math.max(1, Math.round((rows * groups) / clusters.length));
}
