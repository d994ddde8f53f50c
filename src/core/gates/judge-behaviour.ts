import type { Place } from "../../errors.ts";
import { formatCount, formatNumber, formatShare } from "../report/numbers.ts";
import type { GateRow } from "../report/report.ts";
import type { ExpectationRow } from "../report/sections/robustness.ts";
import { stateOf } from "./judge.ts";

/**
 * Decides each expectation of how the score behaves. Where no row may break it, one that does is enough; a
 * share that may is held against the interval of the share that does. A column that is no input moves
 * nothing; what was not checked is undecided, which is never a pass.
 *
 * @param asked what the contract says of each, in the same order
 */
export function judgeBehaviour(
  rows: readonly ExpectationRow[],
  asked: readonly { readonly severity: "fail" | "warn" }[],
  places: readonly (Place | undefined)[],
): GateRow[] {
  return rows.map((row, index): GateRow => {
    const severity = asked[index]?.severity ?? "fail";
    const state = stateOfRow(row);
    const value = row.state === "checked" && row.rows > 0 ? row.broken / row.rows : null;
    return {
      condition: row.text,
      verdict:
        state === "met" ? "pass" : state === "broken" || severity === "warn" ? severity : "inconclusive",
      when_inconclusive: severity === "warn" ? "warn" : "approve",
      state,
      value,
      interval: row.allow > 0 && value !== null ? row.interval : null,
      limit: value === null ? null : row.allow,
      explanation: explained(row),
      line: places[index]?.line ?? null,
    };
  });
}

function stateOfRow({ state, rows, broken, allow, interval }: ExpectationRow): GateRow["state"] {
  if (state === "no input") return "met";
  if (state !== "checked" || rows === 0) return "undecided";
  if (allow === 0) return broken === 0 ? "met" : "broken";
  return stateOf(broken / rows, interval, "<=", allow, true);
}

function explained({ state, rows, broken, allow, farthest, column }: ExpectationRow): string {
  switch (state) {
    case "no input":
      return `${column} does not enter the model`;
    case "refused":
      return "not checked: the model gives no answer for such rows";
    case "not checked":
      return "not checked: the model is known by its predictions alone";
    case "checked": {
      if (rows === 0) return "not checked: in no row is it a question";
      const most = broken === 0 ? "" : `, by ${formatNumber(farthest)} at most`;
      const may = allow === 0 ? "none may" : `at most ${formatShare(allow)} may`;
      return `${formatCount(broken)} of ${formatCount(rows)} rows break it${most}; ${may}`;
    }
  }
}
