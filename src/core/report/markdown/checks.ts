import { markdownCode, markdownText, summaryCode } from "../escape.ts";
import { formatCount, formatShare } from "../numbers.ts";
import { gravestFirst, OUTCOMES, tally, wordOf } from "../outcome.ts";
import type { CheckRow, Report } from "../report.ts";
import { checkName } from "../wording.ts";
import { type Block, foldBlock, left, right, tableVersions } from "./blocks.ts";

/** A fold's line names this many. */
const NAMED = 3;
/** Rows of the data that a cell names. */
const ROW_NUMBERS = 5;

/** What the data did: every check, folded, the gravest first; what does not pass stands in the fold's line. */
export function checksBlock({ checks }: Pick<Report, "checks">): Block | null {
  if (checks.length === 0) return null;
  const troubled = gravestFirst(checks).filter(({ verdict }) => verdict !== "pass");
  const named = troubled
    .slice(0, NAMED)
    .map((check) => `${OUTCOMES[check.verdict].icon} ${summaryCode(checkName(check), 80)}`);
  const more = troubled.length > NAMED ? `; and ${formatCount(troubled.length - NAMED)} more` : "";
  const told = named.length === 0 ? "" : `: ${named.join("; ")}${more}`;
  const headings = [left("Check"), right("Rows that break it"), left("Seen"), left("Verdict")];
  const versions = tableVersions(headings, gravestFirst(checks), "checks, the gravest first", (check) => [
    markdownCode(checkName(check), 100),
    breaches(check),
    seen(check),
    `${OUTCOMES[check.verdict].icon} ${wordOf(check.verdict)}${
      check.verdict === "pass" || check.explanation.trim() === ""
        ? ""
        : `: ${markdownText(check.explanation, 160)}`
    }`,
  ]);
  return foldBlock("Data checks", 30, versions, `${tally(checks)}${told}`);
}

function breaches({ count, rows, share }: CheckRow): string {
  if (count === null) return "–";
  const of = rows === null ? "" : ` of ${formatCount(rows)}`;
  return `${formatCount(count)}${of}${share === null ? "" : ` (${formatShare(share)})`}`;
}

function seen({ observed, values, row_numbers }: CheckRow): string {
  const rows = row_numbers.slice(0, ROW_NUMBERS).map(String).join(", ");
  const more = row_numbers.length > ROW_NUMBERS ? " …" : "";
  const parts = [
    ...(observed === null ? [] : [markdownText(observed, 80)]),
    ...(values.length === 0
      ? []
      : [
          values
            .slice(0, ROW_NUMBERS)
            .map((value) => markdownCode(value, 40))
            .join(", "),
        ]),
    ...(rows === "" ? [] : [`rows ${rows}${more}`]),
  ];
  return parts.length === 0 ? "–" : parts.join("; ");
}

/** The warnings, folded; their titles stand in the fold's line, so that none is hidden. */
export function warningsBlock({ warnings }: Pick<Report, "warnings">): Block | null {
  if (warnings.length === 0) return null;
  const titles = warnings.slice(0, NAMED).map(({ title }) => markdownText(title, 100));
  const more = warnings.length > NAMED ? `; and ${formatCount(warnings.length - NAMED)} more` : "";
  const headings = [left("Warning"), left("What it means")];
  const versions = tableVersions(headings, warnings, "warnings", ({ title, text }) => [
    markdownText(title, 100),
    markdownText(text, 600),
  ]);
  return foldBlock("Take care", 82, versions, `⚠️ ${titles.join("; ")}${more}`);
}
