import { formatCount } from "../report/numbers.ts";
import type { Report } from "../report/report.ts";
import { effectiveSize } from "./row-weights.ts";

/**
 * What a reviewer should know of figures in which rows count by a weight; undefined where they do not.
 *
 * @param column the column that says how much each row counts
 * @example weighing("w", Float64Array.of(3, 1, 0))?.text // => "Figures count each row by its `w`: 2 rows tell as much as 2 equal ones. 1 row of weight 0 counts nothing. McNemar's and DeLong's tests take rows for equally important and are left out; impact ratios count people, each of them once."
 * @example weighing("w", undefined) // => undefined
 */
export function weighing(
  column: string,
  weights: Float64Array | undefined,
): Report["warnings"][number] | undefined {
  if (weights === undefined) return undefined;
  const zeros = weights.filter((weight) => weight === 0).length;
  const none =
    zeros === 0
      ? ""
      : ` ${formatCount(zeros)} ${zeros === 1 ? "row of weight 0 counts" : "rows of weight 0 count"} nothing.`;
  return {
    title: "Rows count by their weight",
    text: `Figures count each row by its \`${column}\`: ${formatCount(weights.length - zeros)} rows tell as much as ${formatCount(effectiveSize(weights))} equal ones.${none} McNemar's and DeLong's tests take rows for equally important and are left out; impact ratios count people, each of them once.`,
  };
}
