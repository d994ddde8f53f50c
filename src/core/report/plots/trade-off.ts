import { formatNumber } from "../numbers.ts";
import type { TradeOff } from "../sections/trade-offs.ts";
import { RATE_TITLES } from "../sections/trade-offs-words.ts";
import { frame, px, span } from "./frame.ts";
import { curve } from "./lines.ts";

/** Gap against price on the holdout, for one threshold and for several. */
export function tradeOffPlot({ column, rate, price, now, points }: TradeOff, place: number): string {
  const held = points.map((one) => ({ x: one.held.gap, y: one.held.price })).sort((a, b) => a.x - b.x);
  const all = [...held, { x: now.held.gap, y: now.held.price }];
  const [, most] = span([0, ...all.map(({ x }) => x)]);
  return frame(
    {
      id: `trade-off-${place}`,
      title: `Gap and price by ${column}`,
      description: `One threshold for all: a gap of ${formatNumber(now.held.gap)} at ${formatNumber(now.held.price)} a row. Thresholds for each group: ${held.map(({ x, y }) => `${formatNumber(x)} at ${formatNumber(y)}`).join(", ")}.`,
      width: 400,
      height: 300,
    },
    [
      { title: `Gap in ${RATE_TITLES[rate]}`, domain: [0, most] },
      {
        title: `${price} a row`,
        domain: span(
          all.map(({ y }) => y),
          0.15,
        ),
      },
    ],
    [
      { style: "candidate", text: "A threshold for each group" },
      { style: "baseline", text: "One for all" },
    ],
    (scales) =>
      curve(held, "candidate", scales) +
      held
        .map(
          ({ x, y }) =>
            `<circle class="dot candidate" cx="${px(scales.x(x))}" cy="${px(scales.y(y))}" r="3.5"/>`,
        )
        .join("") +
      `<circle class="dot baseline" cx="${px(scales.x(now.held.gap))}" cy="${px(scales.y(now.held.price))}" r="6"/>`,
  );
}
