import { formatCount } from "../numbers.ts";
import type { Report } from "../report.ts";
import { frame, px, span, thinned } from "./frame.ts";
import { reference } from "./lines.ts";

/** More dots than this are a blot; evenly taken from the sample. */
export const DOTS = 2000;

/** Regression: what was observed against what was predicted. Null without a sample. */
export function observedPlot({ curves }: Pick<Report, "curves">): string | null {
  const points = thinned(curves.residuals, DOTS);
  if (points.length === 0) return null;
  const domain = span(points.flatMap(({ x, y }) => [x, y]));
  return frame(
    {
      id: "observed",
      title: "Predicted and observed",
      description: `${formatCount(points.length)} holdout rows; on the diagonal the prediction is right.`,
      width: 400,
      height: 330,
    },
    [
      { title: "Predicted", domain },
      { title: "Observed", domain },
    ],
    [{ style: "reference", text: "As predicted" }],
    (scales) =>
      reference({ x: domain[0], y: domain[0] }, { x: domain[1], y: domain[1] }, scales) +
      points
        .map(({ x, y }) => `<circle class="speck" cx="${px(scales.x(x))}" cy="${px(scales.y(y))}" r="3"/>`)
        .join(""),
  );
}
