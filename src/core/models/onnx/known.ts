import { UserError } from "../../../errors.ts";
import { EITHER, type Kind, MESSAGES, type MessageName } from "./schema.ts";
import { changed, integer, messageOf, WIRE, writtenField } from "./wire.ts";

declare const KNOWN: unique symbol;
declare const SEALED: unique symbol;

/** An ONNX file with known fields alone, as `knownModel` writes it. */
export type KnownOnnx = Uint8Array & { readonly [KNOWN]: true };

/** One that names no other file either: what a runtime may see. */
export type SealedOnnx = KnownOnnx & { readonly [SEALED]: true };

type Parts = readonly Uint8Array[];

/** What becomes of a tensor: other bytes, or itself (undefined). */
export type TensorChange = (tensor: Uint8Array) => Parts | undefined;

const DEEPEST: Partial<Record<Kind, string>> = { Graph: "graphs", Type: "types" };
const MOST_DEEP = 20; // graphs inside of graphs; real models have one or two

/**
 * An ONNX file written anew with the fields that are known, each of its kind and no more often than it may
 * stand: what a reader merges, overrides or cuts, it would see otherwise than we have. Whoever reads the
 * answer knows every part of it.
 *
 * Bytes that stay are not copied: where nothing is left out, and that is so of what the libraries export,
 * the answer is `bytes` itself.
 *
 * @param tensor what becomes of each tensor, wherever it stands
 * @throws {UserError} without the file's name
 */
export function knownModel(bytes: Uint8Array, tensor?: TensorChange): KnownOnnx {
  const parts = known(bytes, "Model", tensor, 0);
  return (parts === undefined ? bytes : Buffer.concat(parts)) as KnownOnnx;
}

/**
 * A model as a runtime may see it: gone through once more, as it now is, for what would have the runtime
 * open a file or read the bytes as another format.
 *
 * @throws {UserError} without the file's name
 */
export function sealedModel(bytes: KnownOnnx): SealedOnnx {
  const again = knownModel(bytes, (tensor) => {
    const elsewhere = messageOf(tensor, ELSEWHERE);
    if (!elsewhere.has(13) && integer(elsewhere, 14) === 0) return undefined;
    throw new UserError("its weights lie in another file, in a place where none are read from one");
  });
  // ONNX Runtime takes what has this mark for its own format, of which nothing here was looked at
  if (Buffer.from(again.subarray(4, 8)).toString("latin1") === "ORTM")
    throw new UserError(
      "it is a file of ONNX and of ONNX Runtime's own format at once; right is one of them",
    );
  return again as SealedOnnx;
}

const ELSEWHERE: ReadonlySet<number> = new Set([13, 14]); // external_data, data_location

/** One message with its known fields alone; undefined where that is all of it. */
function known(
  bytes: Uint8Array,
  name: MessageName,
  tensor: TensorChange | undefined,
  depth: number,
): Parts | undefined {
  const rules = MESSAGES[name];
  const either = (EITHER[name] ?? []).reduce((bits, field) => bits | bit(field), 0);
  let seen = 0; // a bit for each field that may stand once
  let usual = 0; // the field and kind of the number before: a forest has millions of them, one after the other
  return changed(bytes, (field, from, to, wire, value) => {
    if (field * 8 + wire === usual) return undefined;
    const rule = rules[field];
    if (rule === undefined) return [];
    const { kind, many } = rule;
    if (kind === "refused")
      throw new UserError("it is a model in training; right is one that answers, exported for inference");
    if (!written(kind, many, wire)) throw otherwise(name, field, "of another kind than ONNX has it");
    if (!many) {
      if ((seen & bit(field)) !== 0 || ((either & bit(field)) !== 0 && (seen & either) !== 0))
        throw otherwise(name, field, "twice");
      seen |= bit(field);
      if (kind === "int32" && !(value >= 0 && value < 2 ** 31))
        throw otherwise(name, field, "with more than 31 bits");
    }
    if (!isMessage(kind)) {
      if (many) usual = field * 8 + wire;
      return undefined;
    }
    const deep = DEEPEST[kind];
    if (deep !== undefined && depth > MOST_DEEP)
      throw new UserError(`its ${deep} lie more than ${MOST_DEEP} deep inside each other`);
    const inner = bytes.subarray(from, to);
    const other =
      (kind === "Tensor" ? tensor?.(inner) : undefined) ??
      known(inner, kind, tensor, deep === undefined ? depth : depth + 1);
    return other === undefined ? undefined : writtenField(field, other);
  });
}

const bit = (field: number): number => 1 << field; // the largest number of a field is 25

const isMessage = (kind: Kind): kind is MessageName => Object.hasOwn(MESSAGES, kind);

/** Whether a kind is written so: many numbers may stand one by one, or packed as bytes. */
function written(kind: Kind, many: boolean, wire: number): boolean {
  if (many && wire === WIRE.bytes) return true;
  if (kind === "int32" || kind === "int64") return wire === WIRE.varint;
  if (kind === "float") return wire === WIRE.four;
  return wire === (kind === "double" ? WIRE.eight : WIRE.bytes);
}

const otherwise = (name: MessageName, field: number, what: string): UserError =>
  new UserError(
    `it is not ONNX, or has field ${field} of its ${name} ${what}, over which readers differ; right is a file as the onnx package writes it`,
  );
