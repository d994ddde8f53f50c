import { formatNumber, formatShare } from "../numbers.ts";
import type { Report } from "../report.ts";
import { frame } from "./frame.ts";
import { curve, type LineStyle, legend, reference } from "./lines.ts";

/** True positives against false positives, over all thresholds. Null where there is no curve. */
export function rocPlot({ curves, metrics }: Pick<Report, "curves" | "metrics">): string | null {
  const { roc, roc_baseline } = curves;
  if (roc.length < 2) return null;
  const area = metrics.find(({ name }) => name === "roc_auc");
  const entries: (readonly [LineStyle, string])[] = [
    ["candidate", `Candidate ${area === undefined ? "" : formatNumber(area.value)}`],
  ];
  if (roc_baseline.length > 1)
    entries.push(["baseline", `Production ${area === undefined ? "" : formatNumber(area.baseline)}`]);
  entries.push(["reference", "Chance"]);
  const description = entries.map(([, text]) => text.trim()).join("; ");
  const size = {
    id: "roc",
    title: "ROC curve",
    description: `Area under the curve: ${description}.`,
    width: 480,
    height: 380,
  };
  const share = formatShareTick;
  return frame(
    size,
    { title: "False positive rate", domain: [0, 1], format: share },
    { title: "True positive rate", domain: [0, 1], format: share },
    (scales) =>
      reference({ x: 0, y: 0 }, { x: 1, y: 1 }, scales) +
      curve(roc_baseline, "baseline", scales) +
      curve(roc, "candidate", scales) +
      legend(entries, { x: 316, y: 270 }),
  );
}

/** A share at an axis' tick: whole percents. */
export function formatShareTick(share: number): string {
  return Number.isInteger(Math.round(share * 1e6) / 1e4) ? `${Math.round(share * 100)}%` : formatShare(share);
}
