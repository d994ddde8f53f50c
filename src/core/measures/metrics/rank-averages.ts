import type { Classified } from "../scored.ts";
import { MULTICLASS } from "../task.ts";
import {
  type Measured,
  NO_ROWS,
  type RowWeights,
  SCIKIT_LEARN,
  type ScoreMetric,
  undefinedBecause,
} from "./metric.ts";
import { meanOfPairs, type Pairs, pairInfluence, pairsOf } from "./pairs.ts";
import { rankingOf } from "./ranking.ts";
import { AREA, nearby, PRECISION, type RankStatistic } from "./ranks.ts";

const ONE_CLASS = "only one class has rows";

/** The mean over the classes that have rows, each against all others, counting by its rows. */
function weighted(answers: Classified, statistic: RankStatistic): Measured {
  const { rows, classes, labels } = answers;
  if (rows === 0) return undefinedBecause(NO_ROWS);
  const counts = countsOf(answers);
  if (statistic === AREA && counts.some((count) => count === rows)) return undefinedBecause(ONE_CLASS);
  const present = [...new Array(classes).keys()].filter((c) => (counts[c] as number) > 0);
  const mean = (weights?: RowWeights): number => {
    const own = weights === undefined ? counts : countsOf(answers, weights);
    let [sum, total] = [0, 0];
    for (const c of present) {
      const count = own[c] as number;
      if (count > 0) sum += count * statistic.of(answers.ranking(c), weights);
      total += count;
    }
    return sum / total;
  };
  const value = mean();
  const positives = Math.min(...present.map((c) => counts[c] as number));
  return {
    value,
    support: Math.min(
      ...present.map((c) => Math.min(counts[c] as number, rows - (counts[c] as number) || rows)),
    ),
    ...(positives < statistic.few ? { rough: `rough for ${positives} positive rows` } : {}),
    weighted: mean,
    sums: () => {
      const influence = new Float64Array(rows);
      const each = new Float64Array(classes);
      for (const c of present) {
        const ranking = answers.ranking(c);
        each[c] = statistic.of(ranking);
        statistic.influence(ranking).forEach((own, row) => {
          influence[row] = (influence[row] as number) + (own * (counts[c] as number)) / rows;
        });
      }
      for (let row = 0; row < rows; row++) {
        influence[row] = (influence[row] as number) + (each[labels[row] as number] as number) - value;
      }
      return nearby(value, influence);
    },
  };
}

/** Every row's score for every class in one ranking: right are those for the true class. */
function micro(answers: Classified, statistic: RankStatistic): Measured {
  const { rows, classes, labels, columns } = answers;
  if (rows === 0) return undefinedBecause(NO_ROWS);
  const scores = new Float64Array(rows * classes);
  const right = new Float64Array(rows * classes);
  for (let c = 0; c < classes; c++) {
    const own = columns[c] ?? columns[1]?.map((score) => 1 - score);
    if (own !== undefined) scores.set(own, c * rows);
    for (let row = 0; row < rows; row++) right[c * rows + row] = labels[row] === c ? 1 : 0;
  }
  const flat = rankingOf(right, scores, 1);
  const byRow = { ...flat, row: flat.row.map((entry) => entry % rows) };
  const mean = (weights: RowWeights): number => statistic.of(byRow, weights);
  const value = mean(new Uint16Array(rows).fill(1));
  return {
    value,
    ...(rows < statistic.few ? { rough: `rough for ${rows} rows` } : {}),
    weighted: mean,
    sums: () => {
      const influence = new Float64Array(rows);
      statistic.influence(flat).forEach((own, entry) => {
        const row = entry % rows;
        influence[row] = (influence[row] as number) + own / classes;
      });
      return nearby(value, influence);
    },
  };
}

/** The mean over pairs of classes that have rows, plain or counting by their rows. */
function pairwise(answers: Classified, byRows: boolean): Measured {
  const { rows, classes, labels } = answers;
  if (rows === 0) return undefinedBecause(NO_ROWS);
  const weightIn =
    ({ counts }: Pairs) =>
    (a: number, b: number): number =>
      byRows ? (counts[a] as number) + (counts[b] as number) : 1;
  const mean = (pairs: Pairs): number => meanOfPairs(pairs, weightIn(pairs));
  const pairs = pairsOf(answers);
  const value = mean(pairs);
  if (Number.isNaN(value)) return undefinedBecause(ONE_CLASS);
  return {
    value,
    support: pairs.counts.reduce((least, count) => (count > 0 ? Math.min(least, count) : least), rows),
    weighted: (weights) => mean(pairsOf(answers, weights)),
    sums: () => {
      const influence = pairInfluence(answers, pairs, weightIn(pairs));
      if (byRows) {
        const own = weightMoves(pairs, classes);
        for (let row = 0; row < rows; row++) {
          influence[row] = (influence[row] as number) + (own[labels[row] as number] as number) - value;
        }
      }
      return nearby(value, influence);
    },
  };
}

/** By class: the mean area of its pairs, which counts more with one more row of it. */
function weightMoves({ counts, area }: Pairs, classes: number): Float64Array {
  const present = counts.filter((count) => count > 0).length;
  return counts.map((_, c) => {
    let sum = 0;
    for (let b = 0; b < classes; b++) {
      const both = (area[c * classes + b] as number) + (area[b * classes + c] as number);
      if (!Number.isNaN(both)) sum += both / 2;
    }
    return sum / (present - 1);
  });
}

function countsOf({ classes, labels }: Classified, weights?: RowWeights): Float64Array {
  const counts = new Float64Array(classes);
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row] as number;
    counts[label] = (counts[label] as number) + (weights?.[row] ?? 1);
  }
  return counts;
}

function average(
  name: string,
  title: string,
  definition: string,
  measure: ScoreMetric["measure"],
): ScoreMetric {
  const source = `${SCIKIT_LEARN}, ${definition}`;
  const shared = { better: "higher", range: [0, 1], needs: "scores", probabilities: false } as const;
  return { name, title, tasks: MULTICLASS, ...shared, source, onRequest: true, measure };
}

const auc = (options: string): string => `roc_auc_score(${options})`;

/** ROC AUC and average precision of many classes, averaged in other ways than plainly over classes. */
export const rankAverages: readonly ScoreMetric[] = [
  average(
    "roc_auc_ovr_weighted",
    "ROC AUC, one class against the rest, weighted",
    auc('multi_class="ovr", average="weighted"'),
    (answers) => weighted(answers, AREA),
  ),
  average(
    "roc_auc_ovr_micro",
    "ROC AUC, one class against the rest, micro",
    auc('multi_class="ovr", average="micro"'),
    (answers) => micro(answers, AREA),
  ),
  average("roc_auc_ovo", "ROC AUC, classes in pairs", auc('multi_class="ovo", average="macro"'), (answers) =>
    pairwise(answers, false),
  ),
  average(
    "roc_auc_ovo_weighted",
    "ROC AUC, classes in pairs, weighted",
    auc('multi_class="ovo", average="weighted"'),
    (answers) => pairwise(answers, true),
  ),
  average(
    "average_precision_ovr_weighted",
    "Average precision, one class against the rest, weighted",
    'average_precision_score(average="weighted")',
    (answers) => weighted(answers, PRECISION),
  ),
  average(
    "average_precision_ovr_micro",
    "Average precision, one class against the rest, micro",
    'average_precision_score(average="micro")',
    (answers) => micro(answers, PRECISION),
  ),
];
