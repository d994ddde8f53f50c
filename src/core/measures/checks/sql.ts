import { ExpressionError, type Kinds, parseExpression, toSql } from "../../tables/expression/index.ts";
import { countWhere } from "../../tables/sql/count-where.ts";
import { brokenRows } from "./cell.ts";
import { type Check, numberOf, type Unfit } from "./check.ts";

/**
 * A condition of our own dialect holds in every row. Where something in it is missing it is neither
 * true nor false: such rows break nothing, are counted apart, and are not among the rows looked at.
 */
export default function sql(condition: string, kinds: Kinds): Check | Unfit {
  let text: string;
  try {
    text = toSql(parseExpression(condition), kinds);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const within = error instanceof ExpressionError ? { offset: error.offset } : {};
    return { title: condition, column: null, unfit: error.message, ...within };
  }
  const broken = `(${text}) IS FALSE`;
  return {
    title: condition,
    column: null,
    aggregates: {
      rows: "count(*)",
      broken: brokenRows(broken),
      undecided: countWhere(`(${text}) IS NULL`),
    },
    broken,
    allow: 0,
    measure(found) {
      const undecided = numberOf(found, "undecided");
      return {
        count: numberOf(found, "broken"),
        rows: numberOf(found, "rows") - undecided,
        observed: undecided === 0 ? null : `${undecided.toLocaleString("en-US")} undecided`,
      };
    },
  };
}
