import { ticks } from "d3-array";
import { scaleLinear } from "d3-scale";
import type { Side } from "../condition.ts";
import { formatEstimate, formatExact, formatNumber } from "../numbers.ts";
import type { Interval } from "../report.ts";
import { picture, px, span } from "./frame.ts";

/** What one line of a table shows as a picture. */
export interface Strip {
  readonly id: string;
  readonly title: string;
  readonly value: number | null;
  readonly interval: Interval | null;
  readonly baseline?: number | null;
  readonly limit?: number | null;
  /** The side of the limit that passes. */
  readonly side?: Side | null;
}

const WIDTH = 190;
const HEIGHT = 42;
const [LEFT, RIGHT, MIDDLE, FLOOR] = [12, WIDTH - 12, 14, 27];

/**
 * A dot with its whiskers on a short axis of its own: production as a diamond, the limit as a line
 * with the side that passes shaded. Null where there is no value.
 */
export function stripPlot({
  id,
  title,
  value,
  interval,
  baseline = null,
  limit = null,
  side = null,
}: Strip): string | null {
  if (value === null) return null;
  const shown = [value, interval?.low, interval?.high, baseline, limit].filter(
    (one) => typeof one === "number",
  );
  const domain = span(shown, 0.12);
  const x = scaleLinear(domain, [LEFT, RIGHT]).clamp(true);
  const axis = ticks(...domain, 3).map(
    (tick) =>
      `<line class="grid" x1="${px(x(tick))}" x2="${px(x(tick))}" y1="2" y2="${FLOOR}"/>` +
      `<text class="tick" x="${px(x(tick))}" y="${HEIGHT - 3}" text-anchor="middle">${formatExact(tick)}</text>`,
  );
  const parts = [
    limit === null || side === null ? "" : pass(x(limit), side),
    axis.join(""),
    limit === null
      ? ""
      : `<line class="limit" x1="${px(x(limit))}" x2="${px(x(limit))}" y1="0" y2="${FLOOR}"/>`,
    interval === null ? "" : whisker(x(interval.low), x(interval.high)),
    baseline === null ? "" : diamond(x(baseline)),
    `<circle class="dot candidate" cx="${px(x(value))}" cy="${MIDDLE}" r="5"/>`,
  ];
  const told = [
    formatEstimate(value, interval),
    ...(baseline === null ? [] : [`production ${formatNumber(baseline)}`]),
    ...(limit === null ? [] : [`limit ${formatExact(limit)}`]),
  ].join("; ");
  return picture({ id, title, description: told, width: WIDTH, height: HEIGHT }, parts.join(""));
}

function pass(limit: number, side: Side): string {
  const [from, to] = side === "above" ? [limit, WIDTH] : [0, limit];
  return `<rect class="passing" x="${px(from)}" y="0" width="${px(Math.max(0, to - from))}" height="${FLOOR}"/>`;
}

function whisker(low: number, high: number): string {
  const end = (at: number): string =>
    `<line class="whisker" x1="${px(at)}" x2="${px(at)}" y1="${MIDDLE - 4}" y2="${MIDDLE + 4}"/>`;
  return `<line class="whisker" x1="${px(low)}" x2="${px(high)}" y1="${MIDDLE}" y2="${MIDDLE}"/>${end(low)}${end(high)}`;
}

function diamond(at: number): string {
  return `<path class="dot baseline" d="M${px(at)} ${MIDDLE - 6}l6 6l-6 6l-6 -6z"/>`;
}

/** A rate on the line from 0 to 100%, for a table of groups. Null where it is not known. */
export function rateStrip(
  id: string,
  title: string,
  value: number | null,
  interval: Interval | null,
): string | null {
  if (value === null) return null;
  const x = scaleLinear([0, 1], [6, 134]).clamp(true);
  const body =
    [0, 0.5, 1]
      .map((tick) => `<line class="grid" x1="${px(x(tick))}" x2="${px(x(tick))}" y1="1" y2="17"/>`)
      .join("") +
    `<line class="grid" x1="6" x2="134" y1="9" y2="9"/>` +
    (interval === null
      ? ""
      : `<line class="whisker" x1="${px(x(interval.low))}" x2="${px(x(interval.high))}" y1="9" y2="9"/>`) +
    `<circle class="dot candidate" cx="${px(x(value))}" cy="9" r="4.5"/>`;
  return picture({ id, title, description: formatEstimate(value, interval), width: 140, height: 18 }, body);
}
