import { BINARY, CLASSIFICATION } from "../task.ts";
import { ABOVE, BINS, claims, equalMass, equalWidth } from "./ece.ts";
import { type Measured, measuredBy, type RowSums, type ScoreMetric } from "./metric.ts";

/** What a bin holds: its rows, the sum of what was claimed of them, and how many came true. */
export interface BinTotals {
  readonly count: number;
  readonly claimed: number;
  readonly true: number;
}

/**
 * The totals of each bin, each row counted once or by its weight.
 *
 * @example totalsOf(new Uint8Array([1, 1]), new Float64Array([0.5, 0.25]), new Float64Array([1, 0]))[1] // => { count: 2, claimed: 0.75, true: 1 }
 */
export function totalsOf(
  slot: Uint8Array,
  probabilities: Float64Array,
  outcomes: Float64Array,
  weights?: Float64Array,
): BinTotals[] {
  const totals = Array.from({ length: BINS }, () => ({ count: 0, claimed: 0, true: 0 }));
  for (let row = 0; row < slot.length; row++) {
    const bin = totals[slot[row] as number];
    if (bin === undefined) continue;
    const weight = weights?.[row] ?? 1;
    bin.count += weight;
    bin.claimed += weight * (probabilities[row] as number);
    bin.true += weight * (outcomes[row] as number);
  }
  return totals;
}

/**
 * The mean gap between what was claimed and what came true, and the largest.
 *
 * @example gapsOf([{ count: 3, claimed: 2, true: 1 }, { count: 1, claimed: 1, true: 1 }], 4) // => { mean: 0.25, largest: 0.3333333333333333 }
 */
export function gapsOf(
  totals: readonly BinTotals[],
  rows: number,
): { readonly mean: number; readonly largest: number } {
  let [sum, largest] = [0, 0];
  for (const { count, claimed, true: right } of totals) {
    if (count === 0) continue;
    const gap = Math.abs(claimed - right);
    sum += gap;
    largest = Math.max(largest, gap / count);
  }
  return { mean: sum / rows, largest };
}

/** The bins that the rows fall into are kept when rows are resampled. */
type BinsOf = (probabilities: Float64Array) => Uint8Array;

function overBins(
  binsOf: BinsOf,
  value: (totals: readonly BinTotals[], rows: number) => number,
  rough?: string,
): ScoreMetric["measure"] {
  return (answers): Measured => {
    const { probabilities, outcomes } = claims(answers);
    const ones = new Float64Array(answers.rows).fill(1);
    const sums: RowSums = {
      slots: BINS,
      slot: binsOf(probabilities),
      amounts: [ones, probabilities, outcomes],
      value: (entries, rows) => value(totalsIn(entries), rows),
    };
    return { ...measuredBy(sums, answers.rows), ...(rough === undefined ? {} : { rough }) };
  };
}

function totalsIn(entries: Float64Array): BinTotals[] {
  return Array.from({ length: entries.length / 3 }, (_, bin) => ({
    count: entries[3 * bin] as number,
    claimed: entries[3 * bin + 1] as number,
    true: entries[3 * bin + 2] as number,
  }));
}

function reliability(totals: readonly BinTotals[], rows: number): number {
  let sum = 0;
  for (const { count, claimed, true: right } of totals) if (count > 0) sum += (claimed - right) ** 2 / count;
  return sum / rows;
}

function resolution(totals: readonly BinTotals[], rows: number): number {
  const base = totals.reduce((sum, bin) => sum + bin.true, 0) / rows;
  let sum = 0;
  for (const { count, true: right } of totals) if (count > 0) sum += count * (right / count - base) ** 2;
  return sum / rows;
}

const shared = { range: [0, 1], needs: "scores", probabilities: true, onRequest: true } as const;
const MURPHY = `Murphy, A new vector partition of the probability score (1973), ${BINS} bins of equal width; not in scikit-learn`;

/** Calibration in other bins, and the two parts of the Brier score that a model can answer for. */
export const calibrationMetrics: readonly ScoreMetric[] = [
  {
    ...shared,
    name: "ece_mass",
    title: "Calibration error, bins of equal mass",
    tasks: CLASSIFICATION,
    better: "lower",
    source: `Nguyen and O'Connor (2015), ${BINS} bins as scikit-learn's calibration_curve(strategy="quantile")`,
    measure: overBins(equalMass, (totals, rows) => gapsOf(totals, rows).mean, ABOVE),
  },
  {
    ...shared,
    name: "mce",
    title: "Largest calibration error",
    tasks: CLASSIFICATION,
    better: "lower",
    source: `Naeini, Cooper and Hauskrecht (2015), ${BINS} bins of equal width; not in scikit-learn`,
    measure: overBins(
      equalWidth,
      (totals, rows) => (rows === 0 ? Number.NaN : gapsOf(totals, rows).largest),
      ABOVE,
    ),
  },
  {
    ...shared,
    name: "brier_reliability",
    title: "Brier score, reliability",
    tasks: BINARY,
    better: "lower",
    source: MURPHY,
    measure: overBins(equalWidth, reliability),
  },
  {
    ...shared,
    name: "brier_resolution",
    title: "Brier score, resolution",
    tasks: BINARY,
    better: "higher",
    source: MURPHY,
    measure: overBins(equalWidth, resolution),
  },
];
