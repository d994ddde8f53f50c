import { countWhere } from "../../tables/sql/count-where.ts";
import { quoteName, quoteText } from "../../tables/sql/quote.ts";
import type { CheckedColumn } from "./check.ts";

/** Whether a column can hold NaN and infinity. */
export const isFloating = ({ type }: CheckedColumn): boolean => type === "FLOAT" || type === "DOUBLE";

/**
 * SQL that is true where a cell is missing: NULL, and NaN among floating numbers.
 *
 * @example missing({ name: "age", type: "BIGINT", kind: "number" }) // => '("age" IS NULL)'
 * @example missing({ name: "wage", type: "DOUBLE", kind: "number" }) // => '("wage" IS NULL OR isnan("wage"))'
 */
export function missing(column: CheckedColumn): string {
  const x = quoteName(column.name);
  return isFloating(column) ? `(${x} IS NULL OR isnan(${x}))` : `(${x} IS NULL)`;
}

/** Aggregate: in how many rows the cell is present. */
export function presentRows(column: CheckedColumn): string {
  return isFloating(column) ? countWhere(`NOT ${missing(column)}`) : `count(${quoteName(column.name)})`;
}

/** Aggregate: in how many rows the cell is present and a condition is not met. */
export function brokenRows(broken: string): string {
  return countWhere(broken);
}

/**
 * A constant of the contract as SQL, as the column's kind compares it; `undefined` where it never can.
 *
 * @example constant("1.5", "number") // => "1.5e0"
 * @example constant(1, "text") // => "'1'"
 * @example constant("yes", "number") // => undefined
 */
export function constant(value: string | number | boolean, kind: CheckedColumn["kind"]): string | undefined {
  switch (kind) {
    case "text":
      return quoteText(String(value));
    case "boolean":
      return value === true || value === 1 || value === "true"
        ? "TRUE"
        : value === false || value === 0 || value === "false"
          ? "FALSE"
          : undefined;
    case "number": {
      const number = typeof value === "string" && value.trim() === "" ? Number.NaN : Number(value);
      if (!Number.isFinite(number)) return undefined;
      if (Number.isSafeInteger(number)) return String(number); // compares exactly with every integer
      return /e/.test(String(number)) ? String(number) : `${number}e0`;
    }
    case "time":
      return typeof value === "string" ? `CAST(${quoteText(value)} AS TIMESTAMP)` : undefined;
  }
}
