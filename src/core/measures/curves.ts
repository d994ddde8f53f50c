import type { Report } from "../report/report.ts";
import type { CalibrationSection } from "../report/sections/calibration.ts";
import { argsort } from "../stats/argsort.ts";
import type { Ranking } from "./metrics/ranking.ts";
import type { Answers } from "./points.ts";
import { type PointsOfCurve, thin } from "./thinning.ts";

type Curves = Report["curves"];
type CurvePoint = Curves["roc"][number];

/** So many points are more than a picture shows. */
const POINTS = 200;
const RESIDUAL_GROUPS = 60;

const NONE: Curves = {
  roc: [],
  roc_baseline: [],
  precision_recall: [],
  precision_recall_baseline: [],
  calibration: [],
  residuals: [],
};

/**
 * What the report draws: for two classes ROC, precision-recall and calibration; for more classes
 * calibration of the largest probability; for regression predicted against observed, as means over
 * groups of rows with neighbouring predictions, so that no single row's value is shown.
 *
 * A curve that is not defined (one class, no scores) is empty.
 *
 * @param least the fewest rows that a group may have
 */
export function curvesOf(
  candidate: Answers,
  baseline: Answers | undefined,
  least: number,
  calibration: CalibrationSection["bins"] = [],
): Curves {
  if (candidate.kind === "numbers") {
    return { ...NONE, residuals: residuals(candidate, least) };
  }
  if (candidate.kind === "sets") return NONE;
  const { unscored, classes } = candidate.classified;
  if (unscored !== undefined || candidate.rows === 0) return NONE;
  if (classes !== 2) return { ...NONE, calibration };
  const own = pictures(candidate);
  const base = baseline === undefined ? undefined : pictures(baseline);
  return {
    ...NONE,
    roc: own.roc,
    precision_recall: own.precisionRecall,
    roc_baseline: base?.roc ?? [],
    precision_recall_baseline: base?.precisionRecall ?? [],
    calibration,
  };
}

function pictures(answers: Answers): { readonly roc: CurvePoint[]; readonly precisionRecall: CurvePoint[] } {
  if (answers.kind !== "classes" || answers.classified.unscored !== undefined) {
    return { roc: [], precisionRecall: [] };
  }
  const { weights } = answers.classified;
  const ranking = answers.classified.ranking(1);
  const { positives, negatives } = ranking;
  return {
    roc: positives === 0 || negatives === 0 ? [] : pointsOf(thin(rocCurve(ranking, weights), POINTS)),
    precisionRecall: positives === 0 ? [] : pointsOf(thin(precisionRecallCurve(ranking, weights), POINTS)),
  };
}

const pointsOf = ({ x, y }: PointsOfCurve): CurvePoint[] =>
  Array.from(x, (value, i) => ({ x: value, y: y[i] ?? 0 }));

/**
 * True positive rate (y) against false positive rate (x) at every distinct score, from (0, 0) to (1, 1).
 *
 * @example rocCurve({ row: [0, 1], positive: [1, 0], last: [1, 1], positives: 1, negatives: 1 }) // => { x: [0, 0, 1], y: [0, 1, 1] }
 */
export function rocCurve(ranking: Ranking, weights?: Float64Array): PointsOfCurve {
  const { positives, negatives } = sides(ranking, weights);
  return along(ranking, weights, 0, 0, (hits, rows) => [(rows - hits) / negatives, hits / positives]);
}

/**
 * Precision (y) against recall (x) at every distinct score, from (0, 1) to recall 1, where it ends.
 *
 * @example precisionRecallCurve({ row: [0, 1, 2], positive: [1, 0, 0], last: [1, 1, 1], positives: 1, negatives: 2 }) // => { x: [0, 1], y: [1, 1] }
 */
export function precisionRecallCurve(ranking: Ranking, weights?: Float64Array): PointsOfCurve {
  const { positives } = sides(ranking, weights);
  return along(ranking, weights, 0, 1, (hits, rows) => [hits / positives, hits / rows], true);
}

/** What the rows of the two sides count. */
function sides(ranking: Ranking, weights: Float64Array | undefined) {
  if (weights === undefined) return ranking;
  let [positives, all] = [0, 0];
  for (let place = 0; place < ranking.row.length; place++) {
    const weight = weights[ranking.row[place] as number] as number;
    positives += weight * (ranking.positive[place] as number);
    all += weight;
  }
  return { positives, negatives: all - positives };
}

/** One point for each distinct score, from the highest down, after the one given. */
function along(
  { row, positive, last, positives }: Ranking,
  weights: Float64Array | undefined,
  x0: number,
  y0: number,
  at: (hits: number, rows: number) => [number, number],
  stopAtFullRecall = false,
): PointsOfCurve {
  const x = new Float64Array(row.length + 1);
  const y = new Float64Array(row.length + 1);
  [x[0], y[0]] = [x0, y0];
  let [hits, rows, found, points] = [0, 0, 0, 1];
  for (let place = 0; place < row.length; place++) {
    const weight = weights?.[row[place] as number] ?? 1;
    rows += weight;
    hits += weight * (positive[place] as number);
    found += positive[place] as number;
    if (last[place] === 0) continue;
    const [px, py] = at(hits, rows);
    [x[points], y[points]] = [px, py];
    points++;
    if (stopAtFullRecall && found === positives) break;
  }
  return { x: x.subarray(0, points), y: y.subarray(0, points) };
}

function residuals(
  { labels, predictions, weights }: Extract<Answers, { readonly kind: "numbers" }>,
  least: number,
): CurvePoint[] {
  const order = argsort(predictions);
  const groups = Math.min(RESIDUAL_GROUPS, Math.floor(order.length / Math.max(1, least)));
  return Array.from({ length: groups }, (_, group) => {
    const from = Math.floor((group * order.length) / groups);
    const to = Math.floor(((group + 1) * order.length) / groups);
    let [predicted, observed, total] = [0, 0, 0];
    for (let place = from; place < to; place++) {
      const row = order[place] as number;
      const weight = weights?.[row] ?? 1;
      predicted += weight * (predictions[row] as number);
      observed += weight * (labels[row] as number);
      total += weight;
    }
    return { x: predicted / total, y: observed / total };
  });
}
