import type { EvaluationInput, Scored } from "../../../src/core/measures/evaluation.ts";
import { normalQuantile } from "../../../src/core/stats/normal.ts";
import { random } from "../../../src/core/stats/random.ts";

/** Two classes whose scores are a logistic of normal numbers, `apart` standard deviations from each other. */
export function twoClasses(rows: number, seed: number, { share = 0.5, apart = 1, ties = 0 } = {}): Scored {
  const draws = random(seed, "two classes");
  const labels = new Float64Array(rows);
  const scores = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    labels[row] = row < share * rows ? 1 : 0;
    const score = 1 / (1 + Math.exp(-normalQuantile(draws.uniform()) - (labels[row]! - 0.5) * apart));
    scores[row] = ties === 0 ? score : Math.round(score * ties) / ties;
  }
  return { labels, scores, outputs: 1 };
}

/** An evaluation's input with the usual settings. */
export function inputOf(candidate: Scored, more: Partial<EvaluationInput> = {}): EvaluationInput {
  return {
    task: "binary-classification",
    classes: ["no", "yes"],
    candidate,
    sensitive: new Map(),
    resamples: 200,
    confidence: 0.95,
    seed: 7,
    minGroupSize: 5,
    ...more,
  };
}
