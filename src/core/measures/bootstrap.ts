import {
  blockResampling,
  clusterResampling,
  type Resampling,
  resampling,
  stratifiedResampling,
} from "../stats/resampling.ts";
import type { Certainty } from "./interval.ts";
import { type Measured, type RowSums, sumRows } from "./metrics/metric.ts";

/** One model's score metrics. All models of a bootstrap answer for the same rows. */
export type Models = readonly (readonly Measured[])[];

/** Resampled values: `values[model][metric][resample]`, NaN where undefined, and how they came about. */
export interface Resampled {
  readonly values: readonly (readonly Float64Array[])[];
  /** What was drawn, in a few words. */
  readonly title: string;
}

/** How the resamples are drawn, and who is told. */
export interface BootstrapOptions {
  readonly progress?: (done: number) => void;
  /** Up to so many rows each is drawn by itself; a test makes both ways meet. */
  readonly most?: number;
  /** What is drawn, where it is not rows with replacement. */
  readonly units?: Resampling;
}

/**
 * Measures metrics again on resampled rows. Every metric of every model sees the same rows in the
 * same resample, so differences between models are paired; and what one metric is given does not
 * depend on which others there are.
 *
 * No row is copied: a resample is a weight for each row, or for each block of rows.
 *
 */
export function bootstrap(
  models: Models,
  rows: number,
  certainty: Certainty,
  { progress, most, units = unitsOf(rows, certainty, most) }: BootstrapOptions = {},
): Resampled {
  const { resamples } = certainty;
  const values = models.map((metrics) => metrics.map(() => new Float64Array(resamples)));
  const again = models.map((metrics) => measureAgain(metrics, units));
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
  const weighted = certainty.weights === undefined ? "" : "weighted ";
  return { values, title: `${weighted}${units.title}` };
}

/** What is drawn: rows, groups of them that belong together, blocks of time, or rows of each class. */
export function unitsOf(
  rows: number,
  { seed, clusters, moments, block, strata }: Omit<Certainty, "resamples" | "confidence">,
  most?: number,
): Resampling {
  if (clusters !== undefined) return clusterResampling(clusters, seed, most);
  if (moments !== undefined) return blockResampling(moments, block ?? usualBlock(moments), seed, most);
  if (strata !== undefined) return stratifiedResampling(strata, seed, most);
  return resampling(rows, seed, most);
}

/**
 * How many moments depend on each other, where nobody says: the cube root of their number, rounded up.
 *
 * Source: P. Hall, J. L. Horowitz and B.-Y. Jing, "On blocking rules for the bootstrap with dependent data" (1995).
 *
 * @example usualBlock(Int32Array.from({ length: 100 }, (_, moment) => moment)) // => 5
 */
export function usualBlock(moments: Int32Array): number {
  return Math.ceil(Math.cbrt(1 + moments.reduce((last, moment) => Math.max(last, moment), 0)) - 1e-9);
}

/** Whether rows are drawn by themselves, none more likely together with another. */
export const isIndependent = ({ clusters, moments }: Pick<Certainty, "clusters" | "moments">): boolean =>
  clusters === undefined && moments === undefined;

type Again = (weights: Uint16Array, tell: (metric: number, value: number) => void) => void;

function measureAgain(metrics: readonly Measured[], { blockOf, byRow, units }: Resampling): Again {
  if (blockOf === undefined) return overRows(metrics);
  return byRow === true ? overRowsOf(metrics, blockOf) : overBlocks(metrics, blockOf, units);
}

/** Each row has its block's weight. */
function overRowsOf(metrics: readonly Measured[], blockOf: Int32Array): Again {
  const measure = overRows(metrics);
  const byRow = new Uint16Array(blockOf.length);
  return (weights, tell) => {
    for (let row = 0; row < byRow.length; row++) {
      byRow[row] = weights[blockOf[row] as number] as number;
    }
    measure(byRow, tell);
  };
}

function overRows(metrics: readonly Measured[]): Again {
  const plans = metrics.map((metric) => {
    if (metric.weighted !== undefined) return metric.weighted;
    const sums = sumsOf(metric);
    const into = new Float64Array(sums.slots * sums.amounts.length);
    return (weights: Uint16Array, rows: number) => sums.value(sumRows(sums, weights, into), rows);
  });
  return (weights, tell) => {
    let rows = 0; // of groups it is not the same in every draw
    for (const weight of weights) rows += weight;
    plans.forEach((plan, metric) => {
      tell(metric, plan(weights, rows));
    });
  };
}

function sumsOf({ sums }: Measured): RowSums {
  if (sums === undefined)
    throw new TypeError("a metric that can be had again neither by weights nor by sums");
  return sums();
}

/** Each metric's sums are added up once for every block; a resample then adds blocks, not rows. */
function overBlocks(metrics: readonly Measured[], blockOf: Int32Array, blocks: number): Again {
  const sizes = sumBy(blockOf, blocks, new Float64Array(blockOf.length).fill(1));
  const unsummed = metrics.some(({ sums }) => sums === undefined);
  const byRow = unsummed ? new Uint16Array(blockOf.length) : undefined;
  const plans = metrics.map((metric) => {
    if (metric.sums === undefined) return metric.weighted;
    const sums = metric.sums();
    const entries = blockSums(sums, blockOf, blocks);
    return { sums, entries, into: new Float64Array(entries.length) };
  });
  const factors = new Float64Array(blocks);
  return (weights, tell) => {
    factors.set(weights);
    const rows = dot(factors, sizes);
    byRow?.forEach((_, row) => {
      byRow[row] = weights[blockOf[row] as number] as number;
    });
    plans.forEach((plan, metric) => {
      if (plan === undefined || typeof plan === "function") {
        tell(metric, plan?.(byRow ?? weights) ?? Number.NaN);
        return;
      }
      const { sums, entries, into } = plan;
      for (let entry = 0; entry < into.length; entry++) {
        into[entry] = dot(factors, entries[entry] as Float64Array);
      }
      tell(metric, sums.value(into, rows));
    });
  };
}

/** `sums[entry][block]`, where the entries are as `RowSums` has them. */
function blockSums({ slots, slot, amounts }: RowSums, blockOf: Int32Array, blocks: number): Float64Array[] {
  const place = slot === undefined ? blockOf : placeOf(slot, blockOf, blocks);
  const columns = amounts.map((amount) => sumBy(place, slots * blocks, amount));
  const entries: Float64Array[] = [];
  for (let start = 0; start < slots * blocks; start += blocks) {
    for (const column of columns) entries.push(column.subarray(start, start + blocks));
  }
  return entries;
}

function placeOf(slot: Uint8Array, blockOf: Int32Array, blocks: number): Int32Array {
  const place = new Int32Array(slot.length);
  for (let row = 0; row < slot.length; row++) {
    place[row] = (slot[row] as number) * blocks + (blockOf[row] as number);
  }
  return place;
}

function sumBy(place: Int32Array, places: number, amounts: Float64Array): Float64Array {
  const sums = new Float64Array(places);
  for (let row = 0; row < place.length; row++) {
    const at = place[row] as number;
    sums[at] = (sums[at] as number) + (amounts[row] as number);
  }
  return sums;
}

/** Σ aᵢ bᵢ, in four sums that the processor can add side by side. */
function dot(a: Float64Array, b: Float64Array): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 3 < a.length; i += 4) {
    s0 += (a[i] as number) * (b[i] as number);
    s1 += (a[i + 1] as number) * (b[i + 1] as number);
    s2 += (a[i + 2] as number) * (b[i + 2] as number);
    s3 += (a[i + 3] as number) * (b[i + 3] as number);
  }
  for (; i < a.length; i++) s0 += (a[i] as number) * (b[i] as number);
  return s0 + s1 + (s2 + s3);
}
