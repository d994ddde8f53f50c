import type { Scalar } from "yaml";

/**
 * The offset in the source of the character that stands at an offset of a scalar's value.
 *
 * YAML may fold, indent and strip white space between source and value but keeps every other character,
 * so it is found by counting those; an escape in quotes counts as the one character that it stands for.
 * An offset past the end is the end of the last character.
 */
export function sourceOffset(source: string, scalar: Scalar, offset: number): number {
  const [start = 0, end = source.length] = scalar.range ?? [];
  const value = typeof scalar.value === "string" ? scalar.value : "";
  const visibleBefore = value.slice(0, offset).replace(/\s/g, "").length;
  const onSpace = offset < value.length && /\s/.test(value[offset] ?? "");
  let seen = 0;
  let afterLast = start;
  for (const unit of unitsOf(source.slice(start, end), scalar.type)) {
    if (seen === visibleBefore && !onSpace && offset < value.length) return start + unit.start;
    seen++;
    afterLast = start + unit.end;
    if (seen === visibleBefore && (onSpace || offset >= value.length)) return afterLast;
  }
  return afterLast;
}

/** The visible characters of a scalar's source, each with its extent. */
function* unitsOf(text: string, type: Scalar.Type | null | undefined) {
  const quoted = type === "QUOTE_DOUBLE" || type === "QUOTE_SINGLE";
  const block = type === "BLOCK_LITERAL" || type === "BLOCK_FOLDED";
  const body = quoted ? text.slice(1, -1) : text;
  const skipped = quoted ? 1 : block ? text.indexOf("\n") + 1 : 0;
  const pattern =
    type === "QUOTE_DOUBLE"
      ? /\\(?:x[\da-f]{2}|u[\da-f]{4}|U[\da-f]{8}|\r?\n|[\s\S])|\S/gi
      : type === "QUOTE_SINGLE"
        ? /''|\S/g
        : /\S/g;
  for (const match of (block ? body.slice(skipped) : body).matchAll(pattern)) {
    if (/^\\([\r\n ntrvfbL_NP]|$)/.test(match[0])) continue; // an escape that stands for white space
    const start = skipped + match.index;
    yield { start, end: start + match[0].length };
  }
}
