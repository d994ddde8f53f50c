import { unreachable } from "../../../errors.ts";
import { perturbationTitle } from "../../robustness/names.ts";
import {
  counted,
  formatCount,
  formatDifference,
  formatEstimate,
  formatNumber,
  formatShare,
} from "../numbers.ts";
import type { ExpectationRow, PerturbationRow, Robustness, VariantRow } from "./robustness.ts";

/*
 * What the renderings say of robustness in the same words. Nothing here is escaped and nothing is markup.
 */

/** What a perturbation does at its worst, and whether that is more than chance. */
export interface WorstCase {
  readonly title: string;
  readonly variant: VariantRow | undefined;
  /** The metric that matters, untouched and at its worst. */
  readonly drop: VariantRow["drops"][number] | undefined;
  readonly standing: string;
  readonly worse: boolean;
  /** Columns whose perturbed values the model gives no answer for. */
  readonly refused: readonly string[];
}

/** The worst case of each perturbation. */
export function worstCases({ perturbations, metric }: Robustness): WorstCase[] {
  return perturbations.map((row) => {
    const worst = row.worst.find((one) => one.metric === metric.name);
    const variant = worst === undefined ? undefined : row.variants[worst.variant];
    const drop = variant?.drops.find((one) => one.metric === metric.name);
    const sure = (worst?.interval?.low ?? 0) > 0;
    const refused = row.variants
      .filter(({ state }) => state !== "measured")
      .flatMap(({ columns }) => columns);
    return {
      title: perturbationTitle(row.name),
      variant,
      drop,
      standing: standingOf(row, drop, sure),
      worse: sure,
      refused: [...new Set(refused)],
    };
  });
}

function standingOf({ variants }: PerturbationRow, drop: WorstCase["drop"], sure: boolean): string {
  if (variants.length === 0) return "no column it applies to";
  if (drop === undefined) return "no answer";
  if (drop.drop === null) return "not known";
  if (drop.interval === null) return drop.drop > 0 ? "worse" : "no worse";
  if (sure) return "worse";
  return drop.interval.low > 0 ? "worst of many, could be chance" : "could be chance";
}

/**
 * Which columns a variant is of.
 *
 * @example columnsText(["age"], String) // => "age"
 * @example columnsText(["age", "hours"], String) // => "2 columns at once"
 */
export function columnsText(columns: readonly string[], quote: (name: string) => string): string {
  const [first = ""] = columns;
  return columns.length === 1 ? quote(first) : `${columns.length} columns at once`;
}

/** How much worse the metric gets, with its interval. */
export function dropText(drop: WorstCase["drop"]): string {
  return drop === undefined ? "–" : formatEstimate(drop.drop, drop.interval, formatDifference);
}

/**
 * Whether an expectation holds, in one word.
 *
 * @example expectationWord({ state: "checked", rows: 9, broken: 1, allow: 0 }) // => "broken"
 * @example expectationWord({ state: "no input", rows: 0, broken: 0, allow: 0 }) // => "holds"
 */
export function expectationWord(
  row: Pick<ExpectationRow, "state" | "rows" | "broken" | "allow">,
): "holds" | "broken" | "not checked" {
  if (row.state === "no input") return "holds";
  if (row.state !== "checked" || row.rows === 0) return "not checked";
  return row.broken > row.allow * row.rows ? "broken" : "holds";
}

/** Rows that break an expectation, as a count and a share. */
export function brokenText({ state, rows, broken, column }: ExpectationRow): string {
  switch (state) {
    case "checked":
      return rows === 0
        ? "in no row a question"
        : `${formatCount(broken)} of ${formatCount(rows)} (${formatShare(broken / rows)})`;
    case "no input":
      return `${column} does not enter the model`;
    case "refused":
      return "the model gives no answer for such rows";
    case "not checked":
      return "the model is known by its predictions alone";
    default:
      return unreachable(state);
  }
}

/** Something that could flatter the model; a grave one makes its numbers worth little. */
export interface Flattery {
  readonly text: string;
  readonly grave: boolean;
}

/** What is to be known of leaks, copies, drift and the like; empty where all is well. */
export function flattery(robustness: Robustness, quote: (name: string) => string): Flattery[] {
  return [...told(robustness, quote), ...unsteady(robustness)];
}

function told({ leakage, drift, fit }: Robustness, quote: (name: string) => string): Flattery[] {
  const { columns, duplicates, later, older } = leakage;
  const names = (of: readonly { readonly column: string }[]): string =>
    listed(of.map(({ column }) => quote(column)));
  const suspicious = columns.filter((one) => one.suspicious);
  const identifiers = columns.filter((one) => one.identifier);
  const moved = drift.columns.filter((one) => one.moved);
  const { interval, value: gap } = fit.gap ?? { interval: null, value: 0 };
  const grave = (when: boolean, text: string): Flattery[] => (when ? [{ text, grave: true }] : []);
  const mild = (when: boolean, text: string): Flattery[] => (when ? [{ text, grave: false }] : []);
  const s = (list: readonly unknown[]): string => (list.length === 1 ? "s" : "");
  return [
    ...grave(suspicious.length > 0, `${names(suspicious)} alone nearly tell${s(suspicious)} the label`),
    ...grave(
      identifiers.length > 0,
      `${names(identifiers)} name${s(identifiers)} the rows: what is learnt of that holds for no other`,
    ),
    ...later.flatMap(({ column, rows, of }) =>
      grave(
        true,
        `${quote(column)} lies after the row's own time in ${formatCount(rows)} of ${formatCount(of)} holdout rows`,
      ),
    ),
    ...mild(
      duplicates.rows > 0,
      `${formatCount(duplicates.rows)} of ${formatCount(duplicates.of)} holdout rows (${formatShare(duplicates.rows / duplicates.of)}) have the inputs of a training row, ${formatCount(duplicates.same_label)} of them its label`,
    ),
    ...mild(
      (older?.rows ?? 0) > 0,
      `${formatShare((older?.rows ?? 0) / (older?.of ?? 1))} of the holdout rows are older than the newest training row`,
    ),
    ...mild(
      interval !== null && interval.low > 0,
      `the holdout is worse than the training rows by ${formatEstimate(gap, interval)}: overfitting`,
    ),
    ...mild(moved.length > 0, `the holdout differs from the training rows in ${names(moved)}`),
  ];
}

/** Answers that depend on more than the row. */
function unsteady({ stability }: Robustness): Flattery[] {
  if (stability === null) return [];
  const { repeated, single } = stability;
  return [
    ...(repeated === 0
      ? []
      : [{ text: `asked again, the model answers otherwise of ${counted(repeated, "row")}`, grave: true }]),
    ...(single.farthest <= ALONE
      ? []
      : [
          {
            text: `a row alone gets another answer than among others, by ${formatNumber(single.farthest)} at most`,
            grave: true,
          },
        ]),
  ];
}

/** What rounding may move an answer by where rows are asked about one by one. */
const ALONE = 1e-5;
const NAMED = 3;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, NAMED);
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(" and ");
}

/**
 * What was found, in one line of markup.
 *
 * @param quote makes markup of a column's name
 * @param said makes markup of any other text of the report
 */
export function robustnessFinding(
  robustness: Robustness,
  quote: (name: string) => string,
  said: (text: string) => string,
): string {
  const { expectations, metric, unchecked } = robustness;
  const broken = expectations.filter((row) => expectationWord(row) === "broken").length;
  const found = [
    ...(unchecked === null ? [] : [`not checked: ${said(unchecked)}`]),
    ...(broken === 0
      ? []
      : [`${formatCount(broken)} of ${counted(expectations.length, "expectation")} broken`]),
    ...flattery(robustness, quote)
      .filter(({ grave }) => grave)
      .map(({ text }) => text)
      .slice(0, 1),
  ];
  const [worst] = worstCases(robustness)
    .filter(({ drop }) => drop?.drop != null)
    .sort((a, b) => (b.drop?.drop ?? 0) - (a.drop?.drop ?? 0));
  if (worst?.variant === undefined || worst.drop === undefined)
    return found.join(" · ") || "nothing was perturbed";
  const title = said(metric.title);
  const by = formatEstimate(worst.drop.drop, worst.drop.interval);
  const where = `${worst.title.toLowerCase()}, ${columnsText(worst.variant.columns, quote)}`;
  const most =
    (worst.drop.drop ?? 0) > 0 ? `worst case ${where}: ${title} worse by ${by}` : `${title} gets no worse`;
  return [most, ...found].join(" · ");
}

/** On which rows, with which seed, and at what cost. */
export function askedText({ rows, answers, seed, alone, confidence, perturbations }: Robustness): string {
  const some =
    rows.asked < rows.of
      ? `${formatCount(rows.asked)} of the ${formatCount(rows.of)}`
      : `the ${formatCount(rows.of)}`;
  const most =
    alone.asked < alone.of ? `, the ${alone.asked} most important of ${alone.of} columns each alone` : "";
  const variants = perturbations.reduce((sum, row) => sum + row.variants.length, 0);
  return `Asked on ${some} holdout rows${most}, ${counted(variants, "variant")} in all, seed ${seed}: ${formatCount(answers)} answers. Rows are perturbed as they come in, before any value step; intervals are of the same rows with and without (${formatShare(confidence)}), and "worse" is said of the worst variant only where an interval shared out among all variants says so.`;
}

/** How a column alone tells the label, in words. */
export function knowsTitle(measure: Robustness["leakage"]["columns"][number]["measure"]): string {
  switch (measure) {
    case "roc_auc":
      return "ROC AUC alone";
    case "mutual_information":
      return "mutual information";
    case "rank_correlation":
      return "rank correlation";
    case "correlation_ratio":
      return "correlation ratio";
    default:
      return unreachable(measure);
  }
}
