import { terminalText } from "../escape.ts";
import { formatCount } from "../numbers.ts";
import { gravestFirst, OUTCOMES, tally, wordOf } from "../outcome.ts";
import type { CheckRow } from "../report.ts";
import { checkName } from "../wording.ts";
import { type Cell, columns, type Paint } from "./columns.ts";
import { capped, note, verdictInk } from "./lines.ts";

/** The data checks: how many of each verdict, and those that did not pass. */
export function checkLines(checks: readonly CheckRow[], width: number, ink: Paint): string[] {
  if (checks.length === 0) return ["  none in the contract"];
  const troubled = gravestFirst(checks).filter(({ verdict }) => verdict !== "pass");
  const lines = capped(troubled, "checks", width, (shown) =>
    columns(
      shown.map((check): Cell[] => [
        { text: OUTCOMES[check.verdict].mark, colour: verdictInk(check.verdict, ink) },
        { text: terminalText(checkName(check), 60) },
        {
          text: check.count === null ? "" : `${formatCount(check.count)} of ${formatCount(check.rows)} rows`,
          align: "right",
        },
        { text: wordOf(check.verdict), colour: verdictInk(check.verdict, ink) },
        { text: terminalText(check.explanation, 120), colour: ink.dim },
      ]),
      width,
    ),
  );
  return [...note(tally(checks), width), ...lines];
}
