import type { Place } from "../../errors.ts";

/*
 * A YAML document as a tree in which every value knows where it stands. Overrides and referenced files
 * are grafted into the tree, so that one tree answers "where does this value come from?".
 */

export type Located = LocatedScalar | LocatedList | LocatedMap;

interface Standing {
  /** Where the value begins. */
  readonly at: Place;
  /** Where its key begins; the same as `at` in lists and at the top. */
  readonly key: Place;
}

export interface LocatedScalar extends Standing {
  readonly kind: "scalar";
  readonly value: string | number | boolean | null;
  /** Where the character at this offset of a text value stands in the file. */
  readonly within: (offset: number) => Place;
  /** That this stands where a value was refused, of which nothing more is to be said. */
  readonly refused?: true;
}

export interface LocatedList extends Standing {
  readonly kind: "list";
  readonly items: readonly Located[];
}

export interface LocatedMap extends Standing {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, Located>;
}

export type Path = readonly (string | number)[];

/** The value as plain objects and arrays, as a schema wants it. */
export function plain(node: Located): unknown {
  switch (node.kind) {
    case "scalar":
      return node.value;
    case "list":
      return node.items.map(plain);
    case "map":
      return Object.fromEntries([...node.entries].map(([key, child]) => [key, plain(child)]));
  }
}

/** Keys that a short form leaves out: `- roc_auc >= 0.8` is the `gate` of that entry. */
const UNWRITTEN: ReadonlySet<string | number> = new Set(["columns", "gate", "path"]);

/** One step down; `undefined` where nothing stands. A short form answers for its long form. */
function childOf(node: Located, step: string | number): Located | undefined {
  if (node.kind === "map") return node.entries.get(String(step));
  if (node.kind === "list" && typeof step === "number") return node.items[step];
  if (UNWRITTEN.has(step)) return node;
  if (node.kind === "scalar") return undefined;
  return node.items.find((item) => item.kind === "scalar" && item.value === step);
}

/** The tree with another node at a path whose ancestors exist; `undefined` takes the node out. */
export function withNode(root: Located, path: Path, node: Located | undefined): Located | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return node;
  if (root.kind === "map") {
    const child = root.entries.get(String(step));
    const next = rest.length === 0 ? node : child && withNode(child, rest, node);
    const entries = new Map(root.entries);
    if (next === undefined) entries.delete(String(step));
    else entries.set(String(step), next);
    return { ...root, entries };
  }
  if (root.kind === "scalar" || typeof step !== "number") return root;
  const items = [...root.items];
  const child = items[step];
  const next = rest.length === 0 ? node : child && withNode(child, rest, node);
  items.splice(step, 1, ...(next === undefined ? [] : [next]));
  return { ...root, items };
}

/** The node at a path, or its nearest ancestor that exists. */
export function nodeAt(root: Located, path: Path): { readonly node: Located; readonly found: boolean } {
  let node = root;
  for (const step of path) {
    const next = childOf(node, step);
    if (next === undefined) return { node, found: false };
    node = next;
  }
  return { node, found: true };
}

/**
 * A path as people write it.
 *
 * @example pathText(["features", 0, "scale"]) // => "features[0].scale"
 */
export function pathText(path: Path): string {
  return path
    .map((step, index) => (typeof step === "number" ? `[${step}]` : index === 0 ? step : `.${step}`))
    .join("");
}
