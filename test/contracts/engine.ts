import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Column, Table } from "../../src/core/tables/column.ts";
import { UserError } from "../../src/errors.ts";
import type { Engine } from "../../src/ports/engine.ts";

const ROWS = 300_000;

/** What every engine promises; `open` gives a new one with nothing in it. */
export function engineContract(name: string, open: () => Promise<Engine>): void {
  describe(`${name} keeps the engine contract`, () => {
    let engine: Engine;
    let folder: string;
    before(async () => {
      engine = await open();
      folder = await mkdtemp(join(tmpdir(), "engine-"));
      await writeFile(join(folder, "people.csv"), PEOPLE);
      await engine.load("people", { paths: [join(folder, "people.csv")], format: "csv" });
    });
    after(async () => {
      await engine.close();
      await rm(folder, { recursive: true, force: true });
    });

    it("says its name and version", () => assert.match(engine.name, /^[a-z]+ \d+\.\d+/));

    it("gives columns their kinds without running the query", async () => {
      const columns = await engine.columns("SELECT * FROM people");
      assert.deepEqual(
        columns.map(({ name, kind }) => [name, kind]),
        [
          ["id", "number"],
          ["wage", "number"],
          ["member", "boolean"],
          ["born", "time"],
          ["job", "text"],
        ],
      );
    });

    it("answers small questions in rows", async () => {
      const rows = await engine.rows("SELECT id, wage, member, job FROM people ORDER BY id LIMIT 2");
      assert.deepEqual(rows, [
        { id: 1, wage: 10.5, member: true, job: "nurse" },
        { id: 2, wage: null, member: false, job: null },
      ]);
    });

    it("keeps whole numbers whole, as bigint where a number would round them", async () => {
      const rows = await engine.rows(
        "SELECT 9007199254740991 AS a, 9007199254740993 AS b, sum(x) AS c FROM (VALUES (1), (2)) v(x)",
      );
      assert.deepEqual(rows, [{ a: 9007199254740991, b: 9007199254740993n, c: 3 }]);
    });

    it("puts columns in memory, with what is missing as NaN and -1", async () => {
      const { rows, columns } = await engine.table("SELECT * FROM people ORDER BY id");
      assert.equal(rows, 3);
      assert.deepEqual(numbers(columns.get("id")), [1, 2, 3]);
      assert.deepEqual(numbers(columns.get("wage")), [10.5, NaN, -3]);
      assert.deepEqual(numbers(columns.get("member")), [1, 0, NaN]);
      assert.deepEqual(numbers(columns.get("born")), [Date.UTC(1970, 0, 2), NaN, Date.UTC(2001, 1, 28)]);
      assert.deepEqual(words(columns.get("job")), ["nurse", undefined, "a job with a very long name"]);
    });

    it("gives one empty batch with its columns where there are no rows", async () => {
      const found: Table[] = [];
      for await (const batch of engine.batches("SELECT * FROM people WHERE id > 99")) found.push(batch);
      assert.equal(found.length, 1);
      assert.deepEqual([found[0]!.rows, [...found[0]!.columns.keys()].length], [0, 5]);
    });

    it("gives many rows in batches, in the query's order", async () => {
      let next = 0;
      for await (const batch of engine.batches(
        `SELECT i::DOUBLE AS i, 'k' || (i % 1000) AS k FROM range(${ROWS}) t(i)`,
      )) {
        const [i, k] = [batch.columns.get("i"), words(batch.columns.get("k"))];
        for (const value of numbers(i)) {
          if (value !== next || k[next % 65536] === undefined) assert.equal(value, next);
          next++;
        }
        assert.equal(k[0], `k${numbers(i)[0]! % 1000}`);
      }
      assert.equal(next, ROWS);
    });

    it("reads other queries while batches are under way", async () => {
      for await (const batch of engine.batches("SELECT i FROM range(200000) t(i)")) {
        const [row] = await engine.rows("SELECT count(*) AS n FROM people");
        assert.equal(row!.n, 3);
        assert.ok(batch.rows > 0);
      }
    });

    it("writes the same bytes for the same rows, in their order, and reads them back", async () => {
      const query = `SELECT i, i * 0.37 AS x, 'w' || (i % 97) AS w FROM range(${ROWS}) t(i) WHERE i % 3 <> 1`;
      const [a, b] = [join(folder, "a.parquet"), join(folder, "sub", "b.parquet")];
      await engine.save(query, a);
      await engine.run(`CREATE TABLE other AS ${query}`);
      await engine.save("SELECT * FROM other", b);
      assert.equal(await digest(a), await digest(b));
      await engine.load("again", { paths: [a], format: "parquet" });
      const [row] = await engine.rows(
        "SELECT count(*) AS n, sum(i) AS s, min(CASE WHEN i = before + 1 OR i = before + 2 OR before IS NULL THEN 1 ELSE 0 END) AS ordered FROM (SELECT i, lag(i) OVER () AS before FROM again)",
      );
      assert.deepEqual(row, { n: 200000, s: 29999900000, ordered: 1 });
    });

    it("writes batches and reads the same columns back", async () => {
      const path = join(folder, "w.parquet");
      await engine.write(inBatches(), path);
      await engine.load("written", { paths: [path], format: "parquet" });
      const { rows, columns } = await engine.table("SELECT * FROM written");
      assert.equal(rows, 5000);
      assert.deepEqual(
        [...columns].map(([name, { kind }]) => [name, kind]),
        [
          ["x", "number"],
          ["b", "boolean"],
          ["t", "time"],
          ["w", "text"],
        ],
      );
      const [x, b, t] = ["x", "b", "t"].map((name) => numbers(columns.get(name)));
      assert.deepEqual([x![0], x![1], x![4999], b![0], b![1], b![2]], [0.1, NaN, 4999.1, 0, 1, NaN]);
      assert.deepEqual([t![0], t![1]], [Date.UTC(2020, 0, 1), NaN]);
      assert.deepEqual(words(columns.get("w")).slice(0, 3), ["even", "odd", undefined]);
    });

    it("leaves nothing of a write that broke off", async () => {
      const path = join(folder, "broken.parquet");
      await assert.rejects(engine.write(brokenOff(), path), /connection reset/);
      await assert.rejects(readFile(path), /ENOENT/);
    });

    it("takes a load under the same name for the new truth", async () => {
      await writeFile(join(folder, "one.csv"), "a\n1\n");
      await writeFile(join(folder, "two.csv"), "b\n2\n");
      await engine.load("same", { paths: [join(folder, "one.csv")], format: "csv" });
      await engine.load("same", { paths: [join(folder, "two.csv")], format: "csv" });
      assert.deepEqual(await engine.rows("SELECT * FROM same"), [{ b: 2 }]);
    });

    it("reads a column by its cells, whatever it is called", async () => {
      await writeFile(join(folder, "odd.csv"), "constructor,__proto__,toString\n1,2,3\n");
      await writeFile(join(folder, "odd.jsonl"), '{"constructor":1,"__proto__":2,"toString":3}\n');
      for (const format of ["csv", "jsonl"] as const) {
        const types = { toString: "text" };
        await engine.load("odd", { paths: [join(folder, `odd.${format}`)], format, types });
        const kinds = (await engine.columns("SELECT * FROM odd")).map(({ name, kind }) => [name, kind]);
        assert.deepEqual(kinds, [
          ["constructor", "number"],
          ["__proto__", "number"],
          ["toString", "text"],
        ]);
      }
    });

    const FORBIDDEN = [
      "SELECT * FROM read_text('/etc/passwd')",
      "SELECT * FROM '/etc/passwd'",
      "SELECT * FROM read_csv('/etc/passwd')",
      "SELECT * FROM glob('/etc/*')",
      "SELECT getenv('HOME')",
      "COPY (SELECT 1) TO '/tmp/engine-contract-out.csv'",
      "ATTACH '/tmp/engine-contract.duckdb'",
      "INSTALL httpfs",
      "LOAD httpfs",
      "SET memory_limit = '1GB'",
      "SET enable_external_access = true",
      "RESET lock_configuration",
      "PRAGMA memory_limit = '1GB'",
      "EXPORT DATABASE '/tmp/engine-contract'",
      "SELECT * FROM 'https://example.com/x.csv'",
      "CREATE SECRET s (TYPE s3, KEY_ID 'a')",
    ];
    for (const sql of FORBIDDEN) {
      it(`keeps SQL from the outside: ${sql}`, async () => {
        await assert.rejects(engine.rows(sql));
      });
      it(`refuses it in a person's SQL file: ${sql}`, async () => {
        await assert.rejects(engine.checkSelect(`\n${sql}`, "table.sql"), (error) => {
          assert.ok(error instanceof UserError);
          assert.match(error.message, /table\.sql/);
          return true;
        });
      });
    }

    it("takes one SELECT over what was loaded, comments and a semicolon included", async () => {
      const sql = await engine.checkSelect(
        "-- who works\nWITH w AS (SELECT * FROM people WHERE wage > 0) SELECT job, count(*) AS n FROM w GROUP BY job; -- end",
        "table.sql",
      );
      assert.deepEqual(await engine.rows(`SELECT * FROM (${sql})`), [{ job: "nurse", n: 1 }]);
    });

    it("gives a person's rows one order: their own, or that of all columns", async () => {
      const own = await engine.checkSelect("SELECT id, job FROM people ORDER BY id DESC", "table.sql");
      const none = await engine.checkSelect("SELECT job, id FROM people", "table.sql");
      const ids = async (sql: string): Promise<unknown[]> =>
        (await engine.rows(`SELECT row_number() OVER () AS n, * FROM (${sql})`)).map(({ id }) => id);
      assert.deepEqual(await ids(own), [3, 2, 1]);
      assert.deepEqual(await ids(none), [3, 1, 2]);
    });

    it("runs steadily: sums of doubles are the same bits, and rows have the same order", async () => {
      const found: unknown[] = [];
      for (const name of ["steady1", "steady2"]) {
        await engine.run(
          `CREATE TABLE ${name} AS SELECT i % 1000 AS k, avg(1 / (1 + i)) AS m, stddev(sqrt(i)) AS d FROM range(${ROWS}) t(i) GROUP BY k`,
          { steady: true },
        );
        found.push(
          (
            await engine.rows(
              `SELECT CAST(md5(string_agg(k || ' ' || m || ' ' || d, ',')) AS VARCHAR) AS h FROM ${name}`,
            )
          )[0],
        );
      }
      assert.deepEqual(found[0], found[1]);
    });

    const REFUSED: readonly (readonly [sql: string, message: RegExp])[] = [
      ["SELECT 1; SELECT 2", /table\.sql found 2 statements where one SELECT must stand$/],
      ["", /table\.sql found 0 statements/],
      ["SELECT *\nFRM people", /table\.sql:2:\d+ this is not SQL that can be read/],
      ["SELECT *\nFROM peple", /table\.sql:2:6 unknown table "peple"; did you mean "people"\?/],
      ["SELECT nope\nFROM people", /table\.sql:1 .*nope/],
      ["SELECT *,\n random() AS r FROM people", /table\.sql:2:\d+ "random" may not be used here/],
      ["SELECT current_date AS d FROM people", /"current_date" may not be used here/],
      ["SELECT now() AS d FROM people", /"now" may not be used here/],
      ["SELECT uuid() AS d FROM people", /"uuid" may not be used here/],
      ["SELECT * FROM people USING SAMPLE 10%", /SAMPLE may not be used here/],
      ["SELECT * FROM duckdb_settings()", /"duckdb_settings" may not be used here/],
      ["SELECT * FROM main.people", /unknown table "main\.people"/],
      ["SELECT 'a\0b'", /NUL byte/],
    ];
    for (const [sql, message] of REFUSED) {
      it(`says what is wrong with ${JSON.stringify(sql)}`, async () => {
        await assert.rejects(engine.checkSelect(sql, "table.sql"), message);
      });
    }
  });
}

const PEOPLE = `id,wage,member,born,job
1,10.5,true,1970-01-02,nurse
2,,false,,
3,-3,,2001-02-28,a job with a very long name
`;

const numbers = (column: Column | undefined): number[] =>
  column === undefined || column.kind === "text" ? assert.fail("no numbers") : [...column.values];

const words = (column: Column | undefined): (string | undefined)[] =>
  column?.kind === "text" ? [...column.codes].map((code) => column.words[code]) : assert.fail("no texts");

const digest = async (path: string): Promise<string> =>
  createHash("md5")
    .update(await readFile(path))
    .digest("hex");

async function* inBatches(): AsyncGenerator<Table> {
  for (const [from, to] of [
    [0, 3000],
    [3000, 5000],
  ] as const) {
    const rows = Array.from({ length: to - from }, (_, i) => from + i);
    const of = (value: (i: number) => number): Float64Array => Float64Array.from(rows, value);
    yield {
      rows: rows.length,
      columns: new Map<string, Column>([
        ["x", { kind: "number", values: of((i) => (i === 1 ? NaN : i + 0.1)) }],
        ["b", { kind: "boolean", values: of((i) => (i === 2 ? NaN : i % 2)) }],
        ["t", { kind: "time", values: of((i) => (i === 1 ? NaN : Date.UTC(2020, 0, 1) + i * 1000)) }],
        [
          "w",
          {
            kind: "text",
            words: ["even", "odd"],
            codes: Int32Array.from(rows, (i) => (i === 2 ? -1 : i % 2)),
          },
        ],
      ]),
    };
  }
}

async function* brokenOff(): AsyncGenerator<Table> {
  yield { rows: 1, columns: new Map([["x", { kind: "number", values: new Float64Array(1) }]]) };
  throw new Error("connection reset");
}
