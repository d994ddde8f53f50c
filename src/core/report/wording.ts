import { conditionParts } from "./condition.ts";
import {
  counted,
  formatCount,
  formatDifference,
  formatEstimate,
  formatInterval,
  formatShare,
  UNKNOWN,
} from "./numbers.ts";
import type { Change, CheckRow, Fairness, MetricRow, Report } from "./report.ts";

/*
 * What the renderings say in the same words. Nothing here is escaped and nothing is markup.
 */

export type Group = Fairness["groups"][number];
export type Rate = Group["selection_rate"];

/**
 * A rate with its denominator and interval.
 *
 * @example rateText({ value: 0.5, of: 42, interval: null }) // => "50.0% of 42"
 * @example rateText({ value: null, of: 2, interval: null, count: 1 }) // => "too few (1 of 2)"
 * @example rateText({ value: null, of: 0, interval: null, count: 0 }) // => "no data"
 * @example rateText({ value: null, of: 0, interval: null }) // => "–"
 */
export function rateText(rate: Rate, withInterval = true): string {
  if (rate.value === null && rate.count !== undefined) {
    return rate.of === 0 ? "no data" : `too few (${formatCount(rate.count)} of ${formatCount(rate.of)})`;
  }
  const of = formatCount(rate.of);
  if (rate.value === null) return rate.of === 0 ? UNKNOWN : `${UNKNOWN} of ${of}`;
  const text = `${formatShare(rate.value)} of ${of}`;
  return rate.interval === null || !withInterval
    ? text
    : `${text} (${formatInterval(rate.interval, formatShare)})`;
}

/**
 * The share of the intervals' confidence as a column's heading says it: the commonest of all.
 *
 * @example confidenceWord([]) // => "interval"
 */
export function confidenceWord(metrics: readonly Pick<MetricRow, "interval">[]): string {
  const first = metrics.find(({ interval }) => interval !== null)?.interval;
  return first === undefined || first === null
    ? "interval"
    : `${Math.round(first.confidence * 1000) / 10}% interval`;
}

/** Two sums of the same numbers differ by no more of their size. */
const ROUNDING = 1e-12;

/**
 * How far apart training and holdout rows are on a metric; null where one is not known.
 *
 * @example overfitting({ train: 0.9, value: 0.8 }).toFixed(3) // => "0.100"
 * @example overfitting({ train: 0.6931471805599461, value: 0.6931471805599453 }) // => 0
 */
export function overfitting({ train, value }: Pick<MetricRow, "value" | "train">): number | null {
  if (train === null || value === null) return null;
  const gap = train - value;
  return Math.abs(gap) <= ROUNDING * Math.abs(value) ? 0 : gap;
}

/** Whether a difference is for the better, for the worse, or could be chance. */
export type Standing = "better" | "worse" | "could be chance" | "cannot tell" | "the same" | "changed";

/**
 * What a metric's difference to production means.
 *
 * @example standing({ better: "higher", difference: { value: 0.02, interval: { low: -0.01, high: 0.05, confidence: 0.95, method: "bootstrap" } } }) // => "could be chance"
 * @example standing({ better: "lower", difference: { value: -0.02, interval: null } }) // => "better"
 * @example standing({ better: "lower", difference: { value: -0.02, interval: null, reason: "2 rows are too few" } }) // => "cannot tell"
 * @example standing({ better: "lower", difference: null }) // => null
 */
export function standing({ better, difference }: Pick<MetricRow, "better" | "difference">): Standing | null {
  if (difference === null) return null;
  const { value, interval, reason } = difference;
  if (interval === null && reason !== undefined) return "cannot tell";
  if (value === 0 && (interval === null || (interval.low === 0 && interval.high === 0))) return "the same";
  if (interval !== null && interval.low <= 0 && interval.high >= 0) return "could be chance";
  if (better === "neither") return "changed";
  return value > 0 === (better === "higher") ? "better" : "worse";
}

/** A difference with its interval and what it means: `+0.021 (+0.004 to +0.038), better`. */
export function differenceText(
  metric: Pick<MetricRow, "better" | "difference">,
  withInterval = true,
): string {
  const word = standing(metric);
  if (metric.difference === null || word === null) return UNKNOWN;
  const { value, interval } = metric.difference;
  return `${formatEstimate(value, withInterval ? interval : null, formatDifference)}, ${word}`;
}

/**
 * Which metrics' intervals promise too much for these rows, and why; null where none does.
 *
 * @example roughText([{ title: "ROC AUC", interval: { low: 0.5, high: 1, confidence: 0.95, method: "bootstrap", rough: "rough for 4 positive rows" } }]) // => "Roughly: these intervals hold the truth less often than they say. ROC AUC: rough for 4 positive rows."
 * @example roughText([]) // => null
 */
export function roughText(metrics: readonly Pick<MetricRow, "title" | "interval">[]): string | null {
  const why = metrics.flatMap(({ title, interval }) =>
    interval?.rough === undefined ? [] : [`${title}: ${interval.rough}`],
  );
  if (why.length === 0) return null;
  return `Roughly: these intervals hold the truth less often than they say. ${why.join("; ")}.`;
}

/** More figures than these are not weighed at a glance. */
const FIGURES = 3;

/**
 * The metrics that matter: those that gates name, in the gates' order, then those that the contract asked
 * to see first.
 *
 * @example firstFigures({ gates: [{ condition: "f1 >= 0.7" }], metrics: [{ name: "roc_auc" }, { name: "f1" }], shown: 2 }) // => [{ name: "f1" }, { name: "roc_auc" }]
 */
export function firstFigures<M extends Pick<MetricRow, "name">>({
  gates,
  metrics,
  shown,
}: {
  readonly gates: readonly Pick<Report["gates"][number], "condition">[];
  readonly metrics: readonly M[];
  readonly shown: number;
}): M[] {
  const byName = new Map(metrics.map((metric) => [metric.name, metric]));
  const gated = gates.flatMap(({ condition }) => byName.get(conditionParts(condition).subject) ?? []);
  return [...new Set([...gated, ...metrics.slice(0, Math.max(1, shown))])].slice(0, FIGURES);
}

/**
 * The measures of a sensitive column that the first screen names: the differences, of which a reviewer sees
 * who is chosen and who is wronged; a ratio only says the first again.
 *
 * @example firstGaps([{ name: "demographic_parity_difference" }, { name: "demographic_parity_ratio" }, { name: "equalized_odds_difference" }]) // => [{ name: "demographic_parity_difference" }, { name: "equalized_odds_difference" }]
 */
export function firstGaps<M extends Pick<MetricRow, "name">>(measures: readonly M[]): M[] {
  return measures.filter(({ name }) => !name.endsWith("_ratio")).slice(0, FIRST_GAPS);
}

const FIRST_GAPS = 2;

/** The groups with the lowest and the highest value; null where fewer than two are known. */
export function extremes(
  groups: readonly Group[],
  read: (group: Group) => number | null,
): { readonly lowest: Group; readonly highest: Group } | null {
  let lowest: Group | undefined;
  let highest: Group | undefined;
  for (const group of groups) {
    const value = read(group);
    if (value === null) continue;
    if (lowest === undefined || value < (read(lowest) ?? Infinity)) lowest = group;
    if (highest === undefined || value > (read(highest) ?? -Infinity)) highest = group;
  }
  return lowest === undefined || highest === undefined || lowest === highest ? null : { lowest, highest };
}

/**
 * What groups are made by, and among which rows: `gender`, or `gender within region = north`.
 *
 * @example columnText({ column: "gender" }) // => "gender"
 * @example columnText({ column: "gender", within: { column: "region", level: "north" } }) // => "gender within region = north"
 */
export function columnText({ column, within }: Pick<Fairness, "column" | "within">): string {
  return within === undefined ? column : `${column} within ${within.column} = ${within.level}`;
}

/** What is said of the groups that are too small to be shown; null where there are none. */
export function hiddenText({ hidden }: Pick<Fairness, "hidden">): string | null {
  if (hidden.groups === 0) return null;
  const groups = hidden.groups === 1 ? "1 group is" : `${hidden.groups} groups are`;
  return `${groups} too small to be shown (${hidden.rows} rows in all).`;
}

/**
 * Which groups took no part in a measure, for want of rows; empty where all did.
 *
 * @example withoutText([{ group: "a", rate: "true_positive_rate", of: 2 }], String) // => "without a (2 to count on)"
 * @example withoutText(undefined, String) // => ""
 */
export function withoutText(
  without: Fairness["measures"][number]["without"],
  quote: (name: string) => string,
): string {
  const least = new Map<string, number>();
  for (const { group, of } of without ?? []) least.set(group, Math.min(of, least.get(group) ?? of));
  if (least.size === 0) return "";
  const told = [...least]
    .slice(0, LEFT_OUT)
    .map(([group, of]) => `${quote(group)} (${Math.round(of)} to count on)`);
  const more = least.size - told.length;
  return `without ${told.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

const LEFT_OUT = 3;

/** How the model in production stands to this one, in one clause. */
export function baselineText({
  baseline,
  subject,
  withheld,
}: Pick<Report, "baseline" | "subject" | "withheld">): string {
  if (withheld !== undefined) return "Verdicts alone are shown, and no numbers";
  const rows = counted(subject.rows.holdout, "holdout row");
  switch (baseline.state) {
    case "compared":
      return `Compared with the model in production on the same ${rows}`;
    case "none":
      return `Measured on ${rows}; there is no model in production to compare with`;
    case "not comparable":
      return `Measured on ${rows}; not comparable with the model in production`;
  }
}

/** A change as before and after; what was not there is said in words. */
export function changeText({ before, after }: Pick<Change, "before" | "after">): {
  readonly before: string;
  readonly after: string;
} {
  return { before: before ?? "(none)", after: after ?? "(removed)" };
}

/**
 * A commit as people quote it; null where it is not a commit's name.
 *
 * @example shortCommit("0123456789abcdef0123456789abcdef01234567") // => "0123456"
 * @example shortCommit("$(rm -rf /)") // => null
 */
export function shortCommit(commit: string | null): string | null {
  return commit !== null && /^[0-9a-f]{7,64}$/.test(commit) ? commit.slice(0, 7) : null;
}

/**
 * A file's size of rows by split: `374 training, 53 validation and 107 holdout rows`.
 *
 * @example rowsText({ train: 374, validation: null, holdout: 107 }) // => "374 training and 107 holdout rows"
 */
export function rowsText(rows: Report["subject"]["rows"]): string {
  const parts = [
    rows.train === null ? [] : [`${formatCount(rows.train)} training`],
    rows.validation === null ? [] : [`${formatCount(rows.validation)} validation`],
    [`${formatCount(rows.holdout)} holdout`],
  ].flat();
  const last = parts.pop() ?? "";
  return `${parts.length === 0 ? last : `${parts.join(", ")} and ${last}`} rows`;
}

/**
 * Where chance began: the same seeds give the same bytes.
 *
 * @example seedsText({ training: 7, split: 1, bootstrap: 7, resamples: 1000 }) // => "training 7, split 1, bootstrap 7 (1,000 resamples)"
 */
export function seedsText({ training, split, bootstrap, resamples }: NonNullable<Report["seeds"]>): string {
  return `training ${training}, split ${split}, bootstrap ${bootstrap} (${counted(resamples, "resample")})`;
}

/**
 * A data check by its column and what is expected of it.
 *
 * @example checkName({ column: "age", expectation: "between 16 and 99" }) // => "age: between 16 and 99"
 * @example checkName({ column: null, expectation: "at least 500 rows" }) // => "at least 500 rows"
 */
export function checkName({ column, expectation }: Pick<CheckRow, "column" | "expectation">): string {
  return column === null || column === "" ? expectation : `${column}: ${expectation}`;
}
