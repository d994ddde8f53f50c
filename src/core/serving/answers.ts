import type { Bundle } from "../models/bundle.ts";
import { printNumber } from "./json.ts";
import type { Format } from "./predict-body.ts";

/** A model's answers for the rows of one request. */
export interface Answers {
  readonly rows: number;
  /** Scores a row. */
  readonly outputs: number;
  /** Row by row. */
  readonly scores: Float64Array;
}

/**
 * The body of an answer: for each row its score or, of several classes, the list of them.
 *
 * @example predictAnswer("instances", { rows: 2, outputs: 1, scores: new Float64Array([0.25, 1]) }) // => '{"predictions":[0.25,1]}\n'
 * @example predictAnswer("inputs", { rows: 1, outputs: 3, scores: new Float64Array([0.5, 0.25, 0.25]) }) // => '{"outputs":[[0.5,0.25,0.25]]}\n'
 */
export function predictAnswer(format: Format, answers: Answers): string {
  const parts = Array.from({ length: answers.rows }, (_, row) => scoreText(answers, row));
  return `{"${format === "instances" ? "predictions" : "outputs"}":[${parts.join(",")}]}\n`;
}

function scoreText({ outputs, scores }: Answers, row: number): string {
  if (outputs === 1) return printNumber(scores[row] ?? NaN);
  return `[${Array.from(scores.subarray(row * outputs, (row + 1) * outputs), printNumber).join(",")}]`;
}

/**
 * What is decided for a row: of two classes the second from the threshold on, of more the one with the
 * largest score, of equal ones the first. Null for a number, for several labels, and where a score is none.
 *
 * @example decisionOf({ task: "multiclass-classification", classes: ["a", "b", "c"], threshold: null }, { rows: 1, outputs: 3, scores: new Float64Array([0.2, 0.5, 0.3]) }, 0) // => "b"
 * @example decisionOf({ task: "multilabel", classes: ["a", "b"], threshold: 0.5 }, { rows: 1, outputs: 2, scores: new Float64Array([0.9, 0.7]) }, 0) // => null
 */
export function decisionOf(
  { task, classes, threshold }: Pick<Bundle, "task" | "classes" | "threshold">,
  { outputs, scores }: Answers,
  row: number,
): string | null {
  const own = scores.subarray(row * outputs, (row + 1) * outputs);
  if (task === "multilabel" || classes.length < 2 || own.some((score) => Number.isNaN(score))) return null;
  const best = outputs === 1 ? Number((own[0] ?? 0) >= (threshold ?? 0.5)) : own.indexOf(Math.max(...own));
  return classes[best] ?? null;
}
