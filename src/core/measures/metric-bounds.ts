import { subsetsOf } from "../stats/subsets.ts";
import type { LeftOut } from "./bca.ts";
import { bootstrap, isIndependent, unitsOf } from "./bootstrap.ts";
import {
  decisionMethod,
  isPlain,
  jointCells,
  resampleDecisionDifferences,
  resampleDecisions,
} from "./decisions.ts";
import { type Bounds, type Certainty, percentiles, type Range, typical, widened } from "./interval.ts";
import { cellsLeftOut, rowsLeftOut } from "./left-out.ts";
import type { DecisionMetric, Measured, Metric } from "./metrics/metric.ts";
import type { Answers, Point } from "./points.ts";
import type { Costs } from "./scored.ts";
import { pairedDecisions, pairedShare, pairedTrials, shareBounds } from "./share-bounds.ts";
import { unitsBehind } from "./units-behind.ts";

/** Where a metric's value and its difference to the baseline lie, or why that is not known. */
export interface RowBounds {
  readonly own: Bounds;
  readonly difference?: Bounds;
}

/** Two models' answers for the same rows, and what each metric says of them. */
interface Compared {
  readonly candidate: Answers;
  readonly baseline: Answers | undefined;
  readonly ours: readonly Point[];
  readonly theirs: readonly (Point | undefined)[];
}

type Settings = Certainty & {
  readonly costs?: Costs;
  readonly progress?: (done: number, total: number) => void;
};

/**
 * The intervals of metrics. Shares of rows have Wilson's, and Bonett and Price's between two models; means the
 * values on random halves of the rows between two models; all else percentiles of resampled rows.
 * docs/evaluation/intervals.md says why each.
 */
export function boundsOfMetrics(
  metrics: readonly Metric[],
  compared: Compared,
  input: Settings,
): ReadonlyMap<Metric, RowBounds> {
  const bounds = new Map<Metric, RowBounds>();
  if (input.resamples === 0 || compared.candidate.rows === 0) return bounds;
  boundScores(metrics, compared, input, bounds);
  boundDecisions(metrics, compared, input, bounds);
  if (compared.baseline === undefined || !isTheSame(compared.candidate, compared.baseline)) return bounds;
  const { confidence } = input;
  const method = "both models score every row the same";
  for (const [metric, { own }] of bounds) {
    bounds.set(metric, { own, difference: { interval: { low: 0, high: 0, confidence, method } } });
  }
  return bounds;
}

/** So many rows tell that two models are one: of as many, at most one in ten would differ (0.9³⁰ = 4 %). */
const ENOUGH_TO_BE_ONE = 30;

/** Whether two models score every row the same, to the last digit. Equal decisions alone do not tell. */
function isTheSame(ours: Answers, theirs: Answers): boolean {
  if (ours.rows < ENOUGH_TO_BE_ONE) return false;
  if (ours.kind === "numbers") return theirs.kind === "numbers" && sameNumbers(ours, theirs);
  if (ours.kind === "sets") {
    if (theirs.kind !== "sets" || ours.sets.unscored !== undefined) return false;
    const [own, other] = [ours.sets, theirs.sets];
    return (
      own.decided.every((on, cell) => on === other.decided[cell]) &&
      own.columns.every((column, label) => equal(column, other.columns[label] ?? EMPTY))
    );
  }
  if (theirs.kind !== "classes") return false;
  const [own, other] = [ours.classified, theirs.classified];
  if (own.unscored !== undefined || other.unscored !== undefined) return false;
  if (!own.decisions.every((decision, row) => decision === other.decisions[row])) return false;
  return own.columns.every((column, c) => equal(column ?? EMPTY, other.columns[c] ?? EMPTY));
}

/** What a contract's own metric counts stands in the place of the labels: there models differ in them, too. */
const sameNumbers = (ours: Numbers, theirs: Numbers): boolean =>
  equal(ours.labels, theirs.labels) && equal(ours.predictions, theirs.predictions);

type Numbers = Extract<Answers, { readonly kind: "numbers" }>;

const EMPTY = new Float64Array(0);

const equal = (a: Float64Array, b: Float64Array): boolean =>
  a.length === b.length && a.every((value, row) => value === b[row]);

function boundScores(
  metrics: readonly Metric[],
  { candidate: { rows }, ours, theirs }: Compared,
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
  if (places.length === 0) return;
  const progress = input.progress && ((done: number) => input.progress?.(done, input.resamples));
  const models = [measured(ours, places), measured(theirs, paired)];
  const { values, title } = bootstrap(models, rows, input, { ...(progress ? { progress } : {}) });
  const how = `percentile bootstrap of ${title}`;
  const halves = differencesOnHalves(
    paired.filter((m) => ours[m]?.measured?.byMean === true),
    (which) => [measured(ours, which), measured(theirs, which)],
    rows,
    input,
  );
  places.forEach((m, at) => {
    const drawn = values[0]?.[at];
    const base = values[1]?.[paired.indexOf(m)];
    const metric = metrics[m];
    const own = ours[m]?.measured;
    if (drawn === undefined || metric === undefined || own === undefined) return;
    const support = ours[m]?.support ?? 0;
    const both = Math.min(support, theirs[m]?.support ?? 0);
    const change = (): Bounds => {
      const trials = isPlain(input) ? pairedTrials(own.trials, theirs[m]?.measured?.trials) : undefined;
      if (trials !== undefined) return pairedShare(trials, input.confidence);
      const half = halves.get(m);
      if (half !== undefined) return half;
      const changes = drawn.map((value, i) => value - (base?.[i] as number));
      // two rankings that agree everywhere are believed, but not where both are as good as can be
      const range = metric.range.includes(ours[m]?.value ?? Number.NaN) ? metric.range : undefined;
      return widened(changes, input.confidence, `paired ${how}`, unitsBehind(both, input), range);
    };
    const difference = base === undefined ? undefined : change(); // before the values are sorted
    const value = ours[m]?.value ?? Number.NaN;
    const bound =
      own.trials === undefined
        ? percentileBounds(drawn, how, value, support, input, metric.range, () => rowsLeftOut(own, rows))
        : shareBounds(value, support, drawn, input);
    bounds.set(metric, {
      own: roughly(bound, own.rough),
      ...(difference === undefined ? {} : { difference }),
    });
  });
}

const defined = (point: Point | undefined): boolean =>
  point?.measured !== undefined && Number.isFinite(point.value);

/**
 * Differences whose sign is that of a mean, on random halves of the rows. Rows that follow each other in time are
 * drawn in blocks instead: halves of moments would tear them apart.
 */
function differencesOnHalves(
  which: readonly number[],
  models: (which: readonly number[]) => readonly (readonly Measured[])[],
  rows: number,
  input: Settings,
): ReadonlyMap<number, Bounds> {
  const found = new Map<number, Bounds>();
  if (which.length === 0 || input.moments !== undefined) return found;
  const { strata: _, ...certainty } = input; // a half has about as many of each class
  const units = subsetsOf(unitsOf(rows, certainty), input.seed);
  const { values, title } = bootstrap(models(which), rows, certainty, { units });
  which.forEach((m, at) => {
    const [own, base] = [values[0]?.[at], values[1]?.[at]];
    if (own === undefined || base === undefined) return;
    const changes = own.map((value, i) => value - (base[i] as number));
    found.set(m, typical(changes, input.confidence, `paired values on ${title}`, units.units));
  });
  return found;
}

function boundDecisions(
  metrics: readonly Metric[],
  { candidate, baseline, ours, theirs }: Compared,
  input: Settings,
  bounds: Map<Metric, RowBounds>,
): void {
  if (candidate.kind !== "classes") return;
  const hasValue = (metric: Metric): metric is DecisionMetric =>
    metric.needs === "decisions" && Number.isFinite(ours[metrics.indexOf(metric)]?.value);
  const decided = metrics.filter(hasValue);
  const { cells, rows, classified } = candidate;
  const values = resampleDecisions(decided, cells, rows, input.costs, input, classified);
  const other = baseline?.kind === "classes" ? baseline.classified : undefined;
  const changes =
    other === undefined
      ? []
      : resampleDecisionDifferences(decided, classified, other, input.costs, input, cells.empty);
  const joint = other !== undefined && isPlain(input) ? jointCells(classified, other) : undefined;
  const method = decisionMethod(rows, input);
  decided.forEach((metric, at) => {
    const drawn = values[at];
    const m = metrics.indexOf(metric);
    if (drawn === undefined) return;
    const value = ours[m]?.value ?? Number.NaN;
    const support = ours[m]?.support ?? 0;
    const change = changes[at];
    const both = Math.min(support, theirs[m]?.support ?? 0);
    const difference = (): Bounds | undefined => {
      const among = metric.share?.among;
      if (joint !== undefined && among !== undefined) {
        return pairedShare(pairedDecisions(joint, among), input.confidence);
      }
      if (change === undefined) return undefined;
      return widened(change, input.confidence, `paired ${method}`, unitsBehind(both, input), metric.range);
    };
    const between = difference();
    const rough = metric.rough?.(candidate.confusion);
    const own =
      metric.share === undefined
        ? percentileBounds(drawn, method, value, support, input, metric.range, () =>
            input.weights === undefined ? cellsLeftOut(metric, cells, input.costs) : NOT_LEFT_OUT,
          )
        : shareBounds(value, metric.share.of(candidate.confusion).of, drawn, input);
    bounds.set(metric, {
      own: roughly(own, rough),
      ...(between === undefined ? {} : { difference: between }),
    });
  });
}

/** Of groups, of blocks, of strata, and of a cell's rows of unlike weight, it is not known what leaving one out would do: their intervals stay percentiles, and say so. */
const NOT_LEFT_OUT: LeftOut = { values: new Float64Array(0) };

function percentileBounds(
  drawn: Float64Array,
  method: string,
  value: number,
  support: number,
  certainty: Certainty,
  range: Range,
  leave: () => LeftOut,
): Bounds {
  const byRow = isIndependent(certainty) && certainty.strata === undefined;
  const left = certainty.method === "bca" ? (byRow ? leave() : NOT_LEFT_OUT) : undefined;
  return percentiles(drawn, certainty.confidence, method, unitsBehind(support, certainty), {
    range,
    ...(left === undefined ? {} : { correction: { value, leftOut: left } }),
  });
}

/** An interval that promises too much for these rows says so; those of differences keep their promise. */
function roughly(bounds: Bounds, rough: string | undefined): Bounds {
  return rough === undefined || "reason" in bounds ? bounds : { interval: { ...bounds.interval, rough } };
}
