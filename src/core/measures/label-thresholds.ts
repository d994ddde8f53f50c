import { labelColumn } from "./label-sets.ts";
import { chooseThreshold, type ThresholdGoal } from "./threshold.ts";

/** Rows of several labels with their scores: not the holdout's. */
export interface LabelledRows {
  /** Row-major, `rows × labels`: 1 where the row carries the label. */
  readonly truth: Uint8Array;
  /** Row-major, `rows × labels`. */
  readonly scores: Float64Array;
  /** How much each row counts; absent where all count the same. */
  readonly weights?: Float64Array | undefined;
}

/**
 * The threshold at which each label's decisions are best, as those of two classes: by `chooseThreshold`, one label at a
 * time. Undefined for a label that all rows which count carry, or none: nothing says where its decisions are best.
 *
 * @param labels how many there are
 * @throws {UserError} where the metric is not one of decisions of two classes, or a score is not finite
 * @example chooseThresholds({ truth: Uint8Array.of(0, 1, 1, 1), scores: Float64Array.of(0.1, 0.9, 0.3, 0.8) }, 2, { maximize: "f1" }) // => [{ threshold: 0.2, value: 1 }, undefined]
 */
export function chooseThresholds(
  { truth, scores, weights }: LabelledRows,
  labels: number,
  goal: ThresholdGoal,
): ({ readonly threshold: number; readonly value: number } | undefined)[] {
  return Array.from({ length: labels }, (_, label) => {
    const on = labelColumn(truth, labels, label);
    const counted = weights === undefined ? on : on.filter((_one, row) => weights[row] !== 0);
    if (!counted.includes(0) || !counted.includes(1)) return undefined;
    return chooseThreshold(on, labelColumn(scores, labels, label), goal, weights);
  });
}
