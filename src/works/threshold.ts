import { decidesByThreshold } from "../core/measures/task.ts";
import { chooseThreshold } from "../core/measures/threshold.ts";
import type { Bundle } from "../core/models/bundle.ts";
import { formatNumber } from "../core/report/numbers.ts";
import type { Matrix } from "../core/tables/matrix.ts";
import { UserError } from "../errors.ts";
import type { StageProject } from "./project.ts";

/**
 * The threshold that becomes part of a model of two classes or of several labels, chosen on the validation rows where the
 * contract asks for the best one; never on the holdout.
 *
 * @param scores asked for only where they are needed
 */
export async function decide(
  { contract, parsed }: StageProject,
  classes: readonly string[],
  validation: Pick<Matrix, "labels" | "rows" | "weights">,
  scores: () => Promise<Float64Array>,
): Promise<Pick<Bundle, "threshold" | "decided">> {
  const { decision } = contract.evaluate;
  if (!decidesByThreshold(contract.task, classes.length)) return { threshold: null, decided: null };
  if ("threshold" in decision) return { threshold: decision.threshold, decided: "fixed in the contract" };
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
  const { threshold, value } = chooseThreshold(validation.labels, await scores(), goal, weights);
  const what = "maximize" in decision ? `maximizes ${decision.maximize}` : "minimizes cost";
  return { threshold, decided: `${what} (${formatNumber(value)}) on ${validation.rows} validation rows` };
}
