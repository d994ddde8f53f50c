import type { Port } from "./inspect.ts";
import { smallValues } from "./tensor.ts";
import type { Node } from "./walk.ts";
import { blobs, firstText, integers, type Message, messageOf, texts } from "./wire.ts";

/** What a graph is known by. */
interface Graph {
  readonly graph: Message;
  readonly nodes: readonly Node[];
  /** Which operation makes a name. */
  readonly makers: ReadonlyMap<string, Node>;
  readonly outputs: readonly Port[];
}

/** Operations that hand on, row by row and class by class, what they were given. */
const HANDING_ON: ReadonlySet<string> = new Set([
  "Identity",
  "Cast",
  "Reshape",
  "Squeeze",
  "Flatten",
  "Normalizer",
  "Softmax",
  "Sigmoid",
  "Mul",
  "Div",
]);
const FURTHEST = 30; // operations between an output and what names its classes

/**
 * The classes that a model names, in the order of its probabilities: by its list of maps, else by what its
 * labels are taken from, else by what its scores are made by, else by the one classifier that it is made
 * of. A model of several classifiers, such as a vote, has the names of its outputs, not those of its parts.
 */
export function classesOf({ graph, nodes, makers, outputs }: Graph): readonly string[] | undefined {
  const initial = new Map(blobs(graph, 5).map((bytes): [string, Uint8Array] => [firstText(bytes, 8), bytes]));
  for (const types of [MAPS, NAMES, SCORES]) {
    const told = outputs
      .filter(({ type }) => types.has(type))
      .flatMap(({ name }) => from(name, makers, initial) ?? []);
    if (told.length > 0) return only(told);
  }
  return only(nodes.flatMap((node) => own(node) ?? []));
}

const MAPS: ReadonlySet<string | undefined> = new Set([undefined]);
const NAMES: ReadonlySet<string | undefined> = new Set(["string", "int64", "int32"]);
const SCORES: ReadonlySet<string | undefined> = new Set(["float", "double"]);
/** Follows a name back to the operation that knows classes. */
function from(
  output: string,
  makers: ReadonlyMap<string, Node>,
  initial: ReadonlyMap<string, Uint8Array>,
): Named | undefined {
  let name = output;
  for (let step = 0; step < FURTHEST; step++) {
    const maker = makers.get(name);
    if (maker === undefined) return undefined;
    const [known] = own(maker) ?? [];
    if (known !== undefined) return known;
    const [first] = maker.inputs;
    if (first === undefined) return undefined;
    if (maker.operator === "ArrayFeatureExtractor") {
      const bytes = initial.get(first);
      const values = bytes === undefined ? undefined : smallValues(bytes);
      return values === undefined ? undefined : { values };
    }
    if (!HANDING_ON.has(maker.operator)) return undefined;
    name = first;
  }
  return undefined;
}

interface Named {
  readonly values: readonly string[];
}

/** The classes that an operation itself names; none where it names none. */
function own(node: Node): Named[] | undefined {
  for (const attribute of node.attributes) {
    const name = firstText(attribute, 1);
    if (!LABELS.has(name)) continue;
    const values = name === "classlabels_strings" ? strings(attribute) : whole(attribute);
    if (values.length > 0) return [{ values }];
  }
  return undefined;
}

const LABELS: ReadonlySet<string> = new Set([
  "classlabels_strings",
  "classlabels_ints",
  "classlabels_int64s",
]);
const strings = (attribute: Uint8Array): string[] => texts(messageOf(attribute, new Set([9])), 9);
const whole = (attribute: Uint8Array): string[] =>
  integers(messageOf(attribute, new Set([8])), 8).map(String);

/** What all of them say alike; undefined where they differ, or nobody says anything. */
function only(all: readonly Named[]): readonly string[] | undefined {
  const distinct = new Map(all.map(({ values }) => [JSON.stringify(values), values]));
  return distinct.size === 1 ? [...distinct.values()][0] : undefined;
}
