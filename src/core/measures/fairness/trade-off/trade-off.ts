import type { TradedRate, TradeOff, TradeOffPoint } from "../../../report/sections/trade-offs.ts";
import { normalQuantile } from "../../../stats/normal.ts";
import type { TextColumn } from "../../../tables/column.ts";
import { groupsOf } from "../groups.ts";
import { cheapest } from "./cheapest.ts";
import { type Cuts, cutsOf, type Prices, type ScoredRows } from "./cuts.ts";

/** Rows with the groups that they belong to. */
export interface GroupedRows extends ScoredRows {
  readonly column: TextColumn;
}

/** Which groups are looked at, and what a wrong decision costs. */
export interface TradeOffSettings {
  readonly column: string;
  readonly rate: TradedRate;
  readonly prices: Prices;
  /** What the prices are counted in. */
  readonly price: string;
  /** The one threshold that the model has. */
  readonly threshold: number;
  readonly minGroupSize: number;
  readonly confidence: number;
}

/** The gaps that are tried. */
const ALLOWED = [0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3];

/**
 * What one threshold for each group would do in place of one for all: for each gap that is allowed between the
 * groups' rates, the thresholds that make wrong decisions cheapest. They are found on the validation rows, and
 * the holdout says what becomes of gap and price there. Nothing is applied.
 *
 * @returns undefined where fewer than two groups have enough rows on both sides
 */
export function tradeOffOf(
  validation: GroupedRows,
  holdout: GroupedRows,
  settings: TradeOffSettings,
): TradeOff | undefined {
  const { column, rate, prices, price, threshold, minGroupSize } = settings;
  const [searched, held] = [membersOf(validation, settings), membersOf(holdout, settings)];
  const names = [...searched.keys()].filter((name) => held.has(name));
  if (names.length < 2) return undefined;
  const known = new Set([
    ...groupsOf(validation.column, minGroupSize).names,
    ...groupsOf(holdout.column, minGroupSize).names,
  ]);
  const cuts = names.map((name) => cutsOf(validation, searched.get(name) ?? [], rate, prices));
  const found = sideOf(validation, names, searched, settings);
  const confirmed = sideOf(holdout, names, held, settings);
  const same = names.map(() => threshold);
  const now = { found: found.standing(same), held: confirmed.standing(same) };

  const points = [...ALLOWED.filter((allowed) => allowed < now.found.gap), null].map(
    (allowed): TradeOffPoint => {
      const places = cheapest(cuts, allowed ?? Number.POSITIVE_INFINITY);
      const thresholds = places.map((place, group) => (cuts[group] as Cuts).thresholds[place] as number);
      const rates = confirmed.rates(thresholds);
      return {
        allowed,
        groups: names.map((name, group) => ({
          name,
          threshold: finiteOrNull(thresholds[group] as number),
          rate: rates[group]?.rate ?? null,
          of: rates[group]?.of ?? 0,
        })),
        found: found.standing(thresholds),
        held: { ...confirmed.standing(thresholds), change: confirmed.change(thresholds) },
      };
    },
  );
  return {
    column,
    rate,
    price,
    rows: { validation: validation.labels.length, holdout: holdout.labels.length },
    without: [...known].filter((name) => !names.includes(name)),
    now: { threshold, ...now },
    points: points.filter((point, place) => !isSame(point, points[place - 1])),
  };
}

/** Whether more room changed nothing. */
function isSame(point: TradeOffPoint, before: TradeOffPoint | undefined): boolean {
  return (
    before !== undefined &&
    point.groups.every(({ threshold }, group) => threshold === before.groups[group]?.threshold)
  );
}

const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** By name: the rows of each group whose rate has enough rows. */
function membersOf(
  { column, labels }: GroupedRows,
  { rate, minGroupSize }: Pick<TradeOffSettings, "rate" | "minGroupSize">,
): Map<string, number[]> {
  const groups = groupsOf(column, minGroupSize);
  const members = groups.names.map((): number[] => []);
  for (const [row, group] of groups.of.entries()) members[group]?.push(row);
  const enough = (rows: readonly number[]): boolean =>
    rows.filter((row) => rate === "selection_rate" || labels[row] === 1).length >= minGroupSize;
  return new Map(
    groups.names
      .map((name, group) => [name, members[group] ?? []] as const)
      .filter(([, rows]) => enough(rows)),
  );
}

/** One side of the split, asked what thresholds do there. */
function sideOf(
  rows: GroupedRows,
  names: readonly string[],
  members: ReadonlyMap<string, readonly number[]>,
  { rate, prices, threshold, confidence }: TradeOffSettings,
) {
  const { labels, scores, weights } = rows;
  const groupOf = new Int32Array(labels.length).fill(-1);
  names.forEach((name, group) => {
    for (const row of members.get(name) ?? []) groupOf[row] = group;
  });
  const weightOf = (row: number): number => weights?.[row] ?? 1;
  const total = labels.reduce((sum, _, row) => sum + weightOf(row), 0);

  /** What a row's decision costs; groups without a threshold of their own keep the common one. */
  const priceOf = (row: number, thresholds: readonly number[]): number => {
    const isChosen = (scores[row] as number) >= (thresholds[groupOf[row] as number] ?? threshold);
    if (isChosen === (labels[row] === 1)) return 0;
    return isChosen ? prices.false_positive : prices.false_negative;
  };

  const rates = (thresholds: readonly number[]) =>
    names.map((name, group) => {
      let [chosen, of] = [0, 0];
      for (const row of members.get(name) ?? []) {
        if (rate === "true_positive_rate" && labels[row] !== 1) continue;
        of += weightOf(row);
        if ((scores[row] as number) >= (thresholds[group] as number)) chosen += weightOf(row);
      }
      return { rate: of === 0 ? null : chosen / of, of };
    });

  const standing = (thresholds: readonly number[]) => {
    const known = rates(thresholds).flatMap((one) => one.rate ?? []);
    let sum = 0;
    for (let row = 0; row < labels.length; row++) sum += weightOf(row) * priceOf(row, thresholds);
    return { gap: Math.max(...known) - Math.min(...known), price: sum / total };
  };

  /** Of the price, against one threshold for all. */
  const change = (thresholds: readonly number[]) => {
    const differences = labels.map((_, row) => priceOf(row, thresholds) - priceOf(row, []));
    const value = differences.reduce((sum, one, row) => sum + weightOf(row) * one, 0) / total;
    const squares = differences.reduce((sum, one, row) => sum + (weightOf(row) * (one - value)) ** 2, 0);
    const half = (normalQuantile(0.5 + confidence / 2) * Math.sqrt(squares)) / total;
    return { value, low: value - half, high: value + half, confidence };
  };
  return { rates, standing, change };
}
