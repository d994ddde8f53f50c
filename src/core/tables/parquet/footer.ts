import type { ColumnKind } from "../column.ts";
import type { Chunk } from "./chunk.ts";
import { type ThriftStruct, type ThriftValue, thriftStruct } from "./thrift.ts";

/** What Parquet begins and ends with. */
export const MAGIC = new TextEncoder().encode("PAR1");

/** A column as the schema at the end of the file names it. */
export interface ParquetColumn {
  readonly name: string;
  readonly kind: ColumnKind;
}

/** Rows that were written together, and where their columns lie. */
export interface RowGroup {
  readonly rows: number;
  /** Where it begins in the file. */
  readonly offset: number;
  readonly chunks: readonly Omit<Chunk, "parts">[];
}

/** Physical types, and what they stand for. */
const TYPES: Readonly<
  Record<
    ColumnKind,
    { readonly physical: number; readonly converted?: number; readonly logical?: ThriftStruct }
  >
> = {
  boolean: { physical: 0 },
  number: { physical: 5 },
  text: { physical: 6, converted: 0, logical: { struct: [[1, { struct: [] }]] } },
  // Microseconds since 1970, without a zone of their own.
  time: {
    physical: 2,
    logical: {
      struct: [
        [
          8,
          {
            struct: [
              [1, { truth: false }],
              [2, { struct: [[2, { struct: [] }]] }],
            ],
          },
        ],
      ],
    },
  },
};

/**
 * The end of a Parquet file: what its columns are and where each chunk stands.
 *
 * Source: parquet-format/src/main/thrift/parquet.thrift, FileMetaData
 */
export function footer(columns: readonly ParquetColumn[], groups: readonly RowGroup[]): Uint8Array {
  const rows = groups.reduce((sum, group) => sum + group.rows, 0);
  const metadata = thriftStruct({
    struct: [
      [1, { i32: 1 }],
      [2, { list: [rootOf(columns), ...columns.map(elementOf)] }],
      [3, { i64: rows }],
      [4, { list: groups.map((group) => groupOf(columns, group)) }],
      [6, { text: "trainyard" }],
    ],
  });
  const end = new Uint8Array(metadata.length + 8);
  end.set(metadata);
  new DataView(end.buffer).setUint32(metadata.length, metadata.length, true);
  end.set(MAGIC, metadata.length + 4);
  return end;
}

const rootOf = (columns: readonly ParquetColumn[]): ThriftStruct => ({
  struct: [
    [4, { text: "schema" }],
    [5, { i32: columns.length }],
  ],
});

function elementOf({ name, kind }: ParquetColumn): ThriftStruct {
  const { physical, converted, logical } = TYPES[kind];
  return {
    struct: [
      [1, { i32: physical }],
      [3, { i32: 1 }], // may be missing
      [4, { text: name }],
      [6, converted === undefined ? undefined : { i32: converted }],
      [10, logical],
    ],
  };
}

function groupOf(columns: readonly ParquetColumn[], { rows, offset, chunks }: RowGroup): ThriftStruct {
  let at = offset;
  const list = chunks.map((chunk, index): ThriftValue => {
    const begin = at;
    at += chunk.size;
    const { name = "", kind = "number" } = columns[index] ?? {};
    const metadata: ThriftStruct = {
      struct: [
        [1, { i32: TYPES[kind].physical }],
        [2, { list: chunk.encodings.map((encoding) => ({ i32: encoding })) }],
        [3, { list: [{ text: name }] }],
        [4, { i32: 0 }], // not compressed
        [5, { i64: chunk.rows }],
        [6, { i64: chunk.size }],
        [7, { i64: chunk.size }],
        [9, { i64: begin + chunk.dictionary }],
        [11, chunk.dictionary === 0 ? undefined : { i64: begin }],
      ],
    };
    return {
      struct: [
        [2, { i64: begin }],
        [3, metadata],
      ],
    };
  });
  return {
    struct: [
      [1, { list }],
      [2, { i64: at - offset }],
      [3, { i64: rows }],
    ],
  };
}
