import type { Matrix } from "../../core/tables/matrix.ts";
import { rowWeights } from "../../core/training/row-weights.ts";
import { standardised, type Unit } from "../../core/training/target.ts";
import type { TrainRequest } from "../../ports/trainer.ts";

/** Rows made ready for a network. */
export interface Lesson {
  readonly features: Float32Array;
  readonly rows: number;
  readonly width: number;
  /** Class index, or target with mean 0 and deviation 1. */
  readonly targets: Float32Array;
  /** How much each row counts, 1 on average. */
  readonly weights: Float64Array;
}

/** Training or validation rows as a network takes them. */
export function lessonOf(from: Matrix, { task, classes, params }: TrainRequest, unit: Unit): Lesson {
  const regression = task === "regression";
  const { matrix, rows, width, labels } = from;
  return {
    features: matrix,
    rows,
    width,
    targets: Float32Array.from(regression ? standardised(labels, unit) : labels),
    weights: rowWeights(from, regression ? 0 : classes, params.class_weight),
  };
}
