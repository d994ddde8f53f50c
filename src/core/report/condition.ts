/** The side of its limit on which a gate's value should be. */
export type Side = "above" | "below";

/** What a renderer needs to know of a gate's condition; what decides it is in `gates/`. */
export interface ConditionParts {
  /** What is measured: `roc_auc`, `equalized_odds_difference by gender`. */
  readonly subject: string;
  readonly side: Side | null;
  /** Whether the limit moves with the model in production. */
  readonly relative: boolean;
}

/**
 * A gate's condition taken apart for the eye: which measure, and which side of the limit is good.
 *
 * @example conditionParts("roc_auc >= 0.80") // => { subject: "roc_auc", side: "above", relative: false }
 * @example conditionParts("log_loss < baseline + 0.01") // => { subject: "log_loss", side: "below", relative: true }
 * @example conditionParts("odd") // => { subject: "odd", side: null, relative: false }
 */
export function conditionParts(condition: string): ConditionParts {
  const found = /^([^<>=]*)(>=|<=|>|<)([^<>=]*)$/.exec(condition);
  if (found === null) return { subject: condition.trim(), side: null, relative: false };
  const [, subject = "", operator = "", limit = ""] = found;
  return {
    subject: subject.trim(),
    side: operator.startsWith(">") ? "above" : "below",
    relative: /\bbaseline\b/.test(limit),
  };
}
