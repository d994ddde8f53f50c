import { markdownCode, markdownText } from "../escape.ts";
import { counted, formatCount, formatShare } from "../numbers.ts";
import { gravestFirst, OUTCOMES, tally, wordOf } from "../outcome.ts";
import type { CheckRow, Report } from "../report.ts";
import { checkName } from "../wording.ts";
import { type Block, detailsBlock, left, right, tableVersions } from "./blocks.ts";

/** The line at the top names this many of what did not pass. */
const NAMED = 3;
/** Rows of the data that a cell names. */
const ROW_NUMBERS = 5;

/** What the data did, in one line. */
export function checksLine({ checks }: Pick<Report, "checks">): Block {
  if (checks.length === 0)
    return { title: "data checks", versions: ["**Data checks:** none in the contract."] };
  const troubled = gravestFirst(checks).filter(({ verdict }) => verdict !== "pass");
  const named = troubled
    .slice(0, NAMED)
    .map((check) => `${OUTCOMES[check.verdict].icon} ${markdownCode(checkName(check), 80)}${broken(check)}`);
  const more = troubled.length > NAMED ? `; and ${formatCount(troubled.length - NAMED)} more` : "";
  const told = named.length === 0 ? "" : `: ${named.join("; ")}${more}`;
  return { title: "data checks", versions: [`**Data checks:** ${tally(checks)}${told}.`] };
}

function broken({ count, rows }: CheckRow): string {
  if (count === null) return "";
  return ` (${formatCount(count)}${rows === null ? "" : ` of ${formatCount(rows)}`} rows break it)`;
}

/** Every check, folded, the gravest first. */
export function checksBlock({ checks }: Pick<Report, "checks">): Block | null {
  if (checks.length === 0) return null;
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
  return detailsBlock("data checks", 30, versions, `Data checks (${counted(checks.length, "check")})`);
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

/** The titles of the warnings, so that none is hidden by a fold. */
export function warningsLine({ warnings }: Pick<Report, "warnings">): Block | null {
  if (warnings.length === 0) return null;
  const titles = warnings.slice(0, NAMED).map(({ title }) => markdownText(title, 100));
  const more = warnings.length > NAMED ? `; and ${formatCount(warnings.length - NAMED)} more` : "";
  return { title: "warnings", versions: [`⚠️ **Take care:** ${titles.join("; ")}${more}.`] };
}

/** The warnings in full, folded. */
export function warningsBlock({ warnings }: Pick<Report, "warnings">): Block | null {
  if (warnings.length === 0) return null;
  const headings = [left("Warning"), left("What it means")];
  const versions = tableVersions(headings, warnings, "warnings", ({ title, text }) => [
    markdownText(title, 100),
    markdownText(text, 600),
  ]);
  return detailsBlock("warnings", 55, versions, `Warnings (${formatCount(warnings.length)})`);
}
