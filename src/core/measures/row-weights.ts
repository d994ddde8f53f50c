import { UserError } from "../../errors.ts";
import type { TextColumn } from "../tables/column.ts";
import type { Measured, RowSums, RowWeights, ValueContext } from "./metrics/metric.ts";
import type { Scored } from "./scored.ts";

/**
 * Whether weights can be counted with: one a row, each a number of at least 0, not all of them 0.
 *
 * @throws {UserError} that counts the rows and names the first
 * @example requireWeights(Float64Array.of(1, 0.5)) // => undefined
 * @example requireWeights(Float64Array.of(1, -2)) // throws "1 of 2 rows has a weight below 0; the first is row 2"
 * @example requireWeights(Float64Array.of(0, 0)) // throws "all 2 rows have the weight 0"
 */
export function requireWeights(weights: Float64Array): void {
  const bad = (what: string, wrong: (weight: number) => boolean): void => {
    const first = weights.findIndex(wrong);
    if (first < 0) return;
    const count = weights.filter(wrong).length;
    const have = count === 1 ? "has" : "have";
    throw new UserError(`${count} of ${weights.length} rows ${have} ${what}; the first is row ${first + 1}`);
  };
  bad("no weight, or an infinite one", (weight) => !Number.isFinite(weight));
  bad("a weight below 0", (weight) => weight < 0);
  if (weights.length > 0 && weights.every((weight) => weight === 0)) {
    throw new UserError(`all ${weights.length} rows have the weight 0; nothing is left to measure`);
  }
}

/**
 * How many equal rows tell as much as these: (Σ w)² / Σ w².
 *
 * Source: L. Kish, Survey Sampling (1965).
 *
 * @example effectiveSize(Float64Array.of(2, 2)) // => 2
 * @example effectiveSize(Float64Array.of(3, 1)) // => 1.6
 */
export function effectiveSize(weights: Float64Array): number {
  let [sum, squares] = [0, 0];
  for (const weight of weights) {
    sum += weight;
    squares += weight * weight;
  }
  return squares === 0 ? 0 : (sum * sum) / squares;
}

/** What is measured of rows that have weights, on them and on resampled ones. */
export function weightedBy(measured: Measured, weights: Float64Array): Measured {
  const { weighted, sums, reason, support, noInterval, rough, trials, byMean } = measured;
  const kept = {
    ...(trials === undefined ? {} : { trials }),
    ...(byMean === undefined ? {} : { byMean }),
    ...(support === undefined ? {} : { support }),
    ...(noInterval === undefined ? {} : { noInterval }),
    ...(rough === undefined ? {} : { rough }),
  };
  if (reason !== undefined || (weighted === undefined && sums === undefined)) return measured;
  if (weighted !== undefined) {
    const both = new Float64Array(weights.length);
    const again = (drawn: RowWeights): number => {
      for (let row = 0; row < both.length; row++) {
        both[row] = (weights[row] as number) * (drawn[row] as number);
      }
      return weighted(both);
    };
    return { ...kept, value: weighted(weights), weighted: again };
  }
  const own = weightedSums((sums as () => RowSums)(), weights);
  const total = new Float64Array(own.slots * own.amounts.length);
  own.amounts.forEach((amount, a) => {
    for (let row = 0; row < amount.length; row++) {
      const at = (own.slot?.[row] ?? 0) * own.amounts.length + a;
      total[at] = (total[at] as number) + (amount[row] as number);
    }
  });
  return { ...kept, value: own.value(total, weights.length), sums: () => own };
}

/** The same sums of weighted amounts; the weights themselves are one amount more, and take the place of the rows. */
function weightedSums({ slots, slot, amounts, value }: RowSums, weights: Float64Array): RowSums {
  const width = amounts.length;
  const own = new Float64Array(slots * width);
  return {
    slots,
    ...(slot === undefined ? {} : { slot }),
    amounts: [...amounts.map((amount) => amount.map((one, row) => one * (weights[row] as number))), weights],
    value: (sums) => {
      let rows = 0;
      for (let at = 0; at < slots; at++) {
        for (let a = 0; a < width; a++) own[at * width + a] = sums[at * (width + 1) + a] as number;
        rows += sums[at * (width + 1) + width] as number;
      }
      return rows > 0 ? value(own, rows) : Number.NaN;
    },
  };
}

/** What is looked at, row by row. */
interface Rows {
  readonly candidate: Scored;
  readonly train?: Scored;
  readonly baseline?: Scored;
  readonly sensitive: ReadonlyMap<string, TextColumn>;
  readonly clusters?: Int32Array;
  readonly moments?: Int32Array;
}

/**
 * The same without the rows whose weight is 0: a row that counts nothing is as good as absent, and no class and
 * no group is there for its sake.
 *
 * @throws {UserError} where weights cannot be counted with
 */
export function withoutZeros<R extends Rows>(input: R): R {
  const train = input.train && pickedOf(input.train, rowsThatCount(input.train.weights));
  const kept = rowsThatCount(input.candidate.weights);
  const rest = train === undefined ? input : { ...input, train };
  if (kept === undefined) return rest;
  const picked = <A extends Int32Array>(values: A): Int32Array =>
    Int32Array.from(kept, (row) => values[row] as number);
  return {
    ...rest,
    candidate: pickedOf(input.candidate, kept),
    ...(input.baseline === undefined ? {} : { baseline: pickedOf(input.baseline, kept) }),
    ...(input.clusters === undefined ? {} : { clusters: picked(input.clusters) }),
    ...(input.moments === undefined ? {} : { moments: picked(input.moments) }),
    sensitive: new Map(
      [...input.sensitive].map(([name, { words, codes }]) => [
        name,
        { kind: "text", words, codes: picked(codes) },
      ]),
    ),
  };
}

/**
 * The places of the rows whose weight is not 0; undefined where all rows count.
 *
 * @throws {UserError} where weights cannot be counted with
 * @example rowsThatCount(Float64Array.of(1, 0, 2)) // => [0, 2]
 * @example rowsThatCount(Float64Array.of(1, 2)) // => undefined
 */
export function rowsThatCount(weights: Float64Array | undefined): Int32Array | undefined {
  if (weights === undefined) return undefined;
  requireWeights(weights);
  const rows = [...weights.keys()].filter((row) => weights[row] !== 0);
  return rows.length === weights.length ? undefined : Int32Array.from(rows);
}

function ofKept({ queries, scale, quantiles }: ValueContext, kept: Int32Array): ValueContext {
  const pick = (values: Float64Array) => Float64Array.from(kept, (row) => values[row] as number);
  return {
    ...(queries === undefined ? {} : { queries: kept.map((row) => queries[row] as number) }),
    ...(scale === undefined ? {} : { scale: pick(scale) }),
    ...(quantiles === undefined
      ? {}
      : { quantiles: new Map([...quantiles].map(([percent, values]) => [percent, pick(values)])) }),
  };
}

function pickedOf(scored: Scored, kept: Int32Array | undefined): Scored {
  if (kept === undefined) return scored;
  const { labels, truth, scores, outputs, weights, decisions, context } = scored;
  const copy = (into: Uint8Array | Int32Array | Float64Array, from: ArrayLike<number>, width: number) =>
    kept.forEach((row, place) => {
      for (let at = 0; at < width; at++) into[place * width + at] = from[row * width + at] as number;
    });
  const pick = (values: Float64Array, width: number): Float64Array => {
    const out = new Float64Array(kept.length * width);
    copy(out, values, width);
    return out;
  };
  const across = truth === undefined ? 1 : outputs;
  const marks = new Uint8Array(truth === undefined ? 0 : kept.length * across);
  if (truth !== undefined) copy(marks, truth, across);
  const decided = new Int32Array(decisions === undefined ? 0 : kept.length * across);
  if (decisions !== undefined) copy(decided, decisions, across);
  return {
    ...scored,
    labels: pick(labels, 1),
    scores: scores.length === 0 ? scores : pick(scores, outputs),
    ...(weights === undefined ? {} : { weights: pick(weights, 1) }),
    ...(truth === undefined ? {} : { truth: marks }),
    ...(decisions === undefined ? {} : { decisions: decided }),
    ...(context === undefined ? {} : { context: ofKept(context, kept) }),
  };
}
