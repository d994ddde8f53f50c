import { BINARY, CLASSIFICATION, REGRESSION, type Task } from "../task.ts";
import type { RateName } from "./shares.ts";

/**
 * One way of saying how unlike groups are treated: the largest minus the smallest of a rate, or the
 * smallest over the largest. Of several rates the worst counts.
 */
export interface FairnessMeasure {
  readonly name: string;
  readonly title: string;
  readonly tasks: readonly Task[];
  /** The rates compared; none for the mean absolute error. */
  readonly rates: readonly RateName[];
  readonly as: "difference" | "ratio";
  readonly source: string;
}

const FAIRLEARN = "Fairlearn 0.15.0";

const ODDS = ["true_positive_rate", "false_positive_rate"] as const;

/*
 * Fairlearn's definitions, with one exception: a rate with an empty denominator, or one below the
 * minimum size, takes no part here, where Fairlearn says 0 and lets a group without a single positive
 * row decide the measure.
 */
const TABLE: readonly FairnessMeasure[] = [
  row(
    "demographic_parity_difference",
    "Demographic parity, difference",
    BINARY,
    ["selection_rate"],
    "difference",
  ),
  row("demographic_parity_ratio", "Demographic parity, ratio", BINARY, ["selection_rate"], "ratio"),
  row("equalized_odds_difference", "Equalized odds, difference", BINARY, ODDS, "difference"),
  row("equalized_odds_ratio", "Equalized odds, ratio", BINARY, ODDS, "ratio"),
  row(
    "equal_opportunity_difference",
    "Equal opportunity, difference",
    BINARY,
    ["true_positive_rate"],
    "difference",
  ),
  row("equal_opportunity_ratio", "Equal opportunity, ratio", BINARY, ["true_positive_rate"], "ratio"),
  row("accuracy_difference", "Accuracy, difference", CLASSIFICATION, ["accuracy"], "difference"),
  row("mae_difference", "Mean absolute error, difference", REGRESSION, [], "difference"),
];

function row(
  name: string,
  title: string,
  tasks: readonly Task[],
  rates: readonly RateName[],
  as: "difference" | "ratio",
): FairnessMeasure {
  const source = tasks === BINARY ? `${FAIRLEARN}, ${name}` : `${FAIRLEARN}, MetricFrame.difference`;
  return { name, title, tasks, rates, as, source };
}

/**
 * Every fairness measure by its name, in the order in which a report shows them.
 *
 * @example [...FAIRNESS.keys()].length // => 8
 */
export const FAIRNESS: ReadonlyMap<string, FairnessMeasure> = new Map(TABLE.map((one) => [one.name, one]));

/**
 * The fairness measures of a task, in order.
 *
 * @example fairnessMeasuresOf("regression").map((one) => one.name) // => ["mae_difference"]
 */
export function fairnessMeasuresOf(task: Task): readonly FairnessMeasure[] {
  return TABLE.filter((one) => one.tasks.includes(task));
}
