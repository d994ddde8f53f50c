import type { RowWeights } from "./metric.ts";
import type { Ranking } from "./ranking.ts";

/**
 * Average precision: Σ (Rₖ − Rₖ₋₁) · Pₖ over the distinct scores, from the highest down, without
 * interpolation. Each row is taken `weights[row]` times, or once. NaN where no row is positive.
 *
 * @example averagePrecision({ row: [0, 1, 2], positive: [1, 0, 1], last: [1, 1, 1], positives: 2, negatives: 1 }) // => 0.8333333333333333
 * @example averagePrecision({ row: [0], positive: [0], last: [1], positives: 0, negatives: 1 }) // => NaN
 */
export function averagePrecision(
  { row, positive, last }: Ranking,
  weights: RowWeights = new Uint16Array(row.length).fill(1),
): number {
  let sum = 0;
  let positives = 0;
  let rows = 0;
  let tiedPositives = 0;
  for (let place = 0; place < row.length; place++) {
    const weight = weights[row[place] as number] as number;
    rows += weight;
    tiedPositives += weight * (positive[place] as number);
    if (last[place] === 0 || rows === 0) continue; // no branch on labels: they cannot be predicted
    positives += tiedPositives;
    sum += (tiedPositives * positives) / rows;
    tiedPositives = 0;
  }
  return sum / positives;
}

/**
 * Adds to `out`, by row, how much one more of each row would move the average precision: its
 * influence, times the number of positives. The influences add up to 0, and to first order the
 * average precision of resampled rows moves by the sum of theirs.
 *
 * With P(t) the precision and N(t) the rows at or above score t, the influence of row j is
 *   yⱼ · (P(sⱼ) − AP) + Σ over positive i with sᵢ ≤ sⱼ of (yⱼ − P(sᵢ)) / N(sᵢ),
 * the derivative of Σ yᵢ P(sᵢ) / Σ yᵢ by the weight of row j. One pass up from the lowest score
 * suffices, since the inner sum only grows on the way.
 */
export function precisionInfluence(ranking: Ranking, out: Float64Array): Float64Array {
  const { row, positive, last, positives } = ranking;
  const average = averagePrecision(ranking);
  let [hits, gain, loss] = [positives, 0, 0];
  let end = row.length;
  while (end > 0) {
    let start = end - 1;
    while (start > 0 && last[start - 1] === 0) start--;
    let tied = 0;
    for (let place = start; place < end; place++) tied += positive[place] as number;
    const precision = hits / end;
    gain += tied / end;
    loss += (tied * precision) / end;
    for (let place = start; place < end; place++) {
      const isPositive = positive[place] === 1;
      out[row[place] as number] = isPositive ? precision - average + gain - loss : -loss;
    }
    hits -= tied;
    end = start;
  }
  return out;
}
