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

/**
 * How to resample rows so that every draw has as many of each stratum as there are, such as of each class: a rare
 * class is in every draw.
 *
 * Above 20,000 rows each stratum's rows are put into blocks at random, 4,000 in all or about so many.
 *
 * Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 8.
 *
 * @param stratumOf the stratum of each row, counted from 0
 * @example stratifiedResampling(Int32Array.of(0, 1, 1), 7).units // => 3
 */
export function stratifiedResampling(stratumOf: ArrayLike<number>, seed: number, most = ROWS): Resampling {
  const rows = stratumOf.length;
  const strata = new Map<number, number[]>();
  const order = rows <= most ? undefined : permutation(rows, random(seed, "blocks"));
  for (let place = 0; place < rows; place++) {
    const row = order === undefined ? place : (order[place] as number);
    const stratum = stratumOf[row] as number;
    const known = strata.get(stratum);
    if (known === undefined) strata.set(stratum, [row]);
    else known.push(row);
  }
  const lists = [...strata].sort(([a], [b]) => a - b).map(([, list]) => Int32Array.from(list));
  const draws = random(seed, "resampling");
  const title = "rows, as many of each class as there are";
  if (order === undefined) return { units: rows, title, next: drawingWithin(lists, draws) };
  const blockOf = new Int32Array(rows);
  let units = 0;
  const blocks = lists.map((list) => {
    const count = Math.min(list.length, Math.max(1, Math.round((BLOCKS * list.length) / rows)));
    const first = units;
    list.forEach((row, place) => {
      blockOf[row] = first + (place % count);
    });
    units += count;
    return Int32Array.from({ length: count }, (_, place) => first + place);
  });
  return {
    units,
    blockOf,
    title: `${units} random blocks of rows, as many of each class as there are`,
    next: drawingWithin(blocks, draws),
  };
}

/** From each list as many as it has. */
function drawingWithin(lists: readonly Int32Array[], draws: Random): Resampling["next"] {
  return (weights) => {
    weights.fill(0);
    for (const list of lists) {
      for (let draw = 0; draw < list.length; draw++) {
        const unit = list[draws.below(list.length)] as number;
        weights[unit] = (weights[unit] as number) + 1;
      }
    }
  };
}

/**
 * How to resample rows that depend on those before them in time: blocks of consecutive moments are drawn, each
 * beginning anywhere, the last moment being followed by the first, until as many moments are drawn as there are.
 * A moment brings all of its rows.
 *
 * Above 20,000 rows and 4,000 moments, neighbouring moments are taken together.
 *
 * Source: D. N. Politis and J. P. Romano, "A circular block-resampling procedure for stationary data" (1992), the
 * circular form of H. R. Künsch's (1989) moving blocks.
 *
 * @param momentOf the moment of each row, counted from 0 in the order of time
 * @param length how many moments a block has
 * @example blockResampling(Int32Array.of(0, 1, 1, 2), 2, 7).title // => "blocks of 2 of 3 moments"
 */
export function blockResampling(momentOf: Int32Array, length: number, seed: number, most = ROWS): Resampling {
  const moments = momentOf.reduce((last, moment) => Math.max(last, moment + 1), 0);
  const coarse = momentOf.length > most && moments > BLOCKS;
  const units = coarse ? BLOCKS : moments;
  const blockOf = coarse ? momentOf.map((moment) => Math.floor((moment * units) / moments)) : momentOf;
  const span = Math.min(units, Math.max(1, coarse ? Math.round((length * units) / moments) : length));
  const draws = random(seed, "resampling");
  return {
    units,
    blockOf,
    byRow: momentOf.length <= most,
    title: `blocks of ${Math.min(length, moments)} of ${moments} moments`,
    next: (weights) => {
      weights.fill(0);
      for (let drawn = 0; drawn < units; drawn += span) {
        const start = draws.below(units);
        for (let step = 0; step < Math.min(span, units - drawn); step++) {
          const unit = (start + step) % units;
          weights[unit] = (weights[unit] as number) + 1;
        }
      }
    },
  };
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
