import { MULTILABEL, scoresEach } from "../../core/measures/task.ts";
import { classOrder } from "../../core/models/class-order.ts";
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
  if (expects.task === "regression" && expects.scores === "logits")
    throw new UserError(`${path} is asked for a number, and logits are of classes; leave scores: logits out`);
  const binary = expects.task === "binary-classification";
  const outputs = binary && raw === 2 ? 1 : raw;
  const wanted = scoresEach(expects.task) ? expects.outputs : 1;
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
  const noun = isSeveral(task) ? "labels" : "classes";
  return `one probability of each of the ${outputs ?? noun}${outputs === undefined ? "" : ` ${noun}`}`;
}

/** How a model's raw numbers become the scores of the port. */
export interface Reading {
  /** Numbers a row. */
  readonly raw: number;
  /** For each score the raw number that it is read from. */
  readonly order: readonly number[];
  /** The one raw number is the other class's: the score is what is missing to 1. */
  readonly other: boolean;
}

/**
 * How a model's raw numbers are read: by the names of its classes where it has any, else in their order.
 *
 * @param named the classes that the model names, in the order of its numbers
 * @throws {UserError} where they do not fit the task or the contract's classes
 */
export function readingOf(
  raw: number,
  named: readonly string[] | undefined,
  expects: ModelExpectation,
  path: string,
): Reading {
  const outputs = outputsOf(raw, expects, path);
  if (expects.task === "regression") return { raw, order: [0], other: false };
  // what a model of several labels names is yes and no of each: its numbers stand in the contract's order
  if (isSeveral(expects.task)) {
    return { raw, order: Array.from({ length: raw }, (_, label) => label), other: false };
  }
  const binary = expects.task === "binary-classification";
  const order = classOrder(named, expects.classes, binary ? 2 : raw, path);
  if (raw > 1) return { raw, order: outputs === 1 ? order.slice(1) : order, other: false };
  return { raw, order: [0], other: order[1] === 0 };
}

/** Scores that come in slices, each row of `raw` numbers, checked and put into one array. */
export interface Gathering {
  add(slice: ArrayLike<number>): void;
  scores(): Scores;
}

/**
 * Gathers a model's raw scores.
 *
 * @throws {UserError} on a score that is not finite or, for classes, no probability
 */
export function gather(
  rows: number,
  { raw, order, other }: Reading,
  { task, scores }: ModelExpectation,
  path: string,
): Gathering {
  const outputs = order.length;
  const values = new Float64Array(rows * outputs);
  const several = isSeveral(task);
  const linked = scores !== "logits" ? undefined : several ? eachProbability : probabilities;
  let row = 0;
  return {
    add(slice) {
      if (slice.length % raw !== 0 || row + slice.length / raw > rows)
        throw new UserError(
          `${path} gave ${slice.length} numbers for a slice of ${rows} rows; right is ${raw} a row`,
        );
      const given = linked === undefined ? slice : linked(slice, raw, row, path);
      for (let start = 0; start < given.length; start += raw, row++) {
        let sum = 0;
        for (let output = 0; output < outputs; output++) {
          const value = Number(given[start + (order[output] ?? 0)]);
          check(value, row, task !== "regression", path);
          sum += value;
          // A forest's votes add up to 1.0000001 in float32; what is within the tolerance is meant as 1.
          const score = task === "regression" ? value : Math.min(Math.max(value, 0), 1);
          values[row * outputs + output] = other ? 1 - score : score;
        }
        if (outputs > 1 && !several && Math.abs(sum - 1) > TOLERANCE)
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

/** Probabilities of logits, in double precision: a sigmoid of one number a row, a softmax of several. */
function probabilities(logits: ArrayLike<number>, raw: number, first: number, path: string): Float64Array {
  const values = Float64Array.from(logits);
  for (const [place, value] of values.entries()) check(value, first + Math.floor(place / raw), false, path);
  if (raw === 2 && values.every((value, place) => place % 2 === 1 || value === -(values[place + 1] ?? 0)))
    throw new UserError(
      `${path} gives two numbers a row that are each other's negative, as raw scores of scikit-learn are: no softmax of them is a probability; export it with its probabilities`,
    );
  for (let start = 0; start < values.length; start += raw) {
    const row = values.subarray(start, start + raw);
    if (raw === 1) {
      row[0] = 1 / (1 + Math.exp(-(row[0] ?? 0)));
      continue;
    }
    const most = Math.max(...row);
    const powers = row.map((value) => Math.exp(value - most));
    const sum = powers.reduce((total, power) => total + power, 0);
    row.set(powers.map((power) => power / sum));
  }
  return values;
}

/** Probabilities of logits of several labels: a sigmoid of each. */
function eachProbability(logits: ArrayLike<number>, raw: number, first: number, path: string): Float64Array {
  return Float64Array.from(logits, (value, place) => {
    check(value, first + Math.floor(place / raw), false, path);
    return 1 / (1 + Math.exp(-value));
  });
}

const isSeveral = (task: ModelExpectation["task"]): boolean => MULTILABEL.includes(task);

function check(value: number, row: number, probability: boolean, path: string): void {
  if (!Number.isFinite(value))
    throw new UserError(`${path} gave the score "${value}" in row ${row + 1}; right is a finite number`);
  if (probability && (value < -TOLERANCE || value > 1 + TOLERANCE))
    throw new UserError(
      `${path} gave the score "${value}" in row ${row + 1}; right is a probability from 0 to 1, as from a sigmoid or softmax; where they are logits, say so (train.scores: logits, or --logits)`,
    );
}
