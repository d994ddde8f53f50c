import { unreachable } from "../../../errors.ts";
import {
  counted,
  formatCount,
  formatDifference,
  formatInterval,
  formatNumber,
  formatShare,
} from "../numbers.ts";
import type { Loss, SliceRow, Slices } from "./slices.ts";

/*
 * What the renderings say of slices in the same words. Nothing here is escaped and nothing is markup.
 */

/** Slices that a comment names of each kind. */
export const TOLD = 5;

/** A list of slices, with what it is held against. */
export interface SliceList {
  readonly title: string;
  /** What stands in the column of the other value. */
  readonly other: string;
  readonly rows: readonly SliceRow[];
}

/** The lists that there are: where it is weak, and where it got worse. */
export function sliceLists({ weak, worse }: Slices): readonly SliceList[] {
  return [
    { title: "Where it is weak", other: "Elsewhere", rows: weak },
    ...(worse === null
      ? []
      : [{ title: "Where it is worse than production", other: "Production", rows: worse }]),
  ];
}

/**
 * What a loss is called.
 *
 * @example lossTitle("log_loss") // => "Mean log loss"
 */
export function lossTitle(loss: Loss): string {
  switch (loss) {
    case "error":
      return "Error rate";
    case "log_loss":
      return "Mean log loss";
    case "absolute_error":
      return "Mean absolute error";
    case "squared_error":
      return "Mean squared error";
    default:
      return unreachable(loss);
  }
}

/**
 * A mean loss; of errors it is a share.
 *
 * @example lossText("error", 0.31) // => "31.0%"
 * @example lossText("absolute_error", 0.31) // => "0.310"
 */
export function lossText(loss: Loss, value: number): string {
  return loss === "error" ? formatShare(value) : formatNumber(value);
}

/**
 * A difference of mean losses with its interval; of errors in points of a hundred.
 *
 * @example lossDifference("error", { difference: 0.19, interval: { low: 0.1, high: 0.28 } }) // => "+19.0 points (10.0% to 28.0%)"
 * @example lossDifference("log_loss", { difference: 0.2, interval: null }) // => "+0.200"
 */
export function lossDifference(
  loss: Loss,
  held: {
    readonly difference: number;
    readonly interval: { readonly low: number; readonly high: number } | null;
  },
): string {
  const { difference, interval } = held;
  const text =
    loss === "error"
      ? `${difference > 0 ? "+" : ""}${formatShare(difference).replace("%", "")} points`
      : formatDifference(difference);
  const range = formatInterval(interval, loss === "error" ? formatShare : formatNumber);
  return interval === null ? text : `${text} (${range})`;
}

/**
 * A slice in one line of text.
 *
 * @example sliceText({ conditions: [{ column: "hours", place: "among its lowest 10%", text: null }, { column: "job", place: "missing", text: "job is missing" }] }) // => "hours among its lowest 10% and job is missing"
 */
export function sliceText({ conditions }: Pick<SliceRow, "conditions">): string {
  return conditions.map(({ column, place, text }) => text ?? `${column} ${place}`).join(" and ");
}

/** On which rows was searched, on which confirmed, and how. */
export function searchText({ rows, columns, depth, min_support, confidence, weighted }: Slices): string {
  const searched =
    rows.from === "validation"
      ? `${formatCount(rows.search)} validation rows`
      : `one half of the holdout (${counted(rows.search, "row")})`;
  const held =
    rows.from === "validation"
      ? `the ${formatCount(rows.holdout)} holdout rows`
      : `its other half (${counted(rows.holdout, "row")})`;
  const level = formatShare(1 - confidence);
  const by = weighted === true ? ", each counted by its weight" : "";
  const least = `at least ${formatCount(min_support)} rows${weighted === true ? " of equal weight, or more that tell as much" : ""}`;
  return `Searched on ${searched}: ${counted(columns.length, "column")}, at most ${counted(depth, "condition")}, ${least}. The numbers are of ${held}${by}, which took no part in the search; a slice is confirmed where p, corrected by Holm for all that was found, is at most ${level}.`;
}

/**
 * Why conditions are told without their values; null where all are told with them.
 *
 * @example hiddenValues({ weak: [{ conditions: [{ column: "job", place: "missing", text: "job is missing" }] }], worse: null }) // => null
 */
export function hiddenValues({
  weak,
  worse,
}: {
  readonly weak: readonly Pick<SliceRow, "conditions">[];
  readonly worse: readonly Pick<SliceRow, "conditions">[] | null;
}): string | null {
  const all = [...weak, ...(worse ?? [])].flatMap(({ conditions }) => conditions);
  return all.some(({ text }) => text === null)
    ? "Borders and categories are values of the data: only report.html names them, where the contract says show_values."
    : null;
}

/**
 * What the holdout did not confirm, as a sentence; null where there is nothing.
 *
 * @example unconfirmedText([{ confirmed: true }, { confirmed: false }]) // => "1 more was found that the holdout does not confirm."
 */
export function unconfirmedText(rows: readonly Pick<SliceRow, "confirmed">[]): string | null {
  const left = rows.filter(({ confirmed }) => !confirmed).length;
  if (left === 0) return null;
  const more = left === rows.length ? "" : " more";
  return `${formatCount(left)}${more} ${left === 1 ? "was" : "were"} found that the holdout does not confirm.`;
}

/**
 * How many of each kind are confirmed, for a summary.
 *
 * @example confirmedText({ weak: [{ confirmed: true }], worse: null }) // => "1 confirmed"
 */
export function confirmedText({
  weak,
  worse,
}: {
  readonly weak: readonly Pick<SliceRow, "confirmed">[];
  readonly worse: readonly Pick<SliceRow, "confirmed">[] | null;
}): string {
  const count = (rows: readonly Pick<SliceRow, "confirmed">[]): number =>
    rows.filter(({ confirmed }) => confirmed).length;
  const all = count(weak) === 0 ? "none confirmed" : `${formatCount(count(weak))} confirmed`;
  return worse === null || count(worse) === 0
    ? all
    : `${all}, ${formatCount(count(worse))} worse than production`;
}
