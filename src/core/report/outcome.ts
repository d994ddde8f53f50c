import type { Verdict } from "../gates/verdict.ts";
import type { GateRow, Report } from "./report.ts";

/** What a report says as a whole: a verdict, or that nothing was there to decide. */
export type Outcome = Verdict | "no gates";

/** One word and two signs for each outcome: a picture for Markdown, a letter-wide mark for the rest. */
export const OUTCOMES: Readonly<
  Record<Outcome, { readonly word: string; readonly icon: string; readonly mark: string }>
> = {
  pass: { word: "Pass", icon: "✅", mark: "✓" },
  warn: { word: "Warning", icon: "⚠️", mark: "!" },
  waived: { word: "Waived", icon: "🔓", mark: "~" },
  inconclusive: { word: "Inconclusive", icon: "❔", mark: "?" },
  fail: { word: "Fail", icon: "❌", mark: "✕" },
  "no gates": { word: "Not judged: no gates", icon: "⚪", mark: "–" },
};

/**
 * The outcome to show in large: the verdict, but a pass of no gates at all is none.
 *
 * @example outcomeOf({ verdict: "pass", gates: [] }) // => "no gates"
 * @example outcomeOf({ verdict: "fail", gates: [] }) // => "fail"
 */
export function outcomeOf({ verdict, gates }: Pick<Report, "verdict" | "gates">): Outcome {
  return gates.length === 0 && (verdict === "pass" || verdict === "warn") ? "no gates" : verdict;
}

/**
 * A gate's verdict in words; a gate that was not decided says so even where the contract lets it pass.
 *
 * @example gateWords({ verdict: "pass", state: "met", when_inconclusive: "approve" }) // => "pass"
 * @example gateWords({ verdict: "pass", state: "undecided", when_inconclusive: "pass" }) // => "pass, though undecided"
 */
export function gateWords(gate: Pick<GateRow, "verdict" | "state" | "when_inconclusive">): string {
  if (gate.verdict === "waived") return wordOf(gate.verdict);
  if (gate.state === "undecided") {
    if (gate.verdict !== "inconclusive") return `${wordOf(gate.verdict)}, though undecided`;
    return gate.when_inconclusive === "approve" ? "inconclusive, needs an approval" : "inconclusive";
  }
  return wordOf(gate.verdict);
}

/**
 * A verdict as one lower-case word.
 *
 * @example wordOf("warn") // => "warning"
 */
export function wordOf(verdict: Verdict): string {
  return OUTCOMES[verdict].word.toLowerCase();
}

const GRAVITY: Readonly<Record<Verdict, number>> = { fail: 0, inconclusive: 1, waived: 2, warn: 3, pass: 4 };

/**
 * Gates or checks with the gravest first, otherwise in their order.
 *
 * @example gravestFirst([{ verdict: "pass" }, { verdict: "fail" }]) // => [{ verdict: "fail" }, { verdict: "pass" }]
 */
export function gravestFirst<T extends { readonly verdict: Verdict }>(list: readonly T[]): T[] {
  return [...list].sort((a, b) => GRAVITY[a.verdict] - GRAVITY[b.verdict]);
}

/**
 * How many there are of each verdict, gravest first.
 *
 * @example tally([{ verdict: "pass" }, { verdict: "fail" }, { verdict: "pass" }]) // => "1 fail, 2 pass"
 */
export function tally(list: readonly { readonly verdict: Verdict }[]): string {
  const order: readonly Verdict[] = ["fail", "inconclusive", "waived", "warn", "pass"];
  return order
    .map((verdict) => [list.filter((one) => one.verdict === verdict).length, wordOf(verdict)] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(", ");
}
