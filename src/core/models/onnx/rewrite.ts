import { UserError } from "../../../errors.ts";
import { tensorOf } from "./tensor.ts";
import { fieldsOf, messageOf, text, texts, writtenField } from "./wire.ts";

/*
 * Changes to an ONNX file that leave its numbers what they are. Bytes that do not change are handed on
 * as they lie, unknown fields too.
 */

type Parts = readonly Uint8Array[];
/** What becomes of a field: other bytes, nothing (an empty list), or itself (undefined). */
type Change = (field: number, value: Uint8Array) => Parts | undefined;

/** A message with some of its fields changed; the same bytes where nothing is. */
function changed(bytes: Uint8Array, change: Change): Parts {
  const parts: Uint8Array[] = [];
  let kept = 0;
  for (const { field, value, start, end } of fieldsOf(bytes)) {
    const other = value instanceof Uint8Array ? change(field, value) : undefined;
    if (other === undefined) continue;
    if (start > kept) parts.push(bytes.subarray(kept, start));
    parts.push(...other);
    kept = end;
  }
  if (bytes.length > kept) parts.push(bytes.subarray(kept));
  return parts;
}

/** A field whose message is changed; undefined where nothing is. */
function inside(field: number, bytes: Uint8Array, change: Change): Parts | undefined {
  const parts = changed(bytes, change);
  return parts.length === 1 && parts[0]?.length === bytes.length ? undefined : writtenField(field, parts);
}

const joined = (parts: Parts): Uint8Array => {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts);
};

/**
 * The model with the tensors of probabilities as outputs, where it gave lists of maps: the runtimes for
 * JavaScript do not hand those over.
 *
 * @param maps outputs that are lists of maps, and the tensor that each is made of
 */
export function withoutMaps(bytes: Uint8Array, maps: ReadonlyMap<string, string>): Uint8Array {
  if (maps.size === 0) return bytes;
  const encoder = new TextEncoder();
  const named = new Set<string>();
  const graph: Change = (field, value) => {
    if (field === 1) {
      const gives = texts(messageOf(value, OUTPUTS), 2);
      return gives.some((name) => maps.has(name)) || text(messageOf(value, OPERATOR), 4) === "ZipMap"
        ? []
        : undefined;
    }
    if (field !== 12) return undefined;
    const name = text(messageOf(value, NAME), 1);
    const from = maps.get(name);
    if (from === undefined || named.has(from)) return from === undefined ? undefined : [];
    named.add(from);
    return writtenField(12, writtenField(1, [encoder.encode(from)])); // its type is found by the runtime
  };
  return joined(changed(bytes, (field, value) => (field === 7 ? inside(field, value, graph) : undefined)));
}

const NAME: ReadonlySet<number> = new Set([1]);
const OUTPUTS: ReadonlySet<number> = new Set([2]);
const OPERATOR: ReadonlySet<number> = new Set([4]);

/**
 * The model as one file: weights that lie in other files are put into it.
 *
 * @param read gives so many bytes of a file beside the model
 * @throws {UserError} where one file cannot hold them
 */
export function inOneFile(
  bytes: Uint8Array,
  read: (location: string, offset: number, length: number) => Uint8Array,
): Uint8Array {
  let size = bytes.length;
  const tensor = (field: number, value: Uint8Array): Parts | undefined => {
    const { external } = tensorOf(value);
    if (external === undefined) return undefined;
    size += external.length;
    if (size > LARGEST)
      throw new UserError(`it has ${size} bytes with its weights; an ONNX file has at most ${LARGEST}`);
    const kept = changed(value, (inner) => (inner === 13 || inner === 9 ? [] : undefined));
    const raw = read(external.location, external.offset, external.length);
    // the last of two values counts, so that the weights' place need not be looked for: 0 is here
    return writtenField(field, [...kept, Uint8Array.of(14 * 8, 0), ...writtenField(9, [raw])]);
  };
  const attribute: Change = (field, value) => {
    if (field === 5 || field === 10) return tensor(field, value);
    if (field === 6 || field === 11) return inside(field, value, graph);
    return field === 22 || field === 23 ? inside(field, value, sparse) : undefined;
  };
  const node: Change = (field, value) => (field === 5 ? inside(field, value, attribute) : undefined);
  const sparse: Change = (field, value) => (field === 1 || field === 2 ? tensor(field, value) : undefined);
  const graph: Change = (field, value) => {
    if (field === 5) return tensor(field, value);
    if (field === 15) return inside(field, value, sparse);
    return field === 1 ? inside(field, value, node) : undefined;
  };
  const model: Change = (field, value) => {
    if (field === 7) return inside(field, value, graph);
    return field === 25
      ? inside(field, value, (one, inner) => (one === 7 ? inside(one, inner, node) : undefined))
      : undefined;
  };
  return joined(changed(bytes, model));
}

const LARGEST = 2 ** 31 - 1; // Protocol Buffers' own limit
