import { formatShare } from "../report/numbers.ts";
import type { Scored } from "./scored.ts";

/** How far the share of rows that are decided positive may lie from the share that is. */
const FAR = 0.25;

/**
 * A warning where a threshold decides positive far more or far fewer rows than are positive: a
 * metric such as F1 can be best there, and yet nobody wants such decisions. Rows count by their weight.
 *
 * @example lopsided({ labels: new Float64Array([0, 0, 0, 1]), scores: new Float64Array([0.4, 0.5, 0.6, 0.9]), outputs: 1, threshold: 0.3 }).text // => "100% of the holdout rows are decided positive, and 25.0% are; look at the threshold 0.3, and at evaluate.decision"
 * @example lopsided({ labels: new Float64Array([0, 0, 0, 1]), scores: new Float64Array([0.4, 0.5, 0.6, 0.9]), outputs: 1, threshold: 0.3, weights: Float64Array.of(1, 1, 1, 9) }) // => undefined
 * @example lopsided({ labels: new Float64Array([0, 1]), scores: new Float64Array([0.4, 0.6]), outputs: 1, threshold: 0.5 }) // => undefined
 */
export function lopsided({
  labels,
  scores,
  threshold,
  weights,
}: Scored): { readonly title: string; readonly text: string } | undefined {
  const rows = labels.length;
  if (threshold === undefined || rows === 0 || scores.length !== rows) return undefined;
  let [all, decided, positive] = [0, 0, 0];
  for (let row = 0; row < rows; row++) {
    const weight = weights?.[row] ?? 1;
    all += weight;
    if ((scores[row] as number) >= threshold) decided += weight;
    positive += weight * (labels[row] as number);
  }
  if (all === 0) return undefined;
  decided /= all;
  positive /= all;
  if (Math.abs(decided - positive) <= FAR) return undefined;
  const by = weights === undefined ? "" : ", by their weight,";
  const more = decided > positive ? "more" : "fewer";
  return {
    title: `The threshold decides far ${more} rows positive than are`,
    text: `${formatShare(decided)} of the holdout rows${by} are decided positive, and ${formatShare(positive)} are; look at the threshold ${Number(threshold.toPrecision(3))}, and at evaluate.decision`,
  };
}
