import type { Verdict } from "../../gates/verdict.ts";
import { formatCount } from "../numbers.ts";
import type { Outcome } from "../outcome.ts";
import { type Paint, wrap } from "./columns.ts";

/** So many rows of one kind are shown; `report.html` has the rest. */
export const ROWS = 20;

/** The colour of a verdict. */
export function verdictInk(outcome: Outcome | Verdict, ink: Paint): (text: string) => string {
  switch (outcome) {
    case "pass":
      return ink.green;
    case "fail":
      return ink.red;
    case "warn":
    case "waived":
    case "inconclusive":
      return ink.yellow;
    case "no gates":
      return ink.dim;
  }
}

/** A sentence below a section's rows. */
export function note(text: string, width: number): string[] {
  return wrap(text, width - 2).map((line) => `  ${line}`);
}

/** The rows that are shown and, where some are not, a line that says so and where they are. */
export function capped<T>(
  items: readonly T[],
  noun: string,
  width: number,
  lines: (shown: readonly T[]) => string[],
  rest = "report.html has them",
): string[] {
  if (items.length <= ROWS) return lines(items);
  return [
    ...lines(items.slice(0, ROWS)),
    ...note(`… and ${formatCount(items.length - ROWS)} more ${noun}; ${rest}`, width),
  ];
}
