import { UserError } from "../../errors.ts";
import type { ValueContext } from "./metrics/metric.ts";
import { type Ranking, rankingOf } from "./metrics/ranking.ts";

/** What a model said of rows whose labels are known. All arrays have one entry or stretch a row. */
export interface Scored {
  /**
   * The class's index (for two classes 1 is the positive one), the target of a regression, or how many of several
   * labels the row carries.
   */
  readonly labels: Float64Array;
  /** Several labels a row: row-major, `rows × outputs`, 1 where the row carries the label. */
  readonly truth?: Uint8Array;
  /** Row-major, `rows × outputs`; empty where only `decisions` are known. */
  readonly scores: Float64Array;
  /** Scores a row: 1 (the positive class's, or a prediction), or one a class or label. */
  readonly outputs: number;
  /** Two classes, or several labels: a score of at least this is decided positive. Default 0.5. */
  readonly threshold?: number;
  /** Several labels: a threshold for each, in their order, in place of the one for all. */
  readonly thresholds?: readonly number[];
  /** The classes decided for, where they are known without or beside the scores; of several labels as `truth`. */
  readonly decisions?: Int32Array;
  /** How much each row counts; absent where all count the same. */
  readonly weights?: Float64Array;
  /** Numbers: what is known of the rows beside them. */
  readonly context?: ValueContext;
}

/** What a wrong decision costs and a right one brings, as `plan.costs` of the contract has it. */
export interface Costs {
  readonly false_positive: number;
  readonly false_negative: number;
  /** Absent: nothing. */
  readonly true_positive?: number | undefined;
  readonly true_negative?: number | undefined;
  readonly unit?: string | undefined;
}

/** A model's answers for a classification, checked and ready to be measured. */
export interface Classified {
  readonly rows: number;
  readonly classes: number;
  readonly labels: Float64Array;
  /** Decided classes. */
  readonly decisions: Int32Array;
  /** Each class's scores as a column of their own; for two classes the positive one's alone, at [1]. */
  readonly columns: readonly (Float64Array | undefined)[];
  /** The rows ranked by their score for a class: sorted once, when it is first asked for. */
  readonly ranking: (positive: number) => Ranking;
  /** How much each row counts; absent where all count the same. */
  readonly weights?: Float64Array;
  /** Why there are no scores; absent where there are. */
  readonly unscored?: string;
  /** Why the scores are not probabilities; absent where they are. */
  readonly improbable?: string;
}

/** The threshold of scores for which none is said. */
export const DEFAULT_THRESHOLD = 0.5;
/** How far from 1 the scores of a row may add up: the square root of float32's precision. */
const SUM_TOLERANCE = 3.5e-4;

/**
 * Checks a classifier's answers and decides each row: two classes by the threshold (at or above it
 * is positive), more by the largest score, of equal ones the first.
 *
 * @throws {UserError} where a row has no label or no finite score; a metric over the rest would hide them
 */
export function classified(scored: Scored, classes: number): Classified {
  const { labels, scores, outputs } = scored;
  const rows = labels.length;
  requireFinite(labels, 1, "label");
  for (const label of labels) {
    if (!(Number.isInteger(label) && label >= 0 && label < classes))
      throw new RangeError(`no class ${label}`);
  }
  const base = {
    rows,
    classes,
    labels,
    ...(scored.weights === undefined ? {} : { weights: scored.weights }),
  };
  if (scores.length === 0 && scored.decisions !== undefined) {
    const ranking = () => rankingOf(labels, new Float64Array(0), 0);
    return {
      ...base,
      decisions: scored.decisions,
      columns: [],
      ranking,
      unscored: "there are decisions but no scores",
    };
  }
  requireFinite(scores, outputs, "score");
  if (scores.length !== rows * outputs || (outputs !== classes && !(classes === 2 && outputs === 1))) {
    throw new UserError(
      `the model gives ${outputs} scores a row, ${scores.length} in all; right are ${classes} classes in ${rows} rows`,
    );
  }
  const columns = columnsOf(scored, classes);
  const positive = classes === 2 ? columns[1] : undefined;
  const decisions =
    scored.decisions ??
    (positive === undefined
      ? largest(scores, rows, outputs)
      : thresholded(positive, scored.threshold ?? DEFAULT_THRESHOLD));
  const improbable = improbability(scores, positive === undefined ? outputs : 1);
  const ranking = rankings(labels, columns);
  return { ...base, decisions, columns, ranking, ...(improbable === undefined ? {} : { improbable }) };
}

function rankings(labels: Float64Array, columns: readonly (Float64Array | undefined)[]) {
  const known = new Map<number, Ranking>();
  return (positive: number): Ranking => {
    // of two classes the first has no scores of its own: it is ranked from the other end
    const scores = columns[positive] ?? columns[1]?.map((score) => -score) ?? new Float64Array(0);
    const found = known.get(positive) ?? rankingOf(labels, scores, positive);
    known.set(positive, found);
    return found;
  };
}

/**
 * Whether a number in every row is known and finite.
 *
 * @throws {UserError} that counts the rows and names the first
 */
export function requireFinite(values: Float64Array, width: number, noun: string): void {
  const bad = new Set<number>();
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) bad.add(Math.floor(i / width));
  }
  if (bad.size === 0) return;
  const [first = 0] = bad;
  const have = bad.size === 1 ? "has" : "have";
  throw new UserError(
    `${bad.size} of ${values.length / width} rows ${have} no ${noun}, or an infinite one; the first is row ${first + 1}`,
  );
}

function columnsOf({ scores, outputs }: Scored, classes: number): (Float64Array | undefined)[] {
  if (outputs === 1 && classes === 2) return [undefined, scores];
  const rows = scores.length / outputs;
  return Array.from({ length: classes }, (_, column) => {
    if (classes === 2 && column === 0) return undefined;
    const values = new Float64Array(rows);
    for (let row = 0; row < rows; row++) values[row] = scores[row * outputs + column] ?? Number.NaN;
    return values;
  });
}

function thresholded(scores: Float64Array, threshold: number): Int32Array {
  const decisions = new Int32Array(scores.length);
  for (let row = 0; row < scores.length; row++) decisions[row] = (scores[row] ?? 0) >= threshold ? 1 : 0;
  return decisions;
}

function largest(scores: Float64Array, rows: number, outputs: number): Int32Array {
  const decisions = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    let best = 0;
    for (let output = 1; output < outputs; output++) {
      if ((scores[row * outputs + output] ?? 0) > (scores[row * outputs + best] ?? 0)) best = output;
    }
    decisions[row] = best;
  }
  return decisions;
}

function improbability(scores: Float64Array, outputs: number): string | undefined {
  for (const score of scores) {
    if (score < 0 || score > 1) return "scores outside 0 to 1 are not probabilities";
  }
  if (outputs === 1) return undefined;
  for (let start = 0; start < scores.length; start += outputs) {
    let sum = 0;
    for (let output = 0; output < outputs; output++) sum += scores[start + output] ?? 0;
    if (Math.abs(sum - 1) > SUM_TOLERANCE) return "scores that do not add up to 1 are not probabilities";
  }
  return undefined;
}
