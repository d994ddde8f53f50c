import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Expectation } from "../../src/core/measures/checks/expectation.ts";
import type { CheckRow } from "../../src/core/report/report.ts";
import type { Engine } from "../../src/ports/engine.ts";
import { runChecks } from "../../src/tables/checks.ts";
import { oracle } from "../oracles/oracle.ts";
import { engineWith } from "./loaded.ts";

interface Case {
  readonly table: string;
  readonly expectation: Readonly<Record<string, unknown>>;
  readonly rows: number;
  readonly count: number | null;
  readonly holds?: boolean;
  readonly row_numbers: readonly number[];
}

const { checks } = oracle<{ readonly checks: readonly Case[] }>("checks");
const NOW = new Date("2025-01-01T00:00:00Z");

let engine: Engine;
before(async () => {
  engine = await engineWith("cps", "nasty", "flights");
  await engine.run(`CREATE TABLE few AS SELECT * FROM (VALUES
    (1, 1e0, 'a', TRUE), (2, NULL, 'b', NULL), (3, 'nan'::DOUBLE, NULL, FALSE), (4, 'inf'::DOUBLE, 'b', TRUE)) v(n, x, w, t)`);
  await engine.run("CREATE TABLE nobody AS SELECT * FROM few WHERE n > 9");
});
after(() => engine.close());

const run = (
  table: string,
  expectations: readonly Readonly<Record<string, unknown>>[],
  showValues = false,
): Promise<CheckRow[]> =>
  runChecks(
    engine,
    table,
    expectations.map((one) => ({ allow: 0, severity: "fail", ...one }) as unknown as Expectation),
    { showValues, now: NOW, place: (index) => index + 10 },
  );

const one = async (
  table: string,
  expectation: Readonly<Record<string, unknown>>,
  showValues = false,
): Promise<CheckRow> => {
  const [row] = await run(table, [expectation], showValues);
  return row!;
};

describe("checks find what pandas finds", () => {
  for (const { table, expectation, rows, count, holds, row_numbers } of checks) {
    it(`${table}: ${JSON.stringify(expectation)}`, async () => {
      const found = await one(table, expectation);
      assert.deepEqual([found.rows, found.count, found.row_numbers], [rows, count, row_numbers]);
      if (holds !== undefined) assert.equal(found.verdict, holds ? "pass" : "fail");
    });
  }

  it("all of them in one run as each alone", async () => {
    for (const table of ["nasty", "cps"]) {
      const own = checks.filter((check) => check.table === table);
      const together = await run(
        table,
        own.map(({ expectation }) => expectation),
      );
      assert.deepEqual(
        together.map(({ count }) => count),
        own.map(({ count }) => count),
      );
      assert.deepEqual(
        together.map(({ row_numbers }) => row_numbers),
        own.map(({ row_numbers }) => row_numbers),
      );
      assert.deepEqual(
        together.map(({ line }) => line),
        own.map((_, index) => index + 10),
      );
    }
  });
});

describe("a check", () => {
  it("finds the impossible delays of the flights", async () => {
    const [late, rows] = await run("flights", [
      { column: "delay", between: [-60, 1500] },
      { table: "rows", at_least: 3_000_000 },
    ]);
    assert.deepEqual(
      [late!.verdict, late!.count, late!.rows, late!.observed],
      ["fail", 144, 3_000_000, null],
    );
    assert.deepEqual(late!.row_numbers, [1517, 4465, 9968, 17881, 18346]);
    assert.equal(late!.explanation, "144 of 3,000,000 rows break it (0.0048%); none may");
    assert.equal(rows!.verdict, "pass");
  });

  it("quotes cells only where it may", async () => {
    const shown = await one("flights", { column: "delay", between: [-60, 1500] }, true);
    assert.deepEqual([shown.values, shown.observed], [["-62", "-61", "-67", "-61", "-80"], "-1116 to 1688"]);
    const hidden = await run(
      "nasty",
      checks.filter(({ table }) => table === "nasty").map(({ expectation }) => expectation),
    );
    assert.deepEqual(
      hidden.flatMap(({ values }) => values),
      [],
    );
  });

  it("takes NaN for missing and infinity for a number out of bounds", async () => {
    const [lacks, inside] = await run("few", [
      { column: "x", missing: 0.25 },
      { column: "x", between: [0, 10] },
    ]);
    assert.deepEqual([lacks!.count, lacks!.rows, lacks!.share, lacks!.verdict], [2, 4, 0.5, "fail"]);
    assert.deepEqual([inside!.count, inside!.rows, inside!.row_numbers], [1, 2, [4]]);
  });

  it("lets a share of rows break it, and warns where it only should", async () => {
    const breach = { column: "w", in: ["b"] };
    assert.equal((await one("few", { ...breach, allow: 0.34 })).verdict, "pass");
    assert.equal((await one("few", { ...breach, allow: 0.33 })).verdict, "fail");
    assert.equal((await one("few", { ...breach, severity: "warn" })).verdict, "warn");
    assert.equal(
      (await one("few", { ...breach, allow: 0.34 })).explanation,
      "1 of 3 rows break it (33%); at most 34% may",
    );
  });

  it("without a row to look at is inconclusive, but for those about the number of rows and what is missing", async () => {
    const found = await run("nobody", [
      { column: "x", between: [0, 1] },
      { column: "w", in: ["a"] },
      { column: "n", unique: true },
      { column: "n", missing: 0 },
      { sql: "n > 0" },
      { table: "rows", at_least: 1 },
      { table: "rows", at_most: 5 },
    ]);
    assert.deepEqual(
      found.map(({ verdict }) => verdict),
      ["inconclusive", "inconclusive", "inconclusive", "inconclusive", "inconclusive", "fail", "pass"],
    );
  });

  it("counts rows that a condition cannot decide apart", async () => {
    const found = await one("few", { sql: "x < 5 or n = 4" });
    assert.deepEqual([found.verdict, found.count, found.rows, found.observed], ["pass", 0, 2, "2 undecided"]);
  });

  it("about a column that is not there fails with the nearest one", async () => {
    const [column, condition] = await run("cps", [{ column: "wages", unique: true }, { sql: "wages > 1" }]);
    assert.deepEqual(
      [column!.verdict, column!.explanation],
      ["fail", 'there is no column "wages"; did you mean "wage"?'],
    );
    assert.equal(condition!.verdict, "fail");
    assert.match(condition!.explanation, /"wages".*did you mean "wage"/);
  });

  it("that makes no sense fails alone", async () => {
    const found = await run("few", [
      { column: "w", matches: "(" },
      { column: "w", newest: { within: 1000 } },
      { column: "x", between: ["a", "b"] },
      { column: "t", between: [0, 1] },
      { column: "n", unique: true },
    ]);
    assert.deepEqual(
      found.map(({ verdict }) => verdict),
      ["fail", "fail", "fail", "fail", "pass"],
    );
    assert.match(found[0]!.explanation, /^it cannot be asked: .*missing \)/);
    assert.equal(found[1]!.explanation, "the column is VARCHAR, no date or time");
    assert.equal(found[2]!.explanation, 'the bounds of a number are numbers, found "a"');
  });

  it("names rows by the column that counts them, where there is one", async () => {
    await engine.run("CREATE TABLE counted AS SELECT n + 100 AS __row, * FROM few ORDER BY n DESC");
    assert.deepEqual((await one("counted", { column: "n", between: [3, 9] })).row_numbers, [101, 102]);
    assert.deepEqual((await one("counted", { column: "w", unique: true })).row_numbers, [104]);
  });

  it("of a hostile list or pattern stays text", async () => {
    const text = "'); DROP TABLE few; --";
    const [list, pattern] = await run("few", [
      { column: "w", in: [text] },
      { column: "w", matches: text.replace(")", "\\)") },
    ]);
    assert.deepEqual([list!.count, pattern!.count], [3, 3]);
    assert.equal((await engine.rows("SELECT count(*) AS n FROM few"))[0]!.n, 4);
  });
});
