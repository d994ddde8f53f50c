import { DEFAULT_THRESHOLD } from "../measures/scored.ts";
import { decidesByThreshold, type Task } from "../measures/task.ts";
import type { Bundle } from "./bundle.ts";
import { saidThresholds } from "./label-thresholds.ts";

/** How the contract lets scores become decisions; see `evaluate.decision`. */
export type Decision =
  | { readonly threshold: number | Readonly<Record<string, number>> }
  | { readonly maximize: string }
  | { readonly minimize: "cost" };

/**
 * Why what decides in a model's description is not what the contract lets decide; undefined where it is.
 *
 * @example decisionMisfit({ threshold: 0.3, decided: "fixed in the contract" }, { threshold: 0.5 }, "binary-classification", ["0", "1"]) // => "its threshold is 0.3, and the contract's is 0.5"
 * @example decisionMisfit({ threshold: 0.5, decided: "fixed in the contract" }, { threshold: 0.5 }, "binary-classification", ["0", "1"]) // => undefined
 */
export function decisionMisfit(
  bundle: Pick<Bundle, "threshold" | "thresholds" | "decided">,
  decision: Decision,
  task: Task,
  classes: readonly string[],
): string | undefined {
  const { threshold, thresholds, decided } = bundle;
  const said = "threshold" in decision ? decision.threshold : undefined;
  if (task === "multilabel" && typeof said !== "number") return labelsMisfit(bundle, decision, classes);
  if (thresholds !== undefined) return "it has a threshold for each label, and the contract has none";
  const one = decidesByThreshold(task, classes.length);
  if (one !== (threshold !== null)) return one ? "it has no threshold" : "it has a threshold";
  if (said !== undefined && one && threshold !== said) {
    return `its threshold is ${threshold}, and the contract's is ${String(said)}`;
  }
  return decided !== null && !DECIDED.test(decided) ? "nobody chooses a threshold like that" : undefined;
}

function labelsMisfit(
  { threshold, thresholds, decided }: Pick<Bundle, "threshold" | "thresholds" | "decided">,
  decision: Decision,
  labels: readonly string[],
): string | undefined {
  if (threshold !== null) return "it has one threshold, and the contract has one for each label";
  if (thresholds === undefined) return "it has no thresholds";
  if (thresholds.length !== labels.length || thresholds.some(({ label }, at) => label !== labels[at])) {
    return "its thresholds are not those of the contract's labels";
  }
  if ("threshold" in decision && typeof decision.threshold !== "number") {
    const right = saidThresholds(decision.threshold, labels);
    for (const [at, own] of thresholds.entries()) {
      const expected = right[at]?.threshold;
      if (own.threshold !== expected) {
        return `its threshold of "${own.label}" is ${own.threshold}, and the contract's is ${expected}`;
      }
      if (own.by !== right[at]?.by || own.value !== undefined) {
        return `its threshold of "${own.label}" was not chosen, and is said to be`;
      }
    }
    return decided === FIXED ? undefined : "nobody chooses a threshold like that";
  }
  for (const { label, threshold: own, by, value } of thresholds) {
    const right =
      by === "chosen"
        ? value !== undefined
        : by === "default" && value === undefined && own === DEFAULT_THRESHOLD;
    if (!right) return `nobody chooses a threshold of "${label}" like that`;
  }
  const metric = "maximize" in decision ? decision.maximize : "";
  const rows = decided?.startsWith(eachChosen(metric)) ? decided.slice(eachChosen(metric).length) : "";
  return /^\d{1,15} validation rows$/.test(rows) ? undefined : "nobody chooses a threshold like that";
}

/** How a threshold of the contract is said to be chosen. */
export const FIXED = "fixed in the contract";

/**
 * How the thresholds of labels that make a metric greatest are said to be chosen, up to the number of validation rows.
 *
 * @example eachChosen("f1") // => "each maximizes f1 on "
 */
export const eachChosen = (metric: string): string => `each maximizes ${metric} on `;

/** How one threshold may be said to be chosen. */
const DECIDED =
  /^(fixed in the contract|(maximizes \w{1,60}|minimizes cost) \([\d.,−–e+-]{1,30}\) on \d{1,15} validation rows)$/;
