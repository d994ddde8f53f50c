import { readsOf } from "../features/derive.ts";
import type { Recipe } from "../features/recipe.ts";
import { type Expression, parseExpression } from "../tables/expression/index.ts";
import { TIME_PARTS, type TimePart } from "../tables/expression/operations/time.ts";
import { PARTS } from "./reference.ts";

/** Parts with more values than a table of categories takes. */
const AS_NUMBERS: readonly TimePart[] = ["minute", "day_of_year"];

/** Days that must be seen before every value of a part can have come up; years come up once. */
const DAYS: Readonly<Record<TimePart, number>> = {
  minute: 1,
  hour: 3,
  weekday: 7,
  day: 31,
  month: 365,
  day_of_year: 365,
  year: Number.POSITIVE_INFINITY,
};

/**
 * Whether so many different days hold all values of a part. Where they do not, how often each value
 * comes up says nothing: a week of March after a year of training is no news. A value that training
 * never saw still is.
 *
 * @example comesRound("weekday", 6) // => false
 * @example comesRound("weekday", 7) // => true
 */
export function comesRound(part: TimePart, days: number): boolean {
  return days >= DAYS[part];
}

/** The parts of a time column that a recipe uses, in one order; the month where it uses none. */
export function timePartsOf(
  recipe: Recipe,
  column: string,
): { readonly part: TimePart; readonly numeric: boolean }[] {
  const used = new Set<TimePart>();
  for (const step of recipe.features) if (step.step === "date" && step.column === column) used.add(step.part);
  for (const step of recipe.values) {
    if (step.step !== "derive" || !readsOf(step).includes(column)) continue;
    for (const part of partsIn(parseExpression(step.expression), column)) used.add(part);
  }
  if (used.size === 0) used.add("month");
  return PARTS.filter((part) => used.has(part)).map((part) => ({ part, numeric: AS_NUMBERS.includes(part) }));
}

function partsIn(expression: Expression, column: string): TimePart[] {
  if (expression.node !== "call") return [];
  const [first] = expression.args;
  const own = first?.node === "column" && first.name === column && TIME_PARTS.includes(expression.name);
  const deeper = expression.args.flatMap((arg) => partsIn(arg, column));
  return own ? [expression.name as TimePart, ...deeper] : deeper;
}
