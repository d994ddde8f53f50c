import { isPaired } from "../measures/fairness/rates.ts";
import { type RateName, SHARES, shareKind, shareNamed } from "../measures/fairness/shares.ts";
import { BINARY, CLASSIFICATION, type Task } from "../measures/task.ts";
import type { Operator, Right } from "./condition.ts";
import { ConditionError, type Token } from "./tokens.ts";

/** Whom a group is held against: each rate's best (that is, every other group), the largest, or one by name. */
export type Against = "best" | "majority" | { readonly group: string };

/**
 * What a gate asks of every group: its own rate, or that it is selected at no less than so large a part of
 * another's rate.
 */
export type ByGroup =
  | { readonly kind: "worst_group"; readonly rate: RateName }
  | { readonly kind: "four_fifths"; readonly rate: "selection_rate"; readonly against: Against };

/** The words that open such a condition. */
export const BY_GROUP = ["four_fifths", "worst_group"] as const;

/**
 * The tasks for which a rate of groups can be asked.
 *
 * @example byGroupTasks({ kind: "worst_group", rate: "accuracy" }).length // => 2
 */
export const byGroupTasks = ({ rate }: ByGroup): readonly Task[] =>
  rate === "accuracy" ? CLASSIFICATION : BINARY;

/** The rate that a word names. */
export function rateNamed({ text, at }: Token): RateName {
  const rate = shareNamed(text);
  if (rate !== undefined) return rate;
  const message = `"${text}" is not a rate of a group; right are ${[...SHARES.keys(), "recall"].join(", ")}`;
  throw new ConditionError(message, at);
}

/** Refuses what no group could be asked: a limit on the wrong side, or a baseline with other rows to count on. */
export function requireSense(asked: ByGroup, operator: Operator, right: Right, at: number): void {
  if (asked.kind === "four_fifths" && right.kind === "baseline") {
    throw new ConditionError("four_fifths is held against a number, such as 0.8", at);
  }
  const { better, name } = shareKind(asked.rate);
  const least = operator.startsWith(">");
  if (asked.kind === "four_fifths" ? !least : better !== "neither" && least !== (better === "higher")) {
    const subject = asked.kind === "four_fifths" ? asked.kind : name;
    throw new ConditionError(
      `${subject} is the better the ${least ? "lower" : "higher"}; write ${least ? "<=" : ">="}`,
      at,
    );
  }
  if (right.kind === "baseline" && !isPaired(shareKind(asked.rate))) {
    const message = `${name} counts other rows for another model; right against the baseline are ${[
      ...SHARES.values(),
    ]
      .filter((kind) => isPaired(kind) && kind.name !== "prevalence")
      .map((kind) => kind.name)
      .join(", ")}`;
    throw new ConditionError(message, at);
  }
}
