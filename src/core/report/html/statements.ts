import { htmlText } from "../escape.ts";
import { formatCount, formatEstimate, formatNumber, formatShare } from "../numbers.ts";
import type { Report } from "../report.ts";
import type { Impact, Ll144 } from "../sections/statements.ts";
import { declaredMetrics, declaredOn, outsideText, ratesText } from "../sections/statements-words.ts";
import { card, type Heading, tableHtml } from "./markup.ts";

/** What laws ask to be stated, a card for each. */
export function statementsCards(report: Pick<Report, "statements" | "metrics" | "subject">): string[] {
  const { ll144, ai_act: declared } = report.statements ?? {};
  return [
    ...(ll144 === undefined ? [] : [ll144Card(ll144)]),
    ...(declared === undefined ? [] : [declaredCard(report)]),
  ];
}

function ll144Card(ll144: Ll144): string {
  const note = `<p class="note">Impact ratios of ${htmlText(ratesText(ll144))}: each category's rate against the highest. The law sets no limit.</p>`;
  return card(
    "Impact ratios",
    note + ll144.impacts.map((impact) => impactHtml(impact, ll144)).join(""),
    "New York City, Local Law 144",
  );
}

function impactHtml({ of, ...impact }: Impact, { rate, rows }: Ll144): string {
  const headings: readonly Heading[] = [
    { title: "Category", kind: "text" },
    { title: "Rows", number: true },
    { title: rate === "selection" ? "Selected" : "Above the median", number: true },
    { title: "Rate", number: true },
    { title: "Impact ratio", number: true },
  ];
  const table = tableHtml(`Impact ratios by ${of}`, headings, impact.categories, (one) => [
    htmlText(one.name, 80),
    formatCount(one.size),
    formatCount(one.chosen),
    formatShare(one.rate),
    one.left_out ? "left out" : formatNumber(one.impact_ratio),
  ]);
  return `<h3>By ${htmlText(of, 120)}</h3>${table}<p class="note">${htmlText(outsideText(impact, rows))}</p>`;
}

function declaredCard(report: Pick<Report, "statements" | "metrics" | "subject">): string {
  const headings: readonly Heading[] = [
    { title: "Metric", kind: "text" },
    { title: "Level (interval)", number: true },
  ];
  const table = tableHtml("Accuracy that is declared", headings, declaredMetrics(report), (metric) => [
    htmlText(metric.title),
    htmlText(formatEstimate(metric.value, metric.interval)),
  ]);
  return card(
    "Accuracy, declared",
    `${table}<p class="note">${htmlText(declaredOn(report))}</p>`,
    "EU AI Act, Article 15(3)",
  );
}
