import { quantile } from "../../stats/quantile.ts";
import { type Extremes, extremesOf, type Figures } from "./extremes.ts";
import type { FairnessMeasure } from "./table.ts";

/** The part of the doubt that goes into telling which groups may be the farthest apart. */
const TELLING = 0.1;
/** So many pairs of groups are looked at one by one; of more, the worst of each draw is taken. */
const PAIRS = 48;

/**
 * Bounds of how much larger the candidate's gap between groups is than the baseline's, on the same rows.
 *
 * Percentiles of the resampled change will not do. A gap is a maximum, and is drawn the wider the more equal
 * the groups are: where the baseline is fair and the candidate is not, the baseline's is drawn too wide and the
 * candidate's is not, so that all of them lie below the true worsening. Of each model it is told first which groups may be
 * the farthest apart ({@link extremesOf}). Then two things are known:
 *
 * - A gap that was found is off by no less than the pair that is truly the farthest apart, and by no more than the
 *   widest gap between the errors of all that may be it. The bounds hold for whichever pair it is.
 * - The change is no larger than that of the pair which is the candidate's farthest, and no smaller than that of the
 *   baseline's. Where the models decide nearly alike, all of them are little.
 *
 * The narrower end counts. Where it is plain which groups are the farthest apart, both are the plain interval of one
 * pair; the more groups are on a par, the more cautious it is, which none can help that holds however nearly they are.
 *
 * Source: one-sided derivatives of a maximum, as in Z. Fang and A. Santos, "Inference on directionally differentiable
 * functions", Review of Economic Studies 86 (2019); bounded on either side instead of estimated, after a first
 * step as in Romano, Shaikh and Wolf (2014).
 *
 * @param candidate its figures (rates, or their logarithms, or errors); of several, the one with the widest gap counts
 * @param as `difference` bounds the change of largest − smallest; `ratio` that of smallest ÷ largest, of logarithms
 * @example gapChange([{ values: [0.5, 0.25], errors: [new Float64Array([0]), new Float64Array([0])] }], [{ values: [0.5, 0.5], errors: [new Float64Array([0]), new Float64Array([0])] }], "difference", 0.95) // => { low: 0.25, high: 0.25 }
 */
export function gapChange(
  candidate: readonly Figures[],
  baseline: readonly Figures[],
  as: FairnessMeasure["as"],
  confidence: number,
): { readonly low: number; readonly high: number } {
  const doubt = 1 - confidence;
  const [own, base] = [candidate, baseline].map((figures) =>
    gapOf(figures, extremesOf(figures, doubt * TELLING)),
  ) as [Gap, Gap];
  const tail = (doubt * (1 - TELLING)) / 2;
  const change = own.size(as) - base.size(as);
  const most = errorOfChange(own.offAtMost, base.offs, as, [own, base]).map((off) => upper(off, tail));
  const least = errorOfChange(base.offAtMost, own.offs, as, [base, own]).map((off) => -upper(off, tail));
  // of ratios it is only known that none is above 1
  const ofPair = (by: number): number => (as === "difference" ? by : -Math.expm1(-Math.max(0, by)));
  const low = Math.max(
    change - Math.max(...most),
    -ofPair(farthestChange(baseline, candidate, base.extremes, tail)),
  );
  const high = Math.min(
    change - Math.min(...least),
    ofPair(farthestChange(candidate, baseline, own.extremes, tail)),
  );
  return as === "difference" ? { low, high } : { low: -high, high: -low };
}

/** The widest gap between groups by one model. */
interface Gap {
  readonly extremes: readonly Extremes[];
  /** The widest gap that was found, of logarithms where the figures are. */
  readonly found: number;
  /** As a difference, or as how far the ratio lies below 1. */
  size(as: FairnessMeasure["as"]): number;
  /** By draw: it is off by no more than this. */
  readonly offAtMost: Float64Array;
  /** By draw, for each pair that may truly be the farthest apart: it is off by no less than this. */
  readonly offs: readonly Float64Array[];
}

function gapOf(figures: readonly Figures[], extremes: readonly Extremes[]): Gap {
  const found = Math.max(...figures.map(({ values }) => Math.max(...values) - Math.min(...values)));
  const draws = figures[0]?.errors[0]?.length ?? 0;
  const offAtMost = new Float64Array(draws).fill(Number.NEGATIVE_INFINITY);
  const offAtLeast = new Float64Array(draws).fill(Number.POSITIVE_INFINITY);
  const offs: Float64Array[] = [];
  const pairs = extremes.reduce((sum, { largest, smallest }) => sum + largest.length * smallest.length, 0);
  for (const { figure, largest, smallest } of extremes) {
    const { errors } = figures[figure] as Figures;
    const [above, below] = [largest, smallest].map((groups) => groups.map((group) => errors[group])) as [
      Float64Array[],
      Float64Array[],
    ];
    for (let draw = 0; draw < draws; draw++) {
      const [top, bottom] = [endsAt(above, draw), endsAt(below, draw)];
      offAtMost[draw] = Math.max(offAtMost[draw] as number, top.most - bottom.least);
      offAtLeast[draw] = Math.min(offAtLeast[draw] as number, top.least - bottom.most);
    }
    if (pairs > PAIRS) continue;
    for (const a of largest) {
      for (const b of smallest) {
        if (a === b) continue;
        const [top, bottom] = [errors[a], errors[b]] as [Float64Array, Float64Array];
        offs.push(top.map((error, draw) => error - (bottom[draw] as number)));
      }
    }
  }
  const size = (as: FairnessMeasure["as"]): number => (as === "difference" ? found : -Math.expm1(-found));
  return { extremes, found, size, offAtMost, offs: offs.length === 0 ? [offAtLeast] : offs };
}

/** By draw, for each pair of the other: what the change is off by at most, on the scale of the measure. */
function errorOfChange(
  most: Float64Array,
  others: readonly Float64Array[],
  as: FairnessMeasure["as"],
  [one, other]: readonly [Gap, Gap],
): Float64Array[] {
  if (as === "difference") {
    return others.map((offs) => most.map((off, draw) => off - (offs[draw] as number)));
  }
  const ofRatio = (off: number, { found }: Gap): number => -Math.exp(-found) * Math.expm1(-off);
  return others.map((offs) =>
    most.map((off, draw) => ofRatio(off, one) - ofRatio(offs[draw] as number, other)),
  );
}

/** No more than so much does the gap grow from `to`'s to `of`'s, by the pair that is the farthest apart by `of`. */
function farthestChange(
  of: readonly Figures[],
  to: readonly Figures[],
  extremes: readonly Extremes[],
  tail: number,
): number {
  const draws = of[0]?.errors[0]?.length ?? 0;
  const off = new Float64Array(draws).fill(Number.NEGATIVE_INFINITY);
  let most = Number.NEGATIVE_INFINITY;
  for (const { figure, largest, smallest } of extremes) {
    const [mine, yours] = [of[figure], to[figure]] as [Figures, Figures];
    const shift = (group: number): number => (mine.values[group] as number) - (yours.values[group] as number);
    most = Math.max(most, Math.max(...largest.map(shift)) - Math.min(...smallest.map(shift)));
    const errors = mine.errors.map((error, group) =>
      error.map((by, draw) => (yours.errors[group]?.[draw] as number) - by),
    );
    const [above, below] = [largest, smallest].map((groups) => groups.map((group) => errors[group])) as [
      Float64Array[],
      Float64Array[],
    ];
    for (let draw = 0; draw < draws; draw++) {
      off[draw] = Math.max(off[draw] as number, endsAt(above, draw).most - endsAt(below, draw).least);
    }
  }
  return most + upper(off, tail);
}

function endsAt(
  errors: readonly Float64Array[],
  draw: number,
): { readonly least: number; readonly most: number } {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const error of errors) {
    const value = error[draw] as number;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return { least, most };
}

const upper = (draws: Float64Array, tail: number): number => quantile(draws.slice().sort(), 1 - tail);
