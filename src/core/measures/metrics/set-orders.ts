import { argsort } from "../../stats/argsort.ts";
import type { LabelSets } from "../label-sets.ts";
import { MULTILABEL } from "../task.ts";
import { SCIKIT_LEARN, type SetMetric } from "./metric.ts";
import { overRows } from "./set-rows.ts";

/**
 * One row's labels from the highest score to the lowest: for each stretch of equal scores, how many labels stand
 * there and how many of them are on.
 */
type Stretches = readonly { readonly size: number; readonly on: number }[];

/**
 * The stretches of equal scores of a row, from the highest down.
 *
 * @example stretchesOf({ labels: 3, truth: Uint8Array.of(1, 0, 1), columns: [[0.9], [0.2], [0.2]].map((c) => Float64Array.from(c)) }, 0) // => [{ size: 1, on: 1 }, { size: 2, on: 1 }]
 */
export function stretchesOf(
  { labels, truth, columns }: Pick<LabelSets, "labels" | "truth" | "columns">,
  row: number,
): Stretches {
  const scores = Float64Array.from(columns, (column) => column[row] as number);
  const out: { size: number; on: number }[] = [];
  let before: number | undefined;
  for (const label of argsort(scores).reverse()) {
    const score = scores[label] as number;
    const on = truth[row * labels + label] as number;
    const last = out.at(-1);
    if (last === undefined || score !== before) out.push({ size: 1, on });
    else {
      last.size++;
      last.on += on;
    }
    before = score;
  }
  return out;
}

/** How far down a row's labels one must go to have found all that are on; equal scores are taken together. */
function coverage(stretches: Stretches): number {
  let [place, reached] = [0, 0];
  for (const { size, on } of stretches) {
    place += size;
    if (on > 0) reached = place;
  }
  return reached;
}

/** Of the labels down to one that is on, the share that are on, averaged over those; 1 where none or all are on. */
function rankingPrecision(stretches: Stretches): number {
  let [place, found, sum] = [0, 0, 0];
  for (const { size, on } of stretches) {
    place += size;
    found += on;
    sum += (on * found) / place;
  }
  return found === 0 || found === place ? 1 : sum / found;
}

/** Of the pairs of a label that is on and one that is not, the share in the wrong order or tied; 0 where there are none. */
function rankingLoss(stretches: Stretches): number {
  let [on, off, wrong] = [0, 0, 0];
  for (const { size, on: own } of stretches) {
    off += size - own;
    on += own;
    wrong += own * off; // those above, and those tied
  }
  return on === 0 || off === 0 ? 0 : wrong / (on * off);
}

function ordered(
  name: string,
  title: string,
  better: SetMetric["better"],
  of: (stretches: Stretches) => number,
  function_: string,
  onRequest: boolean,
): SetMetric {
  return {
    name,
    title,
    tasks: MULTILABEL,
    better,
    range: name === "coverage_error" ? [0, Infinity] : [0, 1],
    needs: "sets",
    scores: "order",
    source: `${SCIKIT_LEARN}, ${function_}`,
    ...(onRequest ? { onRequest } : {}),
    measure: (sets) => overRows(sets, (row) => of(stretchesOf(sets, row))),
  };
}

/** How well the labels of each row are ordered, averaged over rows. */
export const setOrders: readonly SetMetric[] = [
  ordered(
    "label_ranking_average_precision",
    "Label ranking average precision",
    "higher",
    rankingPrecision,
    "label_ranking_average_precision_score",
    false,
  ),
  ordered("label_ranking_loss", "Label ranking loss", "lower", rankingLoss, "label_ranking_loss", true),
  ordered("coverage_error", "Coverage error", "lower", coverage, "coverage_error", true),
];

/** A loss of every cell, averaged over the labels and then over rows. */
function cellLoss(
  name: string,
  title: string,
  function_: string,
  loss: (p: number, on: number) => number,
): SetMetric {
  return {
    name,
    title,
    tasks: MULTILABEL,
    better: "lower",
    range: name === "brier" ? [0, 1] : [0, Infinity],
    needs: "sets",
    scores: "probabilities",
    source: `${SCIKIT_LEARN}, ${function_} label by label, averaged`,
    measure: (sets) => {
      const { labels, truth, columns } = sets;
      return overRows(sets, (row) => {
        let sum = 0;
        columns.forEach((column, label) => {
          sum += loss(column[row] as number, truth[row * labels + label] as number);
        });
        return sum / labels;
      });
    },
  };
}

/** What probabilities cost that are far from the truth: each label is a question of two classes. */
export const setLosses: readonly SetMetric[] = [
  cellLoss("log_loss", "Log loss", "log_loss", (p, on) => {
    const own = on === 1 ? p : 1 - p;
    return -Math.log(Math.min(Math.max(own, Number.EPSILON), 1 - Number.EPSILON)); // a certainty that is wrong costs 36.04
  }),
  cellLoss("brier", "Brier score", "brier_score_loss", (p, on) => (p - on) ** 2),
];
