import { keptLabels, type LabelThreshold } from "../../models/label-thresholds.ts";
import { counted, formatCount, formatExact } from "../numbers.ts";

/** What a report says of how scores become decisions. */
interface Decided {
  readonly threshold: number | null;
  readonly thresholds?: readonly LabelThreshold[] | undefined;
  readonly decided: string | null;
}

/** How a place shows text. */
interface Writing {
  /** A name, and any other text. */
  readonly code: (name: string) => string;
  readonly text: (words: string) => string;
  /** So many labels are named. */
  readonly most: number;
}

/**
 * What decides: the name of the fact, and the threshold or those of labels; undefined where nothing of the kind does.
 *
 * @example thresholdFact({ threshold: 0.4, decided: null }, { code: String, text: String, most: 3 }) // => ["Decision threshold", "0.4"]
 * @example thresholdFact({ threshold: null, thresholds: [{ label: "a", threshold: 0.5, by: "default" }, { label: "b", threshold: 0.25, by: "said" }], decided: null }, { code: String, text: String, most: 1 }) // => ["Decision thresholds", "a 0.5 and 1 more"]
 */
export function thresholdFact(
  { threshold, thresholds }: Decided,
  { code, most }: Writing,
): readonly [name: string, words: string] | undefined {
  if (thresholds === undefined) {
    return threshold === null ? undefined : ["Decision threshold", formatExact(threshold)];
  }
  const first = thresholds.slice(0, most).map((one) => `${code(one.label)} ${shownThreshold(one)}`);
  const left = thresholds.length - first.length;
  return ["Decision thresholds", `${first.join(", ")}${left === 0 ? "" : ` and ${formatCount(left)} more`}`];
}

/**
 * The same with how it was chosen, and which labels have none that could be.
 *
 * @example howDecided({ threshold: 0.4, decided: "fixed in the contract" }, { code: String, text: String, most: 3 }) // => ["Decision threshold", "0.4, fixed in the contract"]
 */
export function howDecided(
  decided: Decided,
  writing: Writing,
): readonly [name: string, words: string] | undefined {
  const fact = thresholdFact(decided, writing);
  if (fact === undefined) return undefined;
  const how = decided.decided === null ? "" : `, ${writing.text(decided.decided)}`;
  const kept = keptLabels(decided.thresholds ?? []);
  if (kept.length === 0) return [fact[0], fact[1] + how];
  return [fact[0], `${fact[1]}${how}; one class only there: ${listed(kept, writing)}`];
}

function listed(names: readonly string[], { code, most }: Omit<Writing, "text">): string {
  const left = names.length - most;
  return `${names.slice(0, most).map(code).join(", ")}${left > 0 ? ` and ${formatCount(left)} more` : ""}`;
}

/**
 * A label's threshold: as it was said, or in four digits where it lies between two scores that have many.
 *
 * @example shownThreshold({ threshold: 0.3000000119, by: "chosen" }) // => "0.3"
 * @example shownThreshold({ threshold: 0.9999912, by: "chosen" }) // => "0.9999912"
 */
export function shownThreshold({ threshold, by }: Pick<LabelThreshold, "threshold" | "by">): string {
  const short = Number(threshold.toPrecision(4));
  return formatExact(by === "chosen" && short !== 1 ? short : threshold);
}

/** So many labels are named in a warning. */
const NAMED = 10;

/**
 * A warning where a label's threshold could not be chosen; undefined where all could, or were said.
 *
 * @example unchosen({ thresholds: [{ label: "rain", threshold: 0.3, by: "chosen", value: 0.8 }, { label: "snow", threshold: 0.5, by: "default" }] }).text // => "1 of 2 labels has one class only on the validation rows, where thresholds are chosen, and is decided at 0.5: snow"
 * @example unchosen({}) // => undefined
 */
export function unchosen({
  thresholds = [],
}: {
  readonly thresholds?: readonly LabelThreshold[] | undefined;
}): { readonly title: string; readonly text: string } | undefined {
  const kept = keptLabels(thresholds);
  if (kept.length === 0) return undefined;
  const [have, are] = kept.length === 1 ? ["has", "is"] : ["have", "are"];
  return {
    title: "A threshold could not be chosen for every label",
    text: `${formatCount(kept.length)} of ${counted(thresholds.length, "label")} ${have} one class only on the validation rows, where thresholds are chosen, and ${are} decided at 0.5: ${listed(kept, { code: String, most: NAMED })}`,
  };
}
