import { predictsNumbers } from "../../measures/task.ts";
import { htmlText, plain } from "../escape.ts";
import { formatCount, formatEstimate, formatNumber, formatShare } from "../numbers.ts";
import { groupsPlot } from "../plots/groups.ts";
import { rateStrip } from "../plots/strip.ts";
import type { Fairness, Report } from "../report.ts";
import { columnText, firstGaps, type Group, hiddenText, rateText, withoutText } from "../wording.ts";
import { comparisonHtml } from "./comparison.ts";
import type { Part } from "./fit.ts";
import { card, codeHtml, sub, tableHtml } from "./markup.ts";

/** So many groups of a column stand on the first screen, the largest. */
const FIRST = 4;
const COLUMNS = 3;

/** Who is treated how, on the first screen. */
export function fairnessCard({ fairness, task }: Report): string {
  const regression = predictsNumbers(task);
  const parts = fairness.slice(0, COLUMNS).map((column, place) => {
    const largest = [...column.groups].sort((a, b) => b.size - a.size).slice(0, FIRST);
    const rest = column.groups.length - largest.length;
    const table = regression ? errorTable(column, largest) : rateTable(column, largest, place);
    const gaps = firstGaps(column.measures).map(
      (one) =>
        `${htmlText(one.title, 60)} ${one.value === null ? `– (${htmlText(one.reason ?? "not known", 80)})` : formatEstimate(one.value, one.interval)}${leftOut(one)}`,
    );
    const more = rest > 0 ? [`${formatCount(rest)} more ${rest === 1 ? "group" : "groups"} below`] : [];
    return `<h3>By ${codeHtml(columnText(column), 90)}</h3>${table}<p class="note">${[...gaps, ...more].join(" · ")}</p>`;
  });
  const left = fairness.length - COLUMNS;
  const more = left > 0 ? `<p class="note">${formatCount(left)} more sensitive columns below.</p>` : "";
  return card("Who is treated how", parts.join("") + more, "n: rows of the group");
}

function rateTable(column: Fairness, groups: readonly Group[], place: number): string {
  const headings = [
    { title: "Group", kind: "text" },
    { title: "Selected, 0 to 100%", optional: true },
    { title: "Selected", number: true },
    { title: "Found (TPR)", number: true },
  ] as const;
  return tableHtml(`Rates by ${column.column}`, headings, groups, (group, index) => [
    htmlText(group.name, 40) + sub(`n ${formatCount(group.size)}`),
    rateStrip(
      `rate-${place}-${index}`,
      `Selected: ${group.name}`,
      group.selection_rate.value,
      group.selection_rate.interval,
    ) ?? "–",
    rateCell(group.selection_rate),
    rateCell(group.true_positive_rate),
  ]);
}

/** The groups that took no part in a measure, after its numbers. */
function leftOut({ without }: Fairness["measures"][number]): string {
  const text = withoutText(without, (name) => codeHtml(name, 40));
  return text === "" ? "" : `, ${text}`;
}

function rateCell(rate: Group["selection_rate"]): string {
  const { value, of } = rate;
  if (value === null && rate.count !== undefined) return htmlText(rateText(rate));
  return `${formatShare(value)}${sub(`of ${formatCount(of)}`)}`;
}

function errorTable(column: Fairness, groups: readonly Group[], rows?: number): string {
  const headings = [
    { title: "Group", kind: "text" },
    { title: "n", number: true },
    { title: "Mean absolute error", number: true },
  ] as const;
  const cells = (group: Group) => [
    htmlText(group.name, 40),
    formatCount(group.size),
    formatNumber(group.error),
  ];
  return tableHtml(`Errors by ${column.column}`, headings, groups, cells, rows);
}

/** So many sensitive columns have a card of their own. */
const CARDS = 20;

/** Every group of every sensitive column, as a picture and in numbers: a part of the page for each. */
export function groupParts({ fairness, task }: Report): Part[] {
  const left = fairness.length - CARDS;
  const parts = fairness.slice(0, CARDS).map((column, index): Part => {
    const id = `groups-${index}`;
    return { id: `part-${id}`, title: "", render: (rows) => groupCard(column, task, index, rows) };
  });
  const more = `<p class="note">${formatCount(left)} more sensitive columns in report.json.</p>`;
  return left > 0 ? [...parts, { id: "more-groups", title: "", render: () => more }] : parts;
}

function groupCard(column: Fairness, task: Report["task"], index: number, rows: number): string {
  const regression = predictsNumbers(task);
  const hidden = hiddenText(column);
  const parts = [
    `<div class="scroll" role="region" aria-label="${htmlText(`Picture of the groups by ${column.column}`)}" tabindex="0">${groupsPlot(column, regression, index) ?? ""}</div>`,
    groupTable(column, regression, rows),
    measureList(column, rows),
    comparisonHtml(column, rows),
    hidden === null ? "" : `<p class="note">${hidden}</p>`,
  ];
  const hint = "rates with intervals; “of” is the denominator";
  return card(`Groups by ${plain(columnText(column), 120)}`, parts.join(""), hint);
}

function groupTable(column: Fairness, regression: boolean, rows: number): string {
  if (regression) return errorTable(column, column.groups, rows);
  const rates = ["Selected", "True positive rate", "False positive rate", "Accuracy"];
  const headings = [
    { title: "Group", kind: "text" } as const,
    { title: "n", number: true } as const,
    ...rates.map((title) => ({ title, number: true }) as const),
  ];
  const cells = (group: Group) => [
    codeHtml(group.name, 80),
    formatCount(group.size),
    ...[group.selection_rate, group.true_positive_rate, group.false_positive_rate, group.accuracy].map(
      (rate) => htmlText(rateText(rate)),
    ),
  ];
  return tableHtml(`All groups by ${column.column}`, headings, column.groups, cells, rows);
}

function measureList({ measures }: Fairness, rows: number): string {
  if (measures.length === 0) return "";
  const items = measures
    .slice(0, Math.min(40, rows))
    .map(
      (one) =>
        `<li>${htmlText(one.title, 80)}: ${one.value === null ? `– (${htmlText(one.reason ?? "not known", 160)})` : `<strong>${formatNumber(one.value)}</strong> ${one.interval === null ? "" : `(${formatEstimate(one.value, one.interval).replace(/^\S+ \(/, "")}`}`}${leftOut(one)}</li>`,
    );
  return `<ul class="note">${items.join("")}</ul>`;
}
