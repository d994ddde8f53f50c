import { UserError } from "../../errors.ts";
import { type Ranking, rankingOf } from "./metrics/ranking.ts";
import { DEFAULT_THRESHOLD, requireFinite, type Scored } from "./scored.ts";

/** A model's answers where a row may carry any of several labels, checked and ready to be measured. */
export interface LabelSets {
  readonly rows: number;
  /** How many labels there are. */
  readonly labels: number;
  /** Row-major, `rows × labels`: 1 where the row carries the label, else 0. */
  readonly truth: Uint8Array;
  /** The same as it was decided. */
  readonly decided: Uint8Array;
  /** Each label's scores as a column of their own; none where there are decisions alone. */
  readonly columns: readonly Float64Array[];
  /** The rows ranked by their score for a label: sorted once, when it is first asked for. */
  readonly ranking: (label: number) => Ranking;
  /** How much each row counts; absent where all count the same. */
  readonly weights?: Float64Array;
  /** What a share of nothing is. */
  readonly empty: number;
  /** Why there are no scores; absent where there are. */
  readonly unscored?: string;
  /** Why the scores are not probabilities; absent where they are. */
  readonly improbable?: string;
}

/**
 * Checks the answers of a model that may give a row any of several labels, and decides each label of each row by
 * its threshold, or the one for all: at or above it is on.
 *
 * @param many how many labels there are
 * @param empty what a share of nothing is; default 0
 * @throws {UserError} where a row has no finite score; a metric over the rest would hide it
 * @throws {RangeError} where truth or decisions are not 0 and 1, one a row and label, or thresholds not one a label
 * @example labelSetsOf({ labels: Float64Array.of(1), truth: Uint8Array.of(1, 0), scores: Float64Array.of(0.7, 0.5), outputs: 2 }, 2).decided // => [1, 1]
 * @example labelSetsOf({ labels: Float64Array.of(1), truth: Uint8Array.of(1, 0), scores: Float64Array.of(0.7, 0.5), outputs: 2, thresholds: [0.8, 0.4] }, 2).decided // => [0, 1]
 * @example labelSetsOf({ labels: Float64Array.of(1), truth: Uint8Array.of(1, 0), scores: Float64Array.of(0.7, NaN), outputs: 2 }, 2) // throws "1 of 1 rows has no score, or an infinite one; the first is row 1"
 */
export function labelSetsOf(scored: Scored, many: number, empty = 0): LabelSets {
  const { labels, truth = new Uint8Array(0), scores, outputs, decisions, weights } = scored;
  const rows = labels.length;
  const cells = rows * many;
  requireMarks(truth, cells, "truths");
  if (decisions !== undefined) requireMarks(decisions, cells, "decisions");
  const decided = decisions && Uint8Array.from(decisions);
  const own = { rows, labels: many, truth, empty, ...(weights === undefined ? {} : { weights }) };
  if (scores.length === 0 && decided !== undefined) {
    const ranking = () => rankingOf(new Float64Array(0), new Float64Array(0), 1);
    return { ...own, decided, columns: [], ranking, unscored: "there are decisions but no scores" };
  }
  requireFinite(scores, outputs, "score");
  if (scores.length !== cells || outputs !== many) {
    throw new UserError(
      `the model gives ${outputs} scores a row, ${scores.length} in all; right are ${many} labels in ${rows} rows`,
    );
  }
  const columns = Array.from({ length: many }, (_, label) => labelColumn(scores, outputs, label));
  const { threshold = DEFAULT_THRESHOLD, thresholds = new Array<number>(many).fill(threshold) } = scored;
  if (thresholds.length !== many) throw new RangeError(`${thresholds.length} thresholds of ${many} labels`);
  const outside = scores.some((score) => score < 0 || score > 1);
  return {
    ...own,
    decided:
      decided ?? Uint8Array.from(scores, (score, cell) => (score >= Number(thresholds[cell % many]) ? 1 : 0)),
    columns,
    ranking: rankings(truth, columns),
    ...(outside ? { improbable: "scores outside 0 to 1 are not probabilities" } : {}),
  };
}

function requireMarks(marks: ArrayLike<number>, cells: number, noun: string): void {
  if (marks.length !== cells) throw new RangeError(`${marks.length} ${noun} of ${cells}`);
  for (let cell = 0; cell < cells; cell++) {
    if (marks[cell] !== 0 && marks[cell] !== 1) throw new RangeError(`${marks[cell]} among ${noun}`);
  }
}

function rankings(truth: Uint8Array, columns: readonly Float64Array[]) {
  const known = new Map<number, Ranking>();
  return (label: number): Ranking => {
    const found = known.get(label);
    if (found !== undefined) return found;
    const scores = columns[label] ?? new Float64Array(0);
    const on = Float64Array.from(scores, (_, row) => truth[row * columns.length + label] as number);
    const ranking = rankingOf(on, scores, 1);
    known.set(label, ranking);
    return ranking;
  };
}

/**
 * One label's values, one a row.
 *
 * @param values row-major, `rows × labels`
 * @example labelColumn(Float64Array.of(0.1, 0.9, 0.3, 0.8), 2, 1) // => [0.9, 0.8]
 */
export function labelColumn(values: ArrayLike<number>, labels: number, label: number): Float64Array {
  const own = new Float64Array(values.length / labels);
  for (let row = 0; row < own.length; row++) own[row] = values[row * labels + label] as number;
  return own;
}

/** Both models' answers as one, the candidate's rows first; without weights. */
export function stackedSets(ours: LabelSets, theirs: LabelSets): LabelSets {
  const { weights: _, ...own } = ours;
  const truth = stackedMarks(ours.truth, theirs.truth);
  const columns = ours.columns.map((column, label) => {
    const both = new Float64Array(ours.rows + theirs.rows);
    both.set(column);
    both.set(theirs.columns[label] ?? [], ours.rows);
    return both;
  });
  return {
    ...own,
    rows: ours.rows + theirs.rows,
    truth,
    decided: stackedMarks(ours.decided, theirs.decided),
    columns,
    ranking: rankings(truth, columns),
  };
}

function stackedMarks(ours: Uint8Array, theirs: Uint8Array): Uint8Array {
  const both = new Uint8Array(ours.length + theirs.length);
  both.set(ours);
  both.set(theirs, ours.length);
  return both;
}
