import { formatNumber } from "../../report/numbers.ts";
import { delongDifference } from "../../stats/delong.ts";
import type { Classified } from "../scored.ts";
import { BINARY, MULTICLASS } from "../task.ts";
import { averagePrecision, precisionInfluence } from "./average-precision.ts";
import {
  type Measured,
  NO_ROWS,
  type PairedTest,
  type RowSums,
  type RowWeights,
  SCIKIT_LEARN,
  type ScoreMetric,
} from "./metric.ts";
import type { Ranking } from "./ranking.ts";
import { area, placements, placementsOf } from "./roc-auc.ts";

/** A number of one ranking, exactly and as influences to first order. */
export interface RankStatistic {
  of(ranking: Ranking, weights?: RowWeights): number;
  /** By row, times the number of rows: how much one more of it would move the number. */
  influence(ranking: Ranking): Float64Array;
  /** The rows that its interval depends on most: those of the smaller class, or the positive ones. */
  behind(ranking: Ranking): number;
  /** With fewer behind it, its interval holds the truth in fewer than 93 % of draws. */
  readonly few: number;
  /** Why this ranking does not define it. */
  undefinedFor(ranking: Ranking): string | undefined;
}

/** The area under the ROC curve. */
export const AREA: RankStatistic = {
  of: area,
  behind: ({ positives, negatives }) => Math.min(positives, negatives),
  few: 50, // with 20 positive rows its interval holds the truth in 91 % of draws, see docs/evaluation/coverage.md
  influence: (ranking) => {
    const rows = ranking.row.length;
    const own = area(ranking);
    const out = placements(ranking, new Float64Array(rows));
    for (let place = 0; place < rows; place++) {
      const row = ranking.row[place] as number;
      const side = ranking.positive[place] === 1 ? ranking.positives : ranking.negatives;
      out[row] = (((out[row] as number) - own) * rows) / side;
    }
    return out;
  },
  undefinedFor: ({ positives, negatives }) =>
    positives === 0 || negatives === 0 ? "only one class has rows" : undefined,
};

/** The average precision. */
export const PRECISION: RankStatistic = {
  of: averagePrecision,
  behind: ({ positives }) => positives,
  few: 100, // with 50 and 100 positive rows it holds 94 %, but for weak models it is far from linear in the few rows at the top
  influence: (ranking) => {
    const out = precisionInfluence(ranking, new Float64Array(ranking.row.length));
    for (let row = 0; row < out.length; row++)
      out[row] = ((out[row] as number) * out.length) / ranking.positives;
    return out;
  },
  undefinedFor: ({ positives }) => (positives === 0 ? "the positive class has no rows" : undefined),
};

const shared = { better: "higher", range: [0, 1], needs: "scores", probabilities: false } as const;

/** With fewer rows on a side its variance is itself a guess, and the test finds differences that are none. */
const ENOUGH_FOR_DELONG = 10;

const delongTest: PairedTest = (candidate, baseline) => {
  if (baseline.unscored !== undefined || candidate.unscored !== undefined) return undefined;
  const [ours, theirs] = [candidate.ranking(1), baseline.ranking(1)];
  if (Math.min(ours.positives, ours.negatives) < ENOUGH_FOR_DELONG) return undefined;
  const { variance, p } = delongDifference(placementsOf(ours), placementsOf(theirs));
  if (Number.isNaN(p)) return undefined;
  return { method: "DeLong", p, detail: `standard error ${formatNumber(Math.sqrt(variance))}` };
};

/** Area under the ROC curve. NaN where one of the two classes has no rows, since there is no pair to order. */
export const rocAuc: ScoreMetric = {
  name: "roc_auc",
  title: "ROC AUC",
  tasks: BINARY,
  ...shared,
  source: `${SCIKIT_LEARN}, roc_auc_score`,
  measure: (answers) => overClasses(answers, [1], AREA),
  test: delongTest,
};

/** The plain mean of each class's ROC AUC against all others. NaN where a class has no rows, or all. */
export const rocAucOvr: ScoreMetric = {
  name: "roc_auc_ovr",
  title: "ROC AUC, one class against the rest",
  tasks: MULTICLASS,
  ...shared,
  source: `${SCIKIT_LEARN}, roc_auc_score(multi_class="ovr", average="macro")`,
  measure: (answers) => overClasses(answers, [...new Array(answers.classes).keys()], AREA),
};

/** Average precision. NaN where no row is positive (scikit-learn warns and says 0). */
export const averagePrecisionMetric: ScoreMetric = {
  name: "average_precision",
  title: "Average precision",
  tasks: BINARY,
  ...shared,
  source: `${SCIKIT_LEARN}, average_precision_score`,
  measure: (answers) => overClasses(answers, [1], PRECISION),
};

/** The plain mean of each class's average precision against all others. NaN where a class has no rows. */
export const averagePrecisionOvr: ScoreMetric = {
  name: "average_precision_ovr",
  title: "Average precision, one class against the rest",
  tasks: MULTICLASS,
  ...shared,
  source: `${SCIKIT_LEARN}, average_precision_score(average="macro")`,
  measure: (answers) => overClasses(answers, [...new Array(answers.classes).keys()], PRECISION),
};

function overClasses(answers: Classified, classes: readonly number[], statistic: RankStatistic): Measured {
  const none = { slots: 1, amounts: [], value: () => Number.NaN };
  if (answers.rows === 0) return { value: Number.NaN, reason: NO_ROWS, sums: () => none };
  const rankings = classes.map((c) => answers.ranking(c));
  const reason = rankings.map((one) => statistic.undefinedFor(one)).find((text) => text !== undefined);
  if (reason !== undefined) {
    const text = classes.length === 1 ? reason : "a class has no rows, or all";
    return { value: Number.NaN, reason: text, sums: () => none };
  }
  const weighted = (weights?: RowWeights): number => {
    let sum = 0;
    for (const one of rankings) sum += statistic.of(one, weights);
    return sum / rankings.length;
  };
  const value = weighted();
  const support = Math.min(...rankings.map(({ positives, negatives }) => Math.min(positives, negatives)));
  const behind = Math.min(...rankings.map((one) => statistic.behind(one)));
  const rough = behind < statistic.few ? { rough: `rough for ${behind} ${sideOf(rankings, behind)}` } : {};
  return { value, support, ...rough, weighted, sums: () => firstOrder(value, rankings, statistic) };
}

function sideOf(rankings: readonly Ranking[], rows: number): string {
  const [only] = rankings;
  if (only === undefined || rankings.length > 1) return rows === 1 ? "row of a class" : "rows of a class";
  return `${only.positives === rows ? "positive" : "negative"} ${rows === 1 ? "row" : "rows"}`;
}

/** value + the mean influence of the rows drawn, of the plain mean over rankings of the same rows. */
export function firstOrder(value: number, rankings: readonly Ranking[], statistic: RankStatistic): RowSums {
  const influence = new Float64Array(rankings[0]?.row.length ?? 0);
  for (const one of rankings) {
    const own = statistic.influence(one);
    for (let row = 0; row < own.length; row++) {
      influence[row] = (influence[row] as number) + (own[row] as number) / rankings.length;
    }
  }
  return nearby(value, influence);
}

/** value + the mean influence of the rows drawn, kept within 0 and 1, where such numbers lie. */
export function nearby(value: number, influence: Float64Array): RowSums {
  return {
    slots: 1,
    amounts: [influence],
    value: (sums, rows) => Math.min(1, Math.max(0, value + (sums[0] as number) / rows)),
  };
}
