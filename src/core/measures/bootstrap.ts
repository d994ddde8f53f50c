import { type Resampling, resampling } from "../stats/resampling.ts";
import type { Certainty } from "./interval.ts";
import { type Measured, sumRows } from "./metrics/metric.ts";

/** One model's score metrics. All models of a bootstrap answer for the same rows. */
export type Models = readonly (readonly Measured[])[];

/** Resampled values: `values[model][metric][resample]`, NaN where undefined, and how they came about. */
export interface Resampled {
  readonly values: readonly (readonly Float64Array[])[];
  readonly method: string;
}

/**
 * Measures metrics again on resampled rows. Every metric of every model sees the same rows in the
 * same resample, so differences between models are paired; and what one metric is given does not
 * depend on which others there are.
 *
 * No row is copied: a resample is a weight for each row, or for each block of rows.
 *
 * @param most up to so many rows each is drawn by itself; a test makes both ways meet
 */
export function bootstrap(
  models: Models,
  rows: number,
  { resamples, seed }: Certainty,
  progress?: (done: number) => void,
  most?: number,
): Resampled {
  const units = resampling(rows, seed, most);
  const values = models.map((metrics) => metrics.map(() => new Float64Array(resamples)));
  const again = models.map((metrics) => measureAgain(metrics, rows, units));
  const weights = new Uint16Array(units.units);
  for (let resample = 0; resample < resamples; resample++) {
    units.next(weights);
    again.forEach((measure, model) => {
      measure(weights, (metric, value) => {
        const own = values[model]?.[metric];
        if (own !== undefined) own[resample] = value;
      });
    });
    progress?.(resample + 1);
  }
  return { values, method: `percentile bootstrap of ${units.title}` };
}

type Again = (weights: Uint16Array, tell: (metric: number, value: number) => void) => void;

function measureAgain(metrics: readonly Measured[], rows: number, { blockOf, units }: Resampling): Again {
  return blockOf === undefined ? overRows(metrics, rows) : overBlocks(metrics, blockOf, units);
}

function overRows(metrics: readonly Measured[], rows: number): Again {
  const plans = metrics.map((metric) => {
    if (metric.weighted !== undefined) return metric.weighted;
    const sums = metric.sums();
    const into = new Float64Array(sums.slots * (1 + sums.amounts.length));
    return (weights: Uint16Array) => sums.value(sumRows(sums, rows, weights, into));
  });
  return (weights, tell) => {
    plans.forEach((plan, metric) => {
      tell(metric, plan(weights));
    });
  };
}

/** Each metric's sums are added up once for every block; a resample then adds blocks, not rows. */
function overBlocks(metrics: readonly Measured[], blockOf: Int32Array, blocks: number): Again {
  const plans = metrics.map((metric) => metric.sums());
  const widths = plans.map(({ slots, amounts }) => slots * (1 + amounts.length));
  const starts = widths.map((_, metric) => widths.slice(0, metric).reduce((a, b) => a + b, 0));
  const width = widths.reduce((a, b) => a + b, 0);
  const table = new Float64Array(blocks * width);
  plans.forEach(({ slot, amounts }, metric) => {
    const start = starts[metric] as number;
    const step = 1 + amounts.length;
    for (let row = 0; row < blockOf.length; row++) {
      const own = slot === undefined ? 0 : (slot[row] as number) * step;
      const at = (blockOf[row] as number) * width + start + own;
      table[at] = (table[at] as number) + 1;
      for (let a = 1; a < step; a++) {
        table[at + a] = (table[at + a] as number) + ((amounts[a - 1] as Float64Array)[row] as number);
      }
    }
  });

  const total = new Float64Array(width);
  return (weights, tell) => {
    total.fill(0);
    for (let block = 0; block < blocks; block++) {
      const weight = weights[block] as number;
      if (weight === 0) continue;
      const at = block * width;
      for (let i = 0; i < width; i++) total[i] = (total[i] as number) + weight * (table[at + i] as number);
    }
    plans.forEach((plan, metric) => {
      const start = starts[metric] as number;
      tell(metric, plan.value(total.subarray(start, start + (widths[metric] as number))));
    });
  };
}
