import { curveLinear, line } from "d3-shape";
import { type LineStyle, px, type Scales, thinned } from "./frame.ts";

/** More points than this are less than a pixel apart. */
const POINTS = 600;

/** A point of a curve in the units of its axes. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

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
