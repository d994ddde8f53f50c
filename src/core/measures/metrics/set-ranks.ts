import type { LabelSets } from "../label-sets.ts";
import { MULTILABEL } from "../task.ts";
import {
  type Measured,
  NO_ROWS,
  type RowWeights,
  SCIKIT_LEARN,
  type SetMetric,
  undefinedBecause,
} from "./metric.ts";
import { type Ranking, rankingOf } from "./ranking.ts";
import { AREA, firstOrder, nearby, PRECISION, type RankStatistic } from "./ranks.ts";
import { overRows } from "./set-rows.ts";
import { tallyOf } from "./set-tally.ts";

const rankingsOf = ({ labels, ranking }: LabelSets): Ranking[] =>
  Array.from({ length: labels }, (_, label) => ranking(label));

/** Why some labels do not define the statistic; undefined where all do. */
function lacking(rankings: readonly Ranking[], statistic: RankStatistic): string | undefined {
  const bad = rankings.filter((one) => statistic.undefinedFor(one) !== undefined).length;
  if (bad === 0) return undefined;
  const what = statistic === AREA ? "on in no row, or in all" : "on in no row";
  return `${bad} of ${rankings.length} labels ${bad === 1 ? "is" : "are"} ${what}`;
}

/** In what way the interval promises too much for these rows, where it does. */
export function roughFor(rankings: readonly Ranking[], statistic: RankStatistic): Pick<Measured, "rough"> {
  const behind = Math.min(...rankings.map((one) => statistic.behind(one)));
  return behind < statistic.few ? { rough: `rough for ${behind} rows on one side of a label` } : {};
}

const least = (rankings: readonly Ranking[]): number =>
  Math.min(...rankings.map(({ positives, negatives }) => Math.min(positives, negatives || positives)));

/** The plain mean over labels. */
function macro(sets: LabelSets, statistic: RankStatistic): Measured {
  if (sets.rows === 0) return undefinedBecause(NO_ROWS);
  const rankings = rankingsOf(sets);
  const reason = lacking(rankings, statistic);
  if (reason !== undefined) return undefinedBecause(reason);
  const weighted = (weights?: RowWeights): number =>
    rankings.reduce((sum, one) => sum + statistic.of(one, weights), 0) / rankings.length;
  const value = weighted();
  return {
    value,
    support: least(rankings),
    ...roughFor(rankings, statistic),
    weighted,
    sums: () => firstOrder(value, rankings, statistic),
  };
}

/** The mean over labels, each counting by the rows that carry it; one that no row carries counts nothing. */
function weighted(sets: LabelSets, statistic: RankStatistic): Measured {
  if (sets.rows === 0) return undefinedBecause(NO_ROWS);
  const present = rankingsOf(sets)
    .map((ranking, label) => ({ ranking, label }))
    .filter(({ ranking }) => ranking.positives > 0);
  const rankings = present.map(({ ranking }) => ranking);
  if (present.length === 0) return undefinedBecause("no row carries a label");
  const reason = lacking(rankings, statistic);
  if (reason !== undefined) return undefinedBecause(reason);
  const mean = (weights?: RowWeights): number => {
    const { truth } = tallyOf(sets, weights);
    let [sum, total] = [0, 0];
    for (const { ranking, label } of present) {
      const count = truth[label] as number;
      if (count > 0) sum += count * statistic.of(ranking, weights);
      total += count;
    }
    return sum / total;
  };
  return {
    value: mean(),
    support: least(rankings),
    ...roughFor(rankings, statistic),
    weighted: mean,
    sums: () => {
      const { rows } = sets;
      const value = mean();
      const total = rankings.reduce((sum, { positives }) => sum + positives, 0);
      const influence = new Float64Array(rows);
      for (const { ranking, label } of present) {
        const gap = statistic.of(ranking) - value;
        statistic.influence(ranking).forEach((own, row) => {
          const on = sets.truth[row * sets.labels + label] as number;
          const moved = (own * ranking.positives) / total + (on * gap * rows) / total;
          influence[row] = (influence[row] as number) + moved;
        });
      }
      return nearby(value, influence);
    },
  };
}

/** Every score of every row in one ranking: right are the labels that are on. */
function micro(sets: LabelSets, statistic: RankStatistic): Measured {
  const { rows, labels, truth, columns } = sets;
  if (rows === 0) return undefinedBecause(NO_ROWS);
  const scores = new Float64Array(rows * labels);
  const right = new Float64Array(rows * labels);
  columns.forEach((column, label) => {
    scores.set(column, label * rows);
    for (let row = 0; row < rows; row++) right[label * rows + row] = truth[row * labels + label] as number;
  });
  const flat = rankingOf(right, scores, 1);
  if (statistic.undefinedFor(flat) !== undefined) {
    return undefinedBecause(
      flat.positives === 0 ? "no row carries a label" : "every row carries every label",
    );
  }
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
        influence[row] = (influence[row] as number) + own / labels;
      });
      return nearby(value, influence);
    },
  };
}

/** Of each row's labels, averaged over the rows that define it. */
function samples(sets: LabelSets, statistic: RankStatistic): Measured {
  const { labels, truth, columns } = sets;
  const each = (row: number): number => {
    const on = Float64Array.from(truth.subarray(row * labels, (row + 1) * labels));
    const scores = Float64Array.from(columns, (column) => column[row] as number);
    const ranking = rankingOf(on, scores, 1);
    return statistic.undefinedFor(ranking) === undefined ? statistic.of(ranking) : Number.NaN;
  };
  return overRows(sets, each, "no row carries a label, or none carries only some");
}

const AVERAGES = { macro, micro, weighted, samples };

function family(name: string, title: string, function_: string, statistic: RankStatistic): SetMetric[] {
  return Object.entries(AVERAGES).map(([average, measure]) => ({
    name: `${name}_${average}`,
    title: `${title}, ${average === "samples" ? "by row" : average}`,
    tasks: MULTILABEL,
    better: "higher",
    range: [0, 1],
    needs: "sets",
    scores: "order",
    source: `${SCIKIT_LEARN}, ${function_}(average="${average}")`,
    ...(average === "macro" ? {} : { onRequest: true }),
    measure: (sets) => measure(sets, statistic),
  }));
}

/** ROC AUC and average precision of several labels, averaged in four ways. */
export const setRanks: readonly SetMetric[] = [
  ...family("roc_auc", "ROC AUC", "roc_auc_score", AREA),
  ...family("average_precision", "Average precision", "average_precision_score", PRECISION),
];
