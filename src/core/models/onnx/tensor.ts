import { UserError } from "../../../errors.ts";
import { quoted } from "./quoted.ts";
import { fieldsOf, integer, integers, type Message, messageOf, packedCount, text, texts } from "./wire.ts";

/* Field numbers: TensorProto in onnx.proto of ONNX 1.18. */
const DIMS = 1;
const TYPE = 2;
const STRINGS = 6;
const INT64 = 7;
const NAME = 8;
const RAW = 9;
const EXTERNAL = 13;
const LOCATION = 14;
const SAID: ReadonlySet<number> = new Set([DIMS, TYPE, NAME, RAW, EXTERNAL, LOCATION]);

/** Element types by their number: name, and bytes of one. Of a text there are as many as there are. */
const TYPES: Readonly<Record<number, readonly [name: string, bytes: number]>> = {
  1: ["float", 4],
  2: ["uint8", 1],
  3: ["int8", 1],
  4: ["uint16", 2],
  5: ["int16", 2],
  6: ["int32", 4],
  7: ["int64", 8],
  8: ["string", 0],
  9: ["bool", 1],
  10: ["float16", 2],
  11: ["double", 8],
  12: ["uint32", 4],
  13: ["uint64", 8],
  14: ["complex64", 8],
  15: ["complex128", 16],
  16: ["bfloat16", 2],
  17: ["float8e4m3fn", 1],
  18: ["float8e4m3fnuz", 1],
  19: ["float8e5m2", 1],
  20: ["float8e5m2fnuz", 1],
  21: ["uint4", 0.5],
  22: ["int4", 0.5],
  23: ["float4e2m1", 0.5],
};

/** The element type's name: `float`. */
export const typeName = (type: number): string => TYPES[type]?.[0] ?? `type ${type}`;

/** Where a tensor's bytes lie, when it is not in the model's own file. */
export interface External {
  /** Path relative to the model's folder. */
  readonly location: string;
  readonly offset: number;
  /** All bytes that its shape and type take. */
  readonly length: number;
}

/** A tensor of the file. */
export interface Tensor {
  readonly name: string;
  readonly external: External | undefined;
}

/**
 * Reads what a tensor says of itself, and refuses one whose shape is not that of its bytes: a runtime
 * would make room for what it claims.
 *
 * @throws {UserError} without the file's name
 */
export function tensorOf(bytes: Uint8Array): Tensor {
  const tensor = messageOf(bytes, SAID);
  const name = text(tensor, NAME);
  const dims = integers(tensor, DIMS);
  const elements = dims.reduce((product, size) => product * size, 1);
  const known = TYPES[integer(tensor, TYPE)];
  if (known === undefined)
    throw new UserError(
      `its weights ${quoted(name)} are of ${typeName(integer(tensor, TYPE))}, which is none`,
    );
  const [type, size] = known;
  const wanted = Math.ceil(elements * size);
  const shape = `[${dims.slice(0, 10).join(", ")}${dims.length > 10 ? ", …" : ""}]`;
  if (dims.some((size) => size < 0) || !(elements <= 2 ** 31) || !(wanted <= 2 ** 31))
    throw new UserError(`its weights ${quoted(name)} say that they are ${shape}, which no file holds`);
  if (integer(tensor, LOCATION) === 1 || tensor.has(EXTERNAL)) {
    if (type === "string")
      throw new UserError(`its texts ${quoted(name)} lie in another file; right is weights alone`);
    return { name, external: externalOf(tensor, name, wanted) };
  }
  const raw = tensor.get(RAW)?.at(-1);
  const fits =
    type !== "string" && raw instanceof Uint8Array
      ? raw.length === wanted
      : typedCount(bytes) >= (size === 0.5 ? wanted : elements);
  if (fits) return { name, external: undefined };
  throw new UserError(
    `its weights ${quoted(name)} say that they are ${shape} of ${type}, and hold other bytes`,
  );
}

function externalOf(tensor: Message, name: string, length: number): External {
  const said = new Map<string, string>();
  for (const entry of tensor.get(EXTERNAL) ?? []) {
    if (!(entry instanceof Uint8Array)) continue;
    const pair = messageOf(entry);
    said.set(text(pair, 1), text(pair, 2));
  }
  const offset = Number(said.get("offset") ?? 0);
  const claimed = Number(said.get("length") ?? length);
  if (!Number.isSafeInteger(offset) || offset < 0 || claimed !== length)
    throw new UserError(
      `its weights ${quoted(name)} lie in ${quoted(said.get("location") ?? "")} at ${quoted(said.get("offset") ?? "0")}, ${quoted(said.get("length") ?? "")} bytes; its shape takes ${length}`,
    );
  return { location: said.get("location") ?? "", offset, length };
}

/** How many values stand in the fields that are not raw. */
function typedCount(bytes: Uint8Array): number {
  let count = 0;
  for (const { field, value } of fieldsOf(bytes)) {
    if (field === STRINGS) count += 1;
    else if (field === 4) count += typeof value === "number" ? 0 : value.length / 4;
    else if (field === 10) count += typeof value === "number" ? 0 : value.length / 8;
    else if (field === 5 || field === INT64 || field === 11)
      count += typeof value === "number" ? 1 : packedCount(value);
  }
  return count;
}

const FEW = 10_000; // classes: more of them are none

/** The values of a small tensor of texts or whole numbers, as texts; undefined of another, or a long one. */
export function smallValues(bytes: Uint8Array): string[] | undefined {
  const tensor = messageOf(bytes, new Set([DIMS, TYPE, 5, STRINGS, INT64, RAW]));
  const elements = integers(tensor, DIMS).reduce((product, size) => product * size, 1);
  if (!(elements <= FEW)) return undefined;
  const raw = tensor.get(RAW)?.at(-1);
  switch (integer(tensor, TYPE)) {
    case 8:
      return texts(tensor, STRINGS);
    case 7:
      return raw instanceof Uint8Array ? rawIntegers(raw, 8) : integers(tensor, INT64).map(String);
    case 6:
      return raw instanceof Uint8Array ? rawIntegers(raw, 4) : integers(tensor, 5).map(String);
    default:
      return undefined;
  }
}

function rawIntegers(raw: Uint8Array, size: 4 | 8): string[] {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return Array.from({ length: Math.floor(raw.length / size) }, (_, place) =>
    String(size === 8 ? view.getBigInt64(place * 8, true) : view.getInt32(place * 4, true)),
  );
}
