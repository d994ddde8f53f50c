import { UserError } from "../../errors.ts";
import type { ModelExpectation, Scores } from "../../ports/model.ts";

/** How far from 0 to 1 a probability may lie, and from 1 a row's sum: the square root of float32's precision. */
const TOLERANCE = 3.5e-4;

/**
 * How many scores a row are made of a model's raw ones: of two classes' two, the second is taken.
 *
 * @throws {UserError} where the model's outputs do not fit the task
 */
export function outputsOf(raw: number, expects: ModelExpectation, path: string): number {
  const binary = expects.task === "binary-classification";
  const outputs = binary && raw === 2 ? 1 : raw;
  const wanted = expects.task === "multiclass-classification" ? expects.outputs : 1;
  if (wanted !== undefined ? outputs !== wanted : outputs < 2)
    throw new UserError(
      `${path} gives ${raw} ${raw === 1 ? "number" : "numbers"} a row; right for ${expects.task} is ${wantedText(expects)}`,
    );
  return outputs;
}

function wantedText({ task, outputs }: ModelExpectation): string {
  if (task === "regression") return "one number";
  if (task === "binary-classification")
    return "one probability, that of the positive class, or one of each of the two classes";
  return `one probability of each of the ${outputs ?? "classes"}${outputs === undefined ? "" : " classes"}`;
}

/** Scores that come in slices, each row of `raw` numbers, checked and put into one array. */
export interface Gathering {
  add(slice: ArrayLike<number>): void;
  scores(): Scores;
}

/**
 * Gathers a model's raw scores.
 *
 * @param order for each output the raw column it is read from
 * @throws {UserError} on a score that is not finite or, for classes, no probability
 */
export function gather(
  rows: number,
  raw: number,
  order: readonly number[],
  { task }: ModelExpectation,
  path: string,
): Gathering {
  const outputs = order.length;
  const values = new Float64Array(rows * outputs);
  let row = 0;
  return {
    add(slice) {
      if (slice.length % raw !== 0 || row + slice.length / raw > rows)
        throw new UserError(
          `${path} gave ${slice.length} numbers for a slice of ${rows} rows; right is ${raw} a row`,
        );
      for (let start = 0; start < slice.length; start += raw, row++) {
        let sum = 0;
        for (let output = 0; output < outputs; output++) {
          const value = Number(slice[start + (order[output] ?? 0)]);
          check(value, row, task !== "regression", path);
          sum += value;
          // A forest's votes add up to 1.0000001 in float32; what is within the tolerance is meant as 1.
          values[row * outputs + output] = task === "regression" ? value : Math.min(Math.max(value, 0), 1);
        }
        if (outputs > 1 && Math.abs(sum - 1) > TOLERANCE)
          throw new UserError(
            `${path} gave probabilities that add up to ${sum} in row ${row + 1}; right is 1, as from a softmax`,
          );
      }
    },
    scores() {
      if (row !== rows) throw new UserError(`${path} gave scores for ${row} of ${rows} rows`);
      return { outputs, values };
    },
  };
}

function check(value: number, row: number, probability: boolean, path: string): void {
  if (!Number.isFinite(value))
    throw new UserError(`${path} gave the score "${value}" in row ${row + 1}; right is a finite number`);
  if (probability && (value < -TOLERANCE || value > 1 + TOLERANCE))
    throw new UserError(
      `${path} gave the score "${value}" in row ${row + 1}; right is a probability from 0 to 1, as from a sigmoid or softmax`,
    );
}
