import { conditionParts } from "../condition.ts";
import { htmlText } from "../escape.ts";
import { formatCount, formatDifference, formatInterval, formatNumber, formatP } from "../numbers.ts";
import { gravestFirst } from "../outcome.ts";
import { stripPlot } from "../plots/strip.ts";
import type { GateRow, MetricRow, Report } from "../report.ts";
import { confidenceWord, overfitting, roughText, standing } from "../wording.ts";
import { card, type Heading, sub, tableHtml, twoLines } from "./markup.ts";

/** The first screen holds no more. */
const FIRST = 8;

/** The metrics that the contract asked to see first, each as a picture beside production's. */
export function keyMetricsCard(report: Report): string {
  const first = report.metrics.slice(0, Math.max(1, Math.min(report.shown, FIRST)));
  if (first.length === 0) return "";
  const compared = report.baseline.state === "compared";
  // the gravest gate of a metric is the one whose limit is drawn
  const gates = gravestFirst(report.gates).reverse();
  const limits = new Map(gates.map((gate) => [conditionParts(gate.condition).subject, gate] as const));
  const headings: Heading[] = [
    { title: "Metric", kind: "text" },
    { title: compared ? "Candidate and production" : "Candidate", optional: true },
    { title: "Candidate", number: true },
    ...(compared
      ? ([
          { title: "Production", number: true, optional: true },
          { title: "Difference", number: true },
        ] as const)
      : []),
  ];
  const table = tableHtml("Key metrics", headings, first, (metric, index) => [
    htmlText(metric.title, 60) + sub(betterWords(metric)),
    metricStrip(metric, index, limits.get(metric.name)) ?? "–",
    valueCell(metric),
    ...(compared ? [formatNumber(metric.baseline), differenceCell(metric)] : []),
  ]);
  return card(
    "Key metrics",
    table + key(compared) + roughNote(first),
    `${confidenceWord(first)}, ${formatCount(report.subject.rows.holdout)} holdout rows`,
  );
}

function roughNote(metrics: readonly MetricRow[]): string {
  const rough = roughText(metrics);
  return rough === null ? "" : `<p class="note">${htmlText(rough, 2000)}</p>`;
}

function metricStrip(metric: MetricRow, index: number, gate: GateRow | undefined): string | null {
  return stripPlot({
    id: `metric-${index}`,
    title: metric.title,
    value: metric.value,
    interval: metric.interval,
    baseline: metric.baseline,
    limit: limitOn(metric, gate),
  });
}

function key(compared: boolean): string {
  const symbol = (mark: string): string =>
    `<svg width="26" height="14" viewBox="0 0 26 14" aria-hidden="true">${mark}</svg>`;
  const candidate = symbol(
    '<line class="whisker" x1="2" x2="24" y1="7" y2="7"/><circle class="dot candidate" cx="13" cy="7" r="5"/>',
  );
  const production = symbol('<path class="dot baseline" d="M13 1l6 6l-6 6l-6 -6z"/>');
  const limit = symbol('<line class="limit" x1="13" x2="13" y1="0" y2="14"/>');
  return `<p class="note key hide"><span>${candidate}candidate and interval</span>${compared ? `<span>${production}production</span>` : ""}<span>${limit}limit of a gate</span></p>`;
}

function betterWords({ better }: Pick<MetricRow, "better">): string {
  return better === "neither" ? "" : `${better} is better`;
}

function valueCell(metric: MetricRow): string {
  if (metric.value === null) {
    return metric.reason === null
      ? "–"
      : `– ${sub(`<span class="why">${htmlText(metric.reason, 160)}</span>`)}`;
  }
  return formatNumber(metric.value) + (metric.interval === null ? "" : sub(formatInterval(metric.interval)));
}

function differenceCell(metric: MetricRow): string {
  const word = standing(metric);
  if (metric.difference === null || word === null) return "–";
  const { value, interval } = metric.difference;
  const tone = word === "better" || word === "worse" ? ` class="${word}"` : "";
  const range = interval === null ? "" : sub(formatInterval(interval, formatDifference));
  return `<strong${tone}>${formatDifference(value)}</strong> ${sub(word)}${range}`;
}

function testNote({ difference }: MetricRow): string {
  if (difference?.test === undefined) return "";
  const { method, p, detail } = difference.test;
  return ` ${sub(`<span class="why">${htmlText(`${formatP(p)} (${method}): ${detail}`, 200)}</span>`)}`;
}

/** Every metric in numbers, with training's value and the gap to it. */
export function allMetricsCard({ metrics, baseline }: Report, rows?: number): string {
  if (metrics.length === 0) return "";
  const compared = baseline.state === "compared";
  const headings: Heading[] = [
    { title: "Metric", kind: "text" },
    { title: "Candidate", number: true },
    { title: "Interval", number: true },
    ...(compared
      ? ([
          { title: "Production", number: true },
          { title: "Difference", number: true },
        ] as const)
      : []),
    { title: "Training rows", number: true },
    { title: "Train − holdout", number: true },
  ];
  const table = tableHtml(
    "All metrics",
    headings,
    metrics,
    (metric) => [
      htmlText(metric.title, 80) + sub(betterWords(metric)),
      metric.value === null ? valueCell(metric) : formatNumber(metric.value),
      twoLines(formatInterval(metric.interval)),
      ...(compared ? [formatNumber(metric.baseline), differenceCell(metric) + testNote(metric)] : []),
      formatNumber(metric.train),
      formatDifference(overfitting(metric)),
    ],
    rows,
  );
  return card(
    "All metrics",
    table + roughNote(metrics),
    "a large gap between training and holdout is overfitting",
  );
}

/** A gate's limit on the metric's own scale: one that moves with production is a distance from it. */
function limitOn({ baseline }: MetricRow, gate: GateRow | undefined): number | null {
  if (gate === undefined || gate.limit === null) return null;
  if (!conditionParts(gate.condition).relative) return gate.limit;
  return baseline === null ? null : baseline + gate.limit;
}
