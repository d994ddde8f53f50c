import { markdownText } from "../escape.ts";
import { formatCount, formatDifference, formatEstimate, formatNumber } from "../numbers.ts";
import type { MetricRow, Report } from "../report.ts";
import {
  baselineText,
  confidenceWord,
  differenceText,
  firstFigures,
  overfitting,
  roughText,
  type Standing,
  shortCommit,
  standing,
} from "../wording.ts";
import { type Block, foldBlock, type Heading, left, right, table, tableVersions } from "./blocks.ts";

/** The figures that matter: what the gates or the contract name first, against production. */
export function figuresBlock(report: Report): Block | null {
  const figures = firstFigures(report);
  if (figures.length === 0) return null;
  const rough = roughText(figures);
  const note = rough === null ? "" : `\n\n${markdownText(rough, 400)}`;
  return {
    title: "figures",
    versions: [`${comparedWith(report)}\n\n${figuresTable(figures, report)}${note}`],
  };
}

/** With what the model is compared, and on how many rows. */
function comparedWith(report: Report): string {
  const commit = shortCommit(report.baseline.commit);
  const { reason } = report.baseline;
  const why = reason === null ? "" : ` (${markdownText(reason, 200)})`;
  return `${baselineText(report)}${commit === null ? "" : `, \`${commit}\``}${why}.`;
}

function figuresTable(figures: readonly MetricRow[], { baseline }: Report): string {
  const compared = baseline.state === "compared";
  const headings = [
    left("Figure"),
    right(`This model (${confidenceWord(figures)})`),
    ...(compared ? [right("Production"), right("Change (interval)"), left("")] : []),
  ];
  const rows = figures.map((metric) => [
    nameCell(metric),
    valueCell(metric),
    ...(compared ? [formatNumber(metric.baseline), changeCell(metric), standingCell(standing(metric))] : []),
  ]);
  return table(headings, rows);
}

function changeCell({ difference }: MetricRow): string {
  return difference === null
    ? formatNumber(null)
    : formatEstimate(difference.value, difference.interval, formatDifference);
}

const SIGNS: Readonly<Record<Standing, string>> = {
  better: "🟢 **better**",
  worse: "🔴 **worse**",
  "could be chance": "⚪ could be chance",
  "cannot tell": "⚪ cannot tell",
  "the same": "⚪ the same",
  changed: "⚪ changed",
};

const standingCell = (word: Standing | null): string => (word === null ? "" : SIGNS[word]);

/** Every metric, folded; the line says how many got better and worse. */
export function allMetricsBlock(report: Report): Block | null {
  const { metrics } = report;
  if (metrics.length <= firstFigures(report).length) return null;
  const title = `All ${formatCount(metrics.length)} metrics`;
  return foldBlock(title, 60, metricTables(metrics, report), standings(metrics));
}

function standings(metrics: readonly MetricRow[]): string {
  const words = metrics.flatMap((metric) => standing(metric) ?? []);
  const order: readonly Standing[] = [
    "better",
    "worse",
    "changed",
    "the same",
    "could be chance",
    "cannot tell",
  ];
  return order
    .map((word) => [words.filter((one) => one === word).length, word] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${formatCount(count)} ${word}`)
    .join(", ");
}

/** Only the columns for which there is something to show. */
function metricTables(metrics: readonly MetricRow[], { baseline }: Report): string[] {
  const compared = baseline.state === "compared";
  const gaps = metrics.some((metric) => overfitting(metric) !== null);
  const headings: readonly Heading[] = [
    left("Metric"),
    right(`This model (${confidenceWord(metrics)})`),
    ...(compared ? [right("Production"), left("Change")] : []),
    ...(gaps ? [right("Train − holdout")] : []),
  ];
  return tableVersions(headings, metrics, "metrics", (metric) => [
    nameCell(metric),
    valueCell(metric),
    ...(compared ? [formatNumber(metric.baseline), differenceText(metric)] : []),
    ...(gaps ? [formatDifference(overfitting(metric))] : []),
  ]);
}

function nameCell({ title, better }: MetricRow): string {
  return `${markdownText(title, 60)}${better === "neither" ? "" : better === "higher" ? " ↑" : " ↓"}`;
}

function valueCell({ value, interval, reason }: MetricRow): string {
  return value === null && reason !== null
    ? `– (${markdownText(reason, 120)})`
    : formatEstimate(value, interval);
}
