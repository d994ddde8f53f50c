import { type Contract, contract } from "./contract.ts";
import { explain } from "./explain.ts";
import { type Located, nodeAt, type Path, plain, withNode } from "./yaml/located.ts";

export interface SoundPart {
  readonly contract: Contract;
  /** What is missing from it, or stands in for what could not be read: nothing is to be said of these. */
  readonly broken: readonly Path[];
}

/** How often taking out a wrong value may make its parent wrong; paths are not deeper. */
const ROUNDS = 6;

/**
 * The part of a contract that fits the schema, so that it can be checked further and all errors are
 * said at once. `undefined` where too little is left.
 */
export function soundPart(root: Located): SoundPart | undefined {
  const broken: Path[] = [];
  let part = root;
  for (let round = 0; round < ROUNDS; round++) {
    part = withStandIns(part, broken);
    const result = contract.safeParse(plain(part));
    if (result.success) return { contract: result.data, broken };
    // The last entries of a list first, so that the numbers of the others stay right.
    const paths = explain(contract, part).map(({ path }) => path);
    for (const path of paths.toSorted(byLastIndex)) {
      broken.push(path);
      const there = nodeAt(part, path).found;
      part = withNode(part, there ? path : path.slice(0, -1), undefined) ?? part;
    }
  }
  return undefined;
}

const STAND_INS: readonly (readonly [Path, unknown])[] = [
  [["model"], "model"],
  [["task"], "binary-classification"],
  [["data"], {}],
  [["data", "sources"], {}],
  [["data", "roles"], {}],
  [["data", "roles", "label"], "label"],
  [["features"], [{ keep: ["?"] }]],
  [["train"], { with: "mlp" }],
];

function withStandIns(root: Located, broken: Path[]): Located {
  let whole = root;
  for (const [path, value] of STAND_INS) {
    const parent = nodeAt(whole, path.slice(0, -1));
    if (!parent.found || parent.node.kind !== "map" || nodeAt(whole, path).found) continue;
    broken.push(path);
    whole = withNode(whole, path, located(value, parent.node)) ?? whole;
  }
  return whole;
}

function located(value: unknown, { at }: Located): Located {
  const standing = { at, key: at };
  if (Array.isArray(value))
    return { kind: "list", ...standing, items: value.map((item) => located(item, { at } as Located)) };
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(
      ([key, child]) => [key, located(child, { at } as Located)] as const,
    );
    return { kind: "map", ...standing, entries: new Map(entries) };
  }
  return { kind: "scalar", ...standing, value: value as string, within: () => at };
}

function byLastIndex(a: Path, b: Path): number {
  for (const [index, step] of a.entries()) {
    const other = b[index];
    if (step === other) continue;
    if (typeof step === "number" && typeof other === "number") return other - step;
    return 0;
  }
  return b.length - a.length;
}
