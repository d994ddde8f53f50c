import type { Interval } from "../../report/report.ts";
import { binomial } from "../../stats/binomial.ts";
import { quantile } from "../../stats/quantile.ts";
import { random } from "../../stats/random.ts";
import type { Certainty } from "../interval.ts";
import { apart, type Rate } from "./rates.ts";
import type { FairnessMeasure } from "./table.ts";

/** The rates a measure compares: by rate, then by group. */
export type Compared = ReadonlyMap<string, readonly Rate[]>;

/**
 * The interval of a fairness measure: the value ± what the rates' own uncertainty can make of it.
 *
 * The largest difference of noisy rates is large even where the true rates are equal, so resampled
 * differences lie above the true one and their percentiles never reach 0. Instead each group's rate
 * is resampled with its denominator fixed, and the widest gap between the groups' *errors* is taken;
 * its quantile is how far any difference between two groups, and so the largest, may be off. The
 * interval holds for all pairs of groups at once and is honest where groups are equal, at the price of being
 * wider than percentiles where they are not. Ratios are treated the same, by their logarithms.
 *
 * While drawing, half a row is added to each side, so that a rate of 0 or 1 in a small group is not
 * taken for certain.
 *
 * Source: the bootstrap form of Tukey's studentized range, without studentizing; Hochberg and
 * Tamhane, Multiple Comparison Procedures (1987), chapter 2.
 */
export function rateInterval(
  { as }: FairnessMeasure,
  compared: Compared,
  value: number,
  stream: string,
  { resamples: asked, confidence, seed }: Certainty,
): Interval {
  const resamples = affordable(asked, compared);
  const widest = new Float64Array(resamples);
  for (const [name, rates] of compared) {
    const draws = random(seed, `${stream} ${name}`);
    const expected = rates.map(smoothed);
    for (let resample = 0; resample < resamples; resample++) {
      let [least, most] = [Infinity, -Infinity];
      for (let group = 0; group < rates.length; group++) {
        const { of } = rates[group] as Rate;
        const chance = expected[group] as number;
        const trials = whole(of);
        const count = binomial(trials, chance, draws);
        const error =
          as === "difference" ? count / trials - chance : Math.log(smoothed({ count, of: trials }) / chance);
        least = Math.min(least, error);
        most = Math.max(most, error);
      }
      widest[resample] = Math.max(widest[resample] as number, most - least);
    }
  }
  const margin = quantile(widest.sort(), confidence);
  const least = Math.min(...[...compared.values()].flat().map(({ of }) => whole(of)));
  const method = `simultaneous bootstrap of group rates, smallest denominator ${least}`;
  if (as === "difference") {
    return { low: Math.max(0, value - margin), high: Math.min(1, value + margin), confidence, method };
  }
  const center = apart(
    [...compared.values()].map((rates) => rates.map(smoothed)),
    "ratio",
  );
  return {
    low: value === 0 ? 0 : Math.min(value, center * Math.exp(-margin)),
    high: Math.max(value, Math.min(1, center * Math.exp(margin))),
    confidence,
    method,
  };
}

/** How many resamples are drawn. With thousands of groups it is fewer, but 200 at least: all groups together have half a million draws. */
export function affordable(resamples: number, compared: ReadonlyMap<string, readonly unknown[]>): number {
  const groups = Math.max(1, ...[...compared.values()].map((rates) => rates.length));
  return Math.min(resamples, Math.max(200, Math.floor(500_000 / groups)));
}

/** Effective numbers of rows are no whole ones; so many are drawn. */
export const whole = (rows: number): number => Math.max(1, Math.round(rows));

/** A rate with half a row added to each side. */
export const smoothed = ({ count, of }: Rate): number => (count + 0.5) / (of + 1);
