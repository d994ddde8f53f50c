import { classNames } from "../measures/labels.ts";
import type { Column, TextColumn } from "./column.ts";

/**
 * Any column as text, for telling groups apart; a missing value stays missing.
 *
 * @example textColumn({ kind: "boolean", values: new Float64Array([1, 0, 1]) }).words // => ["true", "false"]
 */
export function textColumn(column: Column): TextColumn {
  if (column.kind === "text") return column;
  const places = new Map<string, number>();
  const codes = Int32Array.from(classNames(column), (name) => {
    if (name === undefined) return -1;
    const place = places.get(name) ?? places.size;
    places.set(name, place);
    return place;
  });
  return { kind: "text", codes, words: [...places.keys()] };
}
