/** What a node of a lineage is. */
export type NodeKind =
  | "import" // another repository or address that data came from
  | "data" // a file or folder that went in from outside
  | "code" // a file of the user's that decided what came out
  | "stage"
  | "file" // what a stage made
  | "model"
  | "version" // a tag of the registry
  | "environment"; // where it is to serve

/** One thing that data came through on its way. */
export interface LineageNode {
  /** Tells nodes apart: `data data/cps.csv`. */
  readonly id: string;
  readonly kind: NodeKind;
  /** What a person calls it: a path, a stage's name, a tag. */
  readonly name: string;
  /** What is known of it, a few words each. */
  readonly details: readonly string[];
  readonly md5?: string;
  readonly sha256?: string;
  readonly size?: number;
  readonly nfiles?: number;
  /** Of a stage. */
  readonly stage?: StageFacts;
}

/** What a lock says of a stage. */
export interface StageFacts {
  /** The folder of its contract. */
  readonly folder: string;
  readonly fingerprint: string | undefined;
  readonly parameters: readonly { readonly name: string; readonly value: unknown }[];
  /** Name and version of what computed. */
  readonly backend: string | undefined;
  readonly tool: string | undefined;
  readonly rows: number | undefined;
  /** Names and types of columns that it read. */
  readonly columns: Readonly<Record<string, string>>;
}

/** Nodes and the ways between them, each from what was there before to what came after. */
export interface Lineage {
  readonly nodes: ReadonlyMap<string, LineageNode>;
  readonly edges: readonly Edge[];
}

/** A way from one node to another, by their ids. */
export interface Edge {
  readonly from: string;
  readonly to: string;
}

/** The nodes that an edge leads to from a node, or that lead to it, in the order of the edges. */
export function neighbours(
  { edges }: Pick<Lineage, "edges">,
  id: string,
  way: "up" | "down",
): readonly string[] {
  return way === "up"
    ? edges.filter(({ to }) => to === id).map(({ from }) => from)
    : edges.filter(({ from }) => from === id).map(({ to }) => to);
}

/**
 * All that a node came from and all that came of it, and nothing beside.
 *
 * @example partOf({ nodes: new Map(), edges: [] }, "a").edges // => []
 */
export function partOf(lineage: Lineage, id: string): Lineage {
  const up = reached(lineage, id, "up");
  const down = reached(lineage, id, "down");
  const kept = new Set([...up, ...down]);
  return {
    nodes: new Map([...lineage.nodes].filter(([one]) => kept.has(one))),
    edges: lineage.edges.filter(
      ({ from, to }) => (up.has(from) && up.has(to)) || (down.has(from) && down.has(to)),
    ),
  };
}

function reached(lineage: Lineage, start: string, way: "up" | "down"): ReadonlySet<string> {
  const ways = new Map<string, string[]>();
  for (const { from, to } of lineage.edges) {
    const [at, next] = way === "up" ? [to, from] : [from, to];
    ways.set(at, [...(ways.get(at) ?? []), next]);
  }
  const found = new Set([start]);
  for (const id of found) for (const next of ways.get(id) ?? []) found.add(next);
  return found;
}

/**
 * The same without what stages hand to one another in `.trainyard/`: what it led from leads to where it led.
 *
 * @param kept the node that was asked for, which stays
 */
export function withoutWork(lineage: Lineage, kept: string): Lineage {
  const hidden = new Set(
    [...lineage.nodes.values()]
      .filter(({ id, kind, name }) => id !== kept && kind === "file" && /(^|\/)\.trainyard\//.test(name))
      .map(({ id }) => id),
  );
  const edges = new Map<string, Edge>();
  const add = (edge: Edge): unknown => edges.set(`${edge.from}\0${edge.to}`, edge);
  for (const edge of lineage.edges) {
    if (hidden.has(edge.from)) continue;
    if (!hidden.has(edge.to)) add(edge);
    else for (const to of neighbours(lineage, edge.to, "down")) add({ from: edge.from, to });
  }
  return {
    nodes: new Map([...lineage.nodes].filter(([id]) => !hidden.has(id))),
    edges: [...edges.values()],
  };
}
