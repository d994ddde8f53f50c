import { counted } from "../report/numbers.ts";
import type { Report } from "../report/report.ts";

/** With fewer groups than this, the interval drawn from them is narrower than it promises: Cameron, Gelbach and Miller (2008) find so below about 30. */
const FEW = 30;

/**
 * What a reviewer should know of intervals where rows belong together; undefined where there is nothing to say.
 *
 * @param clusters the group of each row, counted from 0
 * @example grouped(Int32Array.of(0, 0, 1))?.title // => "Few groups of rows"
 * @example grouped(Int32Array.from({ length: 60 }, (_, row) => row >> 1)) // => undefined
 */
export function grouped(clusters: Int32Array): Report["warnings"][number] | undefined {
  const groups = 1 + clusters.reduce((most, group) => Math.max(most, group), -1);
  if (groups >= FEW) return undefined;
  return {
    title: "Few groups of rows",
    text: `The holdout has ${counted(groups, "group")}; intervals drawn from fewer than ${FEW} are narrower than they promise.`,
  };
}
