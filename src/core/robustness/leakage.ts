import { rankingOf } from "../measures/metrics/ranking.ts";
import { area } from "../measures/metrics/roc-auc.ts";
import { argsort } from "../stats/argsort.ts";
import type { Column } from "../tables/column.ts";
import { textColumn } from "../tables/text-column.ts";

/** How a column alone tells the label. */
export const KNOWS = ["roc_auc", "mutual_information", "rank_correlation", "correlation_ratio"] as const;
export type Knows = (typeof KNOWS)[number];

/** What a single column tells of the label: from 0.5 (roc_auc) or 0 (the others), nothing, to 1, all. */
export interface Told {
  readonly measure: Knows;
  readonly value: number;
}

/** Labels of rows: class indices, or numbers. */
export interface Labels {
  readonly values: Float64Array;
  /** 0 where they are numbers. */
  readonly classes: number;
}

/** Parts of a number of equally many rows, for its mutual information with more than two classes. */
const BINS = 20;

/**
 * What a column alone tells of the label. Of two classes a number has its ROC AUC, in the better direction;
 * with classes anything else has its normalized mutual information, where values that stand in one row
 * alone are taken together, since a row's own name knows its label. Of a numeric label a number has the
 * size of its rank correlation, anything else its correlation ratio.
 */
export function toldOf(column: Column, labels: Labels): Told | undefined {
  const numbers = column.kind === "number" || column.kind === "time" ? column.values : undefined;
  if (labels.classes === 0) {
    return numbers === undefined
      ? told("correlation_ratio", correlationRatio(codesOf(column), labels.values))
      : told("rank_correlation", Math.abs(rankCorrelation(numbers, labels.values)));
  }
  if (labels.classes === 2 && numbers !== undefined) {
    const auc = aucOf(numbers, labels.values);
    return told("roc_auc", Math.max(auc, 1 - auc));
  }
  const codes = numbers === undefined ? withoutSingles(codesOf(column)) : binsOf(numbers, BINS);
  return told("mutual_information", mutualInformation(codes, labels.values));
}

const told = (measure: Knows, value: number): Told | undefined =>
  Number.isFinite(value) ? { measure, value: Math.min(1, Math.max(0, value)) } : undefined;

/** Whether so much is more than a column that is known beforehand usually tells. */
export function isSuspicious({ measure, value }: Told): boolean {
  return value >= (measure === "roc_auc" ? 0.99 : measure === "mutual_information" ? 0.9 : 0.99);
}

/** Area under the ROC curve of a number as it stands, where it is there. */
export function aucOf(values: Float64Array, labels: Float64Array): number {
  const there = values.map((_, row) => row).filter((row) => Number.isFinite(values[row]));
  const pick = (of: Float64Array): Float64Array => Float64Array.from(there, (row) => of[row] ?? 0);
  return area(rankingOf(pick(labels), pick(values), 1));
}

/**
 * Normalized mutual information: 2 I(a; b) / (H(a) + H(b)).
 *
 * Source: scikit-learn 1.9.1, `normalized_mutual_info_score` with `average_method="arithmetic"`.
 *
 * @example mutualInformation([0, 0, 1, 1], [1, 1, 0, 0]) // => 1
 * @example mutualInformation([0, 1, 0, 1], [0, 0, 1, 1]) // => 0
 */
export function mutualInformation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const n = a.length;
  const [left, right, both] = [
    new Map<number, number>(),
    new Map<number, number>(),
    new Map<string, number>(),
  ];
  for (let row = 0; row < n; row++) {
    const [x, y] = [a[row] as number, b[row] as number];
    left.set(x, (left.get(x) ?? 0) + 1);
    right.set(y, (right.get(y) ?? 0) + 1);
    both.set(`${x} ${y}`, (both.get(`${x} ${y}`) ?? 0) + 1);
  }
  if (left.size === 1 && right.size === 1) return 1; // scikit-learn's convention: both say the same
  if (left.size === 1 || right.size === 1) return 0;
  const entropy = (counts: Iterable<number>): number => {
    let sum = 0;
    for (const count of counts) sum -= (count / n) * Math.log(count / n);
    return sum;
  };
  const [h, k] = [entropy(left.values()), entropy(right.values())];
  const information = h + k - entropy(both.values());
  return Math.abs(information) < 1e-15 ? 0 : (2 * information) / (h + k);
}

/**
 * Spearman's rank correlation, over rows that have a value; ties have their mean rank.
 *
 * @example rankCorrelation(new Float64Array([1, 2, 3]), new Float64Array([10, 100, 1000])) // => 1
 */
export function rankCorrelation(x: Float64Array, y: Float64Array): number {
  const there = Array.from(x, (_, row) => row).filter((row) => Number.isFinite(x[row]));
  const ranks = (of: Float64Array): Float64Array => ranksOf(Float64Array.from(there, (row) => of[row] ?? 0));
  const [a, b] = [ranks(x), ranks(y)];
  const middle = (there.length + 1) / 2;
  let [ab, aa, bb] = [0, 0, 0];
  for (let row = 0; row < a.length; row++) {
    const [p, q] = [(a[row] as number) - middle, (b[row] as number) - middle];
    ab += p * q;
    aa += p * p;
    bb += q * q;
  }
  return ab / Math.sqrt(aa * bb);
}

function ranksOf(values: Float64Array): Float64Array {
  const order = argsort(values);
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end < order.length && values[order[end] as number] === values[order[start] as number]) end++;
    for (let place = start; place < end; place++) ranks[order[place] as number] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}

/** η²: the part of a number's variance that lies between the groups. A group of one row tells nothing. */
export function correlationRatio(codes: ArrayLike<number>, values: Float64Array): number {
  const grouped = withoutSingles(codes);
  const sums = new Map<number, { n: number; sum: number }>();
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  let all = 0;
  for (let row = 0; row < values.length; row++) {
    const own = sums.get(grouped[row] as number) ?? { n: 0, sum: 0 };
    own.n++;
    own.sum += (values[row] as number) - mean;
    sums.set(grouped[row] as number, own);
    all += ((values[row] as number) - mean) ** 2;
  }
  let between = 0;
  for (const { n, sum } of sums.values()) between += (sum * sum) / n;
  return between / all;
}

/** A number for each value; a missing one is a value of its own. */
export const codesOf = (column: Column): Int32Array => textColumn(column).codes;

/** Values that stand in one row alone, taken as one. */
function withoutSingles(codes: ArrayLike<number>): Int32Array {
  const counts = new Map<number, number>();
  for (let row = 0; row < codes.length; row++) {
    counts.set(codes[row] as number, (counts.get(codes[row] as number) ?? 0) + 1);
  }
  return Int32Array.from(codes, (code) => (counts.get(code) === 1 ? -2 : code));
}

/** Parts of about equally many rows; equal numbers stay together, and a missing one is a part of its own. */
function binsOf(values: Float64Array, bins: number): Int32Array {
  const sorted = values.filter(Number.isFinite).sort();
  const edges = Array.from(
    { length: bins - 1 },
    (_, bin) => sorted[Math.floor(((bin + 1) / bins) * (sorted.length - 1))] ?? 0,
  );
  return Int32Array.from(values, (value) =>
    Number.isFinite(value) ? edges.findIndex((edge) => value <= edge) : bins,
  );
}
