import { multinomial } from "../stats/multinomial.ts";
import { type Random, random } from "../stats/random.ts";
import { clusterResampling } from "../stats/resampling.ts";
import { type Cells, type Confusion, confusionCells, confusionOf } from "./confusion.ts";
import type { Certainty } from "./interval.ts";
import type { DecisionMetric } from "./metrics/metric.ts";
import type { Classified, Costs } from "./scored.ts";

/** How the report names this way to an interval. */
export const CELL_METHOD = "percentile bootstrap of rows, drawn as cells";
/** The same where groups of rows are drawn. */
export const CLUSTER_METHOD = "percentile bootstrap of groups of rows";

/**
 * Decision metrics on resampled rows: `values[metric][resample]`.
 *
 * They are functions of the confusion matrix, and the matrix of resampled rows is multinomial over
 * its cells; so the cells are drawn, which is the bootstrap of rows exactly, for any number of rows.
 *
 * Where rows belong together the groups are drawn, and their rows counted.
 *
 * @param of the rows behind the cells, which groups need
 */
export function resampleDecisions(
  metrics: readonly DecisionMetric[],
  cells: Cells,
  rows: number,
  costs: Costs | undefined,
  { resamples, seed, clusters }: Certainty,
  of?: Classified,
): Float64Array[] {
  const values = metrics.map(() => new Float64Array(resamples));
  const draw =
    clusters === undefined || of === undefined
      ? multinomialDraw(rows, cells, random(seed, "decisions"))
      : clusterDraw(placesOf(of.labels, of.decisions, cells), clusters, seed);
  const counts = new Float64Array(cells.counts.length);
  for (let resample = 0; resample < resamples; resample++) {
    draw(counts);
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
  { resamples, seed, clusters }: Certainty,
): Float64Array[] {
  const { rows } = candidate;
  const joint = jointCells(candidate, baseline);
  const [ours, theirs] = [metrics, metrics].map((list) => list.map(() => new Float64Array(resamples)));
  if (ours === undefined || theirs === undefined) return [];
  const draw =
    clusters === undefined
      ? multinomialDraw(rows, joint.candidate, random(seed, "paired decisions"))
      : clusterDraw(joint.places(), clusters, seed);
  const counts = new Float64Array(joint.candidate.counts.length);
  for (let resample = 0; resample < resamples; resample++) {
    draw(counts);
    fill(ours, resample, metrics, confusionOf(joint.candidate, counts), costs);
    fill(theirs, resample, metrics, confusionOf(joint.baseline, counts), costs);
  }
  return ours.map((values, metric) => values.map((value, i) => value - (theirs[metric]?.[i] ?? Number.NaN)));
}

type Draw = (counts: Float64Array) => void;

const multinomialDraw =
  (rows: number, { counts: observed }: Cells, draws: Random): Draw =>
  (counts) =>
    multinomial(rows, observed, counts, draws);

/** Counts the cells of the rows of the groups drawn. */
function clusterDraw(places: Int32Array, clusters: Int32Array, seed: number): Draw {
  const { units, blockOf = clusters, next } = clusterResampling(clusters, seed);
  const weights = new Uint16Array(units);
  return (counts) => {
    next(weights);
    counts.fill(0);
    for (let row = 0; row < places.length; row++) {
      const place = places[row] as number;
      counts[place] = (counts[place] as number) + (weights[blockOf[row] as number] as number);
    }
  };
}

/** Which cell each row is in. */
function placesOf(
  labels: Float64Array,
  decided: Int32Array,
  cells: Pick<Cells, "truth" | "decided">,
): Int32Array {
  const width = 1 + cells.decided.reduce((most, own) => Math.max(most, own), 0);
  const at = new Map(
    Array.from(cells.truth, (truth, cell) => [truth * width + (cells.decided[cell] as number), cell]),
  );
  return decided.map((own, row) => at.get((labels[row] as number) * width + own) as number);
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
  return { candidate, baseline, places: () => placesOf(labels, pairs, { truth, decided }) };
}
