import { UserError } from "../../../errors.ts";
import type { Impact, Ll144 } from "../../report/sections/statements.ts";
import { quantile } from "../../stats/quantile.ts";
import type { TextColumn } from "../../tables/column.ts";
import { CROSS, crossed } from "../fairness/columns.ts";
import { groupsOf } from "../fairness/groups.ts";
import type { Answers } from "../points.ts";

/** Whose impact ratios are asked for. */
export interface ImpactSettings {
  readonly sex: string;
  readonly race: string;
  readonly rate: Ll144["rate"];
  /** Categories of a smaller share of the known rows have no ratio. */
  readonly leftOutBelow: number;
  /** Categories of fewer rows are not named. The highest rate may be that of one: the rules leave out small shares, not few rows. */
  readonly minGroupSize: number;
}

/**
 * Impact ratios as New York City's rules on Local Law 144 have them (6 RCNY § 5-300 and 5-301): the selection rate
 * of a category, or the share of it that scores above the median of all, divided by that of the category with
 * the highest; by sex, by race or ethnicity, and by both. Rows whose category is not known are counted apart.
 * A row counts once, whatever its weight, as the rules count people.
 *
 * @param sensitive by name: the category of each row
 * @throws {UserError} where scoring rates are asked for and there are no scores
 */
export function ll144Of(
  answers: Answers,
  sensitive: ReadonlyMap<string, TextColumn>,
  { sex, race, rate, leftOutBelow, minGroupSize }: ImpactSettings,
): Ll144 {
  const { chosen, median } = whoIsChosen(answers, rate);
  const columns = [sex, race].map((name) => {
    const column = sensitive.get(name);
    if (column === undefined) throw new RangeError(`${name} is no sensitive column`);
    return { name, column };
  });
  const both = bothKnown(columns.map(({ column }) => column));
  const all = [...columns, { name: `${sex}${CROSS}${race}`, column: both }];
  return {
    rate,
    median,
    rows: answers.rows,
    left_out_below: leftOutBelow,
    impacts: all.map(({ name, column }) => impactOf(name, column, chosen, { leftOutBelow, minGroupSize })),
  };
}

/**
 * The impact ratios of one column's categories.
 *
 * @param chosen by row: whether it counts for the rate
 *
 * @example impactOf("sex", { kind: "text", codes: new Int32Array([0, 0, 1, 1, -1]), words: ["f", "m"] }, [true, false, true, true, true], { leftOutBelow: 0, minGroupSize: 1 }).categories.map((one) => one.impact_ratio) // => [0.5, 1]
 */
export function impactOf(
  of: string,
  column: TextColumn,
  chosen: readonly boolean[],
  { leftOutBelow, minGroupSize }: Pick<ImpactSettings, "leftOutBelow" | "minGroupSize">,
): Impact {
  const isKnown = (row: number): boolean => (column.codes[row] as number) >= 0;
  const groups = groupsOf(column, 1, isKnown);
  const counts = groups.names.map(() => 0);
  let unknown = 0;
  for (let row = 0; row < column.codes.length; row++) {
    if (!isKnown(row)) unknown++;
    const group = groups.of[row] as number;
    if (group >= 0 && chosen[row] === true) counts[group] = (counts[group] as number) + 1;
  }
  const known = column.codes.length - unknown;
  const rows = groups.names.map((name, group) => {
    const size = groups.sizes[group] as number;
    const chosenOfIt = counts[group] as number;
    return { name, size, chosen: chosenOfIt, rate: chosenOfIt / size, left_out: size < leftOutBelow * known };
  });
  const highestOf = (some: typeof rows) =>
    Math.max(0, ...some.filter((row) => !row.left_out).map(({ rate }) => rate));
  const highest = highestOf(rows);
  const named = rows.filter(({ size }) => size >= minGroupSize);
  const few = rows.filter(({ size }) => size < minGroupSize);
  return {
    of,
    categories: named.map(({ left_out, ...row }) => ({
      ...row,
      impact_ratio: left_out || highest === 0 ? null : row.rate / highest,
      left_out,
    })),
    unknown,
    hidden: {
      categories: few.length,
      rows: few.reduce((sum, { size }) => sum + size, 0),
      ...(highest > highestOf(named) ? { highest: true } : {}),
    },
  };
}

function whoIsChosen(answers: Answers, rate: Ll144["rate"]): { chosen: boolean[]; median: number | null } {
  if (rate === "selection") {
    if (answers.kind !== "classes") throw new TypeError("a regression selects nobody");
    return { chosen: Array.from(answers.classified.decisions, (decision) => decision === 1), median: null };
  }
  const scores = scoresOf(answers);
  const median = scores.length === 0 ? null : quantile(scores.slice().sort(), 0.5);
  return { chosen: Array.from(scores, (score) => median !== null && score > median), median };
}

/** A number for each row: the prediction, or the score of the positive class. */
function scoresOf(answers: Answers): Float64Array {
  if (answers.kind === "numbers") return answers.predictions;
  if (answers.kind === "sets") throw new TypeError("a row that carries several labels has no one score");
  if (answers.rows === 0) return new Float64Array(0);
  const { columns, unscored } = answers.classified;
  const [, positive] = columns;
  if (positive === undefined) {
    throw new UserError(
      `evaluate.statements.ll144 asks for scoring rates, but ${unscored ?? "there are no scores"}; right is rate: selection`,
    );
  }
  return positive;
}

/** The columns seen as one; a row of which one is missing is missing. */
function bothKnown(columns: readonly TextColumn[]): TextColumn {
  const all = crossed(columns);
  const codes = all.codes.map((code, row) =>
    columns.every((column) => (column.codes[row] as number) >= 0) ? code : -1,
  );
  return { ...all, codes };
}
