import { formatNumber } from "../numbers.ts";
import type { Report } from "../report.ts";
import { frame, type Line, percentTick } from "./frame.ts";
import { curve, reference } from "./lines.ts";

/** True positives against false positives, over all thresholds. Null where there is no curve. */
export function rocPlot({ curves, metrics }: Pick<Report, "curves" | "metrics">): string | null {
  const { roc, roc_baseline } = curves;
  if (roc.length < 2) return null;
  const area = metrics.find(({ name }) => name === "roc_auc");
  const lines: Line[] = [
    { style: "candidate", text: `Candidate${area === undefined ? "" : ` ${formatNumber(area.value)}`}` },
  ];
  if (roc_baseline.length > 1)
    lines.push({
      style: "baseline",
      text: `Production${area === undefined ? "" : ` ${formatNumber(area.baseline)}`}`,
    });
  lines.push({ style: "reference", text: "Chance" });
  const description = lines.map(({ text }) => text).join("; ");
  const size = {
    id: "roc",
    title: "ROC curve",
    description: `Area under the curve: ${description}.`,
    width: 400,
    height: 330,
  };
  return frame(
    size,
    [
      { title: "False positive rate", domain: [0, 1], format: percentTick },
      { title: "True positive rate", domain: [0, 1], format: percentTick },
    ],
    lines,
    (scales) =>
      reference({ x: 0, y: 0 }, { x: 1, y: 1 }, scales) +
      curve(roc_baseline, "baseline", scales) +
      curve(roc, "candidate", scales),
  );
}
