import { type Certainty, intervalOf, percentiles } from "../measures/interval.ts";
import type { Metric } from "../measures/metrics/metric.ts";
import type { Answers } from "../measures/points.ts";
import { answersOf } from "../measures/points.ts";
import type { Costs, Scored } from "../measures/scored.ts";
import type { Task } from "../measures/task.ts";
import type { Interval } from "../report/report.ts";
import type { PerturbationRow, Robustness, VariantRow } from "../report/sections/robustness.ts";
import type { PerturbationName } from "./names.ts";
import { dropOf, pairedValues } from "./paired.ts";

/** What the model said of rows that were made worse. */
export type Asked =
  | { readonly state: "measured"; readonly scored: Scored }
  | { readonly state: "refused" | "broken" };

/** Rows that were made worse, and what the model said of them. */
export interface AskedVariant {
  readonly columns: readonly string[];
  readonly words: string;
  /** Share of the rows that became others. */
  readonly changed: number;
  readonly asked: Asked;
}

/** What answers are measured with. */
export interface Measuring extends Certainty {
  readonly task: Task;
  readonly classes: number;
  readonly costs: Costs | undefined;
  /** What a share of nothing is; 0 if absent. */
  readonly empty?: number;
  /** The one that matters comes first. */
  readonly metrics: readonly Metric[];
}

/**
 * What becomes of the metrics on the rows of one perturbation, variant by variant.
 *
 * @param perturbations how many there are in all, among whose variants the doubt of the worst is shared out
 */
export function perturbationRow(
  name: PerturbationName,
  clean: Scored,
  asked: readonly AskedVariant[],
  measuring: Measuring,
  perturbations: number,
): PerturbationRow {
  const { task, classes, metrics, confidence } = measuring;
  const ask = (scored: Scored): Answers => answersOf(scored, task, classes, measuring.empty);
  const own = ask(clean);
  const measured = asked.flatMap(({ asked: one }, index) =>
    one.state === "measured" ? [{ index, answers: ask(one.scored) }] : [],
  );
  const all = [own, ...measured.map(({ answers }) => answers)];
  const found = metrics.map((metric) => ({
    metric,
    paired: pairedValues(metric, all, measuring.costs, measuring),
  }));
  const shared = 1 - (1 - confidence) / (perturbations * Math.max(1, measured.length));
  const drops = found.map(({ metric, paired }) =>
    measured.map((_, place) => ({
      name: metric.name,
      value: known(paired.values[place + 1]),
      drop: dropOf(metric, paired, [place + 1], own.rows),
    })),
  );
  const variants = asked.map((one, index): VariantRow => {
    const place = measured.findIndex((other) => other.index === index);
    const answers = measured[place]?.answers;
    return {
      columns: [...one.columns],
      words: one.words,
      state: one.asked.state,
      changed: one.changed,
      decided: answers === undefined ? null : otherwise(own, answers),
      moved: one.asked.state === "measured" ? farness(clean, one.asked.scored) : null,
      drops: drops.flatMap((list) => {
        const drop = list[place];
        if (drop === undefined) return [];
        const interval = intervalOf(drop.drop.bounds(confidence));
        return [{ metric: drop.name, value: drop.value, drop: known(drop.drop.value), interval }];
      }),
    };
  });
  return {
    name,
    variants,
    average: mean(drops[0]?.flatMap(({ drop }) => known(drop.value) ?? []) ?? []),
    worst: drops.flatMap((list) => {
      const place = largest(list.map(({ drop }) => drop.value));
      const drop = list[place];
      const variant = measured[place]?.index;
      if (drop === undefined || variant === undefined) return [];
      return [{ variant, metric: drop.name, interval: intervalOf(drop.drop.bounds(shared)) }];
    }),
  };
}

/** Answers to rows of which columns were shuffled. */
export interface Shuffled {
  readonly scored: Scored;
  /** By row: which row its values are from. */
  readonly order: ArrayLike<number>;
}

/**
 * How much worse the metric is with columns shuffled: the mean over the repetitions, with an interval of
 * resampled rows in which all repetitions share their rows, and the rows that values are from are drawn with them.
 *
 * Source: scikit-learn 1.9.1, `sklearn.inspection.permutation_importance`; Breiman, "Random forests" (2001).
 */
export function importanceRow(
  name: string,
  columns: readonly string[],
  clean: Scored,
  shuffled: readonly Shuffled[],
  { task, classes, costs, metrics, empty, ...certainty }: Measuring,
): Robustness["importance"][number] {
  const [metric] = metrics;
  const all = [clean, ...shuffled.map(({ scored }) => scored)];
  const answers = all.map((scored) => answersOf(scored, task, classes, empty));
  const donors = [undefined, ...shuffled.map(({ order }) => order)];
  const nothing = { name, columns: [...columns], value: null, interval: null, least: null, most: null };
  if (metric === undefined || shuffled.length === 0) return nothing;
  const paired = pairedValues(metric, answers, costs, certainty, donors);
  const places = shuffled.map((_, place) => place + 1);
  const rows = answers[0]?.rows ?? 0;
  const drop = dropOf(metric, paired, places, rows);
  const each = places.map((place) => dropOf(metric, paired, [place], rows).value);
  return {
    ...nothing,
    value: known(drop.value),
    interval: intervalOf(drop.bounds(certainty.confidence)),
    least: known(Math.min(...each)),
    most: known(Math.max(...each)),
  };
}

/** The metric on one side of the split, with its interval. */
export function fitRow(
  side: "train" | "validation" | "holdout",
  scored: Scored,
  { task, classes, costs, metrics, empty, ...certainty }: Measuring,
  bounded: boolean,
): Robustness["fit"]["sides"][number] {
  const answers = answersOf(scored, task, classes, empty);
  const [metric] = metrics;
  if (metric === undefined) return { side, rows: answers.rows, value: null, interval: null };
  const resamples = bounded ? certainty.resamples : 0;
  const own = scored.weights === undefined ? {} : { weights: scored.weights };
  const paired = pairedValues(metric, [answers], costs, { ...certainty, ...own, resamples });
  const interval = drawnInterval(paired, answers.rows, certainty.confidence);
  return { side, rows: answers.rows, value: known(paired.values[0]), interval };
}

function drawnInterval(
  { draws: [draws], method }: ReturnType<typeof pairedValues>,
  rows: number,
  confidence: number,
): Interval | null {
  if (draws === undefined || draws.length === 0) return null;
  return intervalOf(percentiles(draws.slice(), confidence, method, rows));
}

/**
 * How much worse one side is than another whose rows are others, with the interval that follows from those
 * of both.
 *
 * Source: G. Y. Zou and A. Donner, "Construction of confidence limits about effect measures: a general
 * approach" (2008): the method of variance estimates recovery.
 */
export function gapOf(
  { better }: Pick<Metric, "better">,
  here: Robustness["fit"]["sides"][number] | undefined,
  there: Robustness["fit"]["sides"][number] | undefined,
): Robustness["fit"]["gap"] {
  if (here?.value == null || there?.value == null) return null;
  const sign = better === "higher" ? 1 : -1;
  const value = sign * (here.value - there.value);
  const [a, b] = [here.interval, there.interval];
  if (a === null || b === null) return { value, interval: null };
  const [up, down] = sign > 0 ? [here, there] : [there, here];
  const [first, second] = sign > 0 ? [a, b] : [b, a];
  const [x, y] = [up.value ?? 0, down.value ?? 0];
  const low = value - Math.hypot(x - first.low, second.high - y);
  const high = value + Math.hypot(first.high - x, y - second.low);
  return { value, interval: { low, high, confidence: a.confidence, method: "of the two sides' intervals" } };
}

/** The share of the rows that are decided otherwise; null where nothing is decided. */
function otherwise(own: Answers, other: Answers): number | null {
  if (own.kind !== "classes" || other.kind !== "classes" || own.rows === 0) return null;
  let count = 0;
  for (let row = 0; row < own.rows; row++) {
    if (own.classified.decisions[row] !== other.classified.decisions[row]) count++;
  }
  return count / own.rows;
}

/** How far the scores lie from one another in the mean of the rows; of several scores a row the farthest. */
export function farness(own: Scored, other: Scored): number | null {
  const rows = own.labels.length;
  if (rows === 0 || own.scores.length === 0) return null;
  let sum = 0;
  for (let row = 0; row < rows; row++) sum += distanceAt(own, other, row);
  return sum / rows;
}

/** How far a row's scores lie from one another. */
export function distanceAt(
  own: Pick<Scored, "scores" | "outputs">,
  other: Pick<Scored, "scores">,
  row: number,
): number {
  let most = 0;
  for (let output = 0; output < own.outputs; output++) {
    const at = row * own.outputs + output;
    most = Math.max(most, Math.abs((own.scores[at] ?? 0) - (other.scores[at] ?? 0)));
  }
  return most;
}

const known = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : value;

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

function largest(values: readonly number[]): number {
  let found = -1;
  values.forEach((value, place) => {
    if (Number.isFinite(value) && (found < 0 || value > (values[found] ?? 0))) found = place;
  });
  return found;
}
