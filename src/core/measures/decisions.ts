import { multinomial } from "../stats/multinomial.ts";
import { random } from "../stats/random.ts";
import { type Cells, type Confusion, confusionCells, confusionOf } from "./confusion.ts";
import type { Certainty } from "./interval.ts";
import type { DecisionMetric } from "./metrics/metric.ts";
import type { Classified, Costs } from "./scored.ts";

/** How the report names this way to an interval. */
export const CELL_METHOD = "percentile bootstrap of rows, drawn as cells";

/**
 * Decision metrics on resampled rows: `values[metric][resample]`.
 *
 * They are functions of the confusion matrix, and the matrix of resampled rows is multinomial over
 * its cells; so the cells are drawn, which is the bootstrap of rows exactly, for any number of rows.
 */
export function resampleDecisions(
  metrics: readonly DecisionMetric[],
  cells: Cells,
  rows: number,
  costs: Costs | undefined,
  { resamples, seed }: Certainty,
): Float64Array[] {
  const values = metrics.map(() => new Float64Array(resamples));
  const draws = random(seed, "decisions");
  const counts = new Float64Array(cells.counts.length);
  for (let resample = 0; resample < resamples; resample++) {
    multinomial(rows, cells.counts, counts, draws);
    fill(values, resample, metrics, confusionOf(cells, counts), costs);
  }
  return values;
}

/**
 * Candidate − baseline of decision metrics on the same resampled rows: `values[metric][resample]`.
 * The cells drawn are those of true class × candidate's decision × baseline's decision.
 */
export function resampleDecisionDifferences(
  metrics: readonly DecisionMetric[],
  candidate: Classified,
  baseline: Classified,
  costs: Costs | undefined,
  { resamples, seed }: Certainty,
): Float64Array[] {
  const { rows } = candidate;
  const joint = jointCells(candidate, baseline);
  const [ours, theirs] = [metrics, metrics].map((list) => list.map(() => new Float64Array(resamples)));
  if (ours === undefined || theirs === undefined) return [];
  const draws = random(seed, "paired decisions");
  const counts = new Float64Array(joint.candidate.counts.length);
  for (let resample = 0; resample < resamples; resample++) {
    multinomial(rows, joint.candidate.counts, counts, draws);
    fill(ours, resample, metrics, confusionOf(joint.candidate, counts), costs);
    fill(theirs, resample, metrics, confusionOf(joint.baseline, counts), costs);
  }
  return ours.map((values, metric) => values.map((value, i) => value - (theirs[metric]?.[i] ?? Number.NaN)));
}

function fill(
  values: readonly Float64Array[],
  resample: number,
  metrics: readonly DecisionMetric[],
  confusion: Confusion,
  costs: Costs | undefined,
): void {
  metrics.forEach((metric, m) => {
    const own = values[m];
    if (own !== undefined) own[resample] = metric.of(confusion, costs);
  });
}

/** The same counts seen as the candidate's cells and as the baseline's. */
export function jointCells({ rows, classes, labels, decisions }: Classified, other: Classified) {
  const pairs = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    pairs[row] = (decisions[row] as number) * classes + (other.decisions[row] as number);
  }
  const { truth, decided, counts } = confusionCells(labels, pairs, classes * classes);
  const candidate: Cells = {
    classes,
    truth,
    decided: decided.map((pair) => Math.floor(pair / classes)),
    counts,
  };
  const baseline: Cells = { classes, truth, decided: decided.map((pair) => pair % classes), counts };
  return { candidate, baseline };
}
