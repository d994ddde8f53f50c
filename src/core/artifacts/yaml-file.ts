import { type Document, isNode, LineCounter, parseDocument, visit } from "yaml";
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
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: "1.2" });
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const [error] = document.errors;
  if (error !== undefined) {
    throw new UserError(error.message.split("\n")[0]?.replace(/\.$/, "") ?? "is not YAML", {
      at: place(error.pos[0]),
    });
  }
  visit(document, {
    Alias(_key, node) {
      throw new UserError("holds a YAML alias, which is not used here", { at: place(node.range?.[0] ?? 0) });
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

/** The node at a path, or the nearest above it that there is. */
function nodeAt(document: Document, path: readonly unknown[]): unknown {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node)) return node;
  }
  return document.contents;
}
