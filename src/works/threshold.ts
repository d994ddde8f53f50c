import { chooseThresholds } from "../core/measures/label-thresholds.ts";
import { DEFAULT_THRESHOLD, type Scored } from "../core/measures/scored.ts";
import { decidesByThreshold } from "../core/measures/task.ts";
import { chooseThreshold, type ThresholdGoal } from "../core/measures/threshold.ts";
import type { Bundle } from "../core/models/bundle.ts";
import { eachChosen, FIXED } from "../core/models/decision-fit.ts";
import { type LabelThreshold, saidThresholds } from "../core/models/label-thresholds.ts";
import { formatNumber } from "../core/report/numbers.ts";
import { UserError } from "../errors.ts";
import type { StageProject } from "./project.ts";

/** What decides, as a model's description has it. */
export type Decided = Pick<Bundle, "threshold" | "thresholds" | "decided">;

/** The validation rows, as far as a threshold is chosen on them. */
interface ValidationRows extends Pick<Scored, "labels" | "truth"> {
  readonly rows: number;
  readonly weights?: Float64Array | undefined;
}

/**
 * The threshold that becomes part of a model of two classes, or those of a model of several labels, chosen on the
 * validation rows where the contract asks for the best; never on the holdout.
 *
 * @param scores asked for only where they are needed
 */
export async function decide(
  { contract, parsed }: StageProject,
  classes: readonly string[],
  validation: ValidationRows,
  scores: () => Promise<Float64Array>,
): Promise<Decided> {
  const { decision } = contract.evaluate;
  if (!decidesByThreshold(contract.task, classes.length)) return { threshold: null, decided: null };
  if ("threshold" in decision) {
    const { threshold } = decision;
    return typeof threshold === "number"
      ? { threshold, decided: FIXED }
      : { threshold: null, thresholds: saidThresholds(threshold, classes), decided: FIXED };
  }
  const at = parsed.place(["evaluate", "decision"]);
  if (validation.rows === 0) {
    throw new UserError("there are no validation rows to choose the threshold on; raise split.validation", {
      at,
    });
  }
  const { costs } = contract.plan;
  const goal =
    "maximize" in decision ? { maximize: decision.maximize, costs } : { minimize: "cost" as const, costs };
  const weights = contract.evaluate.weighted === false ? undefined : validation.weights;
  if (contract.task === "multilabel") {
    return decideEach(classes, { ...validation, weights }, await scores(), goal);
  }
  const { threshold, value } = chooseThreshold(validation.labels, await scores(), goal, weights);
  const what = "maximize" in decision ? `maximizes ${decision.maximize}` : "minimizes cost";
  return { threshold, decided: `${what} (${formatNumber(value)}) on ${validation.rows} validation rows` };
}

function decideEach(
  labels: readonly string[],
  { truth = new Uint8Array(0), weights, rows }: ValidationRows,
  scores: Float64Array,
  goal: ThresholdGoal,
): Decided {
  const chosen = chooseThresholds({ truth, scores, weights }, labels.length, goal);
  const thresholds = labels.map((label, at): LabelThreshold => {
    const best = chosen[at];
    return best === undefined
      ? { label, threshold: DEFAULT_THRESHOLD, by: "default" }
      : { label, ...best, by: "chosen" };
  });
  const metric = "maximize" in goal ? goal.maximize : goal.minimize;
  return { threshold: null, thresholds, decided: `${eachChosen(metric)}${rows} validation rows` };
}
