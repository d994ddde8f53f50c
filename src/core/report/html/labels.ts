import { htmlText } from "../escape.ts";
import { formatCount, formatInterval, formatNumber, formatShare } from "../numbers.ts";
import { rateStrip } from "../plots/strip.ts";
import type { Report } from "../report.ts";
import type { LabelRow } from "../sections/labels.ts";
import { shownThreshold } from "../sections/thresholds.ts";
import { card, codeHtml, sub, tableHtml } from "./markup.ts";

/** Each of several labels on its own, beside production's. */
export function labelsCard(
  { labels = [], baseline, subject }: Pick<Report, "labels" | "baseline" | "subject">,
  rows?: number,
): string {
  if (labels.length === 0) return "";
  const compared = baseline.state === "compared";
  const own = new Map(subject.thresholds?.map((one) => [one.label, `, threshold ${shownThreshold(one)}`]));
  const headings = [
    { title: "Label", kind: "text" } as const,
    { title: "Recall, 0 to 100%", optional: true } as const,
    ...["Precision", "Recall", "F1", "ROC AUC", "Average precision"].map(
      (title) => ({ title, number: true }) as const,
    ),
  ];
  const cells = (label: LabelRow, index: number): string[] => {
    const beside = (of: "f1" | "roc_auc" | "average_precision") =>
      formatNumber(label[of]) + (compared ? sub(`production ${formatNumber(label.baseline?.[of])}`) : "");
    return [
      codeHtml(label.name, 80) + sub(`n ${formatCount(label.rows)}${own.get(label.name) ?? ""}`),
      rateStrip(`label-${index}`, `Recall: ${label.name}`, label.recall.value, label.recall.interval) ?? "–",
      shareHtml(label.precision),
      shareHtml(label.recall),
      beside("f1"),
      beside("roc_auc"),
      beside("average_precision"),
    ];
  };
  return card(
    "Labels",
    tableHtml("All labels", headings, labels, cells, rows),
    "n: rows that carry it; “of” is the denominator",
  );
}

function shareHtml({ value, of, interval }: LabelRow["recall"]): string {
  const range = interval === null ? "" : `, ${formatInterval(interval, formatShare)}`;
  return formatShare(value) + sub(htmlText(`of ${formatCount(of)}${range}`));
}
