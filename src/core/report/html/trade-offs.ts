import { htmlText } from "../escape.ts";
import { formatNumber, formatShare } from "../numbers.ts";
import { tradeOffPlot } from "../plots/trade-off.ts";
import type { Report } from "../report.ts";
import type { TradeOff, TradeOffPoint } from "../sections/trade-offs.ts";
import {
  allowedText,
  changeText,
  foundText,
  RATE_TITLES,
  thresholdText,
} from "../sections/trade-offs-words.ts";
import { card, codeHtml, type Heading, sub, tableHtml } from "./markup.ts";

/** So many groups have a column of their own; of more the thresholds stand in report.json. */
const GROUPS = 6;

/** What thresholds for each group would do, a card for each column and rate. */
export function tradeOffCards({ trade_offs: tradeOffs = [] }: Pick<Report, "trade_offs">): string[] {
  return tradeOffs.map((one, place) =>
    card(
      "Thresholds by group",
      `<h3>By ${codeHtml(one.column, 90)}: ${RATE_TITLES[one.rate]}</h3>${tradeOffPlot(one, place)}${table(one)}<p class="note">${htmlText(foundText(one))}</p>`,
      "explored, and not applied",
    ),
  );
}

function table(one: TradeOff): string {
  const { now, points, price, column } = one;
  const names = (points[0]?.groups ?? []).slice(0, GROUPS).map(({ name }) => name);
  const headings: readonly Heading[] = [
    { title: "On validation rows", kind: "text" },
    { title: "Gap on the holdout", number: true },
    { title: `${price} a row`, number: true },
    { title: "Change (interval)", number: true },
    ...names.map((name): Heading => ({ title: name.slice(0, 40), number: true })),
  ];
  const same = names.map(() => thresholdText(now.threshold));
  const rows: (readonly string[])[] = [
    [
      "one threshold",
      formatNumber(now.held.gap),
      formatNumber(now.held.price),
      "–",
      ...same.map((text) => htmlText(text)),
    ],
    ...points.map((point) => [
      htmlText(allowedText(point)),
      formatNumber(point.held.gap),
      formatNumber(point.held.price),
      htmlText(changeText(point)),
      ...point.groups.slice(0, GROUPS).map(groupCell),
    ]),
  ];
  return tableHtml(`Thresholds by ${column}`, headings, rows, (row) => row);
}

const groupCell = ({ threshold, rate }: TradeOffPoint["groups"][number]): string =>
  htmlText(thresholdText(threshold)) + sub(formatShare(rate));
