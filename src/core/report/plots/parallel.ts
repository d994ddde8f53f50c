import { scaleLinear } from "d3-scale";
import { htmlText } from "../escape.ts";
import { formatExact } from "../numbers.ts";
import { picture, px, span } from "./frame.ts";

/** One axis of a plot of parallel coordinates. */
export interface ParallelAxis {
  readonly title: string;
  /** In the order of the lines; null where a line has none. */
  readonly values: readonly (number | string | boolean | null)[];
}

/** One line of the plot. */
export interface Strand {
  /** What it is called, for those who point at it. */
  readonly name: string;
  /** Where on the page its numbers stand: an id of our own. */
  readonly link: string;
  /** Drawn above the others, and stronger. */
  readonly best: boolean;
}

const STEP = 120;
const HEIGHT = 360;
const TOP = 54;
const BOTTOM = 36;
const MARGIN = 64;
/** So many words stand at an axis; of more, only how many there are. */
const WORDS = 14;

/**
 * Parallel coordinates: an axis for each column, a line for each row. What a row does not have is drawn
 * below the axis. Null where there are not at least two axes.
 */
export function parallelPlot(
  title: string,
  description: string,
  axes: readonly ParallelAxis[],
  strands: readonly Strand[],
): string | null {
  if (axes.length < 2 || strands.length === 0) return null;
  const width = 2 * MARGIN + STEP * (axes.length - 1);
  const places = axes.map((axis, index) => ({ axis, x: MARGIN + STEP * index, ...scaleOf(axis) }));
  const frames = places.map(
    ({ axis, x, ticks }, index) =>
      `<line class="grid" x1="${px(x)}" x2="${px(x)}" y1="${TOP}" y2="${HEIGHT - BOTTOM}"/>` +
      ticks
        .map(
          ({ y, text }) =>
            `<text class="tick" x="${px(x - 6)}" y="${px(y + 3.5)}" text-anchor="end">${htmlText(text, 9)}</text>`,
        )
        .join("") +
      `<text class="axis" x="${px(x)}" y="${index % 2 === 0 ? 16 : 34}" text-anchor="middle">${htmlText(axis.title, 34)}</text>`,
  );
  const order = strands
    .map((strand, row) => ({ strand, row }))
    .sort((a, b) => Number(a.strand.best) - Number(b.strand.best));
  const lines = order.map(({ strand, row }) => {
    const path = places.map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${px(x)},${px(y(row))}`).join("");
    const style = strand.best ? "line candidate" : "line strand";
    return `<a href="#${strand.link}" aria-label="${htmlText(strand.name, 60)}"><path class="${style}" d="${path}"/><path class="catch" d="${path}"><title>${htmlText(strand.name, 60)}</title></path></a>`;
  });
  return picture(
    { id: "parallel", title, description, width, height: HEIGHT },
    lines.join("") + frames.join(""),
  );
}

interface AxisScale {
  readonly ticks: readonly { readonly y: number; readonly text: string }[];
  readonly y: (row: number) => number;
}

/** Numbers by size; anything else as words, one place each, in the order of their text. */
function scaleOf({ values }: ParallelAxis): AxisScale {
  const [low, high] = [HEIGHT - BOTTOM, TOP];
  const missing = HEIGHT - BOTTOM / 3;
  const there = values.filter((value) => value !== null);
  const none = there.length < values.length ? [{ y: missing, text: "none" }] : [];
  if (there.length > 0 && there.every((value) => typeof value === "number")) {
    const [from, to] = span(there as readonly number[], 0);
    const log = from > 0 && to / from >= 100;
    const move = (value: number): number => (log ? Math.log(value) : value);
    const scale = scaleLinear([move(from), move(to)], [low, high]);
    const marks = log ? [from, Math.sqrt(from * to), to] : scale.ticks(4);
    return {
      ticks: [
        ...none,
        ...marks.map((mark) => ({
          y: scale(move(mark)),
          text: formatExact(Number(mark.toPrecision(log ? 2 : 6))),
        })),
      ],
      y: (row) => {
        const value = values[row];
        return typeof value === "number" ? scale(move(value)) : missing;
      },
    };
  }
  const words = [...new Set(there.map(String))].sort();
  const at = new Map(
    words.map((word, index) => [
      word,
      words.length === 1 ? (low + high) / 2 : low + ((high - low) * index) / (words.length - 1),
    ]),
  );
  const shown = words.length > WORDS ? [] : words;
  const many = words.length > WORDS ? [{ y: low, text: `${words.length} kinds` }] : [];
  return {
    ticks: [...none, ...many, ...shown.map((text) => ({ y: at.get(text) ?? missing, text }))],
    y: (row) => at.get(String(values[row])) ?? missing,
  };
}
