import type { Column, ColumnKind } from "../column.ts";
import { bytes } from "./bytes.ts";
import { dictionaryOf } from "./dictionary.ts";
import { bitWidth, packed } from "./packing.ts";
import { type ThriftStruct, thriftStruct } from "./thrift.ts";

/** One column of one row group, as bytes and as the footer describes it. */
export interface Chunk {
  readonly parts: readonly Uint8Array[];
  readonly size: number;
  readonly rows: number;
  readonly encodings: readonly number[];
  /** How many of the bytes are the dictionary's; 0 where there is none. */
  readonly dictionary: number;
}

const ENCODING = { plain: 0, rle: 3, dictionary: 8 } as const;
const PAGE = { data: 0, dictionary: 2 } as const;

/**
 * A column of up to one row group as pages: missing values as levels, present ones through a dictionary
 * where few differ, else as they are. Nothing is compressed, so that the bytes depend on nothing but the rows.
 */
export function chunkOf(column: Column, rows: number): Chunk {
  const levels = levelsOf(column, rows);
  const { dictionary, values, encoding } =
    column.kind === "text"
      ? textPages(column.codes, column.words, rows)
      : numberPages(column.values.subarray(0, rows), column.kind);
  const parts: Uint8Array[] = [];
  if (dictionary !== undefined) {
    const header = {
      struct: [
        [1, { i32: dictionary.count }],
        [2, { i32: ENCODING.plain }],
      ],
    } as const;
    parts.push(pageHeader(PAGE.dictionary, dictionary.bytes.length, [7, header]), dictionary.bytes);
  }
  const before = sizeOf(parts);
  const header = {
    struct: [
      [1, { i32: rows }],
      [2, { i32: encoding }],
      [3, { i32: ENCODING.rle }],
      [4, { i32: ENCODING.rle }],
    ],
  } as const;
  const size = levels.length + sizeOf(values);
  parts.push(pageHeader(PAGE.data, size, [5, header]), levels, ...values);
  const encodings =
    dictionary === undefined
      ? [ENCODING.plain, ENCODING.rle]
      : [ENCODING.plain, ENCODING.rle, ENCODING.dictionary];
  return { parts, size: sizeOf(parts), rows, encodings, dictionary: before };
}

const sizeOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, part) => sum + part.length, 0);

const pageHeader = (type: number, size: number, detail: readonly [number, ThriftStruct]): Uint8Array =>
  thriftStruct({ struct: [[1, { i32: type }], [2, { i32: size }], [3, { i32: size }], detail] });

/** One bit a row, 1 where a value is present, with the length before it. */
function levelsOf(column: Column, rows: number): Uint8Array {
  const present = new Int32Array(rows);
  if (column.kind === "text")
    for (let i = 0; i < rows; i++) present[i] = (column.codes[i] as number) < 0 ? 0 : 1;
  else for (let i = 0; i < rows; i++) present[i] = Number.isNaN(column.values[i]) ? 0 : 1;
  const levels = packed(present, rows, 1);
  const out = bytes(levels.length + 4);
  out.int32(levels.length);
  out.append(levels.view());
  return out.view();
}

interface Pages {
  readonly dictionary?: { readonly bytes: Uint8Array; readonly count: number };
  readonly values: readonly Uint8Array[];
  readonly encoding: number;
}

function numberPages(column: Float64Array, kind: ColumnKind): Pages {
  const values = presentOf(column);
  if (kind === "boolean") {
    const bits = bytes(Math.ceil(values.length / 8));
    const room = bits.room(Math.ceil(values.length / 8));
    for (let i = 0; i < values.length; i++) {
      room[i >> 3] = (room[i >> 3] as number) | ((values[i] === 0 ? 0 : 1) << (i & 7));
    }
    return { values: [bits.view()], encoding: ENCODING.plain };
  }
  const found = dictionaryOf(values);
  const plain = kind === "time" ? microseconds : doubles;
  if (found === undefined) return { values: [plain(values)], encoding: ENCODING.plain };
  return {
    dictionary: { bytes: plain(found.values), count: found.values.length },
    ...coded(found.codes, found.values.length),
  };
}

function textPages(codes: Int32Array, words: readonly string[], rows: number): Pages {
  // The words of this row group in the order of their first appearance: the rest of the list says nothing of the rows.
  const places = new Int32Array(words.length).fill(-1);
  const own = new Int32Array(rows);
  const encoder = new TextEncoder();
  const list = bytes(1024);
  let known = 0;
  let present = 0;
  for (let i = 0; i < rows; i++) {
    const code = codes[i] as number;
    if (code < 0) continue;
    if (places[code] === -1) {
      places[code] = known++;
      const word = encoder.encode(words[code]);
      list.int32(word.length);
      list.append(word);
    }
    own[present++] = places[code] as number;
  }
  return { dictionary: { bytes: list.view(), count: known }, ...coded(own.subarray(0, present), known) };
}

function coded(codes: Int32Array, size: number): Pages {
  const width = bitWidth(Math.max(size, 1));
  return {
    values: [Uint8Array.of(width), packed(codes, codes.length, width).view()],
    encoding: ENCODING.dictionary,
  };
}

function presentOf(values: Float64Array): Float64Array {
  const present = new Float64Array(values.length);
  let size = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isNaN(value)) present[size++] = value;
  }
  return size === values.length ? values : present.subarray(0, size);
}

const doubles = (values: Float64Array): Uint8Array =>
  new Uint8Array(values.buffer.slice(values.byteOffset, values.byteOffset + values.byteLength));

/** Milliseconds as 64-bit microseconds, in two halves: a bigint for each would take ten times as long. */
function microseconds(values: Float64Array): Uint8Array {
  const halves = new Int32Array(values.length * 2);
  for (let i = 0; i < values.length; i++) {
    const time = Math.round((values[i] as number) * 1000);
    const high = Math.floor(time / 0x1_0000_0000);
    halves[2 * i] = time - high * 0x1_0000_0000;
    halves[2 * i + 1] = high;
  }
  return new Uint8Array(halves.buffer);
}
