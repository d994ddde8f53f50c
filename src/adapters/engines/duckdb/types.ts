import { isOneOf } from "../../../core/tables/sql/one-of.ts";
import { quoteText } from "../../../core/tables/sql/quote.ts";

/** A type that a CSV column may have: how a cell of it looks, and what it becomes. */
export interface CellType {
  /** As in the contract. */
  readonly name: string;
  /** For messages: `an integer`. */
  readonly one: string;
  /** Whether the text `x` is one, as SQL. */
  readonly fits: (x: string) => string;
  /** A cheaper question, true for most of the texts that fit and for no other. */
  readonly surely?: (x: string) => string;
  readonly cast: (x: string) => string;
}

const matches = (x: string, pattern: string): string => `regexp_full_match(${x}, '${pattern}')`;
const INTEGER = "\\s*[+-]?[0-9]{1,18}\\s*";
const LONG = "\\s*[+-]?[0-9]{19,}\\s*";
const NUMBER =
  "\\s*[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?\\s*|\\s*[+-]?([nN][aA][nN]|[iI][nN][fF]([iI][nN][iI][tT][yY])?)\\s*";
const DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
const TIMESTAMP = `${DATE}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?[ ]?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?`;

/**
 * From the narrowest to the widest: a column has the first type that fits all its cells, and is text
 * where none does. DuckDB's own conversion is not asked, because it makes 2 of "1.5" for an integer.
 * Integers of 19 digits and more are text: they name things, and a number would lose their end.
 */
export const CELL_TYPES: readonly CellType[] = [
  {
    name: "boolean",
    one: "true or false",
    fits: (x) => `(lower(${x}) IN ('true', 'false'))`,
    cast: (x) => `CAST(${x} AS BOOLEAN)`,
  },
  {
    name: "integer",
    one: "an integer",
    fits: (x) => matches(x, INTEGER),
    surely: (x) =>
      `(CAST(TRY_CAST(${x} AS BIGINT) AS VARCHAR) IS NOT DISTINCT FROM ${x} AND length(${x}) < 19)`,
    cast: (x) => `CAST(${x} AS BIGINT)`,
  },
  {
    name: "number",
    one: "a number",
    fits: (x) =>
      `(${matches(x, NUMBER)} AND NOT ${matches(x, LONG)} AND TRY_CAST(${x} AS DOUBLE) IS NOT NULL)`,
    surely: (x) => `(TRY_CAST(${x} AS DOUBLE) IS NOT NULL AND length(${x}) < 19 AND NOT contains(${x}, '_'))`,
    cast: (x) => `CAST(${x} AS DOUBLE)`,
  },
  {
    name: "date",
    one: "a date such as 2024-12-31",
    fits: (x) => `(${matches(x, DATE)} AND TRY_CAST(${x} AS DATE) IS NOT NULL)`,
    cast: (x) => `CAST(${x} AS DATE)`,
  },
  {
    name: "timestamp",
    one: "a time such as 2024-12-31T23:59:59Z",
    fits: (x) => `(${matches(x, TIMESTAMP)} AND TRY_CAST(${x} AS TIMESTAMPTZ) IS NOT NULL)`,
    cast: (x) => `(CAST(${x} AS TIMESTAMPTZ) AT TIME ZONE 'UTC')`,
  },
];

/** What stands for "missing" in columns that are not text; in text columns only the empty cell does. */
const MISSING_WORDS = ["NA", "N/A", "n/a", "NULL", "null", "None", "-"].map(quoteText);
export const withoutMissing = (x: string): string =>
  `(CASE WHEN NOT ${isOneOf(x, MISSING_WORDS)} THEN ${x} END)`;

const CASTS: Readonly<Record<string, string>> = {
  boolean: "BOOLEAN",
  integer: "BIGINT",
  number: "DOUBLE",
  date: "DATE",
  timestamp: "TIMESTAMP",
  text: "VARCHAR",
};

/** A column that already has a type, as the type that the contract asks for. */
export function castTo(type: string | undefined, column: string): string {
  const target = type === undefined ? undefined : CASTS[type];
  return target === undefined ? column : `CAST(${column} AS ${target})`;
}
