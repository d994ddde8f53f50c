import type { MetricRow } from "../../report/report.ts";
import { bootstrap } from "../bootstrap.ts";
import { type Cells, confusionCells, confusionMatrix, confusionOf } from "../confusion.ts";
import { CELL_METHOD, resampleDecisions } from "../decisions.ts";
import { type Bounds, type Certainty, intervalOf, percentiles } from "../interval.ts";
import { metricsOf } from "../metrics/catalogue.ts";
import type { DecisionMetric, Metric, ScoreMetric, ValueMetric } from "../metrics/metric.ts";
import { type Answers, answersOf } from "../points.ts";
import type { Scored } from "../scored.ts";
import { shareBounds } from "../share-bounds.ts";
import type { Task } from "../task.ts";
import { BLOCKS, Dealer, Totals } from "./totals.ts";

/** What a stream of rows is measured by. */
export interface StreamSettings extends Pick<Certainty, "resamples" | "confidence" | "seed"> {
  readonly task: Task;
  /** As an evaluation's. */
  readonly classes: readonly string[];
}

/** Why a metric has no value of a stream. */
export const NEEDS_ALL = "it needs all rows at once, and they are streamed";

/**
 * Metrics of rows that come in batches, in memory that does not grow with them: decisions are counted into cells, and
 * what adds up over rows is added up, by 4,000 blocks, from which intervals are drawn. What has to see all rows at
 * once, such as a ranking, has no value and says so.
 *
 * Values are those of the same rows in memory but for rounding; intervals those of decisions exactly, of sums from
 * another dealing into blocks.
 *
 * @example new Streamed({ task: "regression", classes: [], resamples: 0, confidence: 0.95, seed: 7 }).rows // => 0
 */
export class Streamed {
  rows = 0;
  readonly #settings: StreamSettings;
  readonly #metrics: readonly Metric[];
  readonly #totals = new Map<Metric, Totals>();
  readonly #dealer: Dealer;
  readonly #cells = new Map<number, number>();

  constructor(settings: StreamSettings) {
    this.#settings = settings;
    this.#metrics = metricsOf(settings.task).filter(
      (metric) => metric.onRequest === undefined && !(metric.needs === "decisions" && metric.needsCosts),
    );
    this.#dealer = new Dealer(settings.seed);
    for (const metric of this.#metrics) if (metric.addsUp === true) this.#totals.set(metric, new Totals());
  }

  /** @throws {UserError} where a row has no label or score */
  add(batch: Scored): void {
    const { task, classes } = this.#settings;
    const answers = answersOf(batch, task, classes.length);
    this.rows += answers.rows;
    const blocks = this.#dealer.deal(answers.rows);
    if (answers.kind === "classes") this.#count(answers.cells);
    for (const [metric, totals] of this.#totals) {
      if (metric.needs === "scores" || metric.needs === "values") {
        totals.add(measuredOf(metric, answers), blocks);
      }
    }
  }

  #count({ classes, truth, decided, counts }: Cells): void {
    counts.forEach((count, cell) => {
      const place = (truth[cell] as number) * classes + (decided[cell] as number);
      this.#cells.set(place, (this.#cells.get(place) ?? 0) + count);
    });
  }

  /** Rows by true class, then decided class; null where there are no classes. */
  confusion(): number[][] | null {
    return this.#settings.classes.length === 0 ? null : confusionMatrix(this.#cellsOfAll());
  }

  #cellsOfAll(): Cells {
    const classes = this.#settings.classes.length;
    const places = [...this.#cells].sort(([a], [b]) => a - b);
    return {
      ...confusionCells(new Float64Array(0), new Int32Array(0), classes),
      truth: Int32Array.from(places, ([place]) => Math.floor(place / classes)),
      decided: Int32Array.from(places, ([place]) => place % classes),
      counts: Float64Array.from(places, ([, count]) => count),
    };
  }

  /** Each metric of the task with its interval; those without a value come last. */
  metrics(): MetricRow[] {
    const decided = this.#decided();
    const summed = this.#summed();
    const rows = this.#metrics.map((metric): MetricRow => {
      const found = decided.get(metric) ?? summed.get(metric) ?? { value: Number.NaN, reason: NEEDS_ALL };
      const value = Number.isFinite(found.value) ? found.value : null;
      const { bounds } = found;
      return {
        name: metric.name,
        title: metric.title,
        better: metric.better,
        value,
        interval: value === null ? null : intervalOf(bounds),
        train: null,
        baseline: null,
        difference: null,
        reason: found.reason ?? (bounds !== undefined && "reason" in bounds ? bounds.reason : null),
      };
    });
    return [...rows.filter(({ value }) => value !== null), ...rows.filter(({ value }) => value === null)];
  }

  #decided(): Map<Metric, Found> {
    const found = new Map<Metric, Found>();
    const isDecision = (metric: Metric): metric is DecisionMetric => metric.needs === "decisions";
    const metrics = this.#metrics.filter(isDecision);
    if (metrics.length === 0 || this.rows === 0) return found;
    const cells = this.#cellsOfAll();
    const confusion = confusionOf(cells);
    const certainty = this.#settings;
    const drawn = resampleDecisions(metrics, cells, this.rows, undefined, certainty);
    metrics.forEach((metric, at) => {
      const value = metric.of(confusion, undefined);
      const values = drawn[at] as Float64Array;
      const support = metric.support(confusion);
      const { range } = metric;
      const bounds = (): Bounds =>
        metric.share === undefined
          ? percentiles(values, certainty.confidence, CELL_METHOD, support, { range })
          : shareBounds(value, metric.share.of(confusion).of, values, certainty);
      const reason = Number.isNaN(value)
        ? (metric.undefined ?? "these decisions do not define it")
        : undefined;
      found.set(metric, {
        value,
        ...(reason === undefined ? {} : { reason }),
        ...(certainty.resamples === 0 ? {} : { bounds: bounds() }),
      });
    });
    return found;
  }

  #summed(): Map<Metric, Found> {
    const found = new Map<Metric, Found>();
    const certainty = this.#settings;
    for (const [metric, totals] of this.#totals) {
      const measured = totals.measured(this.#dealer.sizes);
      if (totals.reason !== undefined || measured === undefined) {
        found.set(metric, { value: Number.NaN, reason: totals.reason ?? "there are no rows" });
        continue;
      }
      if (certainty.resamples === 0) {
        found.set(metric, { value: measured.value });
        continue;
      }
      const [values = new Float64Array(0)] = bootstrap([[measured]], BLOCKS, certainty).values[0] ?? [];
      const method = `percentile bootstrap of ${BLOCKS} random blocks of rows`;
      const bounds = percentiles(values, certainty.confidence, method, this.rows, { range: metric.range });
      const { rough } = totals;
      found.set(metric, {
        value: measured.value,
        bounds:
          rough === undefined || "reason" in bounds ? bounds : { interval: { ...bounds.interval, rough } },
      });
    }
    return found;
  }
}

interface Found {
  readonly value: number;
  readonly reason?: string;
  readonly bounds?: Bounds;
}

function measuredOf(metric: ScoreMetric | ValueMetric, answers: Answers) {
  if (answers.kind === "numbers" && metric.needs === "values") {
    return metric.measure(answers.labels, answers.predictions, answers.context);
  }
  if (answers.kind !== "classes" || metric.needs !== "scores")
    throw new TypeError(`${metric.name} is not of these rows`);
  const { classified } = answers;
  const reason = classified.unscored ?? (metric.probabilities ? classified.improbable : undefined);
  return reason === undefined ? metric.measure(classified) : { value: Number.NaN, reason };
}
