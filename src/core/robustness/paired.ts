import { bootstrap } from "../measures/bootstrap.ts";
import { type Cells, confusionOf } from "../measures/confusion.ts";
import { type Bounds, type Certainty, widened } from "../measures/interval.ts";
import type { DecisionMetric, Measured, Metric } from "../measures/metrics/metric.ts";
import { type Answers, pointOf } from "../measures/points.ts";
import type { Classified, Costs } from "../measures/scored.ts";
import { studentQuantile } from "../stats/student.ts";
import { withDonors } from "./donors.ts";

/** One metric of several answers to the same rows, the first of which the others are held against. */
export interface Paired {
  /** By answers; NaN where it is not defined. */
  readonly values: readonly number[];
  /** Why there is none, by answers. */
  readonly reasons: readonly (string | undefined)[];
  /** `draws[answers][resample]`: all of a resample are of the same rows. Empty where no intervals are asked for. */
  readonly draws: readonly Float64Array[];
  readonly method: string;
}

/**
 * A metric of several answers to the same rows, again and again on resampled rows that all of them share:
 * differences and means of them are paired.
 *
 * @param donors by answers: whose values each row has, where they are another row's; then those are drawn, too
 */
export function pairedValues(
  metric: Metric,
  answers: readonly Answers[],
  costs: Costs | undefined,
  certainty: Certainty,
  donors: readonly (ArrayLike<number> | undefined)[] = [],
): Paired {
  const found = answers.map((one, place) => {
    const measured = measuredOf(metric, one, costs);
    const order = donors[place];
    return order === undefined ? measured : withDonors(measured, order);
  });
  const values = found.map(({ value }) => value);
  const reasons = found.map(({ value, reason }) =>
    Number.isFinite(value) ? undefined : (reason ?? "it is not defined"),
  );
  const rows = answers[0]?.rows ?? 0;
  const none = found.some(({ noInterval }) => noInterval !== undefined);
  if (certainty.resamples === 0 || rows === 0 || none) {
    return { values, reasons, draws: answers.map(() => new Float64Array(0)), method: "" };
  }
  const models = found.map((one) => (Number.isFinite(one.value) ? [one] : []));
  const drawn = bootstrap(models, rows, certainty);
  const draws = drawn.values.map((own) => own[0] ?? new Float64Array(0));
  return { values, reasons, draws, method: `percentile bootstrap of ${drawn.title}` };
}

/** A metric of answers, and how to have it of resampled rows. */
function measuredOf(metric: Metric, answers: Answers, costs: Costs | undefined): Measured {
  const point = pointOf(metric, answers, costs);
  if (metric.needs === "decisions" && answers.kind === "classes") {
    return ofCells(metric, answers.classified, answers.cells, point.value, costs);
  }
  const { reason } = point;
  return { ...point.measured, value: point.value, ...(reason === undefined ? {} : { reason }) };
}

function ofCells(
  metric: DecisionMetric,
  { labels, decisions, classes, weights: own }: Classified,
  cells: Cells,
  value: number,
  costs: Costs | undefined,
): Measured {
  const at = new Map(
    Array.from(cells.truth, (truth, cell) => [truth * classes + (cells.decided[cell] as number), cell]),
  );
  const places = decisions.map((own, row) => at.get((labels[row] as number) * classes + own) ?? 0);
  const counts = new Float64Array(cells.counts.length);
  return {
    value,
    ...(Number.isNaN(value) ? { reason: metric.undefined ?? "these decisions do not define it" } : {}),
    weighted(weights) {
      counts.fill(0);
      for (let row = 0; row < places.length; row++) {
        const place = places[row] as number;
        counts[place] = (counts[place] as number) + (weights[row] as number) * (own?.[row] ?? 1);
      }
      return metric.of(confusionOf(cells, counts), costs);
    },
  };
}

/** How much worse a metric got, and how sure that is. */
export interface Drop {
  /** Positive is worse, whichever way the metric is good. */
  readonly value: number;
  readonly bounds: (confidence: number) => Bounds | undefined;
}

/** Percentiles leave so many resamples beyond each end: the outermost ones alone say nothing of what lies farther out. */
const BEYOND = 2;

/**
 * How much worse some of the answers are than the first, on average over them.
 *
 * Its bounds are percentiles, widened for few rows. A confidence that is shared out among many asks for more than the
 * resamples hold: of a thousand, the smallest stands for 0.1 %, and not for the 0.0125 % of one of 200. There they
 * reach as far as Student's quantile of the resampled standard error says, if that is farther.
 *
 * @param which places of answers; not 0
 */
export function dropOf(
  { better }: Pick<Metric, "better">,
  { values, draws, method }: Paired,
  which: readonly number[],
  rows: number,
): Drop {
  const sign = better === "higher" ? 1 : -1;
  const mean = (of: (place: number) => number): number =>
    which.reduce((sum, place) => sum + of(place), 0) / which.length;
  const clean = draws[0] ?? new Float64Array(0);
  const value = sign * ((values[0] ?? Number.NaN) - mean((place) => values[place] ?? Number.NaN));
  return {
    value: value === 0 ? 0 : value,
    bounds(confidence) {
      if (clean.length === 0 || !Number.isFinite(value)) return undefined;
      const changes = clean.map(
        (own, resample) => sign * (own - mean((place) => draws[place]?.[resample] ?? Number.NaN)),
      );
      const most = Math.max(0, 1 - (2 * BEYOND) / changes.length);
      const within = widened(changes, Math.min(confidence, most), `paired ${method}`, rows);
      if (confidence <= most || "reason" in within) return within;
      const reach = studentQuantile(0.5 + confidence / 2, Math.max(1, rows - 1)) * deviation(changes);
      const { low, high, method: name } = within.interval;
      return {
        interval: {
          low: Math.min(low, value - reach),
          high: Math.max(high, value + reach),
          confidence,
          method: `${name}, by its standard error beyond them`,
        },
      };
    },
  };
}

/** The standard deviation of resampled values, of which some may be undefined. */
function deviation(values: Float64Array): number {
  const known = values.filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return Math.sqrt(
    known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, known.length - 1),
  );
}
