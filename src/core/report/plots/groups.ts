import { ticks } from "d3-array";
import { scaleLinear } from "d3-scale";
import { htmlText, plain } from "../escape.ts";
import { formatCount, formatExact, formatNumber, formatShare } from "../numbers.ts";
import type { Fairness } from "../report.ts";
import { type Group, type Rate, rateText } from "../wording.ts";
import { percentTick, picture, px, span } from "./frame.ts";

/** The largest groups that one picture holds. */
const GROUPS = 24;
const ROW = 26;
const LEFT = 150;
const PANEL = { width: 190, gap: 40 } as const;

interface Panel {
  readonly title: string;
  readonly read: (group: Group) => Rate;
}

const RATES: readonly Panel[] = [
  { title: "Selected", read: (group) => group.selection_rate },
  { title: "True positive rate", read: (group) => group.true_positive_rate },
  { title: "False positive rate", read: (group) => group.false_positive_rate },
];

/** Rates of each group with their intervals, side by side; for regression the mean error. Null without groups. */
export function groupsPlot(column: Fairness, regression: boolean, index: number): string | null {
  if (column.groups.length === 0) return null;
  const shown = [...column.groups].sort((a, b) => b.size - a.size).slice(0, GROUPS);
  const panels: readonly Panel[] = regression
    ? [
        {
          title: "Mean absolute error",
          read: ({ error, size }) => ({ value: error, of: size, interval: null }),
        },
      ]
    : RATES;
  const domain: [number, number] = regression ? [0, span(shown.map(({ error }) => error ?? 0))[1]] : [0, 1];
  const bottom = 30 + ROW * shown.length;
  const names = shown.map(
    ({ name, size }, row) =>
      `<text class="label" x="${LEFT - 52}" y="${rowAt(row) + 4}" text-anchor="end">${htmlText(name === "" ? "(empty)" : name, 15)}</text>` +
      `<text class="tick" x="${LEFT - 8}" y="${rowAt(row) + 4}" text-anchor="end">n ${formatCount(size)}</text>`,
  );
  const bodies = panels.map((panel, place) =>
    panelBody(panel, shown, domain, LEFT + place * (PANEL.width + PANEL.gap), bottom, regression),
  );
  const title = `${regression ? "Errors" : "Rates"} by ${plain(column.column, 60)}`;
  const told = shown.map((group) => {
    const rates = panels.map(({ title: name, read }) =>
      regression ? `${name} ${formatNumber(read(group).value)}` : `${name} ${rateText(read(group))}`,
    );
    return `${plain(group.name, 40)}: ${rates.join(", ")}`;
  });
  const size = {
    id: `groups-${index}`,
    title,
    description: told.join("; "),
    width: LEFT + panels.length * (PANEL.width + PANEL.gap) - PANEL.gap + 20,
    height: bottom + 24,
  };
  return picture(size, names.join("") + bodies.join(""));
}

const rowAt = (row: number): number => 30 + ROW * row + ROW / 2;

function panelBody(
  { title, read }: Panel,
  groups: readonly Group[],
  domain: [number, number],
  left: number,
  bottom: number,
  plainNumber: boolean,
): string {
  const x = scaleLinear(domain, [left, left + PANEL.width]).clamp(true);
  const format = plainNumber ? formatExact : percentTick;
  const grid = ticks(...domain, 2).map(
    (tick) =>
      `<line class="grid" x1="${px(x(tick))}" x2="${px(x(tick))}" y1="26" y2="${bottom}"/>` +
      `<text class="tick" x="${px(x(tick))}" y="${bottom + 15}" text-anchor="middle">${format(tick)}</text>`,
  );
  const marks = groups.map((group, row) => {
    const rate = read(group);
    const { value, interval } = rate;
    const absent = rate.count === undefined ? "not known" : rateText(rate);
    if (value === null) return `<text class="tick" x="${left + 6}" y="${rowAt(row) + 4}">${absent}</text>`;
    return (
      whisker(x, rowAt(row), interval) +
      dot(x(value), rowAt(row), plainNumber ? formatNumber(value) : formatShare(value))
    );
  });
  return `<text class="axis" x="${left}" y="16">${htmlText(title)}</text>${grid.join("")}${marks.join("")}`;
}

function whisker(x: (value: number) => number, y: number, interval: Rate["interval"]): string {
  if (interval === null) return "";
  return `<line class="whisker" x1="${px(x(interval.low))}" x2="${px(x(interval.high))}" y1="${y}" y2="${y}"/>`;
}

function dot(x: number, y: number, label: string): string {
  return `<circle class="dot candidate" cx="${px(x)}" cy="${y}" r="4.5"><title>${htmlText(label)}</title></circle>`;
}
