import { formatNumber } from "../numbers.ts";
import type { Report } from "../report.ts";
import { frame } from "./frame.ts";
import { curve, type LineStyle, legend } from "./lines.ts";
import { formatShareTick } from "./roc.ts";

/** Precision against recall, over all thresholds. Null where there is no curve. */
export function precisionRecallPlot({ curves, metrics }: Pick<Report, "curves" | "metrics">): string | null {
  const { precision_recall, precision_recall_baseline } = curves;
  if (precision_recall.length < 2) return null;
  const area = metrics.find(({ name }) => name === "average_precision");
  const entries: (readonly [LineStyle, string])[] = [
    ["candidate", `Candidate ${area === undefined ? "" : formatNumber(area.value)}`],
  ];
  if (precision_recall_baseline.length > 1) {
    entries.push(["baseline", `Production ${area === undefined ? "" : formatNumber(area.baseline)}`]);
  }
  const description = entries.map(([, text]) => text.trim()).join("; ");
  return frame(
    {
      id: "precision-recall",
      title: "Precision and recall",
      description: `Average precision: ${description}.`,
      width: 480,
      height: 380,
    },
    { title: "Recall", domain: [0, 1], format: formatShareTick },
    { title: "Precision", domain: [0, 1], format: formatShareTick },
    (scales) =>
      curve(precision_recall_baseline, "baseline", scales) +
      curve(precision_recall, "candidate", scales) +
      legend(entries, { x: 72, y: 290 }),
  );
}
