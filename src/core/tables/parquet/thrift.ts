import { type Bytes, bytes } from "./bytes.ts";

/** A value as Thrift's compact protocol writes it. Structs name their fields by ascending numbers. */
export type ThriftValue =
  | { readonly i32: number }
  | { readonly i64: number }
  | { readonly text: string }
  | { readonly truth: boolean }
  | { readonly list: readonly ThriftValue[] }
  | ThriftStruct;

/** Numbered fields with their values, in ascending order. */
export interface ThriftStruct {
  readonly struct: readonly (readonly [field: number, value: ThriftValue | undefined])[];
}

const TYPES = { true: 1, false: 2, i32: 5, i64: 6, binary: 8, list: 9, struct: 12 } as const;

/**
 * A struct in Thrift's compact protocol, in which Parquet writes its headers and its footer.
 * Fields that are `undefined` are left out.
 *
 * Source: thrift/doc/specs/thrift-compact-protocol.md
 *
 * @example [...thriftStruct({ struct: [[1, { i32: 3 }], [3, { text: "a" }]] })] // => [21, 6, 40, 1, 97, 0]
 */
export function thriftStruct(value: ThriftStruct): Uint8Array {
  const out = bytes();
  write(out, value);
  return out.view();
}

function write(out: Bytes, value: ThriftValue): void {
  if ("i32" in value) out.varint(zigzag(value.i32));
  else if ("i64" in value) out.varint(zigzag(value.i64));
  else if ("text" in value) {
    const text = new TextEncoder().encode(value.text);
    out.varint(text.length);
    out.append(text);
  } else if ("list" in value) {
    const type = value.list[0] === undefined ? TYPES.struct : typeOf(value.list[0]);
    if (value.list.length < 15) out.byte((value.list.length << 4) | type);
    else {
      out.byte(0xf0 | type);
      out.varint(value.list.length);
    }
    for (const item of value.list) write(out, item);
  } else if ("struct" in value) {
    let last = 0;
    for (const [field, inner] of value.struct) {
      if (inner === undefined) continue;
      out.byte(((field - last) << 4) | typeOf(inner));
      last = field;
      if (!("truth" in inner)) write(out, inner); // a truth value is its own type
    }
    out.byte(0);
  }
}

function typeOf(value: ThriftValue): number {
  if ("i32" in value) return TYPES.i32;
  if ("i64" in value) return TYPES.i64;
  if ("text" in value) return TYPES.binary;
  if ("truth" in value) return value.truth ? TYPES.true : TYPES.false;
  return "list" in value ? TYPES.list : TYPES.struct;
}

const zigzag = (value: number): number => (value >= 0 ? value * 2 : -value * 2 - 1);
