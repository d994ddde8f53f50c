import { multinomial } from "../../stats/multinomial.ts";
import { random } from "../../stats/random.ts";
import { type Bounds, type Certainty, widened } from "../interval.ts";
import type { Figures } from "./extremes.ts";
import { gapChange } from "./gap-change.ts";
import { affordable, whole } from "./rate-intervals.ts";
import { apart, type PairedRate } from "./rates.ts";
import type { FairnessMeasure } from "./table.ts";

const METHOD = "simultaneous paired bootstrap of group rates";

/** Added to each of a group's four cells while drawing: half a row on either side of each model's rate. */
const QUARTER = 0.25;

/** Of one group: the candidate's and the baseline's. */
type Pair = readonly [candidate: number, baseline: number];

/**
 * The interval of candidate − baseline of a fairness measure, on the same rows, from draws of each group's
 * pairs of decisions with its denominator fixed: see {@link gapChange}. Ratios are treated by their logarithms.
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
  const [candidate, baseline] = figuresOf(as, compared, stream, resamples, seed);
  const { low, high } = gapChange(candidate, baseline, as, confidence);
  const shares = (which: 0 | 1) => rates.map((groups) => groups.map((cells) => sharesOf(cells)[which]));
  const value = apart(shares(0), as) - apart(shares(1), as);
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
function sharesOf(cells: ArrayLike<number>, added = 0): Pair {
  const [both = 0, candidate = 0, baseline = 0, neither = 0] = [cells[0], cells[1], cells[2], cells[3]];
  const of = both + candidate + baseline + neither + 4 * added;
  return [(both + candidate + 2 * added) / of, (both + baseline + 2 * added) / of];
}

const drawn = new Float64Array(4);

/** Both models' rates of every group, or their logarithms, and how far off they are in draws of the groups' rows. */
function figuresOf(
  as: FairnessMeasure["as"],
  compared: ReadonlyMap<string, readonly PairedRate[]>,
  stream: string,
  resamples: number,
  seed: number,
): readonly [Figures[], Figures[]] {
  const both: readonly [Figures[], Figures[]] = [[], []];
  for (const [name, groups] of compared) {
    const draws = random(seed, `${stream} ${name} paired`);
    const errors = both.map(() => groups.map(() => new Float64Array(resamples)));
    groups.forEach((cells, group) => {
      const smoothed = cells.map((cell) => cell + QUARTER);
      const trials = whole(rowsOf(cells));
      const expected = sharesOf(cells, QUARTER);
      for (let resample = 0; resample < resamples; resample++) {
        multinomial(trials, smoothed, drawn, draws);
        const found = sharesOf(drawn, as === "difference" ? 0 : QUARTER);
        errors.forEach((model, m) => {
          const [share, from] = [found[m as 0 | 1], expected[m as 0 | 1]];
          const off = model[group] as Float64Array;
          off[resample] = as === "difference" ? share - from : Math.log(share / from);
        });
      }
    });
    both.forEach((figures, m) => {
      const values = groups.map((cells) =>
        as === "difference" ? sharesOf(cells)[m as 0 | 1] : Math.log(sharesOf(cells, QUARTER)[m as 0 | 1]),
      );
      figures.push({ values, errors: errors[m] as Float64Array[] });
    });
  }
  return both;
}
