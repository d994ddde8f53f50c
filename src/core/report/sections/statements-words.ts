import { formatCount, formatNumber, formatShare } from "../numbers.ts";
import type { Report } from "../report.ts";
import type { Impact, Ll144 } from "./statements.ts";

/** The category with the lowest impact ratio, over all columns; undefined where none has one. */
export function lowestImpact({ impacts }: Ll144) {
  const all = impacts.flatMap(({ of, categories }) =>
    categories.flatMap(({ name, impact_ratio: ratio }) => (ratio === null ? [] : [{ of, name, ratio }])),
  );
  return all.reduce<(typeof all)[number] | undefined>(
    (least, one) => (least === undefined || one.ratio < least.ratio ? one : least),
    undefined,
  );
}

/** What the rates are of: `selection rates`, or `shares above the median score 0.41`. */
export function ratesText({ rate, median }: Pick<Ll144, "rate" | "median">): string {
  return rate === "selection" ? "selection rates" : `shares above the median score ${formatNumber(median)}`;
}

/** Who is in none of the figures, and how much the rest can be relied on. */
export function outsideText({ unknown, hidden, categories }: Omit<Impact, "of">, rows: number): string {
  const share = rows === 0 ? "" : ` (${formatShare(unknown / rows)})`;
  const not = `${formatCount(unknown)} of ${formatCount(rows)} rows${share} are of no known category and in no figure.`;
  const sentences = [
    unknown === 0 ? "The category of every row is known." : not,
    ...(hidden.rows === 0 ? [] : [hiddenText(hidden)]),
    ...(categories.some(({ size }) => size < FEW)
      ? [`Chance rules the ratios of categories of fewer than ${FEW} rows; the groups' part has intervals.`]
      : []),
  ];
  return sentences.join(" ");
}

function hiddenText({ rows, highest }: Impact["hidden"]): string {
  return highest === true
    ? `${formatCount(rows)} rows are of categories too small to be named; the highest rate is that of one of them, and the ratios are to it.`
    : `${formatCount(rows)} rows of categories too small to be named are in no figure.`;
}

/** Of fewer rows, a rate of one half is known to ± 0.2 at best. */
const FEW = 30;

/** The metrics that are declared, in the order in which the contract shows them. */
export function declaredMetrics({ statements, metrics }: Pick<Report, "statements" | "metrics">) {
  const names = statements?.ai_act?.metrics ?? [];
  return names.flatMap((name) => metrics.find((metric) => metric.name === name) ?? []);
}

/** Where figures that are declared come from, and what they do not say. */
export function declaredOn({ subject }: Pick<Report, "subject">): string {
  const { holdout, train } = subject.rows;
  const learnt = train === null ? "" : `; it learnt from ${formatCount(train)} others`;
  const by =
    subject.thresholds !== undefined
      ? " Decisions are made at a score of its own for each label."
      : subject.threshold === null
        ? ""
        : ` Decisions are made at a score of ${formatNumber(subject.threshold)}.`;
  return `Measured on ${formatCount(holdout)} rows that the model has not learnt from${learnt}.${by}`;
}
