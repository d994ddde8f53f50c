import { quoteName } from "../core/tables/sql/quote.ts";
import { compareText } from "../core/text/order.ts";
import type { DataColumn } from "./columns.ts";

/**
 * One text for the contents of a row, as SQL: the columns sorted by name, each value as its text. No
 * two rows that differ have the same: texts come after their length in bytes and a colon (a missing
 * one has no length), and no number, time or truth value holds the bar that ends it.
 *
 * @example rowText([{ name: "b", kind: "text" }, { name: "a", kind: "number" }]) // => "concat(\"a\", '|', strlen(CAST(\"b\" AS VARCHAR)), ':', CAST(\"b\" AS VARCHAR))"
 * @example rowText([]) // => "''"
 */
export function rowText(columns: readonly DataColumn[]): string {
  const sorted = [...columns].sort((a, b) => compareText(a.name, b.name));
  const parts = sorted.map(({ name, kind }) => {
    const column = quoteName(name);
    if (kind !== "text") return `${column}, '|'`;
    const text = `CAST(${column} AS VARCHAR)`;
    return `strlen(${text}), ':', ${text}`;
  });
  return parts.length === 0 ? "''" : `concat(${parts.join(", ")})`;
}

/** Digits of MD5 that make a number which a double holds exactly. */
const DIGITS = 13;

/**
 * A number from 0 to 2⁵² − 1 that a seed and a text decide, as SQL: the same on every engine.
 *
 * @param seed a number, or a word without quotes
 */
export function seededNumber(seed: number | string, text: string): string {
  return `CAST('0x' || substr(md5('${seed}:' || ${text}), 1, ${DIGITS}) AS BIGINT)`;
}

/** What `seededNumber` stays below. */
export const SEEDED_BELOW = 2 ** (4 * DIGITS);
