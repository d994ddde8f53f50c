import type { Scored } from "../../../src/core/measures/evaluation.ts";
import { metricsOf } from "../../../src/core/measures/metrics/catalogue.ts";
import type { Measured } from "../../../src/core/measures/metrics/metric.ts";
import { classified } from "../../../src/core/measures/scored.ts";
import { quantile } from "../../../src/core/stats/quantile.ts";
import { mean } from "../../../src/core/stats/sum.ts";

/** The score metrics of a task that are defined, measured. */
export function measured(scored: Scored, classes: number): Map<string, Measured> {
  const answers = classified(scored, classes);
  const task = classes === 2 ? "binary-classification" : "multiclass-classification";
  const all = metricsOf(task).flatMap((metric) =>
    metric.needs === "scores" ? [[metric.name, metric.measure(answers)] as const] : [],
  );
  return new Map(all.filter(([, { value }]) => !Number.isNaN(value)));
}

/** Center, spread and the ends of the interval. */
export function shape(values: Float64Array) {
  const sorted = values.slice().sort();
  const center = mean(sorted);
  const spread = Math.sqrt(mean(sorted.map((value) => (value - center) ** 2)));
  return { center, spread, low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) };
}
