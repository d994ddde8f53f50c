import { formatCount } from "../numbers.ts";
import type { Report } from "../report.ts";
import { frame, px, span, thinned } from "./frame.ts";
import { reference } from "./lines.ts";
import { DOTS } from "./observed.ts";

/** Regression: how far off each prediction was, against the prediction. Null without a sample. */
export function residualsPlot({ curves }: Pick<Report, "curves">): string | null {
  const points = thinned(curves.residuals, DOTS).map(({ x, y }) => ({ x, y: y - x }));
  if (points.length === 0) return null;
  const across = span(points.map(({ x }) => x));
  return frame(
    {
      id: "residuals",
      title: "Residuals",
      description: `Observed minus predicted on ${formatCount(points.length)} holdout rows; above zero the prediction was too low.`,
      width: 400,
      height: 330,
    },
    [
      { title: "Predicted", domain: across },
      { title: "Observed − predicted", domain: span([0, ...points.map(({ y }) => y)]) },
    ],
    [{ style: "reference", text: "As predicted" }],
    (scales) =>
      reference({ x: across[0], y: 0 }, { x: across[1], y: 0 }, scales) +
      points
        .map(({ x, y }) => `<circle class="speck" cx="${px(scales.x(x))}" cy="${px(scales.y(y))}" r="3"/>`)
        .join(""),
  );
}
