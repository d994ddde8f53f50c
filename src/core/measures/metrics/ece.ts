import { argsort } from "../../stats/argsort.ts";
import type { Classified } from "../scored.ts";
import { CLASSIFICATION } from "../task.ts";
import { measuredBy, type ScoreMetric } from "./metric.ts";

/** Intervals of equal width into which the scores are sorted. */
export const BINS = 15; // Guo et al. and most of the literature after them

/**
 * Which of the equal bins of 0 to 1 a probability falls into. A border belongs to the bin above it,
 * and 1 to the last.
 *
 * @example binOf(0.5, 10) // => 5
 * @example binOf(1, 10) // => 9
 */
export function binOf(probability: number, bins: number): number {
  return Math.min(bins - 1, Math.floor(probability * bins));
}

/** The bin of each probability, where all bins have the same width. */
export function equalWidth(probabilities: Float64Array): Uint8Array {
  const slot = new Uint8Array(probabilities.length);
  for (let row = 0; row < slot.length; row++) slot[row] = binOf(probabilities[row] as number, BINS);
  return slot;
}

/**
 * The bin of each probability, where all bins hold the same number of rows, but for ties, which are
 * not torn apart: border k is the k/15 quantile, and belongs to the bin below it.
 *
 * @param ranked the rows from the highest probability down, where somebody has sorted them already
 * @example equalMass(new Float64Array([0.1, 0.9])) // => [0, 14]
 */
export function equalMass(
  probabilities: Float64Array,
  ranked: Int32Array = argsort(probabilities).reverse(),
): Uint8Array {
  const last = probabilities.length - 1;
  // between two rows the border is no row's own: what exceeds the lower row exceeds it
  const borders = Float64Array.from({ length: BINS - 1 }, (_, k) => {
    const place = last - Math.floor(((k + 1) * last) / BINS);
    return probabilities[ranked[place] as number] as number;
  });
  const slot = new Uint8Array(probabilities.length);
  let bin = 0;
  for (let place = last; place >= 0; place--) {
    const row = ranked[place] as number;
    while (bin < BINS - 1 && (borders[bin] as number) < (probabilities[row] as number)) bin++;
    slot[row] = bin;
  }
  return slot;
}

/**
 * Expected calibration error: Σ over bins of (rows in the bin / rows) · |mean probability − share that came true|.
 *
 * 15 bins of equal width over the positive class's probability; for more than two classes over the
 * largest probability, which came true if that class is the true one. It says how far
 * probabilities can be taken at their word, not how well they tell classes apart. It depends on the
 * bins, and in few rows it is above 0 for a perfect model too. NaN without rows.
 */
export const ece: ScoreMetric = {
  name: "ece",
  title: "Calibration error",
  tasks: CLASSIFICATION,
  better: "lower",
  range: [0, 1],
  needs: "scores",
  probabilities: true,
  addsUp: true,
  source: "Guo et al., On calibration of modern neural networks (2017); not in scikit-learn",
  measure: (answers) => {
    const { probabilities, outcomes } = claims(answers);
    const slot = equalWidth(probabilities);
    const gaps = new Float64Array(answers.rows);
    for (let row = 0; row < slot.length; row++) {
      gaps[row] = (probabilities[row] as number) - (outcomes[row] as number);
    }
    const sums = { slots: BINS, slot, amounts: [gaps], value: error };
    return { ...measuredBy(sums, answers.rows), rough: ABOVE };
  },
};

/** Few rows make a gap where there is none, and resampled ones a larger one. */
export const ABOVE = "lies above the true error";

/** (rows in the bin) · |mean − share| is the absolute value of the bin's summed gaps. */
function error(gaps: Float64Array, rows: number): number {
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / rows;
}

/** What the model claimed of each row, as a probability, and whether it came true, as 0 or 1. */
export function claims({ rows, labels, columns, classes }: Classified): {
  readonly probabilities: Float64Array;
  readonly outcomes: Float64Array;
} {
  const positive = classes === 2 ? columns[1] : undefined;
  if (positive !== undefined) return { probabilities: positive, outcomes: labels };
  const probabilities = new Float64Array(rows).fill(-1);
  const outcomes = new Float64Array(rows);
  columns.forEach((column, c) => {
    for (let row = 0; row < rows; row++) {
      const own = column?.[row] ?? -1;
      if (own <= (probabilities[row] as number)) continue;
      probabilities[row] = own;
      outcomes[row] = labels[row] === c ? 1 : 0;
    }
  });
  return { probabilities, outcomes };
}
