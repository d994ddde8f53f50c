import { terminalText } from "../escape.ts";
import { formatCount } from "../numbers.ts";
import { gravestFirst, OUTCOMES, tally, wordOf } from "../outcome.ts";
import type { CheckRow } from "../report.ts";
import { checkName } from "../wording.ts";
import { type Cell, cells, columns, type Paint, wrap } from "./columns.ts";
import { capped, note, verdictInk } from "./lines.ts";

/** The data checks: how many of each verdict, and those that did not pass. */
export function checkLines(checks: readonly CheckRow[], width: number, ink: Paint): string[] {
  if (checks.length === 0) return ["  none in the contract"];
  const troubled = gravestFirst(checks).filter(({ verdict }) => verdict !== "pass");
  const lines = capped(troubled, "checks", width, (shown) => troubledLines(shown, width, ink));
  return [...note(tally(checks), width), ...lines];
}

/** A line each with its explanation; below it where one has no room, since a run that stops here has no report. */
function troubledLines(checks: readonly CheckRow[], width: number, ink: Paint): string[] {
  const explained = checks.map(({ explanation }) => terminalText(explanation, 600));
  const rows = checks.map((check): Cell[] => [
    { text: OUTCOMES[check.verdict].mark, colour: verdictInk(check.verdict, ink) },
    { text: terminalText(checkName(check), 60) },
    {
      text: check.count === null ? "" : `${formatCount(check.count)} of ${formatCount(check.rows)} rows`,
      align: "right",
    },
    { text: wordOf(check.verdict), colour: verdictInk(check.verdict, ink) },
  ]);
  const beside = rows.map((row, at): Cell[] => [...row, { text: explained[at] ?? "", colour: ink.dim }]);
  const plain = beside.map((row) => row.map(({ text, align }): Cell => (align ? { text, align } : { text })));
  if (columns(plain, 10_000).every((line) => cells(line) <= width)) return columns(beside, width);
  return columns(rows, width).flatMap((line, at) => [
    line,
    ...wrap(explained[at] ?? "", width - 5)
      .filter((text) => text !== "")
      .map((text) => ink.dim(`     ${text}`)),
  ]);
}
