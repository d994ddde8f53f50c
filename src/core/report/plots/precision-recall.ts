import { formatNumber } from "../numbers.ts";
import type { Report } from "../report.ts";
import { frame, type Line, percentTick } from "./frame.ts";
import { curve } from "./lines.ts";

/** Precision against recall, over all thresholds. Null where there is no curve. */
export function precisionRecallPlot({ curves, metrics }: Pick<Report, "curves" | "metrics">): string | null {
  const { precision_recall, precision_recall_baseline } = curves;
  if (precision_recall.length < 2) return null;
  const area = metrics.find(({ name }) => name === "average_precision");
  const lines: Line[] = [
    { style: "candidate", text: `Candidate${area === undefined ? "" : ` ${formatNumber(area.value)}`}` },
  ];
  if (precision_recall_baseline.length > 1) {
    lines.push({
      style: "baseline",
      text: `Production${area === undefined ? "" : ` ${formatNumber(area.baseline)}`}`,
    });
  }
  const description = lines.map(({ text }) => text).join("; ");
  return frame(
    {
      id: "precision-recall",
      title: "Precision and recall",
      description: `Average precision: ${description}.`,
      width: 400,
      height: 330,
    },
    [
      { title: "Recall", domain: [0, 1], format: percentTick },
      { title: "Precision", domain: [0, 1], format: percentTick },
    ],
    lines,
    (scales) =>
      curve(precision_recall_baseline, "baseline", scales) + curve(precision_recall, "candidate", scales),
  );
}
