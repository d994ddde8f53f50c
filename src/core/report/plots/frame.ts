import { ticks } from "d3-array";
import { type ScaleLinear, scaleLinear } from "d3-scale";
import { htmlText } from "../escape.ts";
import { formatExact } from "../numbers.ts";

/*
 * What all plots share: a picture that screen readers can name, axes with ticks and a grid, and
 * coordinates that are always numbers. Colours are the page's, by class.
 */

/** A place in a picture, in its units; what is no number is drawn at 0 rather than break the file. */
export function px(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value * 10) / 10) : "0";
}

/** What a picture is: its name and, in words, what is to be seen. */
export interface Picture {
  /** Unique on the page; made of our own words. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly width: number;
  readonly height: number;
}

/** One axis: what it shows, from where to where, and its ticks. */
export interface Axis {
  readonly title: string;
  readonly domain: readonly [number, number];
  readonly format?: (value: number) => string;
}

/** How a line looks: by dashes and marks as well as by colour, so that it can be told without. */
export type LineStyle = "candidate" | "baseline" | "reference";

/** A kind of line and what it is; our own words. */
export interface Line {
  readonly style: LineStyle;
  readonly text: string;
}

/** The two scales that marks are placed with. */
export interface Scales {
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleLinear<number, number>;
}

const MARGIN = { top: 32, right: 14, bottom: 44, left: 54 } as const;
/** About how wide a letter of a label is. */
const LETTER = 6.4;

/** An SVG that has a name and a description; the body is markup that is escaped already. */
export function picture({ id, title, description, width, height }: Picture, body: string): string {
  return [
    `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="${id}-t ${id}-d">`,
    `<title id="${id}-t">${htmlText(title)}</title><desc id="${id}-d">${htmlText(description, 1000)}</desc>`,
    body,
    "</svg>",
  ].join("");
}

/** What each kind of line is, side by side above the plot, where no mark can be. */
function legend(lines: readonly Line[]): string {
  let x: number = MARGIN.left;
  return lines
    .map(({ style, text }) => {
      const at = x;
      x += 44 + LETTER * text.length;
      return (
        `<line class="line ${style}" x1="${px(at)}" x2="${px(at + 22)}" y1="12" y2="12"/>` +
        `<text class="label" x="${px(at + 28)}" y="16">${htmlText(text, 40)}</text>`
      );
    })
    .join("");
}

/** A plot with a frame: the legend, the grid and axes, then the marks. */
export function frame(
  size: Picture,
  [xAxis, yAxis]: readonly [Axis, Axis],
  lines: readonly Line[],
  marks: (scales: Scales) => string,
): string {
  const right = size.width - MARGIN.right;
  const bottom = size.height - MARGIN.bottom;
  const x = scaleLinear([...xAxis.domain], [MARGIN.left, right]).clamp(true);
  const y = scaleLinear([...yAxis.domain], [bottom, MARGIN.top]).clamp(true);
  const xFormat = xAxis.format ?? formatExact;
  const yFormat = yAxis.format ?? formatExact;
  const vertical = ticks(...xAxis.domain, 5).map(
    (tick) =>
      `<line class="grid" x1="${px(x(tick))}" x2="${px(x(tick))}" y1="${MARGIN.top}" y2="${bottom}"/>` +
      `<text class="tick" x="${px(x(tick))}" y="${bottom + 16}" text-anchor="middle">${htmlText(xFormat(tick))}</text>`,
  );
  const horizontal = ticks(...yAxis.domain, 5).map(
    (tick) =>
      `<line class="grid" x1="${MARGIN.left}" x2="${right}" y1="${px(y(tick))}" y2="${px(y(tick))}"/>` +
      `<text class="tick" x="${MARGIN.left - 7}" y="${px(y(tick) + 3.5)}" text-anchor="end">${htmlText(yFormat(tick))}</text>`,
  );
  const titles =
    `<text class="axis" x="${px((MARGIN.left + right) / 2)}" y="${size.height - 8}" text-anchor="middle">${htmlText(xAxis.title)}</text>` +
    `<text class="axis" transform="translate(13 ${px((MARGIN.top + bottom) / 2)}) rotate(-90)" text-anchor="middle">${htmlText(yAxis.title)}</text>`;
  return picture(size, vertical.join("") + horizontal.join("") + titles + marks({ x, y }) + legend(lines));
}

/** Far beyond any measurement, and small enough that a difference of two is still a number. */
const FAR = 1e300;

/**
 * From the least to the greatest of the numbers that are finite, a little wider, never empty.
 *
 * @example span([0, 10], 0) // => [0, 10]
 * @example span([3, NaN], 0) // => [2.5, 3.5]
 * @example span([]) // => [0, 1]
 */
export function span(values: Iterable<number>, margin = 0.05): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, Math.max(value, -FAR));
    high = Math.max(high, Math.min(value, FAR));
  }
  if (low > high) return [0, 1];
  const room = (high - low) * margin;
  if (low === high) {
    const half = low === 0 ? 0.5 : Math.min(0.5, Math.abs(low) / 2);
    return low - half < low && high + half > high ? [low - half, high + half] : [low * 0.5, high * 1.5];
  }
  return [low - room, high + room];
}

/**
 * At most so many items, evenly taken, the first and the last among them.
 *
 * @example thinned([1, 2, 3, 4, 5], 3) // => [1, 3, 5]
 */
export function thinned<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, index) => {
    const item = items[Math.round((index * (items.length - 1)) / (most - 1))];
    return item as T;
  });
}

/**
 * A share at an axis' tick, in whole percents.
 *
 * @example percentTick(0.2) // => "20%"
 */
export function percentTick(share: number): string {
  return `${Math.round(share * 100)}%`;
}
