import { markdownText } from "../escape.ts";
import { formatCount, formatDifference, formatEstimate, formatNumber } from "../numbers.ts";
import type { MetricRow, Report } from "../report.ts";
import { confidenceWord, differenceText, overfitting } from "../wording.ts";
import { type Block, detailsBlock, type Heading, left, right, tableVersions } from "./blocks.ts";

/** One screen holds no more rows of metrics than this; the rest is folded. */
const FIRST = 8;

/** The metrics that the contract asked to see first. */
export function metricsBlock(report: Report): Block | null {
  const first = report.metrics.slice(0, Math.max(1, Math.min(report.shown, FIRST)));
  if (first.length === 0) return null;
  return { title: "metrics", importance: 90, versions: metricTables(first, report) };
}

/** Every metric, folded; nothing where the first screen shows them all. */
export function allMetricsBlock(report: Report): Block | null {
  const { metrics, shown } = report;
  if (metrics.length <= Math.max(1, Math.min(shown, FIRST))) return null;
  const title = `All ${formatCount(metrics.length)} metrics`;
  return detailsBlock("all metrics", 60, metricTables(metrics, report), title);
}

/** Only the columns for which there is something to show. */
function metricTables(metrics: readonly MetricRow[], { baseline }: Report): string[] {
  const compared = baseline.state === "compared";
  const gaps = metrics.some((metric) => overfitting(metric) !== null);
  const headings: readonly Heading[] = [
    left("Metric"),
    right(`Candidate (${confidenceWord(metrics)})`),
    ...(compared ? [right("Production"), left("Difference")] : []),
    ...(gaps ? [right("Train − holdout")] : []),
  ];
  return tableVersions(headings, metrics, "metrics", (metric) => [
    `${markdownText(metric.title, 60)}${arrow(metric)}`,
    metric.value === null && metric.reason !== null
      ? `– (${markdownText(metric.reason, 120)})`
      : formatEstimate(metric.value, metric.interval),
    ...(compared ? [formatNumber(metric.baseline), differenceText(metric)] : []),
    ...(gaps ? [formatDifference(overfitting(metric))] : []),
  ]);
}

function arrow({ better }: Pick<MetricRow, "better">): string {
  return better === "neither" ? "" : better === "higher" ? " ↑" : " ↓";
}
