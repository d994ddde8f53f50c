import { Document, isNode, isPair, isScalar, visit } from "yaml";

/** A sentence that stands as a comment above the node at a path. */
export interface Remark {
  readonly path: readonly (string | number)[];
  readonly text: string;
}

/**
 * YAML for people: block style, and lists of plain values on one line.
 *
 * @param remarks their lines are as they are given
 *
 * @example readableYaml({ between: [16, 99], in: ["no", "b"] }) // => "between: [16, 99]\nin: [no, b]\n"
 * @example readableYaml({ a: { b: 1 } }, [{ path: ["a", "b"], text: "why" }]) // => "a:\n  # why\n  b: 1\n"
 * @example readableYaml({ gates: [{ gate: "f1 >= 0.5" }] }, [{ path: ["gates", 0], text: "why" }]) // => "gates:\n  # why\n  - gate: f1 >= 0.5\n"
 */
export function readableYaml(value: unknown, remarks: readonly Remark[] = []): string {
  const document = new Document(value, { version: "1.2", aliasDuplicateObjects: false });
  visit(document, {
    Seq(_key, list) {
      if (list.items.every((item) => isScalar(item))) list.flow = true;
    },
  });
  for (const { path, text } of remarks) remark(document, path, text);
  return document.toString({ lineWidth: 110, flowCollectionPadding: false });
}

/** Of an entry of a map the comment belongs to its key; of a list's, to the entry itself. */
function remark(document: Document, path: readonly (string | number)[], text: string): void {
  const parent = document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  const pairs: readonly unknown[] = (parent as { items?: readonly unknown[] } | undefined)?.items ?? [];
  const pair = pairs.find((item) => isPair(item) && isScalar(item.key) && item.key.value === last);
  const node = isPair(pair) ? pair.key : document.getIn(path, true);
  if (isNode(node)) node.commentBefore = text.replace(/^/gm, " ");
}
