import { htmlText } from "../escape.ts";
import { counted, formatCount, formatShare } from "../numbers.ts";
import { gravestFirst, tally, wordOf } from "../outcome.ts";
import type { CheckRow, Report } from "../report.ts";
import { checkName } from "../wording.ts";
import { card, codeHtml, sub, tableHtml, tag } from "./markup.ts";

/** So many of what did not pass are named on the first screen. */
const NAMED = 3;

/** What the data did, on the first screen. */
export function checksSummaryCard({ checks }: Pick<Report, "checks">): string {
  if (checks.length === 0) return card("Data checks", '<p class="quiet">None in the contract.</p>');
  const troubled = gravestFirst(checks).filter(({ verdict }) => verdict !== "pass");
  const items = troubled
    .slice(0, NAMED)
    .map(
      (check) =>
        `<li>${tag(check.verdict, wordOf(check.verdict))} ${codeHtml(checkName(check), 80)} ${sub(htmlText(check.explanation, 160))}</li>`,
    );
  const more =
    troubled.length > NAMED
      ? `<p class="note">and ${formatCount(troubled.length - NAMED)} more below</p>`
      : "";
  const all =
    troubled.length === 0
      ? `<p>${tag("pass", checks.length === 1 ? "it passes" : `all ${formatCount(checks.length)} pass`)}</p>`
      : "";
  return card(
    "Data checks",
    `${all}${items.length === 0 ? "" : `<ul>${items.join("")}</ul>`}${more}`,
    counted(checks.length, "check"),
  );
}

/** Every check of the data, the gravest first. */
export function checksCard({ checks }: Pick<Report, "checks">, rows?: number): string {
  if (checks.length === 0) return "";
  const headings = [
    { title: "Check", kind: "text" },
    { title: "Rows that break it", number: true },
    { title: "Seen", kind: "text" },
    { title: "Verdict" },
    { title: "Why", kind: "text" },
  ] as const;
  const table = tableHtml(
    "All data checks",
    headings,
    gravestFirst(checks),
    (check) => [
      codeHtml(check.expectation, 120) +
        (check.column === null ? "" : sub(`column ${codeHtml(check.column, 60)}`)),
      breaches(check),
      seen(check),
      tag(check.verdict, wordOf(check.verdict)),
      htmlText(check.explanation, 240),
    ],
    rows,
  );
  return card("All data checks", table, tally(checks));
}

function breaches({ count, rows, share }: CheckRow): string {
  if (count === null) return "–";
  const of = rows === null ? "" : `of ${formatCount(rows)}`;
  return formatCount(count) + sub(`${of}${share === null ? "" : ` (${htmlText(formatShare(share))})`}`);
}

function seen({ observed, values, row_numbers }: CheckRow): string {
  const rows = row_numbers.slice(0, 10).join(", ");
  const parts = [
    ...(observed === null ? [] : [htmlText(observed, 120)]),
    ...(values.length === 0
      ? []
      : [
          values
            .slice(0, 10)
            .map((value) => codeHtml(value, 40))
            .join(", "),
        ]),
    ...(rows === "" ? [] : [`rows ${rows}${row_numbers.length > 10 ? " …" : ""}`]),
  ];
  return parts.length === 0 ? "–" : parts.join("<br>");
}
