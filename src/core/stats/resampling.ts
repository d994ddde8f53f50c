import { random } from "./random.ts";
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
  const next = (weights: Uint16Array): void => {
    weights.fill(0);
    for (let draw = 0; draw < units; draw++) {
      const unit = draws.below(units);
      weights[unit] = (weights[unit] as number) + 1;
    }
  };
  if (rows <= most) return { units, title: "rows", next };

  const blockOf = permutation(rows, random(seed, "blocks"));
  for (let row = 0; row < rows; row++) blockOf[row] = (blockOf[row] as number) % BLOCKS;
  return { units, blockOf, title: `${BLOCKS} random blocks of rows`, next };
}
