import { type Document, isNode, isScalar, LineCounter, parseDocument, visit, type YAMLMap } from "yaml";
import { type Place, UserError } from "../../errors.ts";

/** A YAML file with the place of everything in it; comments and unknown keys live on in the document. */
export interface YamlFile {
  readonly document: Document;
  /** Where a node, or the value at a path of keys, stands. */
  place(at: unknown): Place;
}

/** Far beyond any pointer or lock; a file this large was made to do harm. */
const LARGEST = 10_000_000;

/**
 * Parses a file that Trainyard or DVC wrote and anybody may have edited. Aliases are refused: neither
 * writes any, and a few of them can blow up to gigabytes.
 *
 * @throws {UserError} at the line and column of the first error
 */
export function parseYamlFile(text: string, file: string): YamlFile {
  if (text.length > LARGEST) throw new UserError(`is larger than ${LARGEST} characters`, { at: { file } });
  const lines = new LineCounter();
  const mark = text.search(/^<{7} /m);
  if (mark >= 0 && /^>{7} /m.test(text)) {
    throw new UserError("holds both sides of a merge that is undecided; run `trainyard merge`", {
      at: { file, line: text.slice(0, mark).split("\n").length },
    });
  }
  const document = parsed(text, lines, file);
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const [error] = document.errors;
  if (error !== undefined) {
    const said = /call stack/.test(error.message) ? "is nested too deep to be read" : error.message;
    throw new UserError(said.split("\n")[0]?.replace(/\.$/, "") ?? "is not YAML", {
      at: place(error.pos[0]),
    });
  }
  visit(document, {
    Alias(_key, node) {
      throw new UserError("holds a YAML alias, which is not used here", { at: place(node.range?.[0] ?? 0) });
    },
    Map(_key, node) {
      const twice = repeatedKey(node);
      if (twice !== undefined) throw new UserError("Map keys must be unique", { at: place(twice) });
    },
  });
  return {
    document,
    place(at) {
      const node = Array.isArray(at) ? nodeAt(document, at) : at;
      return isNode(node) && node.range ? place(node.range[0]) : { file };
    },
  };
}

/**
 * Parses YAML 1.2. A key twice is not seen; see `repeatedKey`.
 *
 * @throws {UserError} where it is nested so deep that nobody can have meant it
 */
export function parsed(text: string, lineCounter: LineCounter, file: string, merge = false): Document.Parsed {
  if (depthOf(text) > DEEPEST) throw new UserError("is nested too deep to be read", { at: { file } });
  return parseDocument(text, {
    lineCounter,
    prettyErrors: false,
    version: "1.2",
    merge,
    uniqueKeys: false, // its own check takes hours for a million keys
  });
}

/** Pipelines have a dozen levels; the parser's stack ends near a thousand. */
const DEEPEST = 250;

/** So many brackets are open at most; those within texts count, too. */
function depthOf(text: string): number {
  let open = 0;
  let deepest = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    open += bracket === "[" || bracket === "{" ? 1 : -1;
    if (open > deepest) deepest = open;
    if (open < 0) open = 0;
  }
  return deepest;
}

/** Where a map has a key for the second time. */
export function repeatedKey({ items }: YAMLMap): number | undefined {
  const seen = new Set<unknown>();
  for (const { key } of items) {
    if (!isScalar(key)) continue;
    if (seen.has(key.value)) return key.range?.[0] ?? 0;
    if (key.value !== "<<") seen.add(key.value);
  }
  return undefined;
}

/** The node at a path, or the nearest above it that there is. */
function nodeAt(document: Document, path: readonly unknown[]): unknown {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node)) return node;
  }
  return document.contents;
}
