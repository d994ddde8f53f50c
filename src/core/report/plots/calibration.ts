import { formatCount, formatShare } from "../numbers.ts";
import type { Report } from "../report.ts";
import { frame, percentTick, px, thinned } from "./frame.ts";
import { curve, reference } from "./lines.ts";

/** More bins than this hide one another. */
const BINS = 40;

/** How often what was predicted came true, bin by bin, with the rows in each. Null where there are no bins. */
export function calibrationPlot({ curves }: Pick<Report, "curves">): string | null {
  const bins = thinned(
    curves.calibration.filter(({ count }) => count > 0),
    BINS,
  );
  if (bins.length === 0) return null;
  const most = Math.max(...bins.map(({ count }) => count));
  const told = bins.map(
    ({ predicted, observed, count }) =>
      `predicted ${formatShare(predicted)}, came true ${formatShare(observed)} of ${formatCount(count)} rows`,
  );
  return frame(
    {
      id: "calibration",
      title: "Calibration",
      description: `On the diagonal, what was predicted is what came true. ${told.join("; ")}.`,
      width: 400,
      height: 330,
    },
    [
      { title: "Predicted probability", domain: [0, 1], format: percentTick },
      { title: "Came true", domain: [0, 1], format: percentTick },
    ],
    [
      { style: "candidate", text: "Candidate, with rows in each bin" },
      { style: "reference", text: "As predicted" },
    ],
    (scales) => {
      const floor = scales.y(0);
      const bars = bins.map(({ predicted, count }) => {
        const height = (48 * count) / most;
        return `<rect class="count" x="${px(scales.x(predicted) - 6)}" y="${px(floor - height)}" width="12" height="${px(height)}"/>`;
      });
      const dots = bins.map(({ predicted, observed, count }) => {
        const [x, y] = [scales.x(predicted), scales.y(observed)];
        const above = y > 40;
        return (
          `<circle class="dot candidate" cx="${px(x)}" cy="${px(y)}" r="${px(3 + 4 * Math.sqrt(count / most))}"/>` +
          (bins.length > 15
            ? ""
            : `<text class="small" x="${px(x)}" y="${px(above ? y - 11 : y + 19)}" text-anchor="middle">${formatCount(count)}</text>`)
        );
      });
      const whiskers = bins.map(({ predicted, interval }) => {
        if (interval === undefined) return "";
        const x = px(scales.x(predicted));
        return `<line class="whisker" x1="${x}" x2="${x}" y1="${px(scales.y(interval.low))}" y2="${px(scales.y(interval.high))}"/>`;
      });
      const points = bins.map(({ predicted, observed }) => ({ x: predicted, y: observed }));
      return (
        bars.join("") +
        reference({ x: 0, y: 0 }, { x: 1, y: 1 }, scales) +
        whiskers.join("") +
        curve(points, "candidate", scales) +
        dots.join("")
      );
    },
  );
}
