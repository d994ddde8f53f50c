import { UserError } from "../../../errors.ts";
import { type KnownOnnx, knownModel } from "./known.ts";
import { tensorOf } from "./tensor.ts";
import { changed, messageOf, text, texts, writtenField } from "./wire.ts";

/* Changes to an ONNX file that leave its numbers what they are. Bytes that stay are not copied twice. */

/**
 * The model with the tensors of probabilities as outputs, where it gave lists of maps: the runtimes for
 * JavaScript do not hand those over.
 *
 * @param maps outputs that are lists of maps, and the tensor that each is made of
 */
export function withoutMaps(bytes: KnownOnnx, maps: ReadonlyMap<string, string>): KnownOnnx {
  if (maps.size === 0) return bytes;
  const encoder = new TextEncoder();
  const named = new Set<string>();
  const graph = (bytes: Uint8Array) =>
    changed(bytes, (field, from, to) => {
      if (field !== 1 && field !== 12) return undefined;
      const value = bytes.subarray(from, to);
      if (field === 1) {
        const gives = texts(messageOf(value, OUTPUTS), 2);
        const maker =
          gives.some((name) => maps.has(name)) || text(messageOf(value, OPERATOR), 4) === "ZipMap";
        return maker ? [] : undefined;
      }
      const tensor = maps.get(text(messageOf(value, NAME), 1));
      if (tensor === undefined || named.has(tensor)) return tensor === undefined ? undefined : [];
      named.add(tensor);
      return writtenField(12, writtenField(1, [encoder.encode(tensor)])); // its type is found by the runtime
    });
  const parts = changed(bytes, (field, from, to) => {
    const inner = field === 7 ? graph(bytes.subarray(from, to)) : undefined;
    return inner === undefined ? undefined : writtenField(7, inner);
  });
  return parts === undefined ? bytes : (Buffer.concat(parts) as Uint8Array as KnownOnnx);
}

const NAME: ReadonlySet<number> = new Set([1]);
const OUTPUTS: ReadonlySet<number> = new Set([2]);
const OPERATOR: ReadonlySet<number> = new Set([4]);

const ELSEWHERE: ReadonlySet<number> = new Set([13, 14]); // external_data, data_location

/**
 * The model as one file: weights that lie in other files are put into it, and what names a place goes.
 *
 * @param read gives so many bytes of a file beside the model
 * @throws {UserError} where one file cannot hold them
 */
export function inOneFile(
  bytes: KnownOnnx,
  read: (location: string, offset: number, length: number) => Uint8Array,
): KnownOnnx {
  let size = bytes.length;
  return knownModel(bytes, (tensor) => {
    if (messageOf(tensor, ELSEWHERE).size === 0) return undefined;
    const { external } = tensorOf(tensor);
    const kept = changed(tensor, (field) => {
      return ELSEWHERE.has(field) || (field === RAW && external !== undefined) ? [] : undefined;
    });
    if (external === undefined) return kept;
    size += external.length;
    if (size > LARGEST)
      throw new UserError(`it has ${size} bytes with its weights; an ONNX file has at most ${LARGEST}`);
    const raw = read(external.location, external.offset, external.length);
    return [...(kept ?? []), ...writtenField(RAW, [raw])];
  });
}

const RAW = 9;
const LARGEST = 2 ** 31 - 1; // Protocol Buffers' own limit
