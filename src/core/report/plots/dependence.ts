import { plain } from "../escape.ts";
import { formatExact, formatNumber } from "../numbers.ts";
import type { Robustness } from "../sections/robustness.ts";
import { frame, px, span } from "./frame.ts";
import { curve } from "./lines.ts";

type Dependence = Robustness["dependence"][number];

/** The mean score with a column set to one value after the other. */
export function dependencePlot(one: Dependence, id: string, domain: readonly [number, number]): string {
  const { column, kind, points } = one;
  const valued = kind === "number" && points.every(({ value }) => typeof value === "number");
  const places = points.map(({ at, value, score }) => ({ x: valued ? Number(value) : at, y: score }));
  const xs = places.map(({ x }) => x);
  const wide: [number, number] =
    kind === "category" ? [-0.5, Math.max(...xs) + 0.5] : [Math.min(...xs), Math.max(...xs)];
  const scores = points.map(({ score }) => score);
  const low = formatNumber(Math.min(...scores));
  const high = formatNumber(Math.max(...scores));
  return frame(
    {
      id,
      title: `Mean score by ${plain(column, 60)}`,
      description: `From ${formatNumber(scores[0])} to ${formatNumber(scores.at(-1))}; between ${low} and ${high}.`,
      width: 290,
      height: 220,
    },
    [
      { title: plain(column, 30), domain: wide, format: labels(one, valued) },
      { title: "Mean score", domain: [domain[0], domain[1]] },
    ],
    [],
    (scales) =>
      (kind === "number" ? curve(places, "candidate", scales) : "") +
      places
        .map(
          ({ x, y }) =>
            `<circle class="dot candidate" cx="${px(scales.x(x))}" cy="${px(scales.y(y))}" r="3.5"/>`,
        )
        .join(""),
  );
}

/** What stands at a tick: the value where it may be shown, else only where it lies. */
function labels({ kind, points }: Dependence, valued: boolean): (tick: number) => string {
  if (valued) return formatExact;
  if (kind === "number") return (tick) => (tick === 0 ? "low" : tick === 1 ? "high" : "");
  return (tick) => {
    const point = points.find(({ at }) => at === tick);
    if (point === undefined) return "";
    return point.value === null ? `no. ${tick + 1}` : plain(String(point.value), 9);
  };
}

/** One axis for all curves, so that a flat one looks flat. */
export function sharedDomain(curves: readonly Dependence[]): [number, number] {
  return span(
    curves.flatMap(({ points }) => points.map(({ score }) => score)),
    0.08,
  );
}
