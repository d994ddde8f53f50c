import { writtenField } from "../../../../src/core/models/onnx/wire.ts";

/* A writer of ONNX as small as tests need. Field numbers: onnx.proto. */

export const varint = (value: bigint): number[] => {
  const bytes: number[] = [];
  let left = BigInt.asUintN(64, value);
  for (; left >= 0x80n; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80);
  return [...bytes, Number(left)];
};
export const int = (field: number, value: number | bigint) =>
  Uint8Array.from([...varint(BigInt(field) * 8n), ...varint(BigInt(value))]);
export const part = (field: number, ...parts: Uint8Array[]) => Buffer.concat(writtenField(field, parts));
export const word = (field: number, value: string) => part(field, Buffer.from(value));
export const node = (operator: string, from: string[], to: string[], ...more: Uint8Array[]) =>
  part(
    1,
    ...from.map((name) => word(1, name)),
    ...to.map((name) => word(2, name)),
    word(4, operator),
    ...more,
  );
const size = (value: number | undefined) => part(1, value === undefined ? word(2, "rows") : int(1, value));
export const port = (field: number, name: string, ...sizes: (number | undefined)[]) =>
  part(field, word(1, name), part(2, part(1, int(1, 1), part(2, ...sizes.map(size)))));
export const tensor = (name: string, dims: (number | bigint)[], raw: Uint8Array, type = 1) =>
  part(5, ...dims.map((dim) => int(1, dim)), int(2, type), word(8, name), part(9, raw));
export const opset = (version: number, domain = "") => part(8, word(1, domain), int(2, version));
