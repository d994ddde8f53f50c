import { formatCount, formatDifference, formatNumber } from "../numbers.ts";
import type { TradedRate, TradeOff, TradeOffPoint } from "./trade-offs.ts";

/** What the two rates are called. */
export const RATE_TITLES: Readonly<Record<TradedRate, string>> = {
  selection_rate: "selected",
  true_positive_rate: "true positives found",
};

/** What was allowed, as the heading of a row. */
export function allowedText({ allowed }: Pick<TradeOffPoint, "allowed">): string {
  return allowed === null ? "any gap" : `gap at most ${formatNumber(allowed)}`;
}

/** What it costs a row more or less than one threshold for all. */
export function changeText({ held: { change } }: TradeOffPoint): string {
  return `${formatDifference(change.value)} (${formatDifference(change.low)} to ${formatDifference(change.high)})`;
}

/** A threshold as it is applied. */
export function thresholdText(threshold: number | null): string {
  return threshold === null ? "nobody" : `≥ ${formatNumber(threshold)}`;
}

/**
 * The point that is told first, of all whose gap on the holdout is smaller than that of one threshold: the smallest
 * that is not dearer for sure, else the smallest. Undefined where there is none.
 */
export function toldPoint({ now, points }: Pick<TradeOff, "now" | "points">): TradeOffPoint | undefined {
  const smaller = points.filter(({ held }) => held.gap < now.held.gap);
  const free = smaller.filter(({ held }) => held.change.low <= 0);
  const from = free.length === 0 ? smaller : free;
  return from.reduce<TradeOffPoint | undefined>(
    (least, one) => (least === undefined || one.held.gap < least.held.gap ? one : least),
    undefined,
  );
}

/** Where the thresholds were found and where they were tried, and that none is applied. */
export function foundText({ rows, without }: TradeOff): string {
  const few =
    without.length === 0
      ? ""
      : ` ${without.length === 1 ? "A group with too few rows keeps" : `${formatCount(without.length)} groups with too few rows keep`} the one threshold.`;
  return `Found on ${formatCount(rows.validation)} validation rows, tried on ${formatCount(rows.holdout)} holdout rows. None of this is applied, and in some places deciding by group is against the law.${few}`;
}
