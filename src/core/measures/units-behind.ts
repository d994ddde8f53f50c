import { usualBlock } from "./bootstrap.ts";
import type { Certainty } from "./interval.ts";
import { effectiveSize } from "./row-weights.ts";

/**
 * How many independent draws stand behind a number of so many rows: of rows that belong together their groups'
 * share of the rows, of rows in time the blocks', of rows with weights Kish's effective number.
 */
export function unitsBehind(rows: number, { clusters, moments, block, weights }: Certainty): number {
  const all = clusters?.length ?? moments?.length ?? weights?.length ?? 0;
  if (all === 0) return rows;
  const last = (places: Int32Array): number => 1 + places.reduce((most, place) => Math.max(most, place), -1);
  const units =
    clusters !== undefined
      ? last(clusters)
      : moments !== undefined
        ? last(moments) / (block ?? usualBlock(moments))
        : all;
  const worth = weights === undefined ? 1 : effectiveSize(weights) / weights.length;
  return Math.max(1, Math.round((rows * units * worth) / all));
}
