import type { Column, ColumnKind } from "../tables/column.ts";
import { instantOf } from "../tables/expression/calendar.ts";
import { dictionaryOf } from "../tables/expression/vectors.ts";
import { Refusal } from "./refusal.ts";

/** Takes in the values of one column, row by row, as JSON brings them. */
export interface ColumnBuilder {
  /** @throws {Refusal} where the value is not of the column's kind */
  put(row: number, value: unknown): void;
  column(): Column;
}

/**
 * A column of a kind that a recipe was fitted on, for values from JSON; null is a missing value in any.
 *
 * @example columnBuilder("number", 2).column().values // => [NaN, NaN]
 * @example columnBuilder("number", 1).put(0, "30") // throws "Expecting a number, but got a string"
 */
export function columnBuilder(kind: ColumnKind, rows: number): ColumnBuilder {
  if (kind === "text") {
    const codes = new Int32Array(rows).fill(-1);
    const dictionary = dictionaryOf();
    return {
      put(row, value) {
        if (value !== null) codes[row] = dictionary.code(textOf(value));
      },
      column: () => ({ kind, codes, words: dictionary.words }),
    };
  }
  const values = new Float64Array(rows).fill(NaN);
  const read = READ[kind];
  return {
    put(row, value) {
      if (value !== null) values[row] = read(value);
    },
    column: () => ({ kind, values }),
  };
}

const READ: Readonly<Record<Exclude<ColumnKind, "text">, (value: unknown) => number>> = {
  number(value) {
    if (typeof value === "number") return value;
    throw notA(value, "a number");
  },
  boolean(value) {
    if (typeof value === "boolean") return value ? 1 : 0;
    throw notA(value, "true or false");
  },
  time(value) {
    const time = typeof value === "string" ? instantOf(value) : undefined;
    if (time !== undefined) return time;
    throw notA(value, 'a time in UTC, such as "2026-11-21T10:00:00Z"');
  },
};

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  const b64 = base64Of(value);
  if (b64 !== undefined) return b64;
  throw notA(value, "a string");
}

/** Whether a value is the protocol's way of saying bytes: `{"b64": "…"}`. */
export const isBase64 = (value: unknown): value is { readonly b64: string } =>
  typeof value === "object" &&
  value !== null &&
  Object.keys(value).length === 1 &&
  typeof (value as { b64?: unknown }).b64 === "string";

function base64Of(value: unknown): string | undefined {
  if (!isBase64(value)) return undefined;
  try {
    const bytes = Uint8Array.from(atob(value.b64), (letter) => letter.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal("INVALID_ARGUMENT", "Unable to base64 decode, or the bytes are no UTF-8 text");
  }
}

/** Says what kind of value was found, and not the value: it may be anything, of any length. */
function notA(value: unknown, right: string): Refusal {
  const found = Array.isArray(value) ? "a list" : typeof value === "object" ? "an object" : typeof value;
  return new Refusal("INVALID_ARGUMENT", `Expecting ${right}, but got ${SAID[found] ?? found}`);
}

const SAID: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  boolean: "true or false",
};
