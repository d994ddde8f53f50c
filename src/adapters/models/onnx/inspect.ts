import { UserError } from "../../../errors.ts";
import { integer, integers, type Message, messageOf, messages, text, texts } from "./protobuf.ts";

/* What an ONNX file says of itself, read before any runtime sees it. Field numbers: onnx.proto of ONNX 1.18. */

/** An input or output of a model. */
export interface Port {
  readonly name: string;
  /** Element type, such as `float`; undefined for what is no tensor. */
  readonly type: string | undefined;
  /** undefined where the file says nothing, null in it where a size is left open. */
  readonly shape: readonly (number | null)[] | undefined;
}

export interface OnnxFile {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** The classes that the model itself names, in the order of its probabilities; undefined where it does not. */
  readonly classes: readonly string[] | undefined;
}

const TYPES: Readonly<Record<number, string>> = {
  1: "float",
  2: "uint8",
  3: "int8",
  6: "int32",
  7: "int64",
  8: "string",
  9: "bool",
  10: "float16",
  11: "double",
};
/** Operators that come with ONNX Runtime. */
const DOMAINS = new Set(["", "ai.onnx", "ai.onnx.ml", "com.microsoft"]);
const DEEPEST = 20; // graphs inside of graphs; real models have one or two

/**
 * Reads an ONNX file's inputs and outputs, and refuses what leaves the file: weights kept elsewhere,
 * operators that need a library of somebody's.
 *
 * @throws {UserError} without the file's name
 */
export function inspectOnnx(bytes: Uint8Array): OnnxFile {
  const model = messageOf(bytes);
  const [graph] = messages(model, 7);
  if (graph === undefined) throw new UserError("it is not ONNX, or was cut off");
  const functions = messages(model, 25);
  const domains = new Set([...DOMAINS, ...functions.map((one) => text(one, 10))]);
  const classes: string[][] = [];
  const look = (node: Message) => {
    const domain = text(node, 7);
    if (!domains.has(domain))
      throw new UserError(
        `its operator "${text(node, 4)}" is from "${domain}"; right are operators of ai.onnx and ai.onnx.ml, since others need code that is not loaded`,
      );
    const named = classesOf(node);
    if (named.length > 0) classes.push(named);
  };
  walkGraph(graph, look, 0);
  for (const one of functions) for (const node of messages(one, 7)) walkNode(node, look, 0);
  const initial = new Set(messages(graph, 5).map((tensor) => text(tensor, 8)));
  const distinct = new Set(classes.map((named) => JSON.stringify(named)));
  return {
    inputs: messages(graph, 11)
      .map(portOf)
      .filter(({ name }) => !initial.has(name)),
    outputs: messages(graph, 12).map(portOf),
    classes: distinct.size === 1 ? classes[0] : undefined,
  };
}

function walkGraph(graph: Message, look: (node: Message) => void, depth: number): void {
  if (depth > DEEPEST) throw new UserError("its graphs lie too deep inside each other");
  for (const tensor of messages(graph, 5)) refuseExternal(tensor);
  for (const sparse of messages(graph, 15)) refuseSparse(sparse);
  for (const node of messages(graph, 1)) walkNode(node, look, depth);
}

function walkNode(node: Message, look: (node: Message) => void, depth: number): void {
  look(node);
  for (const attribute of messages(node, 5)) {
    for (const field of [5, 10]) for (const tensor of messages(attribute, field)) refuseExternal(tensor);
    for (const field of [22, 23]) for (const sparse of messages(attribute, field)) refuseSparse(sparse);
    for (const field of [6, 11])
      for (const inner of messages(attribute, field)) walkGraph(inner, look, depth + 1);
  }
}

function refuseSparse(sparse: Message): void {
  for (const field of [1, 2]) for (const tensor of messages(sparse, field)) refuseExternal(tensor);
}

function refuseExternal(tensor: Message): void {
  if (integer(tensor, 14) !== 1 && !tensor.has(13)) return;
  const location = messages(tensor, 13).find((entry) => text(entry, 1) === "location");
  throw new UserError(
    `its weights "${text(tensor, 8)}" lie in another file, "${location === undefined ? "" : text(location, 2)}"; save it as one file, with save_as_external_data=False`,
  );
}

function classesOf(node: Message): string[] {
  for (const attribute of messages(node, 5)) {
    const name = text(attribute, 1);
    if (name === "classlabels_strings") return texts(attribute, 9);
    if (name === "classlabels_ints" || name === "classlabels_int64s")
      return integers(attribute, 8).map(String);
  }
  return [];
}

function portOf(info: Message): Port {
  const [type] = messages(info, 2);
  const [tensor] = type === undefined ? [] : messages(type, 1);
  if (tensor === undefined) return { name: text(info, 1), type: undefined, shape: undefined };
  const [shape] = messages(tensor, 2);
  return {
    name: text(info, 1),
    type: TYPES[integer(tensor, 1)] ?? `type ${integer(tensor, 1)}`,
    shape: shape && messages(shape, 1).map((size) => (size.has(1) ? integer(size, 1) : null)),
  };
}
