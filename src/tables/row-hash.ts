import { quoteName } from "../core/tables/sql/quote.ts";

/**
 * One text for the contents of a row, as SQL: the columns sorted by name, each value as its length
 * in bytes, a colon and its text, or `-` where it is missing. No two rows that differ have the same.
 *
 * @example rowText(["b", "a"]) // => "concat(coalesce(strlen(CAST(\"a\" AS VARCHAR)) || ':' || CAST(\"a\" AS VARCHAR), '-'), coalesce(strlen(CAST(\"b\" AS VARCHAR)) || ':' || CAST(\"b\" AS VARCHAR), '-'))"
 */
export function rowText(names: readonly string[]): string {
  if (names.length === 0) return "''";
  const parts = [...names].sort().map((name) => {
    const text = `CAST(${quoteName(name)} AS VARCHAR)`;
    return `coalesce(strlen(${text}) || ':' || ${text}, '-')`;
  });
  return `concat(${parts.join(", ")})`;
}

/** Digits of MD5 that make a number which a double holds exactly. */
const DIGITS = 13;

/** A number from 0 to 2⁵² − 1 that a seed and a text decide, as SQL: the same on every engine. */
export function seededNumber(seed: number, text: string): string {
  return `CAST('0x' || substr(md5('${seed}:' || ${text}), 1, ${DIGITS}) AS BIGINT)`;
}

/** What `seededNumber` stays below. */
export const SEEDED_BELOW = 2 ** (4 * DIGITS);
