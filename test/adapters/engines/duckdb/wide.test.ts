import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it, mock } from "node:test";
import { DuckDBConnection } from "@duckdb/node-api";
import { openDuckdb } from "../../../../src/adapters/engines/duckdb/engine.ts";

/*
 * A CSV file of 3,000 rows and 500 columns took minutes: each column's IN was a join through which all other
 * columns went, each FILTER cut down all that was counted, and DuckDB's planning of one statement grows
 * with the square of what stands in it. None of that is timed here: what is asked is how it is asked.
 */

const ROWS = 50;
/** So many rows are looked at before all are read. */
const BEGINNING = 10_000;
const CELLS = ["12", "0.5", "north", "true", "2024-01-31"];

/** Statements, each with DuckDB's plan of it, where it has one. */
interface Asked {
  readonly sql: string;
  readonly plan: string;
}

describe("a wide CSV file", () => {
  let folder: string;
  let spied: { restore(): void };
  let asked: Asked[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "wide-"));
    const { run } = DuckDBConnection.prototype;
    const { mock: found } = mock.method(
      DuckDBConnection.prototype,
      "run",
      async function (this: DuckDBConnection, sql: string) {
        if (/^(SELECT|COPY|CREATE TEMP TABLE)/.test(sql)) {
          const reader = await (await run.call(this, `EXPLAIN ${sql}`)).getRows();
          asked.push({ sql, plan: reader.map(String).join("\n") });
        } else asked.push({ sql, plan: "" });
        return run.call(this, sql);
      },
    );
    spied = found;
  });
  after(async () => {
    spied.restore();
    await rm(folder, { recursive: true, force: true });
  });

  /** @param last what stands in the last row, which the file's beginning does not hold */
  async function statementsFor(columns: number, last: string): Promise<Asked[]> {
    const path = join(folder, `${columns}${last}.csv`);
    const names = Array.from({ length: columns }, (_, i) => `column ${1000 + i}`);
    const row = (r: number): string =>
      names.map((_, i) => ((i + r) % 11 === 0 ? "NA" : CELLS[i % CELLS.length])).join(",");
    const rows = Array.from({ length: last === "" ? ROWS : BEGINNING }, (_, r) => row(r));
    if (last !== "") rows.push(row(1).replace(/^[^,]*/, last));
    await writeFile(path, `${[names.join(","), ...rows].join("\n")}\n`);
    asked = [];
    const engine = await openDuckdb({ threads: 1, folder });
    await engine.load("wide", { paths: [path], format: "csv" });
    assert.equal((await engine.columns("SELECT * FROM wide")).length, columns);
    await engine.close();
    return asked;
  }

  const reading = (statements: readonly Asked[]): number =>
    statements.filter(({ sql }) => sql.includes(".csv'")).length;
  const longestCount = (statements: readonly Asked[]): number =>
    Math.max(...statements.filter(({ sql }) => sql.startsWith("SELECT count(")).map(({ sql }) => sql.length));

  for (const [what, last] of [
    ["whose beginning tells all", ""],
    ["whose last row is unlike the beginning", "twelve"],
  ] as const) {
    it(`${what} is read no more often than a narrow one`, async () => {
      assert.equal(reading(await statementsFor(90, last)), reading(await statementsFor(2, last)));
    });

    it(`${what} joins nothing and filters no count`, async () => {
      const found = await statementsFor(90, last);
      assert.ok(
        found.some(({ plan }) => /AGGREGATE/.test(plan)) && found.some(({ plan }) => /COPY/.test(plan)),
      );
      assert.deepEqual(
        found.filter(({ sql, plan }) => /JOIN/.test(plan) || /FILTER/.test(sql)),
        [],
      );
    });

    it(`${what} is counted in statements that grow no longer`, async () => {
      const [narrow, wide] = [await statementsFor(32, last), await statementsFor(90, last)];
      assert.equal(longestCount(wide), longestCount(narrow));
    });
  }
});
