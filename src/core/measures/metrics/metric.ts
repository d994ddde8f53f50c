import type { DifferenceTest } from "../../report/report.ts";
import type { Share } from "../../stats/two-proportions.ts";
import type { Confusion } from "../confusion.ts";
import type { LabelSets } from "../label-sets.ts";
import type { Classified, Costs } from "../scored.ts";
import type { Task } from "../task.ts";

/** What is said of a metric, whatever it is computed from. */
interface Description {
  readonly name: string;
  readonly title: string;
  readonly tasks: readonly Task[];
  /** Which way is good. */
  readonly better: "higher" | "lower";
  /** The least and the most it can be. */
  readonly range: readonly [least: number, most: number];
  /** Whose definition it is. */
  readonly source: string;
  /** Whether each row adds to its sums without a look at the others, so that batches of rows can be added up. */
  readonly addsUp?: true;
  /** Measured only where somebody names it: most readers have no question that it answers. */
  readonly onRequest?: true;
}

/** A metric of decided classes. It is a function of the confusion matrix alone. */
export interface DecisionMetric extends Description {
  readonly needs: "decisions";
  /** NaN where it is not defined. `costs` is there if the contract has it. */
  of(confusion: Confusion, costs: Costs | undefined): number;
  /** The rows behind it: the fewest that any part of it is computed from. */
  support(confusion: Confusion): number;
  readonly test?: PairedTest;
  /** In what way its interval promises too much for these rows, where it does: see docs/evaluation/coverage.md. */
  rough?(confusion: Confusion): string | undefined;
  /** Whether it is a share of rows, and of which. */
  readonly share?: ShareOfRows;
  /** Why it is not defined, for a metric that rows may leave undefined. */
  readonly undefined?: string;
  /** Whether it is a function of `plan.costs`; every report has it that has the costs, or also a benefit. */
  readonly needsCosts?: "costs" | "benefits";
}

/** A metric that is a share: so many rows of so many. */
export interface ShareOfRows {
  of(confusion: Confusion): Share;
  /** The true class of the rows that it is a share of, or all of them; absent where the decisions say which they are. */
  readonly among?: number | "all";
}

/** A metric of the scores of classes. */
export interface ScoreMetric extends Description {
  readonly needs: "scores";
  /** Whether the scores must be probabilities; else their order is enough. */
  readonly probabilities: boolean;
  measure(answers: Classified): Measured;
  readonly test?: PairedTest;
}

/** The textbook's test of a metric's difference between two models over the same rows; undefined where it says nothing. */
export type PairedTest = (candidate: Classified, baseline: Classified) => DifferenceTest | undefined;

/** A metric of predicted numbers. */
export interface ValueMetric extends Description {
  readonly needs: "values";
  measure(labels: Float64Array, predictions: Float64Array, context?: ValueContext): Measured;
}

/** What is known of rows beside their true and their predicted number. */
export interface ValueContext {
  /** A number near the mean of the true ones, where they come in batches: what is taken off before they are squared. */
  readonly center?: number;
  /** Ranking: the query of each row, counted from 0. */
  readonly queries?: Int32Array;
  /** Forecast: what the naive forecast of each row's series errs by on the training rows. */
  readonly scale?: Float64Array;
  /** Forecast: predicted quantiles, by their percent. */
  readonly quantiles?: ReadonlyMap<number, Float64Array>;
}

/** A metric of rows that may carry any of several labels. */
export interface SetMetric extends Description {
  readonly needs: "sets";
  /** What it asks of the scores: nothing, since decisions are enough; their order; or that they are probabilities. */
  readonly scores: "none" | "order" | "probabilities";
  measure(sets: LabelSets): Measured;
  /** The textbook's test of its difference between two models over the same rows. */
  readonly test?: (candidate: LabelSets, baseline: LabelSets) => DifferenceTest | undefined;
}

export type Metric = DecisionMetric | ScoreMetric | ValueMetric | SetMetric;

/** How often each row is taken: whole times where rows are drawn, any number where they have a weight. */
export type RowWeights = Uint16Array | Float64Array;

/** A metric on all rows, and how to have it again on resampled ones. */
export interface Measured {
  /** NaN where it is not defined. */
  readonly value: number;
  /** Why it is not defined. */
  readonly reason?: string;
  /** The rows behind it, where they are not all: the fewest that any part of it is computed from. */
  readonly support?: number;
  /** 1 for each row that counts and 0 for each other one, where it is the share of those. */
  readonly trials?: Float64Array;
  /** Whether the difference of two models has the sign of a mean over the rows that both answered. */
  readonly byMean?: true;
  /** Why resampled rows say nothing of how sure it is, where they do not. */
  readonly noInterval?: string;
  /** Exactly the metric of the rows each taken `weights[row]` times; where absent, `sums` is exact. */
  readonly weighted?: (weights: RowWeights) => number;
  /** In what way its interval promises too much for these rows, where it does: see docs/evaluation/coverage.md. */
  readonly rough?: string;
  /** The metric as a function of sums over rows, exact or to first order; where absent, it is none and `weighted` is there. */
  readonly sums?: () => RowSums;
}

/**
 * A number that follows from sums over rows. Each row falls into one slot, and each slot holds the
 * sums of its rows' amounts: `[Σ amount₀, Σ amount₁, …]`, slot after slot.
 */
export interface RowSums {
  readonly slots: number;
  /** The slot of each row; absent where there is one slot only. */
  readonly slot?: Uint8Array;
  /** Each an entry a row. */
  readonly amounts: readonly Float64Array[];
  /** From the sums and the number of rows behind them; NaN where they do not define it. */
  value(sums: Float64Array, rows: number): number;
}

/** The release whose definitions we follow, and to which test/oracles/metrics.json holds us. */
export const SCIKIT_LEARN = "scikit-learn 1.9.1";
/** Why nothing can be measured of an empty table. */
export const NO_ROWS = "there are no rows";

/**
 * A metric that is the mean of one amount a row, such as a loss. Exact on resampled rows.
 *
 * @param finish what is made of the mean; default: nothing
 */
export function meanOf(amounts: Float64Array, finish: (mean: number) => number = (mean) => mean): Measured {
  const value = (sums: Float64Array, rows: number): number => finish((sums[0] as number) / rows);
  const sums: RowSums = { slots: 1, amounts: [amounts], value };
  return { ...measuredBy(sums, amounts.length), byMean: true };
}

/** A metric that is the share of rows with a 1, of those with a 0 or a 1. Exact on resampled rows. */
export function shareOf(trials: Float64Array): Measured {
  return { ...meanOf(trials), trials };
}

/** No value, and why. */
export function undefinedBecause(reason: string): Measured {
  return { value: Number.NaN, reason };
}

/** A metric that is exactly a function of sums over rows. */
export function measuredBy(sums: RowSums, rows: number, reason?: string): Measured {
  if (rows === 0) return { value: Number.NaN, reason: NO_ROWS, sums: () => sums };
  const value = sums.value(sumRows(sums, new Uint16Array(rows).fill(1)), rows);
  return { value, ...(reason === undefined ? {} : { reason }), sums: () => sums };
}

/** Adds up what a metric needs of its rows, each taken `weights[row]` times. */
export function sumRows(
  { slots, slot, amounts }: RowSums,
  weights: RowWeights,
  sums = new Float64Array(slots * amounts.length),
): Float64Array {
  amounts.forEach((amount, a) => {
    if (slot === undefined) sums[a] = weightedTotal(weights, amount);
    else addBySlot(sums, { slot, first: a, step: amounts.length }, weights, amount);
  });
  return sums;
}

function weightedTotal(weights: RowWeights, amount: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < weights.length; row++) sum += (weights[row] as number) * (amount[row] as number);
  return sum;
}

function addBySlot(
  sums: Float64Array,
  { slot, first, step }: { readonly slot: Uint8Array; readonly first: number; readonly step: number },
  weights: RowWeights,
  amount: Float64Array,
): void {
  for (let at = first; at < sums.length; at += step) sums[at] = 0;
  for (let row = 0; row < weights.length; row++) {
    const at = (slot[row] as number) * step + first;
    sums[at] = (sums[at] as number) + (weights[row] as number) * (amount[row] as number);
  }
}
