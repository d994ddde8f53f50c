import type { LabelSets } from "../label-sets.ts";
import { MULTILABEL } from "../task.ts";
import type { ByClass } from "./averages.ts";
import {
  type Measured,
  measuredBy,
  NO_ROWS,
  SCIKIT_LEARN,
  type SetMetric,
  undefinedBecause,
} from "./metric.ts";
import { AREA, firstOrder, PRECISION, type RankStatistic } from "./ranks.ts";
import { BY_LABEL } from "./set-decisions.ts";
import { roughFor } from "./set-ranks.ts";

/** What is measured of one label alone, as a gate or `evaluate.metrics` asks for it: `recall of rain`. */
export const OF_LABEL = ["precision", "recall", "f1", "jaccard", "roc_auc", "average_precision"] as const;

type OfLabel = (typeof OF_LABEL)[number];

const TITLES: Readonly<Record<OfLabel, string>> = {
  precision: "Precision",
  recall: "Recall",
  f1: "F1",
  jaccard: "Jaccard index",
  roc_auc: "ROC AUC",
  average_precision: "Average precision",
};

/**
 * What the metric of one label is called in conditions and reports.
 *
 * @example labelMetricName("recall", "rain") // => "recall of rain"
 * @example labelMetricName("f1", "strong wind") // => 'f1 of "strong wind"'
 */
export const labelMetricName = (metric: string, label: string): string =>
  `${metric} of ${/^[\p{L}_][\p{L}\p{N}_]*$/u.test(label) ? label : `"${label}"`}`;

/**
 * The metric of one label by its name; undefined where the name is none.
 *
 * @param labels what the labels are called, in the order of the scores
 * @example labelMetric("recall of rain", ["wind", "rain"])?.title // => "Recall of rain"
 * @example labelMetric("recall of hail", ["wind", "rain"]) // => undefined
 */
export function labelMetric(name: string, labels: readonly string[]): SetMetric | undefined {
  for (const metric of OF_LABEL) {
    if (!name.startsWith(`${metric} of `)) continue;
    const label = labels.findIndex((own) => labelMetricName(metric, own) === name);
    if (label >= 0) return ofLabel(name, metric, label, labels[label] ?? "");
  }
  return undefined;
}

function ofLabel(name: string, metric: OfLabel, label: number, called: string): SetMetric {
  const ranks = metric === "roc_auc" || metric === "average_precision";
  return {
    name,
    title: `${TITLES[metric]} of ${called}`,
    tasks: MULTILABEL,
    better: "higher",
    range: [0, 1],
    needs: "sets",
    scores: ranks ? "order" : "none",
    source: `${SCIKIT_LEARN}, ${metric}_score of the label's column`,
    onRequest: true,
    measure: (sets) =>
      ranks
        ? ranked(sets, label, metric === "roc_auc" ? AREA : PRECISION)
        : decided(sets, label, BY_LABEL[metric]),
  };
}

function decided({ rows, labels, truth, decided, empty }: LabelSets, label: number, of: ByClass): Measured {
  const column = (marks: Uint8Array) =>
    Float64Array.from({ length: rows }, (_, row) => marks[row * labels + label] as number);
  const [real, chosen] = [column(truth), column(decided)];
  const hits = real.map((mark, row) => mark * (chosen[row] as number));
  const value = ([a = 0, b = 0, c = 0]: Float64Array): number => of(c, b, a, empty);
  const total = (values: Float64Array): number => values.reduce((sum, one) => sum + one, 0);
  const either = total(real) + total(chosen) - total(hits);
  const support = of === BY_LABEL.precision ? total(chosen) : of === BY_LABEL.recall ? total(real) : either;
  const measured = measuredBy({ slots: 1, amounts: [real, chosen, hits], value }, rows);
  const none = Number.isNaN(measured.value) && rows > 0;
  // of recall both models have the same denominator: its rows are the ones that are compared
  const trials = of === BY_LABEL.recall ? { trials: chosen.filter((_, row) => real[row] === 1) } : {};
  return {
    ...measured,
    support,
    ...(support > 0 ? trials : {}),
    ...(none ? { reason: "there is nothing of which to take a share" } : {}),
  };
}

function ranked(sets: LabelSets, label: number, statistic: RankStatistic): Measured {
  if (sets.rows === 0) return undefinedBecause(NO_ROWS);
  const ranking = sets.ranking(label);
  const { positives, negatives } = ranking;
  if (positives === 0) return undefinedBecause("no row carries the label");
  if (statistic === AREA && negatives === 0) return undefinedBecause("every row carries the label");
  const value = statistic.of(ranking);
  return {
    value,
    support: Math.min(positives, negatives || positives),
    ...roughFor([ranking], statistic),
    weighted: (weights) => statistic.of(ranking, weights),
    sums: () => firstOrder(value, [ranking], statistic),
  };
}
