import { UserError } from "../../../errors.ts";

/** A message of Protocol Buffers: for each field number its values, in order, not yet interpreted. */
export type Message = ReadonlyMap<number, readonly (number | Uint8Array)[]>;

/** One field where it lies: its value, and the bytes from its tag to its end. */
export interface Field {
  readonly field: number;
  readonly value: number | Uint8Array;
  readonly start: number;
  readonly end: number;
}

const MOST_FIELDS = 2_000_000; // kept of one message: a graph of so many nodes is none that anybody asks about

/**
 * The fields of a message, one after the other. Varints become numbers (exact within ±2⁵³), fixed-width
 * fields their bytes; strings, packed lists and messages inside are bytes as well.
 *
 * Source: https://protobuf.dev/programming-guides/encoding
 *
 * @throws {UserError} where the bytes end too early or are no message
 */
export function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    const [value, next] = varintAt(bytes, at);
    at = next;
    return value;
  };
  const take = (length: number): Uint8Array => {
    if (!(length >= 0 && at + length <= bytes.length)) throw cutOff();
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const start = at;
    const tag = varint();
    const field = Math.floor(tag / 8);
    if (field <= 0) throw cutOff();
    switch (tag % 8) {
      case 0:
        yield { field, value: varint(), start, end: at };
        break;
      case 1:
        yield { field, value: take(8), start, end: at };
        break;
      case 2:
        yield { field, value: take(varint()), start, end: at };
        break;
      case 5:
        yield { field, value: take(4), start, end: at };
        break;
      default:
        throw cutOff();
    }
  }
}

/**
 * Splits a message into its fields.
 *
 * @param wanted the fields that are kept; all of them where it is left out
 * @throws {UserError} where the bytes are no message, or have more parts than any model
 */
export function messageOf(bytes: Uint8Array, wanted?: ReadonlySet<number>): Message {
  const fields = new Map<number, (number | Uint8Array)[]>();
  let kept = 0;
  for (const { field, value } of fieldsOf(bytes)) {
    if (wanted !== undefined && !wanted.has(field)) continue;
    if (++kept > MOST_FIELDS)
      throw new UserError(`it has more than ${MOST_FIELDS} parts in one place; no model has so many`);
    const known = fields.get(field);
    if (known === undefined) fields.set(field, [value]);
    else known.push(value);
  }
  return fields;
}

/** The bytes of a repeated field's messages, lists or texts. */
export function blobs(message: Message, field: number): Uint8Array[] {
  return (message.get(field) ?? []).filter((value) => value instanceof Uint8Array);
}

/** The messages of a repeated field. */
export function messages(message: Message, field: number, wanted?: ReadonlySet<number>): Message[] {
  return blobs(message, field).map((bytes) => messageOf(bytes, wanted));
}

/** The texts of a repeated field. */
export function texts(message: Message, field: number): string[] {
  const decoder = new TextDecoder();
  return blobs(message, field).map((bytes) => decoder.decode(bytes));
}

/** The first text of a field; empty where there is none, as the format has it. */
export function text(message: Message, field: number): string {
  const [bytes] = blobs(message, field);
  return bytes === undefined ? "" : new TextDecoder().decode(bytes);
}

/** The first integer of a field; 0 where there is none, as the format has it. */
export function integer(message: Message, field: number): number {
  const [value] = message.get(field) ?? [];
  return typeof value === "number" ? value : 0;
}

/** The integers of a repeated field, packed or not. */
export function integers(message: Message, field: number): number[] {
  return (message.get(field) ?? []).flatMap((value) => (typeof value === "number" ? [value] : packed(value)));
}

/** How many integers a packed list holds. */
export function packedCount(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte < 0x80) count++;
  return count;
}

function packed(bytes: Uint8Array): number[] {
  const values: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [value, next] = varintAt(bytes, at);
    values.push(value);
    at = next;
  }
  return values;
}

/** A whole number of 64 bits, and where the next one begins. Negative ones take ten bytes. */
function varintAt(bytes: Uint8Array, start: number): readonly [value: number, next: number] {
  let value = 0;
  for (let at = start; at < start + 10; at++) {
    const byte = bytes[at];
    if (byte === undefined) throw cutOff();
    value += (byte & 0x7f) * 2 ** (7 * (at - start));
    if (byte < 0x80) return [at - start < 8 ? value : wide(bytes.subarray(start, at + 1)), at + 1];
  }
  throw cutOff();
}

/** What does not fit into a number's 53 bits, or is below 0: rare enough to be slow. */
function wide(bytes: Uint8Array): number {
  const value = bytes.reduceRight((sum, byte) => (sum << 7n) | BigInt(byte & 0x7f), 0n);
  return Number(BigInt.asIntN(64, value));
}

function cutOff(): UserError {
  return new UserError("it is not ONNX, or was cut off");
}

/** A field of bytes as it is written: its tag, its length, and then the parts. */
export function writtenField(field: number, parts: readonly Uint8Array[]): Uint8Array[] {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return [Uint8Array.from([...varintBytes(field * 8 + 2), ...varintBytes(length)]), ...parts];
}

function varintBytes(value: number): number[] {
  const bytes: number[] = [];
  let left = value;
  for (; left >= 0x80; left = Math.floor(left / 128)) bytes.push((left % 128) | 0x80);
  return [...bytes, left];
}
