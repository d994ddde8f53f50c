import type { DvcLock } from "../artifacts/dvc-lock.ts";
import type { Lock, StageLock } from "../artifacts/lock.ts";
import { joinPath, placeFrom } from "../artifacts/path.ts";
import type { Pointer } from "../artifacts/pointer.ts";
import type { Desired } from "../deployments/desired.ts";
import type { RegistryModel } from "../registry/fold.ts";
import { formatBytes } from "../text/bytes.ts";
import type { Edge, Lineage, LineageNode, NodeKind, StageFacts } from "./graph.ts";
import { sourceOf } from "./made.ts";

/** What a repository says of how things came about. Paths are from its root. */
export interface Sources {
  readonly locks: readonly { readonly folder: string; readonly lock: Lock }[];
  readonly dvcLocks: readonly { readonly folder: string; readonly lock: DvcLock }[];
  readonly pointers: readonly Pointer[];
  readonly registry: readonly RegistryModel[];
  readonly desired: readonly { readonly environment: string; readonly desired: Desired }[];
}

/** The whole of it as one graph. */
export function lineageOf({ locks, dvcLocks, pointers, registry, desired }: Sources): Lineage {
  const graph = openGraph();
  for (const pointer of pointers) addPointer(graph, pointer);
  for (const { folder, lock } of locks)
    for (const [name, stage] of lock) addStage(graph, folder, name, stage);
  for (const { folder, lock } of dvcLocks) addDvcStages(graph, folder, lock);
  for (const model of [...graph.nodes.values()].filter(({ kind }) => kind === "model")) {
    addVersions(graph, model, registry, desired);
  }
  return { nodes: graph.nodes, edges: [...graph.edges.values()] };
}

interface Graph {
  readonly nodes: Map<string, LineageNode>;
  readonly edges: Map<string, Edge>;
  /** Adds a node, or what is known now to one that is there. @returns its id */
  node(kind: NodeKind, name: string, known?: Partial<LineageNode>): string;
  edge(from: string, to: string): void;
}

/** Kinds of nodes that are files, what is known best last: one path is one node, whoever speaks of it. */
const FILES: readonly NodeKind[] = ["code", "data", "file", "model"];

function openGraph(): Graph {
  const nodes = new Map<string, LineageNode>();
  const edges = new Map<string, Edge>();
  return {
    nodes,
    edges,
    node(kind, name, known = {}) {
      const id = `${FILES.includes(kind) ? "path" : kind} ${name}`;
      const there = nodes.get(id);
      const moved = there?.md5 !== undefined && known.md5 !== undefined && there.md5 !== known.md5;
      const other = moved ? [`${there.md5?.slice(0, 8)} is named elsewhere`] : [];
      const details = [...new Set([...(there?.details ?? []), ...(known.details ?? []), ...other])];
      const best = there !== undefined && FILES.indexOf(there.kind) > FILES.indexOf(kind) ? there.kind : kind;
      nodes.set(id, { ...there, ...known, id, kind: best, name, details });
      return id;
    },
    edge: (from, to) => void edges.set(`${from}\0${to}`, { from, to }),
  };
}

function addPointer(graph: Graph, { outs, deps }: Pointer): void {
  for (const { path, name, size, nfiles, desc } of outs) {
    const details = desc === undefined ? [] : [desc];
    const id = graph.node("data", path, { ...bytesOf(name, size, nfiles), details });
    for (const { path: from, repo, db } of deps) {
      const place =
        repo === undefined ? (from ?? Object.values(db ?? {})[0] ?? "") : `${repo.url} ${from ?? ""}`.trim();
      const revision = [repo?.rev, repo?.revLock?.slice(0, 12)].filter((part) => part !== undefined);
      graph.edge(graph.node("import", place, { details: revision.map((part) => `at ${part}`) }), id);
    }
  }
}

function addStage(graph: Graph, folder: string, name: string, stage: StageLock): void {
  const id = graph.node("stage", stageName(folder, name), {
    details: stage.verdict === undefined ? [] : [stage.verdict],
    stage: factsOf(folder, stage),
  });
  for (const { kind, name: called, md5, sha256, size } of stage.in) {
    const source = sourceOf({ kind, name: called });
    const known = { ...bytesOf(md5, size), ...(sha256 === undefined ? {} : { sha256 }) };
    if (source !== undefined) graph.edge(graph.node("file", joinPath(folder, source.path), known), id);
    if (kind === "data" || kind === "code") graph.edge(graph.node(kind, placeOf(folder, called), known), id);
  }
  for (const { path, md5, sha256, size, nfiles } of stage.out) {
    const kind = name === "train" && path.startsWith("models/") ? "model" : "file";
    graph.edge(id, graph.node(kind, joinPath(folder, path), { ...bytesOf(md5, size, nfiles), sha256 }));
  }
}

/** An address stays as it is; a path is below the contract's folder. */
const placeOf = (folder: string, name: string): string =>
  /^[a-z][a-z0-9+.-]*:\/\//i.test(name) ? name : joinPath(folder, name);

/**
 * A stage as it is called where a repository has several contracts.
 *
 * @example stageName("", "train") // => "train"
 * @example stageName("wages", "train") // => "wages: train"
 */
export const stageName = (folder: string, name: string): string =>
  folder === "" ? name : `${folder}: ${name}`;

function factsOf(folder: string, { fingerprint, in: ingredients, facts }: StageLock): StageFacts {
  const named = (kind: string): string | undefined => ingredients.find((one) => one.kind === kind)?.name;
  const tool = ingredients.find(({ kind }) => kind === "tool")?.value;
  const { rows, columns } = facts;
  const isTable = typeof columns === "object" && columns !== null && !Array.isArray(columns);
  return {
    folder,
    fingerprint,
    parameters: ingredients
      .filter(({ kind, value }) => kind === "parameters" && value !== undefined)
      .map(({ name, value }) => ({ name, value })),
    backend: named("backend"),
    tool: typeof tool === "string" ? tool : undefined,
    rows: typeof rows === "number" ? rows : undefined,
    columns: isTable
      ? Object.fromEntries(Object.entries(columns).map(([column, type]) => [column, String(type)]))
      : {},
  };
}

function addDvcStages(graph: Graph, folder: string, lock: DvcLock): void {
  for (const [name, { deps, outs, params }] of lock) {
    const parameters = Object.entries(params).flatMap(([file, values]) =>
      Object.entries(values).map(([key, value]) => ({ name: `${file}:${key}`, value })),
    );
    const nothing = { backend: undefined, tool: "dvc", rows: undefined, columns: {} };
    const id = graph.node("stage", stageName(folder, name), {
      stage: { folder, fingerprint: undefined, parameters, ...nothing },
    });
    const made = new Set([...lock.values()].flatMap(({ outs: all }) => all.map(({ path }) => path)));
    for (const { path, name: bytes, size, nfiles } of deps) {
      const kind = made.has(path) ? "file" : "data";
      graph.edge(graph.node(kind, steppedTo(folder, path), bytesOf(bytes, size, nfiles)), id);
    }
    for (const { path, name: bytes, size, nfiles } of outs) {
      graph.edge(id, graph.node("file", steppedTo(folder, path), bytesOf(bytes, size, nfiles)));
    }
  }
}

/** A path of `dvc.lock`, which may step out of its folder; one that leaves the repository stays as it is. */
function steppedTo(folder: string, path: string): string {
  if (!path.startsWith("../")) return placeOf(folder, path);
  const place = placeFrom([folder], path);
  return "path" in place ? place.path : path;
}

/** Versions whose tag names these bytes, and the environments that are to serve them. */
function addVersions(
  graph: Graph,
  { id, name, md5, sha256 }: LineageNode,
  registry: readonly RegistryModel[],
  desired: Sources["desired"],
): void {
  const called = name.slice(name.lastIndexOf("/") + 1);
  const tags = new Map<string, string>();
  for (const { model, versions } of registry) {
    if (model !== called && !model.endsWith(`:${called}`)) continue;
    for (const { version, facts, by, at, tag, active } of versions) {
      const same =
        facts.sha256 === undefined ? facts.md5 !== undefined && facts.md5 === md5 : facts.sha256 === sha256;
      if (!same || !active) continue;
      const node = graph.node("version", tag, { details: [`by ${by}`, at.slice(0, 10)] });
      tags.set(version, node);
      graph.edge(id, node);
    }
  }
  for (const { environment, desired: wanted } of desired) {
    if (wanted.model !== called || wanted.digest.sha256 !== sha256) continue;
    const node = graph.node("environment", environment, {
      details: [`deployments/${environment}/${called}.yaml`],
    });
    graph.edge(tags.get(wanted.version ?? "") ?? id, node);
  }
}

function bytesOf(
  md5: string | undefined,
  size?: number,
  nfiles?: number,
): Pick<LineageNode, "md5" | "size" | "nfiles"> {
  return {
    ...(md5 === undefined ? {} : { md5 }),
    ...(size === undefined ? {} : { size }),
    ...(nfiles === undefined ? {} : { nfiles }),
  };
}

/**
 * What is said of a node beside its name.
 *
 * @example wordsOf({ id: "", kind: "data", name: "a", details: ["at v1"], md5: "60b725f10c9c85c70d97880dfe8191b3", size: 2 }) // => ["60b725f1", "2 B", "at v1"]
 */
export function wordsOf({ md5, size, nfiles, details, stage }: LineageNode): readonly string[] {
  return [
    ...(md5 === undefined ? [] : [md5.replace(/^md5-dos2unix:/, "").slice(0, 8)]),
    ...(stage?.fingerprint === undefined ? [] : [stage.fingerprint.slice(0, 8)]),
    ...(size === undefined ? [] : [formatBytes(size)]),
    ...(nfiles === undefined ? [] : [`${nfiles} ${nfiles === 1 ? "file" : "files"}`]),
    ...details,
  ];
}
