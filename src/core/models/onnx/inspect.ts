import { UserError } from "../../../errors.ts";
import { classesOf } from "./classes.ts";
import type { KnownOnnx } from "./known.ts";
import { typeName } from "./tensor.ts";
import { type Node, walkModel } from "./walk.ts";
import { integer, type Message, messages, text } from "./wire.ts";

/* What an ONNX file says of itself, read before any runtime sees it. Field numbers: onnx.proto of ONNX 1.18. */

/** An input or output of a model. */
export interface Port {
  readonly name: string;
  /** Element type, such as `float`; undefined for what is no tensor. */
  readonly type: string | undefined;
  /** undefined where the file says nothing, null in it where a size is left open. */
  readonly shape: readonly (number | null)[] | undefined;
}

/** An ONNX file, looked through. */
export interface OnnxFile {
  /** The version of the format itself. */
  readonly ir: number;
  /** The version of each set of operators; the standard one is called "". */
  readonly opsets: ReadonlyMap<string, number>;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** The classes that the model itself names, in the order of its probabilities; undefined where it does not. */
  readonly classes: readonly string[] | undefined;
  /** Outputs that are lists of maps, and the tensor that each is made of. */
  readonly maps: ReadonlyMap<string, string>;
  /** Files that hold weights, relative to the model's folder. */
  readonly external: readonly string[];
}

/**
 * Reads an ONNX file's inputs and outputs, and refuses what is no data.
 *
 * @throws {UserError} without the file's name
 */
export function inspectOnnx(bytes: KnownOnnx): OnnxFile {
  const { ir, opsets, graph, nodes, external } = walkModel(bytes);
  const initial = new Set(messages(graph, 5, NAMED).map((tensor) => text(tensor, 8)));
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((name): [string, Node] => [name, node])));
  const outputs = messages(graph, 12).map(portOf);
  const maps = new Map(
    outputs.flatMap(({ name, type }) => {
      const from = type === undefined ? mappedFrom(name, makers) : undefined;
      return from === undefined ? [] : [[name, from] as const];
    }),
  );
  return {
    ir,
    opsets,
    inputs: messages(graph, 11)
      .map(portOf)
      .filter(({ name }) => !initial.has(name)),
    outputs,
    classes: classesOf({ graph, nodes, makers, outputs }),
    maps,
    external: [...external],
  };
}

const NAMED: ReadonlySet<number> = new Set([8]);

/** The tensor of probabilities of which ZipMap makes a list of maps. */
function mappedFrom(output: string, makers: ReadonlyMap<string, Node>): string | undefined {
  let name = output;
  for (let step = 0; step < 10; step++) {
    const maker = makers.get(name);
    if (maker?.operator !== "ZipMap" && maker?.operator !== "Identity") return undefined;
    const [from] = maker.inputs;
    if (from === undefined) return undefined;
    if (maker.operator === "ZipMap") return from;
    name = from;
  }
  throw new UserError("its outputs are made of themselves");
}

function portOf(info: Message): Port {
  const [type] = messages(info, 2);
  const [tensor] = type === undefined ? [] : messages(type, 1);
  if (tensor === undefined) return { name: text(info, 1), type: undefined, shape: undefined };
  const [shape] = messages(tensor, 2);
  return {
    name: text(info, 1),
    type: typeName(integer(tensor, 1)),
    shape: shape && messages(shape, 1).map((size) => (size.has(1) ? integer(size, 1) : null)),
  };
}
