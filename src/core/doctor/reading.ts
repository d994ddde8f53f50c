import { isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument } from "yaml";

/** A key or an index, from the top of a YAML file downwards. */
export type Path = readonly (string | number)[];

/** A YAML file as plain data, with the places of its keys. */
export interface Reading {
  /** Undefined where the file is no YAML. */
  readonly value: unknown;
  /** The line of a key or an entry, from 1; that of the nearest thing above it that there is. */
  line(path: Path): number;
  /** What stands behind `#` on the line of a key. */
  comment(path: Path): string | undefined;
}

/**
 * Reads YAML that may come from anybody: aliases do not multiply, duplicate keys do not stop it.
 *
 * @example readYamlText("a:\n  b: 1 # why\n").line(["a", "b"]) // => 2
 * @example readYamlText("a:\n  b: 1 # why\n").comment(["a", "b"]) // => "why"
 * @example readYamlText("a: [").value // => undefined
 */
export function readYamlText(text: string): Reading {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, uniqueKeys: false, logLevel: "silent" });
  const lines = text.split(/\r?\n/);
  const plain = (): unknown => {
    if (document.errors.length > 0) return undefined;
    try {
      return document.toJS({ maxAliasCount: 100 }) as unknown;
    } catch {
      return undefined; // more aliases than a person writes
    }
  };

  const line = (path: Path): number => {
    let node: unknown = document.contents;
    let offset = 0;
    for (const part of path) {
      const found = isMap(node)
        ? node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === part)
        : isSeq(node) && typeof part === "number"
          ? node.items[part]
          : undefined;
      const at = isPair(found) ? found.key : found;
      if (!isNode(at) || at.range == null) break;
      offset = at.range[0];
      node = isPair(found) ? found.value : found;
    }
    return counter.linePos(offset).line;
  };

  return {
    value: plain(),
    line,
    comment: (path) => /(?:^|\s)#\s*(.*?)\s*$/.exec(lines[line(path) - 1] ?? "")?.[1] || undefined,
  };
}
