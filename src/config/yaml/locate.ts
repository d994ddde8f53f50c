import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from "yaml";
import type { Place } from "../../errors.ts";
import type { Issue } from "../issues.ts";
import type { Located, LocatedMap } from "./located.ts";
import { sourceOffset } from "./within.ts";

/** A contract repeats a handful of values at most; a "billion laughs" repeats ten values nine times over. */
const MOST_REPEATED_VALUES = 10_000;

type Standing = { readonly at: Place; readonly key: Place };

const refused = (standing: Standing): Located => ({
  kind: "scalar",
  ...standing,
  value: null,
  within: () => standing.at,
  refused: true,
});

/** Turns a parsed document into values that know their places, and refuses what a contract may not hold. */
export function locate(
  document: Document.Parsed,
  source: string,
  placeOf: (offset: number) => Place,
): { readonly root: Located | undefined; readonly issues: readonly Issue[] } {
  const issues: Issue[] = [];
  const anchors = new Map<string, { node: Located | undefined; size: number }>();
  let visited = 0; // values so far, those of aliases included
  let repeated = 0;
  const refuse = (node: { range?: readonly number[] | null | undefined }, message: string) => {
    issues.push({ place: placeOf(node.range?.[0] ?? 0), message });
  };

  const { version, explicit } = document.directives.yaml;
  if (explicit && version !== "1.2") {
    refuse({}, `"%YAML ${version}" is not read; a contract is YAML 1.2, and needs no such line`);
  }
  const root = read(document.contents, document.contents);
  if (repeated > MOST_REPEATED_VALUES) return { root: undefined, issues: issues.slice(-1) };
  return { root, issues };

  function read(node: Node | null, keyNode: Node | null): Located {
    const at = placeOf(node?.range?.[0] ?? keyNode?.range?.[0] ?? 0);
    const standing = { at, key: placeOf(keyNode?.range?.[0] ?? node?.range?.[0] ?? 0) };
    visited++;
    if (isAlias(node)) return aliasOf(node.source, node, standing);
    if (node?.tag !== undefined && !/^tag:yaml\.org,2002:(str|int|float|bool|null|map|seq)$/.test(node.tag)) {
      refuse(
        node,
        `the tag "${node.tag.replace("tag:yaml.org,2002:", "!!")}" is not read; write the plain value`,
      );
      return refused(standing);
    }
    const anchor = node?.anchor;
    const before = visited;
    if (anchor !== undefined) anchors.set(anchor, { node: undefined, size: 0 });
    const value = unaliased(node, standing);
    if (anchor !== undefined) anchors.set(anchor, { node: value, size: visited - before });
    return value;
  }

  function unaliased(node: Node | null, standing: Standing): Located {
    if (isMap(node)) return mapOf(node.items as readonly { key: Node; value: Node | null }[], standing);
    if (isSeq(node)) {
      return { kind: "list", ...standing, items: (node.items as Node[]).map((item) => read(item, item)) };
    }
    if (isScalar(node)) return scalarOf(node, standing);
    return { kind: "scalar", ...standing, value: null, within: () => standing.at };
  }

  function mapOf(pairs: readonly { key: Node; value: Node | null }[], standing: Standing): LocatedMap {
    const entries = new Map<string, Located>();
    for (const { key, value } of pairs) {
      const name = keyOf(key);
      if (name === undefined) continue;
      const first = entries.get(name);
      if (first !== undefined) {
        refuse(key, `duplicate key "${name}"; the first stands at line ${first.key.line}`);
        continue;
      }
      const child = read(value, key);
      entries.set(name, isAlias(value) ? { ...child, key: placeOf(key.range?.[0] ?? 0) } : child);
    }
    return { kind: "map", ...standing, entries };
  }

  /** Keys are names: `1985:` is the name "1985". */
  function keyOf(key: Node): string | undefined {
    if (!isScalar(key)) {
      refuse(key, "a key is a name, not a list, a map or an alias");
      return undefined;
    }
    if (key.value === "<<" && key.type === "PLAIN") {
      refuse(key, 'the merge key "<<" is not part of YAML 1.2; write the keys out');
      return undefined;
    }
    const name = key.type === "PLAIN" ? (key.source ?? "") : String(key.value);
    if (name === "" || name === "__proto__") {
      refuse(key, `"${name}" is no name for a key`);
      return undefined;
    }
    return name;
  }

  function scalarOf(node: Scalar, standing: Standing): Located {
    const { value } = node;
    if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)) {
      const written = node.source ?? String(value);
      if (/^[-+]?\d+$/.test(written)) {
        refuse(node, `the number ${written} has too many digits to be kept exactly; put it in quotes`);
        return refused(standing);
      }
    }
    return {
      kind: "scalar",
      ...standing,
      value: value as string | number | boolean | null,
      within: (offset) => placeOf(sourceOffset(source, node, offset)),
    };
  }

  function aliasOf(name: string, alias: Node, standing: Standing): Located {
    const anchor = anchors.get(name);
    if (anchor === undefined) {
      refuse(
        alias,
        `"*" makes "*${name}" an alias, and no anchor "&${name}" stands before it; a text is put in quotes: "*${name}"`,
      );
      return refused(standing);
    }
    if (anchor.node === undefined) {
      refuse(
        alias,
        `the alias "*${name}" stands inside its own anchor, so it would never end; write the value out`,
      );
      return refused(standing);
    }
    if (repeated > MOST_REPEATED_VALUES) return refused(standing);
    visited += anchor.size;
    repeated += anchor.size;
    if (repeated <= MOST_REPEATED_VALUES) return anchor.node;
    refuse(
      alias,
      `with "*${name}" the aliases of this file repeat more than ${MOST_REPEATED_VALUES} values; write them out`,
    );
    return refused(standing);
  }
}
