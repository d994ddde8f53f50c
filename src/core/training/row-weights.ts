import { sum } from "../stats/sum.ts";
import type { Matrix } from "../tables/matrix.ts";

/**
 * How much each row counts in the loss, 1 on average.
 *
 * `balanced` gives every class the same share of the whole: a row of class c counts
 * `n / (k · n_c)` times its own weight, as in scikit-learn. Classes without rows are not counted in k.
 *
 * @param classes 0 for a regression, whose rows are never balanced
 * @example rowWeights({ matrix: new Float32Array(0), rows: 4, width: 0, labels: new Float64Array([0, 0, 0, 1]) }, 2, "balanced") // => [0.6666666666666666, 0.6666666666666666, 0.6666666666666666, 2]
 * @example rowWeights({ matrix: new Float32Array(0), rows: 2, width: 0, labels: new Float64Array(2), weights: new Float64Array([1, 3]) }, 0, "none") // => [0.5, 1.5]
 */
export function rowWeights(
  { rows, labels, weights }: Matrix,
  classes: number,
  classWeight: "none" | "balanced",
): Float64Array {
  const counted = weights === undefined ? new Float64Array(rows).fill(1) : weights.slice();
  if (classWeight === "balanced" && classes > 0) {
    const sizes = new Float64Array(classes);
    for (let row = 0; row < rows; row++) {
      const label = labels[row] ?? 0;
      sizes[label] = (sizes[label] ?? 0) + (counted[row] ?? 0);
    }
    for (let row = 0; row < rows; row++) counted[row] = (counted[row] ?? 0) / (sizes[labels[row] ?? 0] || 1);
  }
  const mean = sum(counted) / rows;
  if (mean > 0) for (let row = 0; row < rows; row++) counted[row] = (counted[row] ?? 0) / mean;
  return counted;
}
