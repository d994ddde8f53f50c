import type { Classified } from "../scored.ts";
import type { Groups } from "./groups.ts";
import { type RateName, SHARES, type ShareKind, shareKind } from "./shares.ts";

/** One rate of one group: how many of how many. */
export interface Rate {
  readonly count: number;
  readonly of: number;
}

/** By rate: the group's counts. For more than two classes there is accuracy alone. */
export type Rates = ReadonlyMap<RateName, readonly Rate[]>;

/** Rows of one group: `tp`, `fp`, `fn`, `tn`. For more than two classes what is right is `tp`, what is wrong `fn`. */
export type Cells = readonly [tp: number, fp: number, fn: number, tn: number];

/**
 * One share of a group's rows.
 *
 * @example rateOf({ parts: ["counts", "of", "-", "-"] }, [3, 1, 5, 7]) // => { count: 3, of: 4 }
 */
export function rateOf({ parts }: Pick<ShareKind, "parts">, cells: ArrayLike<number>): Rate {
  let [count, of] = [0, 0];
  for (let cell = 0; cell < parts.length; cell++) {
    if (parts[cell] === "-") continue;
    of += cells[cell] ?? 0;
    if (parts[cell] === "counts") count += cells[cell] ?? 0;
  }
  return { count, of };
}

/**
 * By group: what one row's weight counts. The weights of a group add up to its effective number of rows, so that
 * shares are weighted and their denominators say how much they rest on. Undefined where there are no weights.
 */
function shareOfRows({ weights }: Classified, groups: Groups): Float64Array | undefined {
  if (weights === undefined) return undefined;
  const sums = new Float64Array(groups.names.length);
  const squares = new Float64Array(groups.names.length);
  for (let row = 0; row < weights.length; row++) {
    const group = groups.of[row] as number;
    const weight = weights[row] as number;
    if (group < 0) continue;
    sums[group] = (sums[group] as number) + weight;
    squares[group] = (squares[group] as number) + weight * weight;
  }
  return sums.map((sum, group) => sum / (squares[group] as number));
}

/**
 * Counts each group's confusion matrix, in the groups' order. Where rows have weights, they are what is counted,
 * and add up to the group's effective number of rows.
 */
export function cellsOf(answers: Classified, groups: Groups): Cells[] {
  const { labels, decisions, classes, weights } = answers;
  const share = shareOfRows(answers, groups);
  const counts = new Float64Array(4 * groups.names.length);
  for (let row = 0; row < labels.length; row++) {
    const group = groups.of[row] as number;
    if (group < 0) continue;
    const cell = cellOf(labels[row] as number, decisions[row] as number, classes);
    const own = share === undefined ? 1 : (weights?.[row] as number) * (share[group] as number);
    counts[4 * group + cell] = (counts[4 * group + cell] as number) + own;
  }
  return groups.names.map((_, group) => {
    const [tp = 0, fp = 0, fn = 0, tn = 0] = counts.subarray(4 * group, 4 * group + 4);
    return [tp, fp, fn, tn];
  });
}

/** The cell of a row, by its place in {@link Cells}. */
export const cellOf = (label: number, decision: number, classes: number): number =>
  classes === 2 ? (decision === 1 ? 1 - label : 3 - label) : label === decision ? 0 : 2;

/**
 * Counts each group's rates, in the groups' order.
 *
 * `of` is the denominator: all rows of the group, or some of them. Where it is 0 there is no rate.
 */
export function ratesOf(answers: Classified, groups: Groups): Rates {
  const cells = cellsOf(answers, groups);
  const kinds = answers.classes === 2 ? [...SHARES.values()] : [shareKind("accuracy")];
  return new Map(kinds.map((kind) => [kind.name, cells.map((own) => rateOf(kind, own))]));
}

/** By group: rows counted for both models, for the candidate alone, for the baseline alone, for neither. */
export type PairedRate = readonly [both: number, candidate: number, baseline: number, neither: number];

/** Whether the rows in a rate's denominator are the same for any model: they depend on the label alone. */
export const isPaired = ({ parts: [tp, fp, fn, tn] }: ShareKind): boolean =>
  (tp === "-") === (fn === "-") && (fp === "-") === (tn === "-");

/** Counts two models' decisions on the same rows of each group, for rates that {@link isPaired} allows. */
export function pairedRatesOf(
  candidate: Classified,
  baseline: Classified,
  groups: Groups,
): (kind: ShareKind) => PairedRate[] {
  const share = shareOfRows(candidate, groups);
  const counts = new Float64Array(16 * groups.names.length);
  for (let row = 0; row < candidate.rows; row++) {
    const group = groups.of[row] as number;
    if (group < 0) continue;
    const label = candidate.labels[row] as number;
    const own = cellOf(label, candidate.decisions[row] as number, candidate.classes);
    const base = cellOf(label, baseline.decisions[row] as number, baseline.classes);
    const at = 16 * group + 4 * own + base;
    const weight = share === undefined ? 1 : (candidate.weights?.[row] as number) * (share[group] as number);
    counts[at] = (counts[at] as number) + weight;
  }
  return ({ parts }) =>
    groups.names.map((_, group) => {
      const pairs: [number, number, number, number] = [0, 0, 0, 0];
      for (let own = 0; own < 4; own++) {
        for (let base = 0; base < 4; base++) {
          if (parts[own] === "-" || parts[base] === "-") continue;
          const place = (parts[own] === "counts" ? 0 : 2) + (parts[base] === "counts" ? 0 : 1);
          // both, candidate alone, baseline alone, neither
          pairs[place as 0 | 1 | 2 | 3] += counts[16 * group + 4 * own + base] as number;
        }
      }
      return pairs;
    });
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
