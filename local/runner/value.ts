import { data } from "@actions/expressions";

/** What a workflow file holds, and what an expression gives: plain JSON. */
export type Value = string | number | boolean | null | readonly Value[] | Mapping;

/** A mapping of a workflow file, a context, a payload. */
export interface Mapping {
  readonly [key: string]: Value;
}

/** Whether a value is a mapping. */
export const isMapping = (value: unknown): value is Mapping =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A value as the official evaluator knows it. */
export function toData(value: Value): data.ExpressionData {
  return JSON.parse(JSON.stringify(value), data.reviver) as data.ExpressionData;
}

/** What the official evaluator gave, as plain JSON. */
export function fromData(value: data.ExpressionData): Value {
  switch (value.kind) {
    case data.Kind.String:
    case data.Kind.Number:
    case data.Kind.Boolean:
      return (value as data.StringData | data.NumberData | data.BooleanData).value;
    case data.Kind.Array:
      return (value as data.Array).values().map(fromData);
    case data.Kind.Dictionary:
      return Object.fromEntries(
        (value as data.Dictionary).pairs().map((pair) => [pair.key, fromData(pair.value)]),
      );
    default:
      return null;
  }
}

/** A value as text, as GitHub writes it: nothing for null, `Object` for a mapping. */
export const text = (value: Value | undefined): string =>
  value === undefined ? "" : toData(value).coerceString();

/** What GitHub takes for true: all but null, false, 0, NaN and the empty text. */
export const truthy = (value: Value): boolean =>
  value !== null && value !== false && value !== 0 && value !== "" && !Number.isNaN(value);
