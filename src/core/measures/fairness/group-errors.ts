import { quantile } from "../../stats/quantile.ts";
import { random } from "../../stats/random.ts";
import { permutation } from "../../stats/shuffle.ts";
import { type Bounds, type Certainty, widened } from "../interval.ts";
import type { Groups } from "./groups.ts";

/** A group's rows are put into at most so many blocks of equal size, which are what is drawn. */
const BLOCKS = 1000;
/** All groups together have at most about so many blocks, however many groups there are. */
const ALL_BLOCKS = 50_000;

/** Resampled mean absolute errors: `means[group][resample]`, with each group's size fixed. */
export function resampleGroupErrors(
  errors: readonly Float64Array[],
  groups: Groups,
  stream: string,
  { resamples, seed, weights }: Certainty,
): Float64Array[][] {
  const most = Math.max(30, Math.min(BLOCKS, Math.floor(ALL_BLOCKS / Math.max(1, groups.names.length))));
  const order = permutation(groups.of.length, random(seed, `${stream} blocks`));
  const draws = random(seed, `${stream} errors`);
  const blocks = groups.sizes.map((size) => Math.min(size, most));
  const counts = blocks.map((count) => new Float64Array(count));
  const sums = errors.map(() => blocks.map((count) => new Float64Array(count)));
  const seen = groups.sizes.map(() => 0);
  for (const row of order) {
    const group = groups.of[row] as number;
    if (group < 0) continue;
    const block = (seen[group] as number) % (blocks[group] as number);
    seen[group] = (seen[group] as number) + 1;
    const weight = weights?.[row] ?? 1;
    add(counts[group], block, weight);
    errors.forEach((model, m) => {
      add(sums[m]?.[group], block, weight * (model[row] as number));
    });
  }
  const means = errors.map(() => blocks.map(() => new Float64Array(resamples)));
  const total = new Float64Array(errors.length);
  blocks.forEach((count, group) => {
    for (let resample = 0; resample < resamples; resample++) {
      let rows = 0;
      total.fill(0);
      for (let draw = 0; draw < count; draw++) {
        const block = draws.below(count);
        rows += counts[group]?.[block] as number;
        for (let m = 0; m < total.length; m++) add(total, m, sums[m]?.[group]?.[block] as number);
      }
      means.forEach((model, m) => {
        add(model[group], resample, (total[m] as number) / rows);
      });
    }
  });
  return means;
}

function add(into: Float64Array | undefined, at: number, amount: number): void {
  if (into !== undefined) into[at] = (into[at] as number) + amount;
}

/**
 * The interval of the largest difference between groups' mean errors: as `rateInterval`, the value ±
 * the quantile of the widest gap between the groups' own errors.
 */
export function errorBounds(
  means: readonly Float64Array[],
  observed: readonly number[],
  value: number,
  { confidence, resamples }: Certainty,
): Bounds {
  const widest = new Float64Array(resamples).map((_, resample) => {
    const off = means.map((group, g) => (group[resample] as number) - (observed[g] as number));
    return Math.max(...off) - Math.min(...off);
  });
  const margin = quantile(widest.sort(), confidence);
  const method = "simultaneous bootstrap of group errors";
  return { interval: { low: Math.max(0, value - margin), high: value + margin, confidence, method } };
}

/** The interval of candidate − baseline of that difference, on the same rows. */
export function pairedErrorBounds(
  candidate: readonly Float64Array[],
  baseline: readonly Float64Array[],
  least: number,
  { confidence, resamples }: Certainty,
): Bounds {
  const range = (means: readonly Float64Array[], resample: number): number => {
    const values = means.map((group) => group[resample] as number);
    return Math.max(...values) - Math.min(...values);
  };
  const changes = new Float64Array(resamples).map((_, r) => range(candidate, r) - range(baseline, r));
  return widened(changes, confidence, "paired percentile bootstrap of group errors", least);
}
