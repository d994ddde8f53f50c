import { reachOf } from "../stats/four-of-five.ts";
import { normalQuantile } from "../stats/normal.ts";

/** What the rows at hand can tell of a difference between two models. */
export interface Decidable {
  readonly metric: "roc_auc" | "accuracy" | "r2";
  /** How the metric is called in a sentence. */
  readonly title: string;
  /** The value that is supposed. */
  readonly supposed: number;
  /** Half the width of the 95 % interval of the difference between two models that are equally good. */
  readonly halfWidth: number;
  /**
   * The margin to propose, with which four of five pairs of equally good models are decided: the half-width by
   * `reachOf`, rounded up to hundredths, at least one hundredth.
   */
  readonly margin: number;
}

/** Interval of the gates where the contract sets none. */
const CONFIDENCE = 0.95;
/** Two models of the same data go wrong on the same rows; their metrics then move together at least so much. */
const CORRELATION = 0.5;
/** A model that is worth a gate and has room to get better; wider at 0.5, narrower at 0.95. */
const SUPPOSED = { roc_auc: 0.8, accuracy: 0.8, r2: 0.5 } as const;
/** ∫ φ(y) Φ(d − y)² dy, for normals whose area is 0.8, that is d = √2 Φ⁻¹(0.8); by SciPy's `quad`. */
const BOTH = 0.6871505666645702;
/** Larger margins than this would let anything pass. */
const MOST = 0.5;

/**
 * What ROC AUC on a holdout can tell two models apart by.
 *
 * Its variance is exactly (A (1 − A) + (m − 1)(Q₁ − A²) + (n − 1)(Q₂ − A²)) / (m n), where Q₁ is how likely two
 * positives both score above one negative, and Q₂ how likely one positive scores above two negatives. For
 * scores that are two normals of one width both are the same number.
 *
 * Source: J. A. Hanley and B. J. McNeil, "The meaning and use of the area under a ROC curve" (1982), with the
 * normals' Q in the place of the exponentials', which are lopsided where one class is rare.
 *
 * @param positives rows of the holdout with the positive class
 * @param negatives rows of the holdout with the other
 * @returns undefined where one of the classes has no row
 *
 * @example decidableByRocAuc(54, 53)?.margin // => 0.12
 * @example decidableByRocAuc(50000, 50000)?.margin // => 0.01
 * @example decidableByRocAuc(0, 100) // => undefined
 */
export function decidableByRocAuc(positives: number, negatives: number): Decidable | undefined {
  if (!(positives >= 1 && negatives >= 1)) return undefined;
  const area = SUPPOSED.roc_auc;
  const together = BOTH - area * area;
  const variance = (area * (1 - area) + (positives + negatives - 2) * together) / (positives * negatives);
  return decidable("roc_auc", "ROC AUC", variance);
}

/**
 * What accuracy on a holdout can tell two models apart by, at a supposed accuracy of 0.8: p (1 − p) / n.
 *
 * @example decidableByAccuracy(100)?.margin // => 0.12
 * @example decidableByAccuracy(0) // => undefined
 */
export function decidableByAccuracy(rows: number): Decidable | undefined {
  if (!(rows >= 1)) return undefined;
  const share = SUPPOSED.accuracy;
  return decidable("accuracy", "accuracy", (share * (1 - share)) / rows);
}

/**
 * What R² on a holdout can tell two models apart by, at a supposed R² of 0.5: 4 ρ² (1 − ρ²)² / n.
 *
 * Source: I. Olkin and J. D. Finn, "Correlations redux" (1995), the variance of a squared correlation for
 * many rows.
 *
 * @example decidableByR2(107)?.margin // => 0.2
 * @example decidableByR2(0) // => undefined
 */
export function decidableByR2(rows: number): Decidable | undefined {
  if (!(rows >= 1)) return undefined;
  const squared = SUPPOSED.r2;
  return decidable("r2", "R²", (4 * squared * (1 - squared) ** 2) / rows);
}

function decidable(metric: Decidable["metric"], title: string, variance: number): Decidable {
  const deviation = Math.sqrt(2 * (1 - CORRELATION) * variance);
  const halfWidth = normalQuantile(0.5 + CONFIDENCE / 2) * deviation;
  const margin = Math.min(MOST, Math.max(0.01, Math.ceil(halfWidth * reachOf(CONFIDENCE) * 100) / 100));
  return { metric, title, supposed: SUPPOSED[metric], halfWidth, margin };
}
