import { UserError } from "../../errors.ts";
import { answersOf } from "../measures/points.ts";
import type { Scored } from "../measures/scored.ts";
import { predictsNumbers, type Task } from "../measures/task.ts";
import type { Loss } from "../report/sections/slices.ts";

/** The loss that is searched where the contract names none. */
export const defaultLoss = (task: Task): Loss => (predictsNumbers(task) ? "absolute_error" : "error");

/**
 * What each row loses.
 *
 * @throws {UserError} where the loss is none of the task, or the scores are no probabilities
 */
export function lossesOf(scored: Scored, task: Task, classes: number, loss: Loss): Float64Array {
  const answers = answersOf(scored, task, classes);
  if (answers.kind === "sets")
    throw new TypeError("weak slices are not searched where rows carry several labels");
  const ofNumbers = loss === "absolute_error" || loss === "squared_error";
  if (ofNumbers !== (answers.kind === "numbers")) {
    throw new UserError(
      `slices: { loss: ${loss} } is not for a ${task}; right is ${predictsNumbers(task) ? "absolute_error or squared_error" : "error or log_loss"}`,
    );
  }
  if (answers.kind === "numbers") {
    return answers.labels.map((label, row) => {
      const error = Math.abs((answers.predictions[row] as number) - label);
      return loss === "squared_error" ? error ** 2 : error;
    });
  }
  const { labels, decisions, columns, unscored, improbable } = answers.classified;
  if (loss === "error") return labels.map((label, row) => (decisions[row] === label ? 0 : 1));
  const why = unscored ?? improbable;
  if (why !== undefined) throw new UserError(`slices: { loss: log_loss } needs probabilities, and ${why}`);
  return labels.map((label, row) => {
    const own = columns[label]?.[row] ?? 1 - (columns[1]?.[row] ?? Number.NaN);
    return -Math.log(Math.min(Math.max(own, Number.EPSILON), 1 - Number.EPSILON));
  });
}
