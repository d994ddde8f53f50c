import type { Json } from "./ingredient.ts";

/**
 * JSON with one spelling for one value: no spaces, keys sorted, what is undefined left out. Numbers
 * that JSON does not have are spelled as text.
 *
 * Follows RFC 8785 (JSON Canonicalization Scheme).
 *
 * @example canonical({ b: [1, 2.50], a: "x" }) // => '{"a":"x","b":[1,2.5]}'
 */
export function canonical(value: Json | undefined): string {
  if (typeof value === "number" && !Number.isFinite(value)) return `"${value}"`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  if (isList(value)) return `[${value.map(canonical).join(",")}]`;
  const pairs = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`);
  return `{${pairs.join(",")}}`;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
