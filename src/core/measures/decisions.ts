import { multinomial } from "../stats/multinomial.ts";
import { type Random, random } from "../stats/random.ts";
import { isIndependent, unitsOf } from "./bootstrap.ts";
import { type Cells, type Confusion, confusionCells, confusionOf } from "./confusion.ts";
import type { Certainty } from "./interval.ts";
import type { DecisionMetric } from "./metrics/metric.ts";
import type { Classified, Costs } from "./scored.ts";

/** How the report names this way to an interval. */
export const CELL_METHOD = "percentile bootstrap of rows, drawn as cells";
/** The same where groups of rows are drawn. */
export const CLUSTER_METHOD = "percentile bootstrap of groups of rows";

/** How a decision metric's interval comes about. */
export function decisionMethod(rows: number, certainty: Certainty): string {
  if (isPlain(certainty)) return CELL_METHOD;
  if (certainty.clusters !== undefined) return CLUSTER_METHOD;
  const weighted = certainty.weights === undefined ? "" : "weighted ";
  return `percentile bootstrap of ${weighted}${unitsOf(rows, certainty).title}`;
}

/**
 * Decision metrics on resampled rows: `values[metric][resample]`.
 *
 * They are functions of the confusion matrix, and the matrix of resampled rows is multinomial over
 * its cells; so the cells are drawn, which is the bootstrap of rows exactly, for any number of rows.
 *
 * Where rows belong together the groups are drawn, and their rows counted; where they have weights, rows are
 * drawn, and their weights added up.
 *
 * @param of the rows behind the cells, which groups and weights need
 */
export function resampleDecisions(
  metrics: readonly DecisionMetric[],
  cells: Cells,
  rows: number,
  costs: Costs | undefined,
  certainty: Certainty,
  of?: Classified,
): Float64Array[] {
  const { resamples, seed } = certainty;
  const values = metrics.map(() => new Float64Array(resamples));
  const draw =
    isPlain(certainty) || of === undefined
      ? multinomialDraw(rows, cells, random(seed, "decisions"))
      : unitsDraw(placesOf(of.labels, of.decisions, cells), certainty);
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
 *
 * To them two rows of each class are added, one that only the candidate decides rightly and one that only the
 * baseline does. Without them one changed row among a hundred would come up in two of three resamples and never
 * speak against it, and none would be taken for a proof; with them the difference of two models of the same worth
 * is found in no more draws than it should be. It is what Bonett and Price (2012) do with the difference of two shares.
 */
export function resampleDecisionDifferences(
  metrics: readonly DecisionMetric[],
  candidate: Classified,
  baseline: Classified,
  costs: Costs | undefined,
  certainty: Certainty,
  empty?: number,
): Float64Array[] {
  const { resamples, seed } = certainty;
  const { rows } = candidate;
  const joint = jointCells(candidate, baseline, empty);
  const [ours, theirs] = [metrics, metrics].map((list) => list.map(() => new Float64Array(resamples)));
  if (ours === undefined || theirs === undefined) return [];
  const cells = isPlain(certainty) ? withDoubt(joint) : joint;
  const draw = isPlain(certainty)
    ? multinomialDraw(
        rows + 2 * classesOf(joint.candidate).length,
        cells.candidate,
        random(seed, "paired decisions"),
      )
    : unitsDraw(joint.places(), certainty);
  const counts = new Float64Array(cells.candidate.counts.length);
  for (let resample = 0; resample < resamples; resample++) {
    draw(counts);
    fill(ours, resample, metrics, confusionOf(cells.candidate, counts), costs);
    fill(theirs, resample, metrics, confusionOf(cells.baseline, counts), costs);
  }
  return ours.map((values, metric) => values.map((value, i) => value - (theirs[metric]?.[i] ?? Number.NaN)));
}

type Draw = (counts: Float64Array) => void;

const multinomialDraw =
  (rows: number, { counts: observed }: Cells, draws: Random): Draw =>
  (counts) =>
    multinomial(rows, observed, counts, draws);

/** Whether drawing cells is the same as drawing rows. */
export const isPlain = (certainty: Certainty): boolean =>
  isIndependent(certainty) && certainty.weights === undefined && certainty.strata === undefined;

/** Up to so many entries the rows' weights are added up by unit and cell once, and not in every draw. */
const TABLE = 2_000_000;

/** Counts the cells of the rows of what is drawn, each row by its weight. */
function unitsDraw(places: Int32Array, certainty: Certainty): Draw {
  const { units, blockOf, next } = unitsOf(places.length, certainty);
  const { weights: own } = certainty;
  const drawn = new Uint16Array(units);
  const width = 1 + places.reduce((most, place) => Math.max(most, place), 0);
  if (blockOf !== undefined && width * units <= TABLE && units < places.length) {
    const table = new Float64Array(width * units);
    for (let row = 0; row < places.length; row++) {
      const at = (blockOf[row] as number) * width + (places[row] as number);
      table[at] = (table[at] as number) + (own?.[row] ?? 1);
    }
    return (counts) => {
      next(drawn);
      counts.fill(0);
      for (let unit = 0; unit < units; unit++) {
        const times = drawn[unit] as number;
        if (times === 0) continue;
        for (let cell = 0; cell < width; cell++) {
          counts[cell] = (counts[cell] as number) + times * (table[unit * width + cell] as number);
        }
      }
    };
  }
  return (counts) => {
    next(drawn);
    counts.fill(0);
    for (let row = 0; row < places.length; row++) {
      const place = places[row] as number;
      const times = drawn[blockOf === undefined ? row : (blockOf[row] as number)] as number;
      counts[place] = (counts[place] as number) + times * (own?.[row] ?? 1);
    }
  };
}

/** The classes that any row belongs to, in order. */
const classesOf = ({ truth }: Cells): number[] => [...new Set(truth)].sort((a, b) => a - b);

/** Two models' cells with two rows more of each class, which the one or the other decides for the next class. */
function withDoubt({ candidate, baseline }: Joint): Joint {
  const classes = classesOf(candidate);
  const truth: number[] = [];
  const [ours, theirs]: [number[], number[]] = [[], []];
  classes.forEach((own, place) => {
    const next = classes[(place + 1) % classes.length] as number;
    const wrong = next === own ? (own + 1) % Math.max(2, candidate.classes) : next;
    truth.push(own, own);
    ours.push(own, wrong);
    theirs.push(wrong, own);
  });
  const counts = Float64Array.of(...candidate.counts, ...truth.map(() => 1));
  const added = (cells: Cells, decided: readonly number[]): Cells => ({
    ...cells,
    truth: Int32Array.of(...cells.truth, ...truth),
    decided: Int32Array.of(...cells.decided, ...decided),
    counts,
  });
  return { candidate: added(candidate, ours), baseline: added(baseline, theirs) };
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
export interface Joint {
  readonly candidate: Cells;
  readonly baseline: Cells;
}

/** The same counts seen as the candidate's cells and as the baseline's. */
export function jointCells(
  { rows, classes, labels, decisions }: Classified,
  other: Classified,
  empty?: number,
) {
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
    ...(empty === undefined ? {} : { empty }),
  };
  const baseline: Cells = { ...candidate, decided: decided.map((pair) => pair % classes) };
  return { candidate, baseline, places: () => placesOf(labels, pairs, { truth, decided }) };
}
