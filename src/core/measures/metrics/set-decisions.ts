import { counted } from "../../report/numbers.ts";
import { mcnemarExact } from "../../stats/mcnemar.ts";
import type { LabelSets } from "../label-sets.ts";
import { MULTILABEL } from "../task.ts";
import { type ByClass, ratio } from "./averages.ts";
import { measuredBy, SCIKIT_LEARN, type SetMetric, shareOf } from "./metric.ts";
import { countsOf, overRows } from "./set-rows.ts";
import { ofTally, type Tally, tallyOf } from "./set-tally.ts";

const shared = { tasks: MULTILABEL, range: [0, 1], needs: "sets", scores: "none" } as const;
const EMPTY = "there is nothing of which to take a share";

/** Whether every label of a row was decided as it is. */
function isRight({ labels, truth, decided }: LabelSets, row: number): boolean {
  for (let cell = row * labels; cell < (row + 1) * labels; cell++) {
    if (truth[cell] !== decided[cell]) return false;
  }
  return true;
}

const mcnemar: SetMetric["test"] = (candidate, baseline) => {
  let [ours, theirs] = [0, 0];
  for (let row = 0; row < candidate.rows; row++) {
    const right = isRight(candidate, row);
    if (right === isRight(baseline, row)) continue;
    if (right) ours++;
    else theirs++;
  }
  return {
    method: "McNemar, exact",
    p: mcnemarExact(ours, theirs),
    detail: `${counted(ours, "row")} only the candidate decides rightly, ${counted(theirs, "row")} only production`,
  };
};

/** The share of rows of which every label was decided as it is. NaN without rows. */
export const subsetAccuracy: SetMetric = {
  name: "accuracy",
  title: "Subset accuracy",
  better: "higher",
  ...shared,
  source: `${SCIKIT_LEARN}, accuracy_score`,
  measure: (sets) =>
    shareOf(Float64Array.from({ length: sets.rows }, (_, row) => (isRight(sets, row) ? 1 : 0))),
  test: mcnemar,
};

/** The share of a row's labels that were decided otherwise than they are, averaged over rows. NaN without rows. */
export const hammingLoss: SetMetric = {
  name: "hamming_loss",
  title: "Hamming loss",
  better: "lower",
  ...shared,
  source: `${SCIKIT_LEARN}, hamming_loss`,
  measure: (sets) =>
    overRows(sets, (row) => {
      const { hits, decided, truth } = countsOf(sets, row);
      return (decided + truth - 2 * hits) / sets.labels;
    }),
};

/** The number of each label, from a tally. */
function byLabel({ hits, decided, truth }: Tally, byClass: ByClass, empty: number): Float64Array {
  return hits.map((own, label) => byClass(own, decided[label] as number, truth[label] as number, empty));
}

/** The mean of the labels that define it; where all weigh nothing, they weigh the same. */
function meanOf(values: Float64Array, weights?: Float64Array): number {
  let [sum, total, plain, count] = [0, 0, 0, 0];
  values.forEach((value, label) => {
    if (Number.isNaN(value)) return;
    const weight = weights === undefined ? 1 : (weights[label] as number);
    sum += weight * value;
    total += weight;
    plain += value;
    count++;
  });
  return total > 0 ? sum / total : plain / count;
}

/** The rows of the rarest label that is on or decided on anywhere: what an average over labels rests on. */
function rarest(sets: LabelSets): number {
  const { truth, decided } = tallyOf(sets);
  return [...truth, ...decided].reduce(
    (least, count) => (count > 0 ? Math.min(least, count) : least),
    sets.rows,
  );
}

/** What the averages of a number of labels have in common. */
interface Family {
  readonly name: string;
  readonly title: string;
  /** scikit-learn's function, and what it is told beside the average. */
  readonly call: readonly [name: string, options?: string];
}

/**
 * A number of one label's decisions as four metrics: of all cells pooled (micro), of every label and then averaged
 * (macro; weighted by the rows that carry it), and of every row and then averaged (samples).
 */
function family(
  { name, title, call: [function_, options = ""] }: Family,
  byClass: ByClass,
  usual: readonly string[],
): SetMetric[] {
  const one = (average: string, measure: SetMetric["measure"]): SetMetric => ({
    name: `${name}_${average}`,
    title: `${title}, ${average === "samples" ? "by row" : average}`,
    better: "higher",
    ...shared,
    source: `${SCIKIT_LEARN}, ${function_}(${options}average="${average}")`,
    ...(usual.includes(average) ? {} : { onRequest: true }),
    measure,
  });
  return [
    one("macro", (sets) => {
      const of = (tally: Tally) => meanOf(byLabel(tally, byClass, sets.empty));
      return ofTally(sets, of, EMPTY, rarest(sets));
    }),
    one("micro", (sets) => {
      const right = new Float64Array(sets.rows);
      const chosen = new Float64Array(sets.rows);
      const real = new Float64Array(sets.rows);
      for (let row = 0; row < sets.rows; row++) {
        const { hits, decided, truth } = countsOf(sets, row);
        right[row] = hits;
        chosen[row] = decided;
        real[row] = truth;
      }
      const value = ([hits = 0, decided = 0, truth = 0]: Float64Array): number =>
        byClass(hits, decided, truth, sets.empty);
      const measured = measuredBy({ slots: 1, amounts: [right, chosen, real], value }, sets.rows);
      return Number.isNaN(measured.value) ? { reason: EMPTY, ...measured } : measured;
    }),
    one("weighted", (sets) => {
      const of = (tally: Tally) => meanOf(byLabel(tally, byClass, sets.empty), tally.truth);
      return ofTally(sets, of, EMPTY, rarest(sets));
    }),
    one("samples", (sets) =>
      overRows(
        sets,
        (row) => {
          const { hits, decided, truth } = countsOf(sets, row);
          return byClass(hits, decided, truth, sets.empty);
        },
        EMPTY,
      ),
    ),
  ];
}

const USUAL = ["macro", "micro"];

const fBeta =
  (beta: number): ByClass =>
  (hits, decided, truth, empty) =>
    ratio((1 + beta * beta) * hits, decided + beta * beta * truth, empty);

/** Numbers of one label's decisions. */
export const BY_LABEL = {
  precision: (hits, decided, _truth, empty) => ratio(hits, decided, empty),
  recall: (hits, _decided, truth, empty) => ratio(hits, truth, empty),
  f1: fBeta(1),
  jaccard: (hits, decided, truth, empty) => ratio(hits, decided + truth - hits, empty),
} as const satisfies Record<string, ByClass>;

/** Precision, recall, F and Jaccard's index of rows that may carry several labels, averaged in four ways. */
export const setDecisions: readonly SetMetric[] = [
  ...family({ name: "f1", title: "F1", call: ["f1_score"] }, BY_LABEL.f1, ["macro", "micro", "samples"]),
  ...family({ name: "precision", title: "Precision", call: ["precision_score"] }, BY_LABEL.precision, USUAL),
  ...family({ name: "recall", title: "Recall", call: ["recall_score"] }, BY_LABEL.recall, USUAL),
  ...family({ name: "jaccard", title: "Jaccard index", call: ["jaccard_score"] }, BY_LABEL.jaccard, []),
  ...family({ name: "f2", title: "F2", call: ["fbeta_score", "beta=2, "] }, fBeta(2), []),
  ...family({ name: "f0_5", title: "F0.5", call: ["fbeta_score", "beta=0.5, "] }, fBeta(0.5), []),
];
