import type { Classified } from "../scored.ts";
import type { Groups } from "./groups.ts";
import type { RateName } from "./table.ts";

/** One rate of one group: how many of how many. */
export interface Rate {
  readonly count: number;
  readonly of: number;
}

/** By rate: the group's counts. For more than two classes there is accuracy alone. */
export type Rates = ReadonlyMap<RateName, readonly Rate[]>;

/**
 * Counts each group's rates, in the groups' order.
 *
 * `of` is the denominator: all rows of the group, or its positive or negative ones. Where it is 0
 * there is no rate.
 */
export function ratesOf(answers: Classified, groups: Groups): Rates {
  const counts = new Map<RateName, { count: number[]; of: number[] }>();
  for (const [name, test] of rowTests(answers)) {
    const count = groups.names.map(() => 0);
    const of = groups.names.map(() => 0);
    for (let row = 0; row < answers.rows; row++) {
      const group = groups.of[row] as number;
      if (group < 0) continue;
      const outcome = test(row);
      if (outcome < 0) continue;
      of[group] = (of[group] as number) + 1;
      count[group] = (count[group] as number) + outcome;
    }
    counts.set(name, { count, of });
  }
  return new Map(
    [...counts].map(([name, { count, of }]) => [
      name,
      count.map((own, group) => ({ count: own, of: of[group] as number })),
    ]),
  );
}

/** Whether a row is in a rate's denominator, and counts: 1 counts, 0 does not, -1 is not in it. */
export type RowTest = (row: number) => number;

/** How each row counts for each rate. */
export function rowTests({ labels, decisions, classes }: Classified): ReadonlyMap<RateName, RowTest> {
  const accuracy: [RateName, RowTest] = ["accuracy", (row) => (labels[row] === decisions[row] ? 1 : 0)];
  if (classes !== 2) return new Map([accuracy]);
  return new Map<RateName, RowTest>([
    ["selection_rate", (row) => decisions[row] as number],
    ["true_positive_rate", (row) => (labels[row] === 1 ? (decisions[row] as number) : -1)],
    ["false_positive_rate", (row) => (labels[row] === 0 ? (decisions[row] as number) : -1)],
    accuracy,
  ]);
}

/**
 * How far apart rates are: the worst of them, each largest − smallest or smallest / largest.
 *
 * A rate that is 0 in every group has no ratio. As in Fairlearn, the answer is NaN where that is the
 * first rate; a second one is passed over, so that a model without a single false positive keeps
 * the ratio of its true ones.
 *
 * @param rates by rate, then by group
 * @example apart([[0.5, 0.25, 0.375]], "difference") // => 0.25
 * @example apart([[0.5, 0.25], [0, 0]], "ratio") // => 0.5
 * @example apart([[0, 0]], "ratio") // => NaN
 */
export function apart(rates: readonly (readonly number[])[], as: "difference" | "ratio"): number {
  const each = rates.map((one) => {
    const [least, most] = [Math.min(...one), Math.max(...one)];
    return as === "difference" ? most - least : least / most;
  });
  if (as === "difference") return Math.max(...each);
  const [first = Number.NaN, ...others] = each;
  return Math.min(first, ...others.filter((ratio) => !Number.isNaN(ratio)));
}
