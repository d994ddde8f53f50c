import { UserError } from "../../../errors.ts";
import type { KnownOnnx } from "./known.ts";
import { quoted } from "./quoted.ts";
import { tensorOf } from "./tensor.ts";
import { blobs, integer, integers, type Message, messageOf, messages, text, texts } from "./wire.ts";

/* Field numbers: onnx.proto of ONNX 1.18. */
const MODEL = { ir: 1, graph: 7, opsets: 8, functions: 25 } as const;
const NODE: ReadonlySet<number> = new Set([1, 2, 4, 5, 7, 8]); // inputs, outputs, operator, attributes, domain, overload
const ATTRIBUTE: ReadonlySet<number> = new Set([1, 5, 6, 10, 11, 22, 23]); // name, and what holds tensors or graphs

/** Operators that come with ONNX Runtime. */
const DOMAINS: ReadonlySet<string> = new Set(["", "ai.onnx", "ai.onnx.ml", "com.microsoft"]);
/** Operators of theirs that read other files, or run what is not in the model. */
const REACHING: ReadonlySet<string> = new Set(["EPContext", "PythonOp", "PythonOpGrad", "TritonOp", "ATen"]);
const MOST_NODES = 1_000_000; // with all functions written out
const DENSEST = 2 ** 28; // values that sparse weights take when they are written out

/** One operation of a graph. */
export interface Node {
  readonly operator: string;
  readonly domain: string;
  /** Which of several functions of this name. */
  readonly overload: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly Uint8Array[];
}

/** A model's parts, each of which was looked at. */
export interface Walked {
  readonly ir: number;
  /** The version of each set of operators; the standard one is called "". */
  readonly opsets: ReadonlyMap<string, number>;
  readonly graph: Message;
  /** The main graph's operations. */
  readonly nodes: readonly Node[];
  /** Files that hold weights, relative to the model's folder. */
  readonly external: ReadonlySet<string>;
}

/**
 * Reads an ONNX file of known fields down to its last tensor, and refuses what is no data: operators that need a library
 * of somebody's, weights that are not what they claim, graphs that would grow without bound.
 *
 * @throws {UserError} without the file's name
 */
export function walkModel(bytes: KnownOnnx): Walked {
  const model = messageOf(bytes);
  const [graph] = messages(model, MODEL.graph);
  if (graph === undefined) throw new UserError("it is not ONNX, or was cut off");
  const functions = messages(model, MODEL.functions);
  const domains = new Set([...DOMAINS, ...functions.map((one) => text(one, 10))]);
  const external = new Set<string>();
  const called = new Map<string, readonly string[]>();
  for (const one of functions) {
    const look = looking(domains, external);
    for (const node of nodesOf(one, 7)) look.at(node);
    for (const attribute of blobs(one, 11)) look.inside(attribute); // what holds where a call says nothing
    const key = keyOf(text(one, 10), text(one, 1), text(one, 13));
    if (called.has(key)) throw new UserError(`its function ${quoted(text(one, 1))} is there twice`);
    called.set(key, look.calls);
  }
  const look = looking(domains, external);
  const nodes = walkGraph(graph, look, external);
  checkExpanded(called, look.calls);
  return {
    ir: integer(model, MODEL.ir),
    opsets: new Map(messages(model, MODEL.opsets).map((one) => [plainDomain(text(one, 1)), integer(one, 2)])),
    graph,
    nodes,
    external,
  };
}

/** Looks at operations, and writes down which operators they call, those of inner graphs too. */
interface Look {
  readonly calls: string[];
  at(node: Node): void;
  /** Looks at what an attribute holds. */
  inside(attribute: Uint8Array): void;
}

function looking(domains: ReadonlySet<string>, external: Set<string>): Look {
  const calls: string[] = [];
  const at: Look["at"] = ({ operator, domain, overload, attributes }) => {
    calls.push(keyOf(domain, operator, overload));
    if (!domains.has(domain))
      throw new UserError(
        `its operator ${quoted(operator)} is from ${quoted(domain)}; right are operators of ai.onnx, ai.onnx.ml and com.microsoft, since others need code that is not loaded`,
      );
    if (REACHING.has(operator))
      throw new UserError(`its operator ${quoted(operator)} reaches for what is not in the model`);
    for (const attribute of attributes) inside(attribute);
  };
  const inside: Look["inside"] = (attribute) => {
    const inner = messageOf(attribute, ATTRIBUTE);
    for (const field of [5, 10]) for (const tensor of blobs(inner, field)) lookAtTensor(tensor, external);
    for (const field of [22, 23]) for (const sparse of messages(inner, field)) lookAtSparse(sparse, external);
    for (const field of [6, 11]) for (const graph of messages(inner, field)) walkGraph(graph, look, external);
  };
  const look: Look = { calls, at, inside };
  return look;
}

function walkGraph(graph: Message, look: Look, external: Set<string>): readonly Node[] {
  for (const tensor of blobs(graph, 5)) lookAtTensor(tensor, external);
  for (const sparse of messages(graph, 15)) lookAtSparse(sparse, external);
  const nodes = nodesOf(graph, 1);
  for (const node of nodes) look.at(node);
  return nodes;
}

function lookAtTensor(bytes: Uint8Array, external: Set<string>): void {
  const tensor = tensorOf(bytes);
  if (tensor.external !== undefined) external.add(tensor.external.location);
}

function lookAtSparse(sparse: Message, external: Set<string>): void {
  for (const field of [1, 2]) for (const tensor of blobs(sparse, field)) lookAtTensor(tensor, external);
  const dims = integers(sparse, 3);
  const elements = dims.reduce((product, size) => product * size, 1);
  if (dims.some((size) => size < 0) || !(elements <= DENSEST))
    throw new UserError(
      `its sparse weights take ${elements} values when they are written out; at most ${DENSEST} are read`,
    );
}

function nodesOf(message: Message, field: number): Node[] {
  return messages(message, field, NODE).map((node) => ({
    operator: text(node, 4),
    domain: plainDomain(text(node, 7)),
    overload: text(node, 8),
    inputs: texts(node, 1),
    outputs: texts(node, 2),
    attributes: blobs(node, 5),
  }));
}

/** The standard operators' domain has two names. */
const plainDomain = (domain: string): string => (domain === "ai.onnx" ? "" : domain);
const keyOf = (domain: string, name: string, overload: string): string =>
  `${plainDomain(domain)}\0${name}\0${overload}`;

/** How many operations there are when each call of a function is written out, as a runtime does. */
function checkExpanded(functions: ReadonlyMap<string, readonly string[]>, calls: readonly string[]): void {
  const known = new Map<string, number>();
  const sizeOf = (key: string, above: readonly string[]): number => {
    const inner = functions.get(key);
    if (inner === undefined) return 1;
    if (above.includes(key) || above.length > 200)
      throw new UserError("its functions call themselves, or lie too deep inside each other");
    const counted = known.get(key);
    if (counted !== undefined) return counted;
    const size = inner.reduce((sum, call) => sum + sizeOf(call, [...above, key]), 0);
    known.set(key, size);
    return size;
  };
  const size = calls.reduce((sum, call) => sum + sizeOf(call, []), 0);
  if (size > MOST_NODES)
    throw new UserError(
      `it has ${size} operations when its functions are written out; at most ${MOST_NODES} are read`,
    );
}
