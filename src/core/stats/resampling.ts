import { type Random, random } from "./random.ts";
import { permutation } from "./shuffle.ts";

/**
 * What the bootstrap draws, with replacement: rows where there are few, blocks of rows where there
 * are many. Drawing again and again from the same seed gives the same draws, whatever is measured.
 */
export interface Resampling {
  /** How many there are to draw from; each draw takes as many. */
  readonly units: number;
  /** The block of each row; absent where rows themselves are drawn. */
  readonly blockOf?: Int32Array;
  /** Whether the rows are few enough for each to be given its block's weight, so that nothing is approximate. */
  readonly byRow?: boolean;
  /** What it is, in a few words. */
  readonly title: string;
  /** Says how often each unit comes up in the next draw. */
  next(weights: Uint16Array): void;
}

/** Up to here each row is drawn by itself. */
export const ROWS = 20_000;
/** So many blocks that the spread among them is known to √(2/4000) of its square, 2 %: less than 1,000 resamples leave open. */
const BLOCKS = 4000;

/**
 * How to resample so many rows.
 *
 * Above 20,000 rows are put into 4,000 blocks of equal size (but for one row) at random, and the
 * blocks are drawn. See docs/decisions/0002-bootstrap-at-scale.md for why that is as good.
 *
 * @example resampling(3, 7).title // => "rows"
 * @example resampling(20001, 7).title // => "4000 random blocks of rows"
 */
export function resampling(rows: number, seed: number, most = ROWS): Resampling {
  const draws = random(seed, "resampling");
  const units = rows <= most ? rows : BLOCKS;
  const next = drawing(units, draws);
  if (rows <= most) return { units, title: "rows", next };

  const blockOf = permutation(rows, random(seed, "blocks"));
  for (let row = 0; row < rows; row++) blockOf[row] = (blockOf[row] as number) % BLOCKS;
  return { units, blockOf, title: `${BLOCKS} random blocks of rows`, next };
}

/**
 * How to resample rows that belong together, such as the visits of one patient: groups are drawn, and each
 * brings all of its rows. Rows of one group tell less than as many others would, and only so the intervals know.
 *
 * Above 20,000 rows and 4,000 groups, the groups are put into 4,000 blocks at random.
 *
 * Source: A. C. Cameron, J. B. Gelbach and D. L. Miller, "Bootstrap-based improvements for inference with
 * clustered errors" (2008), the pairs cluster bootstrap.
 *
 * @param groupOf the group of each row, counted from 0
 * @example clusterResampling(Int32Array.of(0, 1, 1), 7).units // => 2
 */
export function clusterResampling(groupOf: Int32Array, seed: number, most = ROWS): Resampling {
  let groups = 0;
  for (const group of groupOf) groups = Math.max(groups, group + 1);
  const draws = random(seed, "resampling");
  if (groupOf.length <= most || groups <= BLOCKS) {
    const byRow = groupOf.length <= most;
    return {
      units: groups,
      blockOf: groupOf,
      byRow,
      title: `${groups} groups of rows`,
      next: drawing(groups, draws),
    };
  }
  const block = permutation(groups, random(seed, "blocks"));
  const blockOf = groupOf.map((group) => (block[group] as number) % BLOCKS);
  const title = `${BLOCKS} random blocks of ${groups} groups of rows`;
  return { units: BLOCKS, blockOf, title, next: drawing(BLOCKS, draws) };
}

function drawing(units: number, draws: Random): Resampling["next"] {
  return (weights) => {
    weights.fill(0);
    for (let draw = 0; draw < units; draw++) {
      const unit = draws.below(units);
      weights[unit] = (weights[unit] as number) + 1;
    }
  };
}
