import { UserError } from "../../../errors.ts";

/** A message of Protocol Buffers: for each field number its values, in order, not yet interpreted. */
export type Message = ReadonlyMap<number, readonly (number | Uint8Array)[]>;

/** One field with its value. */
export interface Field {
  readonly field: number;
  readonly value: number | Uint8Array;
}

/** How a field's value is written; the numbers between are groups, which no ONNX file has. */
export const WIRE = { varint: 0, eight: 1, bytes: 2, four: 5 } as const;

/**
 * What looks at a field, which lies from `start` to `end`: a whole number's value, or, where `to` is not 0,
 * the place of its bytes. `false` ends the look. A forest's attributes have millions of fields, so that nothing is made of each.
 */
type Visit = (
  field: number,
  value: number,
  from: number,
  to: number,
  start: number,
  end: number,
  wire: number,
) => boolean | undefined;

const MOST_FIELDS = 2_000_000; // kept of one message: a graph of so many nodes is none that anybody asks about
const LARGEST_TAG = 2 ** 32 - 1;

/**
 * Goes through the fields of a message. Varints are numbers (exact within ±2⁵³); fixed-width fields,
 * strings, packed lists and messages inside are bytes.
 *
 * Readers differ over tags of more than 32 bits and over numbers written longer than they are: some cut
 * them, so that they see another field than we. No writer writes such, and they are refused, as groups are.
 *
 * Source: https://protobuf.dev/programming-guides/encoding
 *
 * @throws {UserError} where the bytes end too early or are no message
 */
export function scan(bytes: Uint8Array, visit: Visit): void {
  let at = 0;
  const varint = (): number => {
    const byte = bytes[at];
    if (byte !== undefined && byte < 0x80) {
      at++;
      return byte;
    }
    const [value, next] = varintAt(bytes, at);
    at = next;
    return value;
  };
  while (at < bytes.length) {
    const start = at;
    const tag = varint();
    if (!(tag >= 0 && tag <= LARGEST_TAG)) throw overlong();
    const field = Math.floor(tag / 8);
    const wire = tag % 8;
    if (field === 0) throw cutOff();
    if (wire === WIRE.varint) {
      const value = varint();
      if (visit(field, value, 0, 0, start, at, wire) === false) return;
      continue;
    }
    const length = wire === WIRE.bytes ? varint() : wire === WIRE.eight ? 8 : wire === WIRE.four ? 4 : -1;
    if (!(length >= 0 && at + length <= bytes.length)) throw cutOff();
    const from = at;
    at += length;
    if (visit(field, 0, from, at, start, at, wire) === false) return;
  }
}

/** The fields of a message, one after the other. */
export function fieldsOf(bytes: Uint8Array): Field[] {
  const fields: Field[] = [];
  scan(bytes, (field, number, from, to) => {
    if (fields.length >= MOST_FIELDS) throw tooMany();
    fields.push({ field, value: to === 0 ? number : bytes.subarray(from, to) });
    return undefined;
  });
  return fields;
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
  scan(bytes, (field, number, from, to) => {
    if (wanted !== undefined && !wanted.has(field)) return undefined;
    if (++kept > MOST_FIELDS) throw tooMany();
    const value = to === 0 ? number : bytes.subarray(from, to);
    const known = fields.get(field);
    if (known === undefined) fields.set(field, [value]);
    else known.push(value);
    return undefined;
  });
  return fields;
}

/** The first text of a field, found without going through what stands behind it. */
export function firstText(bytes: Uint8Array, wanted: number): string {
  let found = "";
  scan(bytes, (field, _number, from, to) => {
    if (field !== wanted || to === 0) return true;
    found = decoded(bytes.subarray(from, to));
    return false;
  });
  return found;
}

const tooMany = (): UserError =>
  new UserError(`it has more than ${MOST_FIELDS} parts in one place; no model has so many`);

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
  return blobs(message, field).map(decoded);
}

/** The text of a field, the last where there are several; empty where there is none, as the format has it. */
export function text(message: Message, field: number): string {
  const bytes = blobs(message, field).at(-1);
  return bytes === undefined ? "" : decoded(bytes);
}

/** Two names that differ must not become one: no mark at the start is left out, and nothing is replaced. */
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decoded(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw new UserError(
      "it is not ONNX, or has a name that is no UTF-8; right is a file as the onnx package writes it",
    );
  }
}

/** The integer of a field, the last where there are several; 0 where there is none, as the format has it. */
export function integer(message: Message, field: number): number {
  const value = message.get(field)?.at(-1);
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

/**
 * A whole number of 64 bits, and where the next one begins. Negative ones take ten bytes, and none more than
 * it needs.
 */
function varintAt(bytes: Uint8Array, start: number): readonly [value: number, next: number] {
  let value = 0;
  for (let at = start; at < start + 10; at++) {
    const byte = bytes[at];
    if (byte === undefined) throw cutOff();
    value += (byte & 0x7f) * 2 ** (7 * (at - start));
    if (byte >= 0x80) continue;
    if ((byte === 0 && at > start) || (byte > 1 && at === start + 9)) throw overlong();
    return [at - start < 8 ? value : wide(bytes.subarray(start, at + 1)), at + 1];
  }
  throw overlong();
}

/** What does not fit into a number's 53 bits, or is below 0: rare enough to be slow. */
function wide(bytes: Uint8Array): number {
  const value = bytes.reduceRight((sum, byte) => (sum << 7n) | BigInt(byte & 0x7f), 0n);
  return Number(BigInt.asIntN(64, value));
}

function cutOff(): UserError {
  return new UserError("it is not ONNX, or was cut off");
}

function overlong(): UserError {
  return new UserError(
    "it is not ONNX, or has numbers written longer than they are, over which readers differ; right is a file as the onnx package writes it",
  );
}

type Parts = readonly Uint8Array[];

/**
 * A message with some of its fields changed. Bytes that stay are handed on as they lie.
 *
 * @param change gives what becomes of a field: other bytes, nothing (an empty list), or itself (undefined)
 * @returns undefined where nothing is changed
 */
export function changed(
  bytes: Uint8Array,
  change: (field: number, from: number, to: number, wire: number, value: number) => Parts | undefined,
): Parts | undefined {
  const parts: Uint8Array[] = [];
  let kept = 0; // bytes before here are in the parts, or left out
  scan(bytes, (field, value, from, to, start, end, wire) => {
    const other = change(field, from, to, wire, value);
    if (other === undefined) return undefined;
    if (start > kept) parts.push(bytes.subarray(kept, start));
    parts.push(...other);
    kept = end;
    return undefined;
  });
  if (kept === 0) return undefined;
  if (bytes.length > kept) parts.push(bytes.subarray(kept));
  return parts;
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
