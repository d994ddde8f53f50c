import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { openDuckdb } from "../../../../src/adapters/engines/duckdb/engine.ts";
import { writeParquet } from "../../../../src/adapters/engines/parquet-file.ts";
import type { Column, Table } from "../../../../src/core/tables/column.ts";
import type { Engine } from "../../../../src/ports/engine.ts";

const ROWS = 250_000; // three row groups

/** Columns that each go another way through the writer. */
const COLUMNS: Readonly<Record<string, (i: number) => number>> = {
  many: (i) => i / 7,
  few: (i) => (i * 31) % 4096,
  "one too many": (i) => (i * 31) % 4097,
  constant: () => -0.5,
  missing: () => Number.NaN,
  sparse: (i) => (i % 3 === 0 ? Number.NaN : i % 11),
  endless: (i) => (i % 5 === 0 ? Number.POSITIVE_INFINITY : i % 2 === 0 ? -0 : 5e-324),
  'say "hi", 東京': (i) => -i,
};
const WORDS = ["", "a", "Zürich", "東京", "a word of more than twelve bytes", "nul\0 and \n"];

function part(from: number, to: number, words: readonly string[]): Table {
  const rows = Array.from({ length: to - from }, (_, i) => from + i);
  const numbers = (value: (i: number) => number): Float64Array => Float64Array.from(rows, value);
  return {
    rows: rows.length,
    columns: new Map<string, Column>([
      ...Object.entries(COLUMNS).map(
        ([name, value]) => [name, { kind: "number", values: numbers(value) }] as const,
      ),
      ["truth", { kind: "boolean", values: numbers((i) => (i % 7 === 0 ? Number.NaN : i % 2)) }],
      [
        "time",
        { kind: "time", values: numbers((i) => (i % 9 === 0 ? Number.NaN : (i - 1000) * 86_400_000.5)) },
      ],
      [
        "text",
        { kind: "text", words, codes: Int32Array.from(rows, (i) => words.indexOf(WORDS[i % 8] ?? "none")) },
      ],
    ]),
  };
}

async function* cut(...lengths: readonly number[]): AsyncGenerator<Table> {
  let from = 0;
  for (const [index, length] of lengths.entries()) {
    yield part(from, from + length, index % 2 === 0 ? WORDS : [...WORDS, "unused"].reverse());
    from += length;
  }
}

let folder: string;
let engine: Engine;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "parquet-"));
  engine = await openDuckdb({ threads: 2 });
});
after(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

describe("a Parquet file of batches", () => {
  it("is read back by DuckDB as it was, cell for cell", async () => {
    const path = join(folder, "a.parquet");
    await writeParquet(cut(ROWS), path);
    await engine.load("a", { paths: [path], format: "parquet" });
    const expected = part(0, ROWS, WORDS);
    const found = await engine.table("SELECT * FROM a");
    assert.equal(found.rows, ROWS);
    assert.deepEqual([...found.columns.keys()], [...expected.columns.keys()]);
    for (const [name, column] of expected.columns) {
      const other = found.columns.get(name)!;
      assert.equal(other.kind, column.kind);
      for (let i = 0; i < ROWS; i++) {
        const cells = [column, other].map((one) =>
          one.kind === "text" ? one.words[one.codes[i]!] : one.values[i],
        );
        if (!Object.is(cells[0], cells[1])) assert.fail(`${name} ${i}: ${cells[1]}, not ${cells[0]}`);
      }
    }
  });

  it("has the same bytes however the batches are cut", async () => {
    const paths = await Promise.all(
      [[ROWS], [1, 122_879, 2, ROWS - 122_882], [100_000, 100_000, 50_000, 0]].map(async (lengths, index) => {
        const path = join(folder, `cut${index}.parquet`);
        await writeParquet(cut(...lengths), path);
        return readFile(path);
      }),
    );
    assert.ok(paths[0]!.equals(paths[1]!) && paths[0]!.equals(paths[2]!));
  });

  it("may have no rows, and must have columns", async () => {
    const path = join(folder, "empty.parquet");
    await writeParquet(cut(0), path);
    await engine.load("empty", { paths: [path], format: "parquet" });
    assert.deepEqual(await engine.rows("SELECT count(*) AS n FROM empty"), [{ n: 0 }]);
    assert.equal((await engine.columns("SELECT * FROM empty")).length, 11);
    await assert.rejects(writeParquet(cut(), join(folder, "none.parquet")), /no batch to write/);
  });
});
