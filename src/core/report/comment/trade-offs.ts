import { markdownCode, markdownText, summaryCode } from "../escape.ts";
import { type Block, foldBlock, left, right, tableVersions } from "../markdown/blocks.ts";
import { formatNumber } from "../numbers.ts";
import type { Report } from "../report.ts";
import type { TradeOff } from "../sections/trade-offs.ts";
import {
  allowedText,
  changeText,
  foundText,
  RATE_TITLES,
  thresholdText,
  toldPoint,
} from "../sections/trade-offs-words.ts";

/** So many groups' thresholds stand in a comment. */
const GROUPS = 4;

/** What thresholds for each group would do, folded. Nothing of it is applied. */
export function tradeOffBlock({ trade_offs: tradeOffs = [] }: Pick<Report, "trade_offs">): Block | null {
  const [first] = tradeOffs;
  if (first === undefined) return null;
  const parts = tradeOffs.map(tradeOffText);
  const bodies = [parts, parts.slice(0, 1)].map((some) => some.join("\n\n"));
  return foldBlock("Thresholds by group", 45, bodies, finding(first));
}

function finding({ column, rate, now, points }: TradeOff): string {
  const point = toldPoint({ now, points });
  const gap = `${summaryCode(column, 80)}: gap in ${RATE_TITLES[rate]} ${formatNumber(now.held.gap)}`;
  if (point === undefined) return `${gap}, and none would be smaller`;
  return `${gap}, could be ${formatNumber(point.held.gap)} at a change of ${changeText(point)} in price; not applied`;
}

function tradeOffText(one: TradeOff): string {
  const { column, rate, price, now, points } = one;
  const names = (points[0]?.groups ?? []).slice(0, GROUPS).map(({ name }) => name);
  const headings = [
    left(`${RATE_TITLES[rate]}, by ${markdownCode(column, 80)}`),
    right("Gap on the holdout"),
    right(`${markdownText(price, 60)} a row`),
    right("Change (interval)"),
    ...names.map((name) => right(markdownCode(name, 60))),
  ];
  const same = names.map(() => thresholdText(now.threshold));
  const rows = [
    ["one threshold", formatNumber(now.held.gap), formatNumber(now.held.price), "–", ...same],
    ...points.map((point) => [
      allowedText(point),
      formatNumber(point.held.gap),
      formatNumber(point.held.price),
      changeText(point),
      ...point.groups.slice(0, GROUPS).map(({ threshold }) => thresholdText(threshold)),
    ]),
  ];
  const [table = ""] = tableVersions(headings, rows, "choices", (row) => row);
  return `${table}\n\n${foundText(one)}`;
}
