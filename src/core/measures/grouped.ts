import { counted } from "../report/numbers.ts";
import type { Report } from "../report/report.ts";

/** With fewer groups than this, the interval drawn from them is narrower than it promises: Cameron, Gelbach and Miller (2008) find so below about 30. */
const FEW = 30;

/**
 * What a reviewer should know of intervals where rows belong together; undefined where there is nothing to say.
 *
 * @param clusters the group of each row, counted from 0
 * @param compared whether groups of sensitive columns are shown
 * @example grouped(Int32Array.of(0, 0, 1), false)?.title // => "Few groups of rows"
 * @example grouped(Int32Array.from({ length: 60 }, (_, row) => row >> 1), false) // => undefined
 */
export function grouped(clusters: Int32Array, compared: boolean): Report["warnings"][number] | undefined {
  const groups = 1 + clusters.reduce((most, group) => Math.max(most, group), -1);
  const few =
    groups < FEW
      ? `The holdout has ${counted(groups, "group")}; intervals drawn from fewer than ${FEW} are narrower than they promise.`
      : undefined;
  const alone = compared
    ? "Intervals of sensitive groups take rows for independent, though data.roles.group says which belong together."
    : undefined;
  if (few === undefined && alone === undefined) return undefined;
  return {
    title: few === undefined ? "Rows that belong together" : "Few groups of rows",
    text: [few, alone].filter((text) => text !== undefined).join(" "),
  };
}
