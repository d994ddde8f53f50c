import { studentQuantile } from "../../stats/student.ts";
import type { Share } from "../../stats/two-proportions.ts";
import type { Classified } from "../scored.ts";
import type { Groups } from "./groups.ts";
import { cellOf, cellsOf, isPaired, type PairedRate, pairedRatesOf, rateOf } from "./rates.ts";
import { SHARES, type ShareKind, shareKind } from "./shares.ts";
import { walkUnits } from "./units.ts";

/** How much the rows of a group tell of one of its rates, where rows belong together. */
export interface Effective {
  /** Groups of rows, or blocks of time, with rows in the denominator. */
  readonly units: number;
  /** So many rows that stand for themselves would scatter as much. */
  readonly rows: number;
  /** The same of the rate's difference from the baseline's, where both count the same rows. */
  readonly paired?: number;
  /** The least of that and of both models' rates. */
  readonly least?: number;
}

/** Said of an interval's method where rows belong together. */
export const EFFECTIVE = ", of the effective number of rows";

/** Of one kind of rate in one group, over its units. */
interface Sums {
  units: number;
  total: number;
  /** Squares of the units' denominators. */
  sizes: number;
  /** Squares of how far units are from what the rate, the baseline's, and their difference expect of them. */
  own: number;
  base: number;
  change: number;
}

/**
 * How many rows that stand for themselves a group's rows are worth, for each of its rates: n ÷ the design effect,
 * which is the rate's variance over the variance that as many independent rows would have.
 *
 * A rate is a ratio of two sums over units, of the rows that count and of all; its variance is
 * U ÷ (U − 1) · Σ (countᵤ − rate · ofᵤ)² ÷ (Σ ofᵤ)². It is never worth more than the rows there are. A rate of 0
 * or 1, and models that decide alike, show no variance; there a unit counts for one row, the less the more their sizes
 * differ. A unit with rows in two groups is taken apart: where its rows resemble each other this makes
 * intervals of differences between the groups wider, not narrower.
 *
 * Source: E. L. Korn and B. I. Graubard, "Confidence intervals for proportions with small expected number of
 * positive counts estimated from survey data" (1998); W. G. Cochran, Sampling Techniques (1977), chapter 11.
 *
 * @param units the unit of each row, counted from 0
 * @returns by kind of rate: the groups', in their order
 */
export function effectiveOf(
  units: Int32Array,
  groups: Groups,
  candidate: Classified,
  baseline: Classified | undefined,
): (kind: ShareKind) => readonly Effective[] {
  const ours = cellsOf(candidate, groups);
  const theirs = baseline && cellsOf(baseline, groups);
  const pairs = baseline && pairedRatesOf(candidate, baseline, groups);
  const kinds = (candidate.classes === 2 ? [...SHARES.values()] : [shareKind("accuracy")]).map((kind) => ({
    kind,
    paired: isPaired(kind) ? pairs?.(kind) : undefined,
    rates: ours.map((cells) => rateIn(rateOf(kind, cells))),
    others: theirs?.map((cells) => rateIn(rateOf(kind, cells))),
    sums: ours.map((): Sums => ({ units: 0, total: 0, sizes: 0, own: 0, base: 0, change: 0 })),
  }));
  const { labels, decisions, classes, weights } = candidate;
  walkUnits(units, groups, {
    cells: (row) => {
      const label = labels[row] as number;
      const own = cellOf(label, decisions[row] as number, classes);
      return [own, baseline === undefined ? own : cellOf(label, baseline.decisions[row] as number, classes)];
    },
    weight: (row) => weights?.[row] ?? 1,
    unit(group, cells, otherCells) {
      for (const { kind, paired, rates, others, sums } of kinds) {
        const { count, of } = rateOf(kind, cells);
        if (of === 0) continue;
        const sum = sums[group] as Sums;
        const off = count - of * (rates[group] as number);
        sum.units++;
        sum.total += of;
        sum.sizes += of * of;
        sum.own += off * off;
        if (paired === undefined) continue;
        const offBase = rateOf(kind, otherCells).count - of * (others?.[group] as number);
        sum.base += offBase * offBase;
        sum.change += (off - offBase) ** 2;
      }
    },
  });
  const found = new Map(
    kinds.map(({ kind, paired, rates, others, sums }) => [
      kind.name,
      sums.map((sum, group): Effective => {
        const { of } = rateOf(kind, ours[group] ?? []);
        const rows = worth(sum, sum.own, ofShare(rates[group] as number), of);
        const cells = paired?.[group];
        if (cells === undefined) return { units: sum.units, rows };
        const change = worth(sum, sum.change, ofChange(cells), of);
        const base = worth(sum, sum.base, ofShare(others?.[group] as number), of);
        return { units: sum.units, rows, paired: change, least: Math.min(rows, base, change) };
      }),
    ]),
  );
  return ({ name }) => found.get(name) ?? [];
}

const rateIn = ({ count, of }: Share): number => count / of;

/** The variance of one row that counts or does not. */
const ofShare = (rate: number): number => rate * (1 - rate);

/** The variance of one row's candidate − baseline. */
function ofChange([both, candidate, baseline, neither]: PairedRate): number {
  const of = both + candidate + baseline + neither;
  return (candidate + baseline) / of - ((candidate - baseline) / of) ** 2;
}

/** A variance below this is none: what rounding leaves of weights. */
const NOTHING = 1e-12;

/**
 * n ÷ the design effect.
 *
 * @param squares of how far units are from what is expected of them
 * @param variance of one row
 * @param of the denominator
 */
function worth({ units, total, sizes }: Sums, squares: number, variance: number, of: number): number {
  if (of <= 1 || units === 0) return of;
  if (units === 1) return 1;
  if (!(variance > NOTHING)) return Math.min(of, (total * total) / sizes);
  const between = ((units / (units - 1)) * squares) / (total * total);
  return Math.max(1, Math.min(of, (variance * of) / (between * (of - 1))));
}

/**
 * A share as if it were of so many independent rows, for an interval of this confidence. That a variance between few
 * units is itself a guess is made up for as Korn and Graubard do: by (t of n − 1 ÷ t of U − 1)² degrees of freedom.
 *
 * @param worth rows that the share's are worth; by default all
 * @example asAlone({ count: 30, of: 100 }, { units: 100, rows: 100 }, 0.95) // => { count: 30, of: 100 }
 * @example asAlone({ count: 150, of: 300 }, { units: 30, rows: 29 }, 0.95).of // => 26.8493…
 * @example asAlone({ count: 5, of: 10 }, { units: 1, rows: 1 }, 0.95) // => { count: 0.5, of: 1 }
 * @example asAlone({ count: 5, of: 10 }, undefined, 0.95) // => { count: 5, of: 10 }
 */
export function asAlone(
  { count, of }: Share,
  told: Pick<Effective, "units" | "rows"> | undefined,
  confidence: number,
): Share {
  if (told === undefined || of <= 1) return { count, of };
  const rows = effectiveRows(told, of, confidence);
  return { count: rows === of ? count : (count / of) * rows, of: rows };
}

/** The cells of a paired rate as if they were of so many independent rows; see {@link asAlone}. */
export function pairsAlone(
  cells: PairedRate,
  told: Pick<Effective, "units" | "rows"> | undefined,
  confidence: number,
): PairedRate {
  const of = cells[0] + cells[1] + cells[2] + cells[3];
  if (told === undefined || of <= 1) return cells;
  const scale = effectiveRows(told, of, confidence) / of;
  return [cells[0] * scale, cells[1] * scale, cells[2] * scale, cells[3] * scale];
}

function effectiveRows(
  { units, rows }: Pick<Effective, "units" | "rows">,
  of: number,
  confidence: number,
): number {
  if (units < 2) return 1;
  if (units >= of) return rows;
  const share = 0.5 + confidence / 2;
  const guess = studentQuantile(share, of - 1) / studentQuantile(share, units - 1);
  return Math.max(1, rows * guess * guess);
}
