import { brokenRows, missing as missingSql } from "./cell.ts";
import { type Check, type CheckedColumn, numberOf } from "./check.ts";

/** At most a share of the rows lacks a value. NaN is a value that lacks. */
export default function missing(column: CheckedColumn, atMost: number): Check {
  const broken = missingSql(column);
  return {
    title:
      atMost === 0
        ? `${column.name} is never missing`
        : `${column.name} is missing in at most ${percent(atMost)}`,
    column: column.name,
    aggregates: { rows: "count(*)", broken: brokenRows(broken) },
    broken,
    allow: atMost,
    measure: (found) => ({ count: numberOf(found, "broken"), rows: numberOf(found, "rows"), observed: null }),
  };
}

/**
 * A share as a person writes it.
 *
 * @example percent(0.015) // => "1.5%"
 */
export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(6))}%`;
}
