import { argsort } from "../../stats/argsort.ts";

/** Rows from the highest score to the lowest, told apart into a class and the rest. Entries go by place. */
export interface Ranking {
  /** Which row stands at this place. */
  readonly row: Int32Array;
  /** 1 where that row is of the class. */
  readonly positive: Uint8Array;
  /** 1 where the next place has a lower score, or there is none: equal scores end here. */
  readonly last: Uint8Array;
  readonly positives: number;
  readonly negatives: number;
}

/**
 * Ranks rows by their score for a class.
 *
 * @example rankingOf(new Float64Array([0, 1, 1]), new Float64Array([0.2, 0.9, 0.2]), 1) // => { row: [1, 2, 0], positive: [1, 1, 0], last: [1, 0, 1], positives: 2, negatives: 1 }
 */
export function rankingOf(labels: Float64Array, scores: Float64Array, positive: number): Ranking {
  const row = argsort(scores).reverse();
  const isPositive = new Uint8Array(row.length);
  const last = new Uint8Array(row.length);
  let positives = 0;
  for (let place = 0; place < row.length; place++) {
    const own = row[place] as number;
    if (labels[own] === positive) {
      isPositive[place] = 1;
      positives++;
    }
    const next = place + 1 < row.length ? scores[row[place + 1] as number] : undefined;
    last[place] = next === scores[own] ? 0 : 1;
  }
  return { row, positive: isPositive, last, positives, negatives: row.length - positives };
}
