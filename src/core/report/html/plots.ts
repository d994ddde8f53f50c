import { formatCount, formatDifference, formatNumber, formatShare } from "../numbers.ts";
import { confusionPlot } from "../plots/confusion.ts";
import { thinned } from "../plots/frame.ts";
import { lossPlot } from "../plots/loss.ts";
import { observedPlot } from "../plots/observed.ts";
import { precisionRecallPlot } from "../plots/precision-recall.ts";
import { residualsPlot } from "../plots/residuals.ts";
import { rocPlot } from "../plots/roc.ts";
import type { Report } from "../report.ts";
import { calibrationHtml } from "./calibration.ts";
import { card, codeHtml, folded, tableHtml } from "./markup.ts";

/** A table beside a plot holds so many points of it. */
const POINTS = 21;
/** And so many classes of the confusion matrix. */
const CLASSES = 20;

/** The pictures that the task has, each with its numbers as a table. */
export function plotCards(report: Report): string {
  const { curves } = report;
  const all: readonly (readonly [string, string | null, string, string])[] = [
    [
      "ROC curve",
      rocPlot(report),
      "further to the upper left is better",
      curveTable("ROC curve", ["False positive rate", "True positive rate"], curves.roc),
    ],
    [
      "Precision and recall",
      precisionRecallPlot(report),
      "further to the upper right is better",
      curveTable("Precision and recall", ["Recall", "Precision"], curves.precision_recall),
    ],
    ["Calibration", calibrationHtml(report), "on the diagonal, probabilities mean what they say", ""],
    [
      "Confusion matrix",
      confusionPlot(report),
      "rows of the holdout, and the share of each true class",
      confusionTable(report),
    ],
    ["Predicted and observed", observedPlot(report), "on the diagonal the prediction is right", ""],
    ["Residuals", residualsPlot(report), "without a pattern is good", residualsTable(report)],
    ["Loss while training", lossPlot(report), "a rising validation loss is overfitting", lossTable(report)],
  ];
  const cards = all.flatMap(([title, svg, hint, table]) =>
    svg === null || svg === "" ? [] : [card(title, svg + table, hint)],
  );
  return cards.length === 0 ? "" : `<div class="plots">${cards.join("\n")}</div>`;
}

function curveTable(
  caption: string,
  [x, y]: readonly [string, string],
  points: Report["curves"]["roc"],
): string {
  const headings = [x, y].map((title) => ({ title, number: true }) as const);
  const shown = thinned(points, POINTS);
  const table = tableHtml(caption, headings, shown, (point) => [formatShare(point.x), formatShare(point.y)]);
  return folded(
    `${formatCount(shown.length)} of ${formatCount(points.length)} points of this model in numbers`,
    table,
  );
}

function confusionTable({ confusion }: Pick<Report, "confusion">): string {
  if (confusion === null) return "";
  const { labels, counts } = confusion;
  const shown = labels.slice(0, CLASSES);
  const headings = [
    { title: "Truth ↓ predicted →", kind: "text" } as const,
    ...shown.map((title) => ({ title, number: true }) as const),
  ];
  const table = tableHtml("Confusion matrix", headings, shown, (label, row) => [
    codeHtml(label, 40),
    ...shown.map((_, column) => formatCount(counts[row]?.[column] ?? null)),
  ]);
  const more =
    labels.length > CLASSES ? `, the first ${CLASSES} of ${formatCount(labels.length)} classes` : "";
  return folded(`The counts in numbers${more}`, table);
}

function lossTable({ history }: Pick<Report, "history">): string {
  const headings = ["Epoch", "Training rows", "Validation rows"].map(
    (title) => ({ title, number: true }) as const,
  );
  const table = tableHtml("Loss while training", headings, thinned(history, POINTS), (epoch) => [
    formatCount(epoch.epoch),
    formatNumber(epoch.loss),
    formatNumber(epoch.validation_loss),
  ]);
  return folded("The losses in numbers", table);
}

/** Parts of the predictions' range, as a row's own truth is nobody's business. */
const RANGES = 10;

function residualsTable({ curves }: Pick<Report, "curves">): string {
  const sorted = [...curves.residuals].sort((a, b) => a.x - b.x);
  const ranges = Array.from({ length: RANGES }, (_, index) =>
    sorted.slice((index * sorted.length) / RANGES, ((index + 1) * sorted.length) / RANGES),
  ).filter((range) => range.length > 0);
  const headings = ["Predicted, mean", "Observed, mean", "Observed − predicted", "Rows"].map(
    (title) => ({ title, number: true }) as const,
  );
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value / values.length, 0);
  const table = tableHtml("Predicted and observed", headings, ranges, (range) => {
    const [predicted, observed] = [mean(range.map(({ x }) => x)), mean(range.map(({ y }) => y))];
    return [
      formatNumber(predicted),
      formatNumber(observed),
      formatDifference(observed - predicted),
      formatCount(range.length),
    ];
  });
  return folded("Tenths of the sample in numbers", table);
}
