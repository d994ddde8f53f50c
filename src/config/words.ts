import type { Located } from "./yaml/located.ts";

/** A value in the words of YAML, quoted and short: what an error says was found. */
export function foundText(node: Located): string {
  if (node.kind === "list") return node.items.length === 0 ? "an empty list" : "a list";
  if (node.kind === "map") return node.entries.size === 0 ? "an empty map" : "a map";
  const { value } = node;
  if (value === null) return "no value";
  if (typeof value === "string") return `text "${shown(value)}"`;
  if (typeof value === "boolean") return String(value);
  const written = Number.isNaN(value) ? ".nan" : String(value).replace("Infinity", ".inf");
  return `the number ${written}`;
}

const shown = (text: string) =>
  text.length > 60 ? `${text.slice(0, 60).replace(/\s+/g, " ")}…` : text.replace(/\s+/g, " ");

/**
 * Words as a list to choose from, cut where it grows long.
 *
 * @example wordList(["a", "b"]) // => "a, b"
 */
export function wordList(words: readonly string[]): string {
  return words.length > 40 ? `${words.slice(0, 40).join(", ")}, …` : words.join(", ");
}

/**
 * Alternatives in a sentence.
 *
 * @example orList(["text", "a list", "a map"]) // => "text, a list or a map"
 */
export function orList(words: readonly string[]): string {
  const distinct = [...new Set(words)];
  const last = distinct.pop() ?? "";
  return distinct.length === 0 ? last : `${distinct.join(", ")} or ${last}`;
}
