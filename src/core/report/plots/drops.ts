import { ticks } from "d3-array";
import { scaleLinear } from "d3-scale";
import { htmlText, plain } from "../escape.ts";
import { formatDifference, formatEstimate, formatExact } from "../numbers.ts";
import type { Interval } from "../report.ts";
import { picture, px, span } from "./frame.ts";

/** One line of the picture. */
export interface DropMark {
  readonly name: string;
  readonly value: number | null;
  readonly interval: Interval | null;
}

/** More lines than this are a blot. */
const MOST = 25;
const [WIDTH, LEFT, ROW, TOP] = [520, 170, 24, 8];

/** How much worse it gets, line by line, with intervals, on one axis from zero. Null where nothing is known. */
export function dropsPlot(id: string, title: string, marks: readonly DropMark[]): string | null {
  const shown = marks.filter(({ value }) => value !== null).slice(0, MOST);
  if (shown.length === 0) return null;
  const numbers = shown.flatMap(({ value, interval }) => [
    value ?? 0,
    interval?.low ?? 0,
    interval?.high ?? 0,
  ]);
  const domain = span([0, ...numbers], 0.06);
  const bottom = TOP + ROW * shown.length;
  const x = scaleLinear(domain, [LEFT, WIDTH - 16]).clamp(true);
  const grid = ticks(...domain, 5).map(
    (tick) =>
      `<line class="grid" x1="${px(x(tick))}" x2="${px(x(tick))}" y1="${TOP}" y2="${bottom}"/>` +
      `<text class="tick" x="${px(x(tick))}" y="${bottom + 16}" text-anchor="middle">${htmlText(formatExact(tick))}</text>`,
  );
  const zero = `<line class="limit" x1="${px(x(0))}" x2="${px(x(0))}" y1="${TOP}" y2="${bottom}"/>`;
  const lines = shown.map(({ name, value, interval }, row) => {
    const y = TOP + ROW * row + ROW / 2;
    const whisker =
      interval === null
        ? ""
        : `<line class="whisker" x1="${px(x(interval.low))}" x2="${px(x(interval.high))}" y1="${y}" y2="${y}"/>`;
    return (
      `<text class="label" x="${LEFT - 10}" y="${y + 4}" text-anchor="end">${htmlText(name, 22)}</text>` +
      whisker +
      `<circle class="dot candidate" cx="${px(x(value ?? 0))}" cy="${y}" r="4.5"/>`
    );
  });
  const told = shown.map(
    ({ name, value, interval }) => `${plain(name, 40)}: ${formatEstimate(value, interval, formatDifference)}`,
  );
  return picture(
    { id, title, description: told.join("; "), width: WIDTH, height: bottom + 24 },
    grid.join("") + zero + lines.join(""),
  );
}
