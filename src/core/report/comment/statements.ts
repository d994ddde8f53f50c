import { markdownCode, markdownText, summaryCode } from "../escape.ts";
import { type Block, foldBlock, left, right, table, tableVersions } from "../markdown/blocks.ts";
import { formatCount, formatEstimate, formatNumber, formatShare } from "../numbers.ts";
import type { Report } from "../report.ts";
import type { Ll144 } from "../sections/statements.ts";
import {
  declaredMetrics,
  declaredOn,
  lowestImpact,
  outsideText,
  ratesText,
} from "../sections/statements-words.ts";

/** What laws ask to be stated, each to be unfolded. */
export function statementsBlocks(
  report: Pick<Report, "statements" | "metrics" | "subject">,
): (Block | null)[] {
  const { ll144, ai_act: declared } = report.statements ?? {};
  return [
    ll144 === undefined ? null : impactBlock(ll144),
    declared === undefined ? null : declaredBlock(report),
  ];
}

function impactBlock(ll144: Ll144): Block {
  const chosen = ll144.rate === "selection" ? "Selected" : "Above the median";
  const headings = [left("Category"), right("Rows"), right(chosen), right("Rate"), right("Impact ratio")];
  const parts = ll144.impacts.map(({ of, ...impact }) => {
    const versions = tableVersions(headings, impact.categories, "categories", (one) => [
      markdownCode(one.name, 80),
      formatCount(one.size),
      formatCount(one.chosen),
      formatShare(one.rate),
      one.left_out ? "left out" : formatNumber(one.impact_ratio),
    ]);
    return { title: `By ${markdownCode(of, 120)}`, versions, outside: outsideText(impact, ll144.rows) };
  });
  const longest = Math.max(...parts.map(({ versions }) => versions.length));
  const bodies = Array.from({ length: longest }, (_, place) =>
    [
      `Of ${ratesText(ll144)}, each category's rate against the highest. The law sets no limit.`,
      ...parts.flatMap(({ title, versions, outside }) => [
        title,
        versions[Math.min(place, versions.length - 1)] ?? "",
        outside,
      ]),
    ].join("\n\n"),
  );
  const lowest = lowestImpact(ll144);
  const finding =
    lowest === undefined
      ? "no data"
      : `lowest ${formatNumber(lowest.ratio)}, ${summaryCode(lowest.name, 80)}`;
  return foldBlock("Impact ratios (Local Law 144)", 25, bodies, finding);
}

function declaredBlock(report: Pick<Report, "statements" | "metrics" | "subject">): Block {
  const metrics = declaredMetrics(report);
  const rows = metrics.map(({ title, value, interval }) => [
    markdownText(title, 80),
    formatEstimate(value, interval),
  ]);
  const body = [table([left("Metric"), right("Level (interval)")], rows), declaredOn(report)].join("\n\n");
  const finding = `${formatCount(metrics.length)} metrics`;
  return foldBlock("Accuracy, declared (EU AI Act, Art. 15(3))", 20, [body], finding);
}
