import { UserError } from "../../errors.ts";
import type { Matrix } from "../tables/matrix.ts";
import type { TrainRequest } from "./request.ts";

/**
 * Whether anything can be learnt from a request.
 *
 * @throws {UserError} where there are no rows or features, a feature or target is not finite, only
 *   one class occurs, or the trainer does not fit the task
 */
export function checkRequest({
  task,
  classes,
  train,
  validation,
  with: trainer,
  params,
}: TrainRequest): void {
  const regression = task === "regression";
  if (trainer === "logistic" && regression)
    throw new UserError(
      'train.with: "logistic" learns classes, the task is "regression"; right is linear or mlp',
    );
  if (trainer === "linear" && !regression)
    throw new UserError(
      `train.with: "linear" learns numbers, the task is "${task}"; right is logistic or mlp`,
    );
  if (train.rows === 0)
    throw new UserError("there are no training rows; see `data` and `split` in the contract");
  if (train.width === 0)
    throw new UserError("there are no features to learn from; see `features` in the contract");
  checkMatrix(train, "training", regression ? 0 : classes);
  if (validation !== undefined && validation.rows > 0) {
    if (validation.width !== train.width)
      throw new RangeError(`validation has ${validation.width} features, training ${train.width}`);
    checkMatrix(validation, "validation", regression ? 0 : classes);
  }
  if (!regression && train.labels.every((label) => label === train.labels[0]))
    throw new UserError(
      `the label is the same in all ${train.rows} training rows; a classifier needs rows of at least two classes`,
    );
  if (params.early_stopping !== false && (validation === undefined || validation.rows === 0))
    throw new UserError(
      "train.params.early_stopping needs validation rows and there are none; set split.validation, or early_stopping: false",
    );
}

function checkMatrix({ matrix, rows, width, labels, weights }: Matrix, noun: string, classes: number): void {
  if (matrix.length !== rows * width || labels.length !== rows || (weights?.length ?? rows) !== rows)
    throw new RangeError(`the ${noun} rows do not fit ${rows} × ${width}`);
  const feature = matrix.findIndex((value) => !Number.isFinite(value));
  if (feature >= 0)
    throw new UserError(
      `feature ${(feature % width) + 1} of ${width} is "${matrix[feature]}" in ${noun} row ${Math.floor(feature / width) + 1}; fill missing values with prepare.values and keep infinity out`,
    );
  const label = labels.findIndex((value) =>
    classes === 0 ? !Number.isFinite(value) : !(Number.isInteger(value) && value >= 0 && value < classes),
  );
  if (label >= 0)
    throw new UserError(
      `the label is "${labels[label]}" in ${noun} row ${label + 1}; right is ${classes === 0 ? "a finite number" : `one of ${classes} classes`}`,
    );
  if (weights === undefined) return;
  const weight = weights.findIndex((value) => !(Number.isFinite(value) && value >= 0));
  if (weight >= 0)
    throw new UserError(
      `the weight is "${weights[weight]}" in ${noun} row ${weight + 1}; right is a number from 0 up`,
    );
  if (!weights.some((value) => value > 0)) throw new UserError(`the weights of all ${noun} rows are 0`);
}
