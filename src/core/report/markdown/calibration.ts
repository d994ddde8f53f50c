import { formatCount, formatEstimate, formatInterval, formatNumber, formatShare } from "../numbers.ts";
import type { Report } from "../report.ts";
import { type Block, foldBlock, right, tableVersions } from "./blocks.ts";
import { calibrationChart } from "./charts.ts";

/** Whether probabilities can be taken at their word: the bins as chart and table. */
export function calibrationBlock({ calibration, curves, metrics }: Report): Block | null {
  const bins = calibration?.bins ?? curves.calibration;
  if (bins.length === 0) return null;
  const chart = calibrationChart(bins);
  const headings = ["Predicted", "Came true", "Interval", "Rows"].map(right);
  const bodies = tableVersions(headings, bins, "bins", ({ predicted, observed, interval, count }) => [
    formatShare(predicted),
    formatShare(observed),
    formatInterval(interval ?? null, formatShare),
    formatCount(count),
  ]);
  const ece = metrics.find(({ name }) => name === "ece");
  const mean = ece ?? (calibration === undefined ? undefined : widthGap(calibration.equal_width.mean));
  return foldBlock(
    "Calibration",
    35,
    bodies.map((text) => [text, ...chart].join("\n\n")),
    mean === undefined
      ? ""
      : `predicted and true shares lie ${formatEstimate(mean.value, mean.interval)} apart on average${worst(calibration)}`,
  );
}

const widthGap = (value: number) => ({ value, interval: null });

const worst = (calibration: Report["calibration"]): string =>
  calibration === undefined ? "" : `, at most ${formatNumber(calibration.equal_width.largest)}`;
