import { conditionParts } from "./condition.ts";
import { formatAgainst, formatDifference, formatExact, formatInterval } from "./numbers.ts";
import type { GateRow } from "./report.ts";

/*
 * What the renderings say of gates in the same words. Nothing here is escaped and nothing is markup.
 */

/**
 * A gate's numbers as they are shown, on the one scale on which it was decided: where the limit moves
 * with production, all three are distances from production.
 *
 * @example gateNumbers({ condition: "f1 >= 0.7", value: 0.72, interval: { low: 0.6, high: 0.8 }, limit: 0.7 }) // => { value: "0.720", interval: "0.600 to 0.800", limit: "0.7" }
 * @example gateNumbers({ condition: "f1 >= baseline - 0.05", value: 0.02, interval: null, limit: -0.05 }) // => { value: "+0.020", interval: "", limit: "−0.050" }
 */
export function gateNumbers(gate: {
  readonly condition: string;
  readonly value: number | null;
  readonly interval: { readonly low: number; readonly high: number } | null;
  readonly limit: number | null;
}): { readonly value: string; readonly interval: string; readonly limit: string } {
  const { value, interval, limit } = gate;
  const moves = limit !== null && conditionParts(gate.condition).relative;
  const range = moves ? formatInterval(interval, formatDifference) : formatInterval(interval);
  return {
    value: moves ? formatDifference(value) : formatAgainst(value, limit),
    interval: interval === null ? "" : range,
    limit: moves ? formatDifference(limit) : formatExact(limit),
  };
}

/** The numbers of a gate's explanation, which stand in columns of their own beside it. */
const NUMBERS =
  /[−+]?[\d.,e−∞]+(?: \([^()]* to [^()]*\))?(?: from the baseline,)? against (?:at least|at most|more than|less than) [^\s:]+: /;

/**
 * Why a gate was decided so, without the numbers that stand beside it; empty where they say it all.
 *
 * @example gateReason({ explanation: "0.834 (0.752 to 0.899) against at least 0.9: not met" }) // => ""
 * @example gateReason({ explanation: "f: 0.62 (0.4 to 0.7) against at least 0.8: not met" }) // => "f"
 * @example gateReason({ explanation: "f: 0.62 (0.4 to 0.9) against at least 0.8: the data cannot tell" }) // => "f: the data cannot tell"
 * @example gateReason({ explanation: "no value: there are no rows" }) // => "no value: there are no rows"
 */
export function gateReason({ explanation }: Pick<GateRow, "explanation">): string {
  return explanation
    .replace(NUMBERS, "")
    .replace(/(^|: )(not )?met$/, "")
    .trim();
}

/** The same, after who lets the gate be passed by, until when and why. */
export function gateTold(gate: Pick<GateRow, "explanation" | "waived">): string {
  const reason = gateReason(gate);
  if (gate.waived === undefined) return reason;
  const { by, until, because } = gate.waived;
  return `by ${by} until ${until}: ${because}${reason === "" ? "" : `; ${reason}`}`;
}

/**
 * The gates that hold groups against a limit.
 *
 * @example groupGates([{ condition: "f1 >= 0.7" }, { condition: "four_fifths by gender >= 0.8" }]) // => [{ condition: "four_fifths by gender >= 0.8" }]
 */
export function groupGates<G extends { readonly condition: string }>(gates: readonly G[]): G[] {
  return gates.filter(({ condition }) => / by \S/.test(conditionParts(condition).subject));
}
