import { isMap, isSeq, type Node, visit } from "yaml";

/*
 * A comma ends a value in a flow map or list, also the comma of a function call:
 * `{ tenure: greatest(age, 0) }` is read by YAML as the two keys `tenure` and `0)`.
 * Such a value is found here, in the source, and mended with quotes.
 */

export interface Tear {
  /** Extent of the whole value in the source. */
  readonly start: number;
  readonly end: number;
  /** The value in quotes. */
  readonly mended: string;
}

/** A person tears a few; each is mended, and the rest of the file read around it. */
const MOST_TEARS = 50;

/** The values that flow maps and lists of a document (well formed or not) tore apart, in order. */
export function tearsIn(source: string, contents: Node | null): readonly Tear[] {
  const tears: Tear[] = [];
  visit(contents, {
    Collection(_, node) {
      if (node.flow !== true || node.range === undefined || node.range === null) return;
      if (isMap(node)) tears.push(...tornIn(source, node.range[0] + 1, "}"));
      else if (isSeq(node)) tears.push(...tornIn(source, node.range[0] + 1, "]"));
    },
  });
  return tears.sort((a, b) => a.start - b.start).slice(0, MOST_TEARS);
}

function tornIn(source: string, from: number, closer: "}" | "]"): readonly Tear[] {
  const ends = new Map<number, number>();
  let at = from;
  let previous: { readonly start: number; readonly end: number } | undefined;
  for (;;) {
    at = skipBlank(source, at);
    if (at >= source.length || source[at] === closer) break;
    if (source[at] === ",") {
      at++;
      continue;
    }
    const entry = entryAt(source, at, closer);
    let { end } = entry;
    if (entry.value !== undefined) {
      const { start } = entry.value;
      const whole = wholeValue(source, start, end);
      if (whole !== undefined) ends.set(start, whole);
      end = whole ?? end;
      previous = { start, end };
    } else if (
      closer === "}" &&
      entry.plain &&
      previous !== undefined &&
      end - previous.start < LONGEST_VALUE
    ) {
      ends.set(previous.start, end); // `{ because: we lose money, and time }`
      previous = { start: previous.start, end };
    } else {
      previous = undefined;
    }
    at = Math.max(end, at + 1);
  }
  return [...ends].map(([start, end]) => ({ start, end, mended: quoted(source.slice(start, end)) }));
}

interface Entry {
  /** The plain value, where there is one that a comma could tear. */
  readonly value: { readonly start: number } | undefined;
  /** Whether the entry is plain text without a key. */
  readonly plain: boolean;
  readonly end: number;
}

function entryAt(source: string, start: number, closer: "}" | "]"): Entry {
  const colon =
    /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^"'[\]{},\s](?:[^,[\]{}:\n]|:(?=\S))*)\s*:(?=[\s,[\]{}])/;
  const key = colon.exec(source.slice(start, start + 2000));
  const valueStart = key === null ? start : skipBlank(source, start + key[0].length);
  const first = source[valueStart] ?? "";
  const nested = first === "{" || first === "[";
  const inQuotes = first === '"' || first === "'";
  const end = nested
    ? afterNested(source, valueStart)
    : inQuotes
      ? afterQuotes(source, valueStart)
      : endOfPlain(source, valueStart);
  const plain = !nested && !inQuotes;
  const isItem = closer === "]" && key === null;
  return {
    value: plain && (key !== null || isItem) ? { start: valueStart } : undefined,
    plain: plain && key === null,
    end,
  };
}

/** Where a value whose parentheses or quotes are still open at a comma really ends; `undefined` if none is. */
function wholeValue(source: string, start: number, end: number): number | undefined {
  let depth = 0;
  let quote = "";
  let crossed = false;
  for (let at = start; at < Math.min(source.length, start + LONGEST_VALUE); at++) {
    const letter = source[at] ?? "";
    if (quote !== "") {
      if (letter === "\n") return undefined;
      if (letter === quote) quote = "";
      else if (letter === "," && at >= end) crossed = true;
    } else if ((letter === "'" || letter === '"') && !/[\w'"]/.test(source[at - 1] ?? "")) {
      quote = letter; // not the apostrophe of "don't"
    } else if (letter === "(") depth++;
    else if (letter === ")") depth--;
    else if (depth > 0 && letter === "," && at >= end) crossed = true;
    else if (depth > 0 && /[\]}]/.test(letter)) return undefined;
    else if (depth <= 0 && at >= end && /[,\]}\n]/.test(letter)) {
      return crossed && depth === 0 ? start + source.slice(start, at).trimEnd().length : undefined;
    }
  }
  return undefined;
}

/** An expression longer than this is not on one line of a flow map. */
const LONGEST_VALUE = 4000;

function skipBlank(source: string, from: number): number {
  const blank = /(?:\s|(?<=\s)#[^\n]*)*/y;
  blank.lastIndex = from;
  return from + (blank.exec(source)?.[0].length ?? 0);
}

function endOfPlain(source: string, from: number): number {
  const text = /(?:[^,[\]{}\n#:]|#(?<!\s#)|:(?![\s,[\]{}]))*/y;
  text.lastIndex = from;
  return from + (text.exec(source)?.[0].trimEnd().length ?? 0);
}

function afterQuotes(source: string, from: number): number {
  const text = /"(?:[^"\\]|\\[\s\S])*"|'(?:[^']|'')*'/y;
  text.lastIndex = from;
  return from + (text.exec(source)?.[0].length ?? 1);
}

function afterNested(source: string, from: number): number {
  let depth = 0;
  for (let at = from; at < source.length; at++) {
    const letter = source[at] ?? "";
    if (letter === "{" || letter === "[") depth++;
    else if (letter === "}" || letter === "]") {
      depth--;
      if (depth === 0) return at + 1;
    } else if ((letter === '"' || letter === "'") && /[\s,[{:]/.test(source[at - 1] ?? "")) {
      at = afterQuotes(source, at) - 1;
    }
  }
  return source.length;
}

/**
 * A text in the quotes in which it reads best.
 *
 * @example quoted("greatest(age, 0)") // => "\"greatest(age, 0)\""
 * @example quoted("\"a\" = 1") // => "'\"a\" = 1'"
 */
export function quoted(text: string): string {
  const oneLine = text.replace(/\s*\n\s*/g, " ");
  return /["\\]/.test(oneLine) ? `'${oneLine.replaceAll("'", "''")}'` : `"${oneLine}"`;
}
