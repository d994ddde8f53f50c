import { multinomial } from "../../stats/multinomial.ts";
import { type Random, random } from "../../stats/random.ts";
import { type Bounds, type Certainty, widened } from "../interval.ts";
import { type GapChange, type Gaps, gapChange } from "./gap-change.ts";
import { affordable, smoothed, whole } from "./rate-intervals.ts";
import { apart, type PairedRate } from "./rates.ts";
import type { FairnessMeasure } from "./table.ts";

const METHOD = "simultaneous paired bootstrap of group rates";

/** Added to each of a group's four cells while drawing: half a row on either side of each model's rate. */
const QUARTER = 0.25;

/** Of one group: the candidate's and the baseline's. */
type Pair = readonly [candidate: number, baseline: number];

/**
 * The interval of candidate − baseline of a fairness measure, on the same rows, from draws of each group's
 * pairs of decisions with its denominator fixed: see {@link gapChange}. It is as wide as the doubt of two gaps where
 * the models decide unlike, and narrow where they decide nearly alike. Ratios are treated by their logarithms.
 *
 * Two models that decide every row alike have the same gap in every draw; percentiles say how sure that is.
 *
 * @param compared by rate, then by group
 */
export function pairedRateBounds(
  { as }: FairnessMeasure,
  compared: ReadonlyMap<string, readonly PairedRate[]>,
  stream: string,
  { resamples: asked, confidence, seed }: Certainty,
): Bounds {
  const resamples = affordable(asked, compared);
  const rates = [...compared.values()];
  const least = Math.min(...rates.flat().map((cells) => whole(rowsOf(cells))));
  if (rates.flat().every(([, candidate, baseline]) => candidate === 0 && baseline === 0)) {
    return widened(new Float64Array(resamples), confidence, METHOD, least);
  }
  const draws = [...compared.keys()].map((name) => random(seed, `${stream} ${name} paired`));
  const spreads = { both: new Float64Array(resamples), shift: new Float64Array(resamples) };
  for (let resample = 0; resample < resamples; resample++) {
    const errors = gapsOf(
      rates.map((groups, rate) => groups.map((cells) => errorOf(as, cells, draws[rate] as Random))),
    );
    spreads.both[resample] = errors.candidate + errors.baseline;
    spreads.shift[resample] = errors.shift;
  }
  const shares = rates.map((groups) => groups.map((cells) => sharesOf(cells)));
  const of = (which: 0 | 1) => shares.map((groups) => groups.map((pair) => pair[which]));
  const value = apart(of(0), as) - apart(of(1), as);
  const gaps = gapsOf(as === "difference" ? shares : rates.map((groups) => groups.map(logarithms)));
  const change = gapChange(gaps, spreads, confidence);
  const { low, high } = as === "difference" ? change : ofRatios(change, gaps);
  return {
    interval: {
      low: Math.max(-1, Math.min(low, value)),
      high: Math.min(1, Math.max(high, value)),
      confidence,
      method: `${METHOD}, smallest denominator ${least}`,
    },
  };
}

const rowsOf = (cells: PairedRate): number => cells.reduce((sum, cell) => sum + cell, 0);

/** Both models' rates in a group, with so much added to each of its cells. */
function sharesOf(cells: PairedRate, added = 0): Pair {
  const [both, candidate, baseline] = cells;
  const of = rowsOf(cells) + 4 * added;
  return [(both + candidate + 2 * added) / of, (both + baseline + 2 * added) / of];
}

function logarithms(cells: PairedRate): Pair {
  const [candidate, baseline] = sharesOf(cells, QUARTER);
  return [Math.log(candidate), Math.log(baseline)];
}

const drawn = new Float64Array(4);

/** How far off both models' rates of a group are in one draw of its rows. */
function errorOf(as: FairnessMeasure["as"], cells: PairedRate, draws: Random): Pair {
  const trials = whole(rowsOf(cells));
  const [both = 0, own = 0, base = 0] = multinomial(
    trials,
    cells.map((cell) => cell + QUARTER),
    drawn,
    draws,
  );
  const [candidate, baseline] = sharesOf(cells, QUARTER);
  const error = (count: number, share: number): number =>
    as === "difference" ? count / trials - share : Math.log(smoothed({ count, of: trials }) / share);
  return [error(both + own, candidate), error(both + base, baseline)];
}

/** The largest differences between groups; of several rates the largest counts. */
function gapsOf(rates: readonly (readonly Pair[])[]): Gaps {
  const range = (of: (pair: Pair) => number): number =>
    Math.max(
      ...rates.map((groups) => {
        let [least, most] = [Infinity, -Infinity];
        for (const pair of groups) {
          least = Math.min(least, of(pair));
          most = Math.max(most, of(pair));
        }
        return most - least;
      }),
    );
  return {
    candidate: range(([candidate]) => candidate),
    baseline: range(([, baseline]) => baseline),
    shift: range(([candidate, baseline]) => candidate - baseline),
  };
}

/**
 * The change of the ratio smallest ÷ largest, from that of its logarithm's size: a ratio that may be so many times the
 * other differs from it the most where both are as large as they may be, and one that must be smaller the least
 * where both are as small.
 */
function ofRatios(
  { low, high, reach }: GapChange,
  { candidate, baseline }: Gaps,
): Pick<GapChange, "low" | "high"> {
  const least = (gap: number): number => Math.exp(-gap - reach);
  const most = (gap: number): number => Math.min(1, Math.exp(-gap + reach));
  const above = (by: number, gap: number, other: number): number =>
    by > 0 ? -most(gap) * Math.expm1(-by) : least(other) * Math.expm1(by);
  return { low: -above(high, baseline, candidate), high: above(-low, candidate, baseline) };
}
