import { counted } from "../report/numbers.ts";
import type { Report } from "../report/report.ts";
import { usualBlock } from "./bootstrap.ts";

/** Fewer blocks than this hold too little to say how blocks differ: the interval is narrower than it promises. */
const FEW = 20;

/**
 * What a reviewer should know of intervals drawn from blocks of time; undefined where there is nothing to say.
 *
 * @param moments the moment of each row, counted from 0
 * @param block how many moments a block has; undefined: the cube root of their number
 * @example timed(Int32Array.of(0, 1, 2, 3), 2)?.text // => "The holdout has 4 moments, 2 blocks of 2; intervals drawn from fewer than 20 blocks are narrower than they promise."
 * @example timed(Int32Array.from({ length: 100 }, (_, moment) => moment), 5) // => undefined
 */
export function timed(
  moments: Int32Array,
  block: number | undefined,
): Report["warnings"][number] | undefined {
  const many = 1 + moments.reduce((last, moment) => Math.max(last, moment), -1);
  const length = Math.min(many, block ?? usualBlock(moments));
  const blocks = Math.floor(many / Math.max(1, length));
  if (blocks >= FEW) return undefined;
  return {
    title: "Few blocks of time",
    text: `The holdout has ${counted(many, "moment")}, ${counted(blocks, "block")} of ${length}; intervals drawn from fewer than ${FEW} blocks are narrower than they promise.`,
  };
}
