import { mermaidText } from "../escape.ts";
import type { Fairness, MetricRow, Report } from "../report.ts";
import { type Block, detailsBlock } from "./blocks.ts";

/** More bars than this cannot be told apart in a comment's width. */
const BARS = 12;

/**
 * The same numbers as pictures, drawn by GitHub from Mermaid text.
 *
 * `xychart-beta` is the spelling that both old and new versions know; GitHub does not say which it has.
 */
export function chartsBlock(report: Report): Block | null {
  const charts = [
    ...metricsChart(report),
    ...(report.task === "regression" ? [] : report.fairness.slice(0, 4).flatMap(ratesChart)),
  ];
  if (charts.length === 0) return null;
  return detailsBlock("charts", 20, [charts.join("\n\n")], "Charts");
}

const percent = (share: number): string => (share * 100).toFixed(1);
const quoted = (text: string): string => `"${text}"`;

function fence(lines: readonly string[]): string {
  return ["```mermaid", "xychart-beta", ...lines.map((line) => `  ${line}`), "```"].join("\n");
}

/** The first metrics that lie between 0 and 1: bars for the candidate, a line for production. */
function metricsChart({ metrics, shown, baseline }: Report): string[] {
  const within = (value: number | null): value is number => value !== null && value >= 0 && value <= 1;
  const drawn = metrics
    .slice(0, Math.max(1, shown))
    .filter((metric): metric is MetricRow & { value: number } => within(metric.value))
    .slice(0, BARS);
  if (drawn.length < 2) return [];
  const line = drawn.map((metric) => metric.baseline);
  const compared = baseline.state === "compared" && line.every(within);
  return [
    fence([
      `title ${quoted(compared ? "Candidate (bars) and production (line)" : "Candidate")}`,
      `x-axis [${drawn.map(({ name }) => quoted(mermaidText(name))).join(", ")}]`,
      'y-axis "value" 0 --> 1',
      `bar [${drawn.map(({ value }) => value.toFixed(3)).join(", ")}]`,
      ...(compared ? [`line [${line.map((value) => value.toFixed(3)).join(", ")}]`] : []),
    ]),
  ];
}

/** How often each group is selected (bars) and found when it should be (line). */
function ratesChart({ column, groups }: Fairness): string[] {
  const drawn = groups.filter(({ selection_rate }) => selection_rate.value !== null).slice(0, BARS);
  if (drawn.length < 2) return [];
  const found = drawn.map(({ true_positive_rate }) => true_positive_rate.value);
  const complete = found.every((value) => value !== null);
  const title = `Selected (bars)${complete ? " and true positive rate (line)" : ""} by ${mermaidText(column, 40)}`;
  return [
    fence([
      `title ${quoted(title)}`,
      `x-axis [${drawn.map(({ name, size }) => quoted(`${mermaidText(name, 18)}, n ${size}`)).join(", ")}]`,
      'y-axis "percent" 0 --> 100',
      `bar [${drawn.map(({ selection_rate }) => percent(selection_rate.value ?? 0)).join(", ")}]`,
      ...(complete ? [`line [${found.map((value) => percent(value ?? 0)).join(", ")}]`] : []),
    ]),
  ];
}
