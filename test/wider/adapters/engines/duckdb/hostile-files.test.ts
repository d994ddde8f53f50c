import assert from "node:assert/strict";
import { appendFile, mkdtemp, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { openDuckdb } from "../../../../../src/adapters/engines/duckdb/engine.ts";
import { UserError } from "../../../../../src/errors.ts";
import type { Engine, FileSource, Row } from "../../../../../src/ports/engine.ts";

let engine: Engine;
let folder: string;
let count = 0;

before(async () => {
  engine = await openDuckdb({ threads: 2 });
  folder = await mkdtemp(join(tmpdir(), "hostile-"));
});
after(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

/** Writes a file, loads it, and gives the name of the relation. */
async function load(
  bytes: string | Uint8Array,
  source: Partial<FileSource> = {},
  ending = "csv",
): Promise<string> {
  const path = join(folder, `file${++count}.${ending}`);
  await writeFile(path, bytes);
  await engine.load(`t${count}`, { paths: [path], format: "csv", ...source });
  return `t${count}`;
}

const rowsOf = async (table: string): Promise<Row[]> => engine.rows(`SELECT * FROM ${table}`);

const typesOf = async (table: string): Promise<Record<string, string>> =>
  Object.fromEntries((await engine.columns(`SELECT * FROM ${table}`)).map(({ name, type }) => [name, type]));

/** What is wrong, as one line after the file's path. */
async function complaint(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof UserError, String(error instanceof Error ? error.stack : error));
    assert.ok(!error.message.includes("\n"), error.message);
    assert.match(error.message, /[^.]$/);
    return error.message.replaceAll(/[^ "]*\/(?=file\d+|[ab]\.)/g, "").replace(/file\d+/g, "file");
  }
  return assert.fail("it was read");
}

describe("a CSV file", () => {
  it("with a broken quote in row 900,001 is refused with its line", async () => {
    const lines = Array.from({ length: 900_100 }, (_, i) => `${i},"text ${i % 10}"`);
    lines[900_000] = '900000,"text 0';
    const said = await complaint(load(`id,word\n${lines.join("\n")}\n`));
    assert.match(said, /^file\.csv:900002 has a quote that is not closed, or text after one/);
  });

  it("with text after a closing quote is refused with its line", async () => {
    assert.match(
      await complaint(load('a,b\n1,x\n2,"yy"k\n3,z\n')),
      /^file\.csv:3 has a quote that is not closed/,
    );
  });

  it("with mixed line ends is refused with the first odd line", async () => {
    assert.equal(
      await complaint(load("a,b\n1,x\n2,y\r\n3,z\n")),
      "file.csv:3 ends in CR LF (\\r\\n), the lines before it in LF (\\n); make all line ends the same",
    );
    assert.match(await complaint(load("a,b\r\n1,x\n2,y\r\n")), /^file\.csv:2 ends in LF/);
  });

  for (const [name, end] of [
    ["LF", "\n"],
    ["CR LF", "\r\n"],
  ] as const) {
    it(`with ${name} line ends is read, line ends inside quotes included`, async () => {
      const table = await load(["a,b", '1,"x\ny"', "2,z", ""].join(end));
      assert.deepEqual(await rowsOf(table), [
        { a: 1, b: "x\ny" },
        { a: 2, b: "z" },
      ]);
    });
  }

  it("with a byte-order mark is read without it", async () => {
    assert.deepEqual(await rowsOf(await load("\ufeffa,b\n1,x\n")), [{ a: 1, b: "x" }]);
  });

  it("in Latin-1 is refused with its line, and read when told", async () => {
    const bytes = Buffer.from("a,b\n1,x\n2,caf\xe9\n", "latin1");
    assert.equal(
      await complaint(load(bytes)),
      "file.csv:3 is not UTF-8; say how it is encoded, for example encoding: latin-1",
    );
    assert.deepEqual((await rowsOf(await load(bytes, { encoding: "latin-1" })))[1], { a: 2, b: "café" });
  });

  it("in UTF-16 is known by its mark", async () => {
    const table = await load(Buffer.from("\ufeffa,b\n1,é\n2,ß\n", "utf16le"));
    assert.deepEqual(await rowsOf(table), [
      { a: 1, b: "é" },
      { a: 2, b: "ß" },
    ]);
  });

  it("with doubled or empty names is refused", async () => {
    assert.equal(
      await complaint(load("a,b,A\n1,2,3\n")),
      'file.csv:1 columns 1 and 3 are both named "a"; each column needs a name of its own',
    );
    assert.equal(
      await complaint(load(",b\n1,2\n")),
      "file.csv:1 column 1 has no name; each column needs a name of its own",
    );
  });

  it("that is empty is refused; one with a header only has no rows", async () => {
    assert.equal(
      await complaint(load("")),
      "file.csv is empty; a CSV file begins with a row of column names",
    );
    assert.deepEqual(await rowsOf(await load("a,b\n")), []);
    assert.deepEqual(await rowsOf(await load("a,b")), []);
  });

  it("with ragged rows is refused with the line and the counts", async () => {
    assert.match(
      await complaint(load("a,b\n1,x\n2\n3,z\n")),
      /^file\.csv:3 has 1 cell where there are 2 columns/,
    );
    assert.match(
      await complaint(load("a,b\n1,x\n2,y,z\n")),
      /^file\.csv:3 has more than 2 cells where there are 2 columns/,
    );
  });

  it("with a NUL byte is refused with its row", async () => {
    assert.match(
      await complaint(load("a,b\n1,x\n2,x\0y\n")),
      /^file\.csv row 2 holds a NUL byte in column "b"/,
    );
  });

  it("with 10,000 categories keeps them all", async () => {
    const lines = Array.from({ length: 30_000 }, (_, i) => `${i},category number ${i % 10_000}`);
    const { columns } = await engine.table(`SELECT * FROM ${await load(`id,c\n${lines.join("\n")}`)}`);
    const c = columns.get("c");
    assert.ok(c?.kind === "text");
    assert.equal(c.words.length, 10_000);
    assert.equal(c.words[c.codes[29_999]!], "category number 9999");
  });

  it("with a column of nothing has a text column of nothing", async () => {
    const table = await load("a,b\n1,\n2,\n");
    assert.deepEqual(await typesOf(table), { a: "BIGINT", b: "VARCHAR" });
    assert.deepEqual(await rowsOf(table), [
      { a: 1, b: null },
      { a: 2, b: null },
    ]);
  });

  it("whose last row alone is no integer has a text column, and says so when told otherwise", async () => {
    const text = `a,b\n${Array.from({ length: 50_000 }, (_, i) => `${i},1`).join("\n")}\nabc,1.5\n`;
    assert.deepEqual(await typesOf(await load(text)), { a: "VARCHAR", b: "DOUBLE" });
    assert.equal(
      await complaint(load(text, { types: { a: "integer" } })),
      'file.csv row 50,001 is not an integer in column "a"; correct it, or say types: { a: text }',
    );
    assert.match(
      await complaint(load(text, { types: { aa: "integer" } })),
      /has no column "aa"; available: a, b$/,
    );
  });

  it("has the same types whether the beginning shows them or not", async () => {
    const late = `a,b,c,d\n${",,,\n".repeat(20_000)}7, 1.5 ,NA,2024-01-31\n8,-3e-2,5,2024-02-01\n`;
    const table = await load(late);
    assert.deepEqual(await typesOf(table), { a: "BIGINT", b: "DOUBLE", c: "BIGINT", d: "DATE" });
    const early = await load(late.replace(/\n(,,,\n)+/, "\n"));
    assert.deepEqual(await typesOf(early), await typesOf(table));
    const sums = "SELECT sum(a) AS a, sum(b) AS b, sum(c) AS c FROM";
    assert.deepEqual(await engine.rows(`${sums} ${table}`), [{ a: 15, b: 1.47, c: 5 }]);
    assert.deepEqual(await engine.rows(`${sums} ${early}`), [{ a: 15, b: 1.47, c: 5 }]);
  });

  it("does not round fractions that come after a thousand integers", async () => {
    const table = await load(`a\n${Array.from({ length: 30_000 }, (_, i) => i).join("\n")}\n1.5\n`);
    assert.deepEqual(
      await engine.rows(`SELECT max(a) AS high, min(a) FILTER (a <> trunc(a)) AS odd FROM ${table}`),
      [{ high: 29999, odd: 1.5 }],
    );
  });

  it("has the types that all cells fit", async () => {
    const table = await load(
      [
        "truth,whole,real,day,time,zoned,long,word,missing,special",
        "true,1,1e3,2024-02-29,2024-02-29 12:00,2024-02-29T12:00:00+02:00,12345678901234567890,007x,NA,NaN",
        "FALSE,-2,.5,0001-01-01,2024-03-01,2024-02-29T12:00:00Z,1,b,3,inf",
      ].join("\n"),
    );
    assert.deepEqual(await typesOf(table), {
      truth: "BOOLEAN",
      whole: "BIGINT",
      real: "DOUBLE",
      day: "DATE",
      time: "TIMESTAMP",
      zoned: "TIMESTAMP",
      long: "VARCHAR",
      word: "VARCHAR",
      missing: "BIGINT",
      special: "DOUBLE",
    });
    const [first, second] = await engine.rows(
      `SELECT epoch_ms(zoned) AS z, isnan(special) AS nan, isinf(special) AS inf, missing FROM ${table}`,
    );
    assert.deepEqual(first, { z: Date.UTC(2024, 1, 29, 10), nan: true, inf: false, missing: null });
    assert.deepEqual(second, { z: Date.UTC(2024, 1, 29, 12), nan: false, inf: true, missing: 3 });
  });

  it("is told or tells its delimiter, quote and header", async () => {
    assert.deepEqual(await rowsOf(await load("a;b\n1;2,5\n2;3,5\n")), [
      { a: 1, b: "2,5" },
      { a: 2, b: "3,5" },
    ]);
    assert.deepEqual(await rowsOf(await load("a\tb\n1\tx\n")), [{ a: 1, b: "x" }]);
    assert.deepEqual(await rowsOf(await load("a:b\n1:x\n", { delimiter: ":" })), [{ a: 1, b: "x" }]);
    assert.deepEqual(await rowsOf(await load("a,b\n1,'x,y'\n", { quote: "'" })), [{ a: 1, b: "x,y" }]);
    assert.deepEqual(await rowsOf(await load("1,x\n2,y\n")), [
      { column1: 1, column2: "x" },
      { column1: 2, column2: "y" },
    ]);
    assert.deepEqual(await rowsOf(await load("x\ny\n", { header: false })), [
      { column1: "x" },
      { column1: "y" },
    ]);
  });

  it("may be gzip, whole or not", async () => {
    const bytes = gzipSync(
      `a,b\n${Array.from({ length: 20_000 }, (_, i) => `${i},${(i * 7919) % 10007}`).join("\n")}\n`,
    );
    const [row] = await engine.rows(`SELECT count(*) AS n FROM ${await load(bytes, {}, "csv.gz")}`);
    assert.equal(row!.n, 20_000);
    assert.match(
      await complaint(load(bytes.subarray(0, bytes.length - 2000), {}, "csv.gz")),
      /whole gzip file|quote|cannot be unpacked/,
    );
    assert.match(
      await complaint(load("a,b\n1,2\n", {}, "csv.gz")),
      /cannot be unpacked; is it a whole gzip file\?$/,
    );
  });

  it("of names that SQL would trip over is read as it is", async () => {
    const table = await load(`"say ""hi""",select,a b,'q'\n1,2,3,4\n`);
    assert.deepEqual(await rowsOf(table), [{ 'say "hi"': 1, select: 2, "a b": 3, "'q'": 4 }]);
  });
});

describe("several files", () => {
  it("of a glob are one table, in the order of their names, whatever the order of their columns", async () => {
    await writeFile(join(folder, "a.1.csv"), "x,y\n1,a\n");
    await writeFile(join(folder, "a.2.csv"), "y,x\nb,2\n");
    await engine.load("all_a", { paths: [join(folder, "a.*.csv")], format: "csv" });
    assert.deepEqual(await rowsOf("all_a"), [
      { x: 1, y: "a" },
      { x: 2, y: "b" },
    ]);
  });

  it("that differ in their columns are refused with file and column", async () => {
    await writeFile(join(folder, "b.1.csv"), "x,wage\n1,2\n");
    await writeFile(join(folder, "b.2.csv"), "x,wages\n1,2\n");
    assert.equal(
      await complaint(engine.load("b", { paths: [join(folder, "b.*.csv")], format: "csv" })),
      '"b.2.csv" has no column "wage", but "wages", unlike "b.1.csv"; files of one source must have the same columns',
    );
  });

  it("that are not there are named", async () => {
    assert.match(
      await complaint(engine.load("n", { paths: [join(folder, "none-*.csv")], format: "csv" })),
      /^no file matches/,
    );
    assert.match(
      await complaint(engine.load("n", { paths: [join(folder, "none.csv")], format: "csv" })),
      /^there is no file/,
    );
    assert.match(await complaint(engine.load("n", { paths: [folder], format: "csv" })), /is not a file/);
  });
});

describe("JSON lines", () => {
  it("are read with the types that fit every line, nested values as their text", async () => {
    const table = await load(
      '{"a":1,"b":"x","c":{"d":[1]}}\n{"a":2.5,"b":null,"e":true}\n',
      { format: "jsonl" },
      "jsonl",
    );
    assert.deepEqual(await rowsOf(table), [
      { a: 1, b: "x", c: '{"d":[1]}', e: null },
      { a: 2.5, b: null, c: null, e: true },
    ]);
  });

  it("that are broken are refused with the line", async () => {
    assert.match(
      await complaint(load('{"a":1}\n{"a":\n{"a":3}\n', { format: "jsonl" }, "jsonl")),
      /^file\.jsonl(:\d)? is not JSON lines/,
    );
  });
});

describe("a Parquet file", () => {
  it("that is none, or is cut short, is refused", async () => {
    assert.match(
      await complaint(load("hello", { format: "parquet" }, "parquet")),
      /is not a whole Parquet file/,
    );
    const path = join(folder, "cut.parquet");
    await engine.save("SELECT i FROM range(100000) t(i)", path);
    await truncate(path, 5000);
    assert.match(
      await complaint(engine.load("cut", { paths: [path], format: "parquet" })),
      /is not a whole Parquet file/,
    );
  });
});

describe("a file that changes", () => {
  it("after it was loaded ends the next question", async () => {
    const path = join(folder, "changing.parquet");
    await engine.save("SELECT i FROM range(10) t(i)", path);
    const other = await openDuckdb({ threads: 1 });
    await other.load("x", { paths: [path], format: "parquet" });
    await appendFile(path, "more");
    await assert.rejects(
      other.rows("SELECT * FROM x"),
      /changed while it was read; run again when nothing writes to it/,
    );
    await other.close();
  });

  it("while it is loaded is refused", async () => {
    const path = join(folder, "growing.csv");
    await writeFile(path, `a,b\n${"1,2\n".repeat(400_000)}`);
    const reading = engine.load("growing", { paths: [path], format: "csv" });
    const seen = complaint(reading);
    await new Promise((resolve) => setTimeout(resolve, 60));
    await appendFile(path, "3,4\n");
    assert.match(await seen, /changed while it was read/);
  });
});

it("an engine that is closed leaves nothing behind", async () => {
  const parent = await mkdtemp(join(tmpdir(), "engine-"));
  const other = await openDuckdb({ threads: 1, folder: parent });
  await other.run("CREATE TABLE t AS SELECT 1 AS a");
  assert.equal((await readdir(parent)).length, 1);
  await other.close();
  assert.deepEqual(await readdir(parent), []);
  await rm(parent, { recursive: true });
});
