import { htmlText } from "../escape.ts";
import { formatCount, formatInterval, formatNumber, formatShare } from "../numbers.ts";
import { calibrationPlot } from "../plots/calibration.ts";
import type { Report } from "../report.ts";
import { type Heading, tableHtml } from "./markup.ts";

/** The reliability curve, its bins as a table, and what the Brier score is made of. */
export function calibrationHtml(report: Report): string {
  const plot = calibrationPlot(report) ?? "";
  const { calibration } = report;
  if (plot === "" || calibration === undefined) return plot;
  const { bins, equal_width: width, equal_mass: mass, brier } = calibration;
  const headings: readonly Heading[] = [
    { title: "Predicted", number: true },
    { title: "Came true", number: true },
    { title: "Interval", number: true },
    { title: "Rows", number: true },
  ];
  const table = tableHtml(
    "Calibration by bin",
    headings,
    bins,
    ({ predicted, observed, interval, count }) => [
      formatShare(predicted),
      formatShare(observed),
      formatInterval(interval ?? null, formatShare),
      formatCount(count),
    ],
  );
  const of = `<p class="note">Of ${htmlText(calibration.of, 120)}, in ${width.bins} bins of equal width: mean gap ${formatNumber(width.mean)}, largest ${formatNumber(width.largest)}; in ${mass.bins} bins of equal mass: ${formatNumber(mass.mean)} and ${formatNumber(mass.largest)}.</p>`;
  const made =
    brier === null
      ? ""
      : `<p class="note">Brier score ${formatNumber(brier.score)} = reliability ${formatNumber(brier.reliability)} − resolution ${formatNumber(brier.resolution)} + uncertainty ${formatNumber(brier.uncertainty)} + within bins ${formatNumber(brier.within_variance - brier.within_covariance)}.</p>`;
  return `${plot}${of}${made}<details><summary>The bins in numbers</summary>${table}</details>`;
}
