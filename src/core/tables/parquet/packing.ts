import { type Bytes, bytes } from "./bytes.ts";

/**
 * Small whole numbers, each in `width` bits, in Parquet's hybrid of runs and packed groups of eight:
 * one run where all are equal, else one packing of all.
 *
 * Source: parquet-format/Encodings.md, "Run Length Encoding / Bit-Packing Hybrid"
 *
 * @param width 1 to 24
 * @example [...packed(Int32Array.of(1, 1, 1), 3, 1).view()] // => [6, 1]
 * @example [...packed(Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7), 8, 3).view()] // => [3, 136, 198, 250]
 */
export function packed(values: Int32Array, count: number, width: number): Bytes {
  const out = bytes(16 + Math.ceil((count * width) / 8));
  const first = values[0] ?? 0;
  let equal = true;
  for (let i = 1; i < count && equal; i++) equal = values[i] === first;
  if (equal) {
    out.varint(count * 2);
    for (let shift = 0; shift < width; shift += 8) out.byte((first >>> shift) & 0xff);
    return out;
  }
  const groups = Math.ceil(count / 8);
  out.varint(groups * 2 + 1);
  const room = out.room(groups * width);
  let buffer = 0;
  let bits = 0;
  let at = 0;
  for (let i = 0; i < count; i++) {
    buffer |= (values[i] as number) << bits; // at most 7 + 24 bits
    bits += width;
    while (bits >= 8) {
      room[at++] = buffer & 0xff;
      buffer >>>= 8;
      bits -= 8;
    }
  }
  if (bits > 0) room[at++] = buffer & 0xff;
  room.fill(0, at);
  return out;
}

/**
 * How many bits tell so many values apart; at least one.
 *
 * @example [1, 2, 3, 256, 257].map(bitWidth) // => [1, 1, 2, 8, 9]
 */
export function bitWidth(values: number): number {
  return Math.max(1, 32 - Math.clz32(values - 1));
}
