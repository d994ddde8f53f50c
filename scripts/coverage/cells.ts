import { bootstrap } from "../../src/core/measures/bootstrap.ts";
import { pairedRateBounds } from "../../src/core/measures/fairness/paired-gaps.ts";
import { rateInterval } from "../../src/core/measures/fairness/rate-intervals.ts";
import { FAIRNESS } from "../../src/core/measures/fairness/table.ts";
import { percentiles } from "../../src/core/measures/interval.ts";
import { metricRows } from "../../src/core/measures/metric-rows.ts";
import { METRICS } from "../../src/core/measures/metrics/catalogue.ts";
import { placementsOf } from "../../src/core/measures/metrics/roc-auc.ts";
import { answersOf, pointOf } from "../../src/core/measures/points.ts";
import { delong, delongInterval } from "../../src/core/stats/delong.ts";
import { random } from "../../src/core/stats/random.ts";
import { shareDifference, shareRatio } from "../../src/core/stats/two-proportions.ts";
import { wilson } from "../../src/core/stats/wilson.ts";
import { ChangedGroups, Numbers, TwoClasses, TwoGroups } from "./worlds.ts";

/** One place of the grid: a world, so many rows, and what is asked of it. */
export interface Cell {
  readonly world: "classes" | "alike" | "numbers" | "groups" | "changes" | "blocks";
  readonly rows: number;
  /** The share of positive or of selected rows; the shape of the errors of numbers; of changes how much rarer the last
   * of five like groups is selected by the candidate, or `apart`: two groups that were not alike before. */
  readonly rate: number | "normal" | "heavy" | "apart";
  readonly method?: "percentile" | "bca";
  /** Groups: how often the second is selected, against the first. */
  readonly ratio?: number;
}

/** How often an interval was given, and how often it held the truth; of a test, how often it claimed a difference. */
export interface Tally {
  given: number;
  held: number;
}

/** How alike two models score the same row that one was made from the other by a small change. */
const VERY_ALIKE = 0.99;
/** Above so many rows scores are not compared with the other model's by resamples, which takes most of the time. */
const PAIRED = 1000;

/** Whether a cell was measured with all that is asked of it. */
export function isWhole({ world, method, rows }: Cell, tallies: Record<string, Tally> | undefined): boolean {
  if (tallies === undefined || method === "bca") return tallies !== undefined;
  if (world === "numbers") return tallies["rmse difference"] !== undefined;
  return world !== "classes" || tallies[`${rows > PAIRED ? "f1" : "roc_auc"} difference`] !== undefined;
}

export const keyOf = ({ world, rows, rate, method, ratio }: Cell): string =>
  [world, rows, rate, method, ratio].filter((part) => part !== undefined).join(" ");

const SIZES = [30, 100, 300, 1000, 5000];
const RATES = [0.01, 0.1, 0.5];
const POSITIVES = [20, 50, 100];
/** How much rarer one group of five is selected by the candidate. */
export const GAPS = [0, 0.1, 0.2];
/** Above 20,000 rows blocks are drawn, and ranks answer by their influences. */
const MANY = 20_500;

/** The quick ones first, so that a run which is broken off has most of them. */
export const CELLS: readonly Cell[] = [
  ...SIZES.flatMap((rows): Cell[] => [
    ...RATES.map((rate): Cell => ({ world: "classes", rows, rate, method: "percentile" })),
    ...(rows > 1000 ? [] : RATES.map((rate): Cell => ({ world: "classes", rows, rate, method: "bca" }))),
    ...(["normal", "heavy"] as const).map(
      (rate): Cell => ({ world: "numbers", rows, rate, method: "percentile" }),
    ),
    ...(rows > 1000
      ? []
      : (["normal", "heavy"] as const).map(
          (rate): Cell => ({ world: "numbers", rows, rate, method: "bca" }),
        )),
    ...RATES.flatMap((rate) => [1, 0.6].map((ratio): Cell => ({ world: "groups", rows, rate, ratio }))),
    ...(rows > PAIRED ? [] : RATES.slice(1).map((rate): Cell => ({ world: "alike", rows, rate }))),
    ...GAPS.map((rate): Cell => ({ world: "changes", rows, rate })),
    { world: "changes", rows, rate: "apart" },
  ]),
  ...POSITIVES.map((positives): Cell => ({ world: "blocks", rows: MANY, rate: positives / MANY })),
].sort((a, b) => a.rows * (a.world === "blocks" ? 0.1 : 1) - b.rows * (b.world === "blocks" ? 0.1 : 1));

type Range = { readonly low: number; readonly high: number | null } | null | undefined;

class Tallies {
  readonly all: Record<string, Tally> = {};

  add(name: string, range: Range, truth: number): void {
    this.all[name] ??= { given: 0, held: 0 };
    const own = this.all[name];
    if (range === null || range === undefined) return;
    own.given++;
    // rounding is no miss: an end at 1 is 1 − 2⁻⁵³ now and then
    const slack = 1e-12;
    if (range.low <= truth + slack && (range.high ?? Infinity) >= truth - slack) own.held++;
  }

  claim(name: string, p: number | undefined): void {
    this.all[name] ??= { given: 0, held: 0 };
    if (p === undefined) return;
    this.all[name].given++;
    if (p > 0.05) this.all[name].held++;
  }
}

/**
 * The confidence at which so few resamples hold what 0.95 of a thousand would: of B, type-7 quantiles hold
 * (B − 1) / (B + 1) of it where nothing else is amiss.
 */
const asOfThousand = (resamples: number): number => (0.95 * (999 / 1001) * (resamples + 1)) / (resamples - 1);

/** Draws rows again and again, and counts how often each interval holds what is true. */
export function measure(cell: Cell, draws: number, resamples: number): Record<string, Tally> {
  const tallies = new Tallies();
  const stream = random(
    2026,
    keyOf({ ...cell, ...(cell.method === undefined ? {} : { method: "percentile" }) }),
  );
  for (let draw = 0; draw < draws; draw++) {
    const settings = {
      resamples,
      confidence: asOfThousand(resamples),
      seed: draw,
      ...(cell.method === undefined ? {} : { method: cell.method }),
    };
    ONCE[cell.world](cell, stream, settings, tallies);
  }
  return tallies.all;
}

type Once = (
  cell: Cell,
  stream: ReturnType<typeof random>,
  settings: {
    readonly resamples: number;
    readonly confidence: number;
    readonly seed: number;
    readonly method?: "percentile" | "bca";
  },
  tallies: Tallies,
) => void;

const worlds = new Map<string, { readonly world: unknown; readonly truth: Record<string, number> }>();

function once<W extends { truth(): Record<string, number> }>(
  key: string,
  make: () => W,
): { world: W; truth: Record<string, number> } {
  let known = worlds.get(key) as { world: W; truth: Record<string, number> } | undefined;
  if (known === undefined) {
    const world = make();
    known = { world, truth: world.truth() };
    worlds.set(key, known);
  }
  return known;
}

const compared: Once = (cell, stream, settings, tallies) => {
  const numbers = cell.world === "numbers";
  const alike = cell.world === "alike" ? VERY_ALIKE : undefined;
  const { world, truth } = once(`${cell.world} ${cell.rate}`, () =>
    numbers ? new Numbers(cell.rate as "normal") : new TwoClasses(cell.rate as number, alike),
  );
  const { candidate, baseline } = world.draw(cell.rows, stream);
  const task = numbers ? "regression" : "binary-classification";
  const [own, base] = [candidate, baseline].map((scored) => answersOf(scored, task, numbers ? 0 : 2));
  if (own === undefined) return;
  const also = cell.method === "bca" ? [] : numbers ? ["mae", "r2"] : ["brier", "balanced_accuracy", "mcc"];
  const metrics = [...Object.keys(truth), ...also].flatMap((name) => METRICS.get(name) ?? []);
  const paired = metrics.filter(({ needs }) => cell.rows <= PAIRED || needs !== "scores");
  // differences are percentiles, whatever the method
  const other = cell.method === "bca" ? undefined : base;
  const beside = metricRows(paired, { candidate: own, train: undefined, baseline: other }, settings);
  const alone = metrics.filter((metric) => !paired.includes(metric));
  for (const row of metricRows(alone, { candidate: own, train: undefined, baseline: undefined }, settings)) {
    if (row.name in truth) tallies.add(row.name, row.interval, truth[row.name] as number);
  }
  for (const row of beside) {
    if (row.name in truth) tallies.add(row.name, row.interval, truth[row.name] as number);
    if (other !== undefined) tallies.add(`${row.name} difference`, row.difference?.interval, 0);
  }
  if (own.kind === "classes" && base?.kind === "classes" && cell.method !== "bca") {
    for (const metric of [METRICS.get("roc_auc"), METRICS.get("accuracy")]) {
      if (metric?.needs !== "scores" && metric?.needs !== "decisions") continue;
      tallies.claim(`${metric.name} test`, metric.test?.(own.classified, base.classified)?.p);
    }
  }
  if (own.kind !== "classes" || cell.method === "bca") return;
  const { hits } = own.confusion;
  const right = hits.reduce((a, b) => a + b, 0);
  tallies.add("accuracy Wilson", wilson(right, cell.rows, 0.95), truth.accuracy as number);
  const area = delong(placementsOf(own.classified.ranking(1)));
  tallies.add("roc_auc DeLong", delongInterval(area, 0.95), truth.roc_auc as number);
};

const groups: Once = (cell, stream, settings, tallies) => {
  const { world, truth } = once(
    keyOf({ ...cell, rows: 0 }),
    () => new TwoGroups(cell.rate as number, cell.ratio ?? 1),
  );
  const { decisions, codes } = world.draw(cell.rows, stream);
  const measure = FAIRNESS.get("demographic_parity_difference");
  const counts = [0, 1].map((group) => {
    const own = { count: 0, of: 0 };
    for (let row = 0; row < codes.length; row++) {
      if (codes[row] !== group) continue;
      own.of++;
      own.count += decisions[row] as number;
    }
    return own;
  });
  const [a, b] = counts;
  if (a === undefined || b === undefined || measure === undefined || Math.min(a.of, b.of) < 5) return;
  tallies.add("rate", wilson(b.count, b.of, 0.95), truth.rate as number);
  tallies.add("difference", shareDifference(b, a, 0.95), truth.difference as number);
  tallies.add("ratio", shareRatio(b, a, 0.95), truth.ratio as number);
  const value = Math.abs(a.count / a.of - b.count / b.of);
  const rates = new Map([["selection_rate", counts]]);
  const largest = rateInterval(measure, rates, value, "coverage", { ...settings, confidence: 0.95 });
  tallies.add("largest difference", largest, truth.largest as number);
};

const changes: Once = (cell, stream, settings, tallies) => {
  const world =
    cell.rate === "apart"
      ? new ChangedGroups([0.5, 0.35], 0.05)
      : new ChangedGroups(new Array<number>(5).fill(0.4), cell.rate as number);
  const pairs = world.draw(cell.rows, stream);
  for (const as of ["difference", "ratio"] as const) {
    const measure = FAIRNESS.get(`demographic_parity_${as}`);
    if (measure === undefined) continue;
    const compared = new Map([["selection_rate", pairs]]);
    const bounds = pairedRateBounds(measure, compared, "coverage", { ...settings, confidence: 0.95 });
    tallies.add(as, "interval" in bounds ? bounds.interval : null, world.truth()[as] as number);
  }
};

const blocks: Once = (cell, stream, settings, tallies) => {
  const { world, truth } = once(`classes ${cell.rate}`, () => new TwoClasses(cell.rate as number));
  const { candidate } = world.draw(cell.rows, stream);
  const answers = answersOf(candidate, "binary-classification", 2);
  const names = ["roc_auc", "average_precision"];
  const points = names.flatMap((name) => {
    const metric = METRICS.get(name);
    return metric === undefined ? [] : [pointOf(metric, answers, undefined)];
  });
  const measured = points.flatMap((point) => point.measured ?? []);
  const { values } = bootstrap([measured], cell.rows, settings);
  names.forEach((name, at) => {
    const drawn = values[0]?.[at];
    const bounds = drawn && percentiles(drawn, settings.confidence, "", points[at]?.support ?? 0);
    const range = bounds !== undefined && "interval" in bounds ? bounds.interval : null;
    tallies.add(name, range, truth[name] as number);
  });
};

const ONCE: Record<Cell["world"], Once> = {
  classes: compared,
  alike: compared,
  numbers: compared,
  groups,
  changes,
  blocks,
};
