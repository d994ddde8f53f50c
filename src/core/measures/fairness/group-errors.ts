import { normalBelow } from "../../stats/normal-tail.ts";
import { quantile } from "../../stats/quantile.ts";
import { random } from "../../stats/random.ts";
import { permutation } from "../../stats/shuffle.ts";
import { studentQuantile } from "../../stats/student.ts";
import { type Bounds, type Certainty, widened } from "../interval.ts";
import type { Figures } from "./extremes.ts";
import { gapChange } from "./gap-change.ts";
import type { Groups } from "./groups.ts";
import type { unitsByGroup } from "./units.ts";

/** A group's rows are put into at most so many blocks of equal size, which are what is drawn. */
const BLOCKS = 1000;
/** All groups together have at most about so many blocks, however many groups there are. */
const ALL_BLOCKS = 50_000;

/**
 * Resampled mean absolute errors: `means[group][resample]`, with each group's size fixed; where rows belong
 * together, the number of each group's units.
 *
 * @param places which of its group's units each row is in; absent where every row stands for itself
 */
export function resampleGroupErrors(
  errors: readonly Float64Array[],
  groups: Groups,
  stream: string,
  { resamples, seed, weights }: Certainty,
  places?: ReturnType<typeof unitsByGroup>,
): Float64Array[][] {
  const most = Math.max(30, Math.min(BLOCKS, Math.floor(ALL_BLOCKS / Math.max(1, groups.names.length))));
  const order = permutation(groups.of.length, random(seed, `${stream} blocks`));
  const draws = random(seed, `${stream} errors`);
  const blocks = (places?.counts ?? groups.sizes).map((size) => Math.min(size, most));
  const shuffled = places?.counts.map((count) => permutation(count, draws));
  const counts = blocks.map((count) => new Float64Array(count));
  const sums = errors.map(() => blocks.map((count) => new Float64Array(count)));
  const seen = groups.sizes.map(() => 0);
  for (const row of order) {
    const group = groups.of[row] as number;
    if (group < 0) continue;
    const unit = places === undefined ? seen[group] : shuffled?.[group]?.[places.of[row] as number];
    const block = (unit as number) % (blocks[group] as number);
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
 *
 * @param least where rows belong together: units of the group that has the fewest, for which the confidence makes up
 */
export function errorBounds(
  means: readonly Float64Array[],
  observed: readonly number[],
  value: number,
  { confidence, resamples }: Certainty,
  least?: number,
): Bounds {
  const widest = new Float64Array(resamples).map((_, resample) => {
    const off = means.map((group, g) => (group[resample] as number) - (observed[g] as number));
    return Math.max(...off) - Math.min(...off);
  });
  const asked = least === undefined ? confidence : reached(confidence, least);
  const margin = quantile(widest.sort(), asked);
  const method = "simultaneous bootstrap of group errors";
  return { interval: { low: Math.max(0, value - margin), high: value + margin, confidence, method } };
}

/**
 * The interval of candidate − baseline of that difference, on the same rows: see {@link gapChange}. The confidence
 * makes up for few rows as that of other differences does.
 *
 * @param observed by model: the groups' mean errors
 * @param least rows of the smallest group
 */
export function pairedErrorBounds(
  [candidate, baseline]: readonly [readonly Float64Array[], readonly Float64Array[]],
  observed: readonly [readonly number[], readonly number[]],
  least: number,
  { confidence, resamples }: Certainty,
): Bounds {
  const method = "simultaneous paired bootstrap of group errors";
  const [ours, theirs] = observed;
  const figures = (means: readonly Float64Array[], values: readonly number[]): Figures => ({
    values,
    errors: means.map((group, g) => group.map((mean) => mean - (values[g] as number))),
  });
  const [own, base] = [figures(candidate, ours), figures(baseline, theirs)];
  const alike =
    ours.every((mean, group) => mean === theirs[group]) &&
    own.errors.every((errors, g) => errors.every((error, draw) => error === base.errors[g]?.[draw]));
  // two models that err alike in every row: percentiles say how sure that is
  if (alike) return widened(new Float64Array(resamples), confidence, method, least);
  const { low, high } = gapChange([own], [base], "difference", reached(confidence, least));
  return { interval: { low, high, confidence, method } };
}

/** The confidence to ask percentiles for, so that they hold what they promise of few rows: see {@link widened}. */
function reached(confidence: number, rows: number): number {
  if (rows < 2) return 1;
  const apart = studentQuantile(0.5 + confidence / 2, rows - 1) * Math.sqrt(rows / (rows - 1));
  return 2 * normalBelow(apart) - 1;
}
