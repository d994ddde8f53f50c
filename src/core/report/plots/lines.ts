import { curveLinear, line } from "d3-shape";
import { htmlText } from "../escape.ts";
import { px, type Scales, thinned } from "./frame.ts";

/** More points than this are less than a pixel apart. */
const POINTS = 600;

/** A point of a curve in the units of its axes. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** How a line looks: by dashes and marks as well as by colour, so that it can be told without. */
export type LineStyle = "candidate" | "baseline" | "reference";

/** A curve through points in their order. Nothing where there are fewer than two. */
export function curve(points: readonly Point[], style: LineStyle, { x, y }: Scales): string {
  const shown = thinned(
    points.filter((point) => Number.isFinite(point.x) && Number.isFinite(point.y)),
    POINTS,
  );
  if (shown.length < 2) return "";
  const path = line<Point>(
    (point) => x(point.x),
    (point) => y(point.y),
  )
    .curve(curveLinear)
    .digits(1)(shown);
  return path === null ? "" : `<path class="line ${style}" d="${path}"/>`;
}

/** A straight line between two points, for what a curve is to be compared with. */
export function reference(from: Point, to: Point, { x, y }: Scales): string {
  return `<line class="line reference" x1="${px(x(from.x))}" y1="${px(y(from.y))}" x2="${px(x(to.x))}" y2="${px(y(to.y))}"/>`;
}

/** What each kind of line is, written into the plot at a free corner. */
export function legend(
  entries: readonly (readonly [LineStyle, string])[],
  at: { readonly x: number; readonly y: number },
): string {
  return entries
    .map(([style, text], index) => {
      const y = at.y + index * 18;
      return (
        `<line class="line ${style}" x1="${px(at.x)}" x2="${px(at.x + 22)}" y1="${px(y)}" y2="${px(y)}"/>` +
        `<text class="label" x="${px(at.x + 29)}" y="${px(y + 4)}">${htmlText(text, 60)}</text>`
      );
    })
    .join("");
}
