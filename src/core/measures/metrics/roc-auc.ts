import type { Placements } from "../../stats/delong.ts";
import type { RowWeights } from "./metric.ts";
import type { Ranking } from "./ranking.ts";

/**
 * Area under the ROC curve: how often a positive row scores above a negative one, equal scores
 * counting half. Each row is taken `weights[row]` times, or once. NaN where one side is empty.
 *
 * @example area({ row: [0, 1, 2], positive: [1, 0, 1], last: [1, 1, 1], positives: 2, negatives: 1 }) // => 0.5
 * @example area({ row: [0, 1], positive: [1, 0], last: [0, 1], positives: 1, negatives: 1 }) // => 0.5
 * @example area({ row: [0], positive: [1], last: [1], positives: 1, negatives: 0 }) // => NaN
 */
export function area(
  { row, positive, last }: Ranking,
  weights: RowWeights = new Uint16Array(row.length).fill(1),
): number {
  let won = 0; // pairs, counted at their negative row
  let positives = 0;
  let negatives = 0;
  let tiedPositives = 0;
  let tiedNegatives = 0;
  for (let place = 0; place < row.length; place++) {
    const weight = weights[row[place] as number] as number;
    const hit = weight * (positive[place] as number); // no branch: labels cannot be predicted
    tiedPositives += hit;
    tiedNegatives += weight - hit;
    if (last[place] === 0) continue;
    won += tiedNegatives * (positives + tiedPositives / 2);
    positives += tiedPositives;
    negatives += tiedNegatives;
    tiedPositives = 0;
    tiedNegatives = 0;
  }
  return won / (positives * negatives);
}

/**
 * Adds each row's placement to `out`, by row: the share of the other side that it stands on the
 * right side of. The area is the mean placement of either side, and to first order the area of
 * resampled rows is the sum of the two sides' means less the area (Hájek's projection).
 *
 * Source: DeLong, DeLong and Clarke-Pearson (1988), the structural components V10 and V01.
 */
export function placements(ranking: Ranking, out: Float64Array): Float64Array {
  const { row, positive, last, positives, negatives } = ranking;
  let [positivesAbove, negativesAbove] = [0, 0];
  let first = 0;
  let tiedPositives = 0;
  for (let place = 0; place < row.length; place++) {
    tiedPositives += positive[place] as number;
    if (last[place] === 0) continue;
    const tiedNegatives = place + 1 - first - tiedPositives;
    const beaten = (negatives - negativesAbove - tiedNegatives / 2) / negatives;
    const beatenBy = (positivesAbove + tiedPositives / 2) / positives;
    for (let tied = first; tied <= place; tied++) {
      out[row[tied] as number] = positive[tied] === 1 ? beaten : beatenBy;
    }
    positivesAbove += tiedPositives;
    negativesAbove += tiedNegatives;
    first = place + 1;
    tiedPositives = 0;
  }
  return out;
}

/**
 * The same placements, one list for each side, in the order of the rows.
 *
 * @example placementsOf({ row: [0, 1, 2], positive: [1, 0, 1], last: [1, 1, 1], positives: 2, negatives: 1 }) // => { positives: [1, 0], negatives: [0.5] }
 */
export function placementsOf(ranking: Ranking): Placements {
  const all = placements(ranking, new Float64Array(ranking.row.length));
  const isPositive = new Uint8Array(all.length);
  for (let place = 0; place < all.length; place++) {
    isPositive[ranking.row[place] as number] = ranking.positive[place] as number;
  }
  return {
    positives: all.filter((_, row) => isPositive[row] === 1),
    negatives: all.filter((_, row) => isPositive[row] === 0),
  };
}
