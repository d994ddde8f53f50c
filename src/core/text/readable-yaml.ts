import { Document, isScalar, visit } from "yaml";

/**
 * YAML for people: block style, and lists of plain values on one line.
 *
 * @example readableYaml({ between: [16, 99], in: ["no", "b"] }) // => "between: [16, 99]\nin: [no, b]\n"
 */
export function readableYaml(value: unknown): string {
  const document = new Document(value, { version: "1.2", aliasDuplicateObjects: false });
  visit(document, {
    Seq(_key, list) {
      if (list.items.every((item) => isScalar(item))) list.flow = true;
    },
  });
  return document.toString({ lineWidth: 110, flowCollectionPadding: false });
}
