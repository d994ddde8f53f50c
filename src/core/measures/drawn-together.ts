import { usualBlock } from "./bootstrap.ts";
import type { Certainty } from "./interval.ts";

/**
 * Which rows belong together: the number of each row's unit, a group of rows or a block of time. Undefined where every
 * row stands for itself.
 *
 * @example drawnTogether({ clusters: Int32Array.of(0, 0, 1) }) // => [0, 0, 1]
 * @example drawnTogether({ moments: Int32Array.of(0, 1, 2, 3, 4), block: 2 }) // => [0, 0, 1, 1, 2]
 * @example drawnTogether({}) // => undefined
 */
export function drawnTogether({
  clusters,
  moments,
  block,
}: Pick<Certainty, "clusters" | "moments" | "block">): Int32Array | undefined {
  if (clusters !== undefined || moments === undefined) return clusters;
  const length = block ?? usualBlock(moments);
  return moments.map((moment) => Math.floor(moment / length));
}
