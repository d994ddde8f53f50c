import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import type { io } from "@tensorflow/tfjs-core";
import { UserError } from "../../../errors.ts";
import { bytesOf, elementsOf, type ModelFile, parseModelFile, weightPaths } from "./format.ts";

const LARGEST = 2 ** 31; // of all files together: what one buffer may hold anywhere
const LONGEST = 50_000_000; // bytes of a description, whose weights are elsewhere; real ones have a few million

/** A model's files as they are read, before TensorFlow.js makes a model of them. */
export interface Artifacts {
  readonly file: ModelFile;
  /** How many weights there are. */
  readonly elements: number;
  /** The values of a weight of whole numbers; undefined where there is none of this name. */
  readonly constant: (name: string) => Int32Array | undefined;
  /** What TensorFlow.js is given. */
  readonly loaded: io.ModelArtifacts & { readonly weightData: ArrayBuffer };
}

/** The files of a model's folder, by their names in it. */
export interface ModelFolder {
  /** Bytes of a file, known before it is read. */
  size(name: string): number;
  read(name: string): Uint8Array;
}

/**
 * Reads `model.json` and the weights beside it.
 *
 * @param path for messages
 * @throws {UserError} where the files are not whole, or name what is outside the folder
 */
export function artifactsOf(text: string, folder: ModelFolder, path: string): Artifacts {
  const file = parseModelFile(text, path);
  checkDepth(file.modelTopology, path);
  const specs = file.weightsManifest.flatMap(({ weights }) => weights);
  const expected = specs.reduce((sum, spec) => sum + bytesOf(spec), 0);
  if (expected > LARGEST)
    throw new UserError(`${path} describes ${expected} bytes of weights; at most ${LARGEST} can be read`);
  const names = weightPaths(file, path);
  const sizes = names.map((name) => folder.size(name)); // before any is read
  const found = sizes.reduce((sum, size) => sum + size, 0);
  if (found !== expected)
    throw new UserError(
      `the weights of ${path} are ${found} bytes; its manifest describes ${expected}: the model was cut off, or its files do not belong together`,
    );
  const weightData = new Uint8Array(found);
  let offset = 0;
  for (const [place, name] of names.entries()) {
    const part = folder.read(name);
    if (part.length !== sizes[place])
      throw new UserError(`the weights "${name}" of ${path} changed while they were read`);
    weightData.set(part, offset);
    offset += part.length;
  }
  const loaded = {
    modelTopology: withoutInitialisers(file.modelTopology) as object,
    weightSpecs: specs as io.WeightsManifestEntry[],
    weightData: weightData.buffer,
    ...(file.signature == null ? {} : { signature: file.signature }),
  };
  return {
    file,
    elements: specs.reduce((sum, spec) => sum + elementsOf(spec), 0),
    constant(name) {
      let start = 0;
      for (const spec of specs) {
        const end = start + bytesOf(spec);
        const plain = spec.dtype === "int32" && spec.quantization === undefined;
        if (spec.name === name && plain) return new Int32Array(weightData.slice(start, end).buffer);
        start = end;
      }
      return undefined;
    },
    loaded,
  };
}

/**
 * Reads a model's folder.
 *
 * @param path of its `model.json`
 */
export function artifactsIn(path: string): Artifacts {
  const size = statSync(path).size;
  if (size > LONGEST)
    throw new UserError(
      `${path} is ${size} bytes large; a model's description has at most ${LONGEST}, and its weights are files beside it`,
    );
  const folder = realpathSync(dirname(path));
  const placeOf = (name: string): string => {
    const weights = join(folder, name);
    if (!existsSync(weights)) throw new UserError(`${path} names the weights "${name}", which are not there`);
    if (relative(folder, realpathSync(weights)).split(sep)[0] === "..")
      throw new UserError(`${path} names the weights "${name}", a link that leaves the model's folder`);
    return weights;
  };
  return artifactsOf(
    readFileSync(path, "utf8"),
    { size: (name) => statSync(placeOf(name)).size, read: (name) => readFileSync(placeOf(name)) },
    path,
  );
}

const DEEPEST = 200; // objects inside of objects; layers of layers take some thirty

/** What is deeper than any model would overflow the stack of whoever walks through it. */
function checkDepth(topology: unknown, path: string): void {
  const open: { value: unknown; depth: number }[] = [{ value: topology, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next;
    if (typeof value !== "object" || value === null) continue;
    if (depth > DEEPEST)
      throw new UserError(`${path} has more than ${DEEPEST} objects inside each other; no model is so deep`);
    for (const inner of Object.values(value)) open.push({ value: inner, depth: depth + 1 });
  }
}

/** Initial weights are overwritten by the saved ones at once; some take minutes to make. */
function withoutInitialisers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutInitialisers);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key.endsWith("_initializer") && inner !== null
        ? { class_name: "Zeros", config: {} }
        : withoutInitialisers(inner),
    ]),
  );
}
