/** Bytes that grow as they are written. */
export interface Bytes {
  readonly length: number;
  byte(value: number): void;
  /** Unsigned LEB128, as Thrift and Parquet write whole numbers; up to 2^53. */
  varint(value: number): void;
  /** Four bytes, the lowest first. */
  int32(value: number): void;
  append(bytes: Uint8Array): void;
  /** Room for so many bytes, to be filled by the caller before anything else is written. */
  room(length: number): Uint8Array;
  /** What was written; valid until more is. */
  view(): Uint8Array;
}

/** @param size how many bytes are expected */
export function bytes(size = 256): Bytes {
  let buffer = new Uint8Array(size);
  let length = 0;
  const reserve = (more: number): void => {
    if (length + more <= buffer.length) return;
    const larger = new Uint8Array(Math.max(buffer.length * 2, length + more));
    larger.set(buffer.subarray(0, length));
    buffer = larger;
  };
  const self: Bytes = {
    get length() {
      return length;
    },
    byte(value) {
      reserve(1);
      buffer[length++] = value;
    },
    varint(value) {
      let rest = value;
      for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) self.byte((rest % 0x80) | 0x80);
      self.byte(rest);
    },
    int32(value) {
      for (let shift = 0; shift < 32; shift += 8) self.byte((value >>> shift) & 0xff);
    },
    append(more) {
      self.room(more.length).set(more);
    },
    room(more) {
      reserve(more);
      length += more;
      return buffer.subarray(length - more, length);
    },
    view: () => buffer.subarray(0, length),
  };
  return self;
}
