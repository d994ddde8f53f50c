import type { Interval, MetricRow } from "../report/report.ts";
import type { CustomByGroup } from "../report/sections/custom.ts";
import type { TextColumn } from "../tables/column.ts";
import { MOST_GROUPS } from "./fairness/comparison.ts";
import { groupsOf } from "./fairness/groups.ts";
import type { Certainty } from "./interval.ts";
import { type Models, metricRows } from "./metric-rows.ts";
import { measuredBy, type ValueMetric } from "./metrics/metric.ts";
import { type Quotient, studentized } from "./studentized.ts";

/** A metric that a contract defines: an amount for each row, added up. */
export interface CustomMetric {
  readonly name: string;
  readonly title: string;
  readonly better: "higher" | "lower";
  /** The mean of the amounts, their sum, or their sum by the sum of what they are held against. */
  readonly aggregate: "mean" | "sum" | "ratio";
}

/** The amounts of one model's answers, a number each a row; NaN where a row has none. */
export interface Amounts {
  readonly values: Float64Array;
  /** What a ratio is held against: as long as the values. */
  readonly over: Float64Array;
  readonly weights?: Float64Array;
}

/** The same of the models that are compared: the baseline's are for the candidate's rows. */
export interface CustomAmounts {
  readonly candidate: Amounts;
  readonly train: Amounts | undefined;
  readonly baseline: Amounts | undefined;
}

/**
 * A contract's metric with its value, interval, and difference from the baseline on the same rows.
 *
 * It is measured as those of a regression are, by sums over rows. Where a row has no amount there is no value,
 * and the reason counts such rows: what is left would be another question's answer.
 */
export function customRow(
  metric: CustomMetric,
  { candidate, train, baseline }: CustomAmounts,
  certainty: Certainty,
): MetricRow {
  const models: Models = {
    candidate: answersOf(candidate),
    train: train && answersOf(train),
    baseline: baseline && answersOf(baseline),
  };
  const [row] = metricRows([measurable(metric)], models, certainty);
  if (row === undefined) throw new TypeError("a metric without a row");
  return row;
}

const answersOf = ({ values, over, weights }: Amounts) =>
  ({
    kind: "numbers",
    rows: values.length,
    labels: values,
    predictions: over,
    ...(weights === undefined ? {} : { weights }),
  }) as const;

/** A metric of "true" amounts and what they are held against, in the place of labels and predictions. */
function measurable({ name, title, better, aggregate }: CustomMetric): ValueMetric {
  return {
    name,
    title,
    better,
    tasks: [],
    range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    source: "the contract",
    needs: "values",
    measure(values, over) {
      const none = without(values, over);
      if (none !== undefined) return { value: Number.NaN, reason: none };
      if (aggregate === "ratio") {
        const value = (sums: Float64Array): number => divided(sums[0] as number, sums[1] as number);
        const measured = measuredBy({ slots: 1, amounts: [values, over], value }, values.length);
        return Number.isFinite(measured.value)
          ? measured
          : { value: Number.NaN, reason: "what it is held against adds up to 0" };
      }
      const value = (sums: Float64Array, rows: number): number =>
        aggregate === "sum" ? (sums[0] as number) : (sums[0] as number) / rows;
      const measured = measuredBy({ slots: 1, amounts: [values], value }, values.length);
      return aggregate === "mean" ? { ...measured, byMean: true } : measured;
    },
  };
}

const divided = (sum: number, by: number): number => (by === 0 ? Number.NaN : sum / by);

function without(values: Float64Array, over: Float64Array): string | undefined {
  let count = 0;
  for (let row = 0; row < values.length; row++) {
    if (Number.isNaN(values[row]) || Number.isNaN(over[row])) count++;
  }
  if (count === 0) return undefined;
  const rows = count === 1 ? "1 row has" : `${count} rows have`;
  return `${rows} no amount, of ${values.length}; say with coalesce what they count`;
}

/** Intervals for an accusation leave so many resamples beyond each end, or there are none. */
const BEYOND = 2;

/** How groups are measured beside how sure to be. */
export interface GroupSettings extends Certainty {
  /** Smaller groups are not measured. */
  readonly minGroupSize: number;
  /** Whether a gate asks each group, which may accuse one: that takes an interval of its own. */
  readonly accuse: boolean;
}

/**
 * A contract's metric for every group of a column that is large enough, beside the baseline.
 *
 * Where a gate asks each group, there is a second interval for an accusation: bootstrap-t, at Bonferroni's level
 * for that many groups. `undefined` for one group, or more than {@link MOST_GROUPS}.
 */
export function customByGroup(
  metric: CustomMetric,
  { candidate, baseline }: Pick<CustomAmounts, "candidate" | "baseline">,
  column: TextColumn,
  certainty: GroupSettings,
): CustomByGroup | undefined {
  const groups = groupsOf(column, certainty.minGroupSize);
  const { names, sizes } = groups;
  if (names.length < 2 || names.length > MOST_GROUPS) return undefined;
  const corrected = 1 - (1 - certainty.confidence) / names.length;
  const sure = certainty.accuse && (certainty.resamples * (1 - corrected)) / 2 >= BEYOND;
  const rowsOf: number[][] = names.map(() => []);
  groups.of.forEach((group, row) => {
    if (group >= 0) rowsOf[group]?.push(row);
  });
  return {
    name: metric.name,
    title: metric.title,
    better: metric.better,
    groups: names.map((group, place) => {
      const rows = rowsOf[place] ?? [];
      const models = {
        candidate: amountsOfRows(candidate, rows),
        train: undefined,
        baseline: baseline && amountsOfRows(baseline, rows),
      };
      const within = withinGroup(certainty, rows);
      const { value, interval, difference, baseline: base, reason } = customRow(metric, models, within);
      const own = quotientOf(metric, models.candidate);
      const accused = (other?: Quotient): Interval | null =>
        scaled(metric, rows.length, studentized(own, other, within, corrected));
      return {
        group,
        rows: sizes[place] ?? 0,
        value,
        interval,
        accused: sure && interval !== null ? accused() : null,
        baseline: base,
        difference:
          difference === null
            ? null
            : {
                value: difference.value,
                interval: difference.interval,
                accused:
                  sure && difference.interval !== null && models.baseline !== undefined
                    ? accused(quotientOf(metric, models.baseline))
                    : null,
              },
        reason,
      };
    }),
  };
}

/**
 * The amounts of some of the rows, in the order of their places.
 *
 * @example amountsOfRows({ values: Float64Array.of(5, 6, 7), over: Float64Array.of(1, 1, 1) }, [2, 0]).values // => [7, 5]
 */
export function amountsOfRows({ values, over, weights }: Amounts, rows: ArrayLike<number>): Amounts {
  const pick = (from: Float64Array): Float64Array => Float64Array.from(rows, (row) => from[row] as number);
  return {
    values: pick(values),
    over: pick(over),
    ...(weights === undefined ? {} : { weights: pick(weights) }),
  };
}

/** What a metric is a quotient of; a sum is so many times a mean, of what rows and weights make together. */
function quotientOf({ aggregate }: CustomMetric, { values, over, weights }: Amounts): Quotient {
  const by = aggregate === "ratio" ? over : new Float64Array(values.length).fill(1);
  if (weights === undefined) return { values, over: by };
  const weighed = (from: Float64Array): Float64Array =>
    from.map((one, row) => one * (weights[row] as number));
  return { values: weighed(values), over: aggregate === "sum" ? by : weighed(by) };
}

function scaled({ aggregate }: CustomMetric, rows: number, interval: Interval | null): Interval | null {
  if (interval === null || !Number.isFinite(interval.low) || !Number.isFinite(interval.high)) return null;
  if (aggregate !== "sum") return interval;
  return { ...interval, low: rows * interval.low, high: rows * interval.high };
}

function withinGroup(
  { resamples, seed, confidence, method, clusters, moments, block, strata, weights }: Certainty,
  rows: readonly number[],
): Certainty {
  const numbers = new Map<number, number>(); // of the clusters that have rows in the group
  const numbered = (cluster: number): number => {
    const known = numbers.get(cluster) ?? numbers.size;
    numbers.set(cluster, known);
    return known;
  };
  const own = clusters && Int32Array.from(rows, (row) => numbered(clusters[row] as number));
  const times = moments && Int32Array.from(rows, (row) => moments[row] as number);
  const pick = (from: Float64Array): Float64Array => Float64Array.from(rows, (row) => from[row] as number);
  return {
    resamples,
    seed,
    confidence,
    ...(method === undefined ? {} : { method }),
    ...(own === undefined || numbers.size === rows.length ? {} : { clusters: own }),
    ...(times === undefined ? {} : { moments: times }),
    ...(block === undefined ? {} : { block }),
    ...(strata === undefined ? {} : { strata: pick(strata) }),
    ...(weights === undefined ? {} : { weights: pick(weights) }),
  };
}
