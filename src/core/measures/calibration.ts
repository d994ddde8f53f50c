import type { CalibrationSection } from "../report/sections/calibration.ts";
import { wilson } from "../stats/wilson.ts";
import { type BinTotals, gapsOf, totalsOf } from "./metrics/calibration.ts";
import { BINS, claims, equalMass, equalWidth } from "./metrics/ece.ts";
import { effectiveSize } from "./row-weights.ts";
import type { Classified } from "./scored.ts";

/**
 * How far probabilities can be taken at their word: bins with their counts, errors by bins of equal
 * width and of equal mass, and for two classes what the Brier score is made of:
 * reliability − resolution + uncertainty + the variance within bins − their covariance, exactly.
 *
 * Sources: Murphy, A new vector partition of the probability score (1973); Stephenson, Coelho and
 * Jolliffe, Two extra components in the Brier score decomposition (2008).
 *
 * @param confidence of the intervals of each bin's share
 */
export function calibrationOf(answers: Classified, confidence: number): CalibrationSection | undefined {
  const { rows: count, unscored, improbable, classes, weights } = answers;
  if (count === 0 || unscored !== undefined || improbable !== undefined) return undefined;
  const { probabilities, outcomes } = claims(answers);
  const slot = equalWidth(probabilities);
  const ranked = classes === 2 ? answers.ranking(1).row : undefined;
  const totals = totalsOf(slot, probabilities, outcomes, weights);
  const rows = weights === undefined ? count : totals.reduce((sum, bin) => sum + bin.count, 0);
  const sizes = sizesOf(slot, weights);
  const bins = totals.flatMap(({ count, claimed, true: right }, bin) => {
    if (count === 0) return [];
    const { rows: held, effective } = sizes[bin] ?? { rows: count, effective: count };
    const bounds = wilson((right / count) * effective, effective, confidence);
    const method = weights === undefined ? "Wilson" : "Wilson, of the effective number of rows";
    return {
      predicted: claimed / count,
      observed: right / count,
      count: held,
      ...(bounds === undefined ? {} : { interval: { ...bounds, confidence, method } }),
    };
  });
  const { mean, largest } = gapsOf(totals, rows);
  return {
    of: classes === 2 ? "the positive class" : "the class decided for",
    rows: count,
    bins,
    equal_width: { bins: BINS, mean, largest },
    equal_mass: {
      bins: BINS,
      ...gapsOf(totalsOf(equalMass(probabilities, ranked), probabilities, outcomes, weights), rows),
    },
    brier: classes === 2 ? parts(totals, slot, probabilities, outcomes, weights) : null,
  };
}

/** By bin: its rows, and how many equal ones tell as much. */
function sizesOf(slot: Uint8Array, weights: Float64Array | undefined) {
  if (weights === undefined) {
    const counts = new Int32Array(BINS);
    for (const bin of slot) counts[bin] = (counts[bin] as number) + 1;
    return Array.from(counts, (rows) => ({ rows, effective: rows }));
  }
  return Array.from({ length: BINS }, (_, bin) => {
    const own = weights.filter((_, row) => slot[row] === bin);
    return { rows: own.length, effective: effectiveSize(own) };
  });
}

function parts(
  totals: readonly BinTotals[],
  slot: Uint8Array,
  probabilities: Float64Array,
  outcomes: Float64Array,
  weights: Float64Array | undefined,
): NonNullable<CalibrationSection["brier"]> {
  const rows = totals.reduce((sum, bin) => sum + bin.count, 0);
  const base = totals.reduce((sum, bin) => sum + bin.true, 0) / rows;
  let [score, reliability, resolution, variance, covariance] = [0, 0, 0, 0, 0];
  for (const { count, claimed, true: right } of totals) {
    if (count === 0) continue;
    reliability += (claimed - right) ** 2 / count;
    resolution += count * (right / count - base) ** 2;
  }
  const mean = (of: (bin: BinTotals) => number) =>
    Float64Array.from(totals, (bin) => (bin.count === 0 ? 0 : of(bin) / bin.count));
  const [claimed, right] = [mean((bin) => bin.claimed), mean((bin) => bin.true)];
  for (let row = 0; row < slot.length; row++) {
    const weight = weights?.[row] ?? 1;
    const bin = slot[row] as number;
    const [p, o] = [probabilities[row] as number, outcomes[row] as number];
    const off = p - (claimed[bin] as number);
    score += weight * (p - o) * (p - o);
    variance += weight * off * off;
    covariance += weight * 2 * off * (o - (right[bin] as number));
  }
  return {
    score: score / rows,
    reliability: reliability / rows,
    resolution: resolution / rows,
    uncertainty: base * (1 - base),
    within_variance: variance / rows,
    within_covariance: covariance / rows,
  };
}
