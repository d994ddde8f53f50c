import { UserError } from "../../../errors.ts";

/** A message of Protocol Buffers: for each field number its values, in order, not yet interpreted. */
export type Message = ReadonlyMap<number, readonly (number | Uint8Array)[]>;

/**
 * Splits a message into its fields. Varints become numbers (exact up to 2⁵³), fixed-width fields
 * their bytes; strings, packed lists and messages inside are bytes as well.
 *
 * Source: https://protobuf.dev/programming-guides/encoding
 *
 * @throws {UserError} where the bytes end too early or are no message
 */
export function messageOf(bytes: Uint8Array): Message {
  const fields = new Map<number, (number | Uint8Array)[]>();
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = bytes[at++];
      if (byte === undefined) throw cutOff();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw cutOff();
  };
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw cutOff();
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = varint();
    const field = Math.floor(tag / 8);
    const kind = tag % 8;
    if (field === 0) throw cutOff();
    const value =
      kind === 0
        ? varint()
        : kind === 1
          ? take(8)
          : kind === 2
            ? take(varint())
            : kind === 5
              ? take(4)
              : undefined;
    if (value === undefined) throw cutOff();
    const known = fields.get(field);
    if (known === undefined) fields.set(field, [value]);
    else known.push(value);
  }
  return fields;
}

/** The messages of a repeated field. */
export function messages(message: Message, field: number): Message[] {
  return blobs(message, field).map(messageOf);
}

/** The texts of a repeated field. */
export function texts(message: Message, field: number): string[] {
  return blobs(message, field).map((bytes) => new TextDecoder().decode(bytes));
}

/** The first text of a field; empty where there is none, as the format has it. */
export function text(message: Message, field: number): string {
  return texts(message, field)[0] ?? "";
}

/** The first integer of a field; 0 where there is none, as the format has it. */
export function integer(message: Message, field: number): number {
  const [value] = message.get(field) ?? [];
  return typeof value === "number" ? value : 0;
}

/** The integers of a repeated field, packed or not; those below 0 wrap round and are of no use here. */
export function integers(message: Message, field: number): number[] {
  return (message.get(field) ?? []).flatMap((value) => (typeof value === "number" ? [value] : packed(value)));
}

function packed(bytes: Uint8Array): number[] {
  const values: number[] = [];
  let value = 0;
  let scale = 1;
  for (const byte of bytes) {
    value += (byte & 0x7f) * scale;
    scale *= 128;
    if (byte >= 0x80) continue;
    values.push(value);
    value = 0;
    scale = 1;
  }
  return values;
}

function blobs(message: Message, field: number): Uint8Array[] {
  return (message.get(field) ?? []).filter((value) => value instanceof Uint8Array);
}

function cutOff(): UserError {
  return new UserError("it is not ONNX, or was cut off");
}
