import type { ComparedGroup, ComparedRate, Comparison } from "../../report/sections/comparison.ts";
import { type Share, shareDifference, shareRatio } from "../../stats/two-proportions.ts";
import type { Classified } from "../scored.ts";
import { asAlone, EFFECTIVE, type Effective } from "./effective.ts";
import type { Groups } from "./groups.ts";
import { cellsOf, isPaired, pairedRatesOf, rateOf } from "./rates.ts";
import { SHARES, type ShareKind, shareKind } from "./shares.ts";

/** Whom each group is held against: the largest, a named one, or for each rate the one that fares best. */
export type Reference = "majority" | "best" | { readonly group: string };

/** Who is compared, and how surely. */
export interface ComparisonSettings {
  readonly reference: Reference;
  readonly confidence: number;
  /** A rate with a smaller denominator takes no part. */
  readonly minGroupSize: number;
}

/** Columns of more groups are not compared pair by pair. */
export const MOST_GROUPS = 200;

const DIFFERENCE = "Newcombe's score interval";
const RATIO = "MOVER-R of Wilson's intervals";

/**
 * Every rate of every group, and each group against a reference with an interval of its own.
 *
 * The best group is found in the very rows that are compared, so an interval around the distance to it would
 * promise too much; there is none. `undefined` for one group, or more than {@link MOST_GROUPS}.
 *
 * @param effective how much rows tell that belong together; absent where every row stands for itself
 */
export function comparisonOf(
  groups: Groups,
  candidate: Classified,
  baseline: Classified | undefined,
  settings: ComparisonSettings,
  effective?: (kind: ShareKind) => readonly Effective[],
): Comparison | undefined {
  const { names, sizes } = groups;
  if (names.length < 2 || names.length > MOST_GROUPS) return undefined;
  const { reference, confidence, minGroupSize } = settings;
  const fixed = fixedReference(names, sizes, reference);
  const cells = cellsOf(candidate, groups);
  const pairs = baseline && pairedRatesOf(candidate, baseline, groups);
  const kinds = candidate.classes === 2 ? [...SHARES.values()] : [shareKind("accuracy")];
  const rates = kinds.map((kind): ComparedRate => {
    const paired = isPaired(kind) ? pairs?.(kind) : undefined;
    const told = effective?.(kind);
    const rows = cells.map((own, g): ComparedGroup => {
      const { count, of } = rateOf(kind, own);
      const state = of === 0 ? "no data" : of < minGroupSize ? "too few" : "counted";
      return {
        group: names[g] ?? "",
        count,
        of,
        state,
        value: state === "counted" ? count / of : null,
        difference: null,
        ratio: null,
        ...(paired?.[g] === undefined ? {} : { paired: [...paired[g]] }),
        ...effectivePart(told?.[g]),
      };
    });
    return held(
      kind,
      rows,
      reference === "best" ? bestOf(kind, rows) : fixed,
      reference === "best",
      confidence,
    );
  });
  return {
    reference: {
      chosen: typeof reference === "string" ? reference : "named",
      group: reference === "best" || fixed < 0 ? null : (names[fixed] ?? null),
    },
    confidence,
    least: minGroupSize,
    rates,
    average_odds: averageOdds(rates),
  };
}

function effectivePart(told: Effective | undefined): Pick<ComparedGroup, "effective"> {
  if (told === undefined || told.units === 0) return {};
  const { units, rows, paired } = told;
  return { effective: { units, rows, ...(paired === undefined ? {} : { paired }) } };
}

/** The place of the largest group (of equal ones the first), or of the named one; -1 where it is not there. */
function fixedReference(names: readonly string[], sizes: readonly number[], reference: Reference): number {
  if (typeof reference !== "string") return names.indexOf(reference.group);
  return sizes.indexOf(Math.max(...sizes));
}

/** Being selected counts as the better outcome, as it does for the four-fifths rule. */
function bestOf({ better }: ShareKind, rows: readonly ComparedGroup[]): number {
  const values = rows.flatMap(({ value }) => value ?? []);
  const best = better === "lower" ? Math.min(...values) : Math.max(...values);
  return rows.findIndex(({ value }) => value === best);
}

function held(
  kind: ShareKind,
  rows: readonly ComparedGroup[],
  place: number,
  picked: boolean,
  confidence: number,
): ComparedRate {
  const { name, title, better, noun } = kind;
  const base = rows[place];
  const values = rows.flatMap(({ value }) => value ?? []);
  const some = values.length >= 2;
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const worst = better === "lower" ? most : least;
  return {
    name,
    title,
    better,
    noun,
    reference: base?.state === "counted" ? base.group : null,
    difference: some ? most - least : null,
    ratio: some && most > 0 ? least / most : null,
    worst: some && most > least ? (rows.find(({ value }) => value === worst)?.group ?? null) : null,
    groups: rows.map((own) => {
      if (base === undefined || own === base || own.value === null || base.value === null) return own;
      const [a, b] = [own, base].map((one) => asAlone(one, one.effective, confidence)) as [Share, Share];
      const how = own.effective === undefined ? "" : EFFECTIVE;
      return {
        ...own,
        difference: {
          value: own.value - base.value,
          interval: picked
            ? null
            : interval(shareDifference(a, b, confidence), confidence, `${DIFFERENCE}${how}`),
        },
        ratio: {
          value: base.value === 0 ? null : own.value / base.value,
          interval: picked ? null : interval(shareRatio(a, b, confidence), confidence, `${RATIO}${how}`),
        },
      };
    }),
  };
}

type Bounded = NonNullable<NonNullable<ComparedGroup["ratio"]>["interval"]>;

function interval(
  range: { readonly low: number; readonly high: number } | undefined,
  confidence: number,
  method: string,
): Bounded | null {
  if (range === undefined) return null;
  return { low: range.low, high: Number.isFinite(range.high) ? range.high : null, confidence, method };
}

/** Of each group: half the sum of its differences in true and in false positive rate, which count different rows. */
function averageOdds(rates: readonly ComparedRate[]): Comparison["average_odds"] {
  const of = (name: string) => rates.find((rate) => rate.name === name)?.groups ?? [];
  const falses = of("false_positive_rate");
  return of("true_positive_rate").flatMap(({ group, difference: found }, g) => {
    const wronged = falses[g]?.difference;
    if (found?.value == null || wronged?.value == null) return [];
    const value = (found.value + wronged.value) / 2;
    return [{ group, value, interval: halved(value, found, wronged) }];
  });
}

type Known = NonNullable<ComparedGroup["difference"]>;

function halved(value: number, one: Known, other: Known): Bounded | null {
  const parts = [one, other].flatMap(({ value: at, interval }) =>
    interval === null || interval.high === null || at === null
      ? []
      : [{ below: at - interval.low, above: interval.high - at, confidence: interval.confidence }],
  );
  const [a, b] = parts;
  if (a === undefined || b === undefined) return null;
  return {
    low: Math.max(-1, value - Math.hypot(a.below, b.below) / 2),
    high: Math.min(1, value + Math.hypot(a.above, b.above) / 2),
    confidence: a.confidence,
    method: "Newcombe's score intervals, squared and added",
  };
}
