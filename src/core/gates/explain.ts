import {
  formatAgainst,
  formatDifference,
  formatExact,
  formatInterval,
  formatNumber,
} from "../report/numbers.ts";
import type { GateRow } from "../report/report.ts";
import type { Condition, Operator } from "./condition.ts";
import { moreRowsText } from "./more-rows.ts";

/** What was decided of a gate, and what it rests on. */
export interface Judged extends Pick<GateRow, "state" | "value" | "interval" | "limit"> {
  readonly why: "compared" | "no value" | "not comparable" | "first model";
  readonly reason?: string | null;
  /** The group, or the pair of them, that decides; and what else there is to say of groups. */
  readonly who?: string;
  readonly also?: string;
  /** Whether part of what is asked has no value: then the rest alone does not let it pass. */
  readonly unknown?: boolean;
  /** Rows that would decide it; null where no number would, absent where it is not asked. */
  readonly moreRows?: number | null;
}

const WORDS: Readonly<Record<Operator, string>> = {
  ">=": "at least",
  "<=": "at most",
  ">": "more than",
  "<": "less than",
};

/**
 * A gate's decision in one plain sentence with its numbers.
 *
 * @example explain({ text: "", metric: "roc_auc", operator: ">=", right: { kind: "number", value: 0.8 } }, { state: "undecided", value: 0.812, interval: { low: 0.74, high: 0.87, confidence: 0.95, method: "" }, limit: 0.8, why: "compared" }) // => "0.812 (0.740 to 0.870) against at least 0.8: the data cannot tell"
 * @example explain({ text: "", metric: "roc_auc", operator: ">=", right: { kind: "number", value: 0.8 } }, { state: "undecided", value: 0.812, interval: { low: 0.74, high: 0.87, confidence: 0.95, method: "" }, limit: 0.8, why: "compared", moreRows: 2400 }) // => "0.812 (0.740 to 0.870) against at least 0.8: the data cannot tell; about 2,400 more holdout rows would, if the value stays"
 * @example explain({ text: "", metric: "f1", operator: ">=", right: { kind: "number", value: 0.8 } }, { state: "undecided", value: null, interval: null, limit: null, why: "no value", reason: "there are no rows" }) // => "no value: there are no rows"
 */
export function explain(condition: Condition, judged: Judged): string {
  const { value, interval, limit, reason, why } = judged;
  switch (why) {
    case "first model":
      return "first model: nothing to compare with";
    case "no value":
      return `no value: ${reason}`;
    case "not comparable":
      return `${formatNumber(value)}, but not comparable with the baseline: ${reason}`;
    case "compared":
      break;
  }
  const words = WORDS[condition.operator];
  const who = judged.who === undefined ? "" : `${judged.who}: `;
  const also = judged.also ?? "";
  if (condition.right.kind === "number") {
    const range = interval === null ? "" : ` (${formatInterval(interval)})`;
    return `${who}${formatAgainst(value, limit)}${range} against ${words} ${formatExact(limit)}: ${outcome(judged, "value")}${also}`;
  }
  const range = interval === null ? "" : ` (${formatInterval(interval, formatDifference)})`;
  return `${who}${formatDifference(value)}${range} from the baseline, against ${words} ${formatDifference(limit)}: ${outcome(judged, "difference")}${also}`;
}

function outcome({ state, reason, moreRows }: Judged, noun: "value" | "difference"): string {
  if (state === "met") return "met";
  if (state === "broken") return "not met";
  const more = moreRows === undefined ? "" : moreRowsText(moreRows, noun);
  return reason === null || reason === undefined
    ? `the data cannot tell${more}`
    : `the data cannot tell, ${reason}`;
}
