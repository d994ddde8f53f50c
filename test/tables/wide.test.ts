import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { openDuckdb } from "../../src/adapters/engines/duckdb/engine.ts";
import { contract as schema } from "../../src/config/contract.ts";
import type { Expectation } from "../../src/core/measures/checks/expectation.ts";
import type { Engine } from "../../src/ports/engine.ts";
import { runChecks } from "../../src/tables/checks.ts";
import { fitFeatures, fitValues } from "../../src/tables/fit.ts";
import { profile } from "../../src/tables/profile.ts";
import { fitReference } from "../../src/tables/reference.ts";
import { findWarnings } from "../../src/tables/warnings.ts";

/*
 * Sixty filled columns with a category each took a quarter of a second to ask about one of them, since each was
 * asked of a view of all steps of all columns. What is looked at here is the statements, not the clock.
 */

const WIDE = 90;
const NARROW = 32;

const names = (columns: number): string[] => Array.from({ length: columns }, (_, i) => `c${100 + i}`);

function contractOf(columns: number) {
  const all = names(columns);
  return schema.parse({
    model: "wide",
    task: "binary-classification",
    data: { sources: { rows: "rows.csv" }, roles: { label: "y", positive: "yes" } },
    prepare: { values: [{ fill: Object.fromEntries(all.map((name) => [name, "mode"])) }] },
    features: [{ one_hot: all }],
    train: { with: "logistic" },
  });
}

describe("a wide table", () => {
  let engine: Engine;
  let statements: string[] = [];
  let watched: Engine;

  before(async () => {
    engine = await openDuckdb({ threads: 1 });
    for (const columns of [NARROW, WIDE]) {
      const list = names(columns).map((name, i) => `'v' || ((i + ${i}) % 7) AS ${name}, i / 7e0 AS n${name}`);
      await engine.run(
        `CREATE TABLE rows${columns} AS SELECT i AS __row, 'id' || i AS __id, 'train' AS __split,
           CASE WHEN i % 3 = 0 THEN 'yes' ELSE 'no' END AS y, ${list.join(", ")} FROM range(1, 101) t(i)`,
      );
    }
    watched = {
      ...engine,
      run: (sql, options) => {
        statements.push(sql);
        return engine.run(sql, options);
      },
      rows: (sql) => {
        statements.push(sql);
        return engine.rows(sql);
      },
    };
  });
  after(() => engine.close());

  async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
    statements = [];
    await work();
    return statements;
  }

  const fitting = (columns: number): Promise<string[]> =>
    statementsOf(async () => {
      const contract = contractOf(columns);
      const values = await fitValues(watched, `rows${columns}`, contract);
      const recipe = await fitFeatures(watched, `rows${columns}`, contract, values);
      assert.equal(recipe.outputs.length, columns * 7);
    });

  it("is fitted on views that hold no more than they are asked about", async () => {
    const longest = (all: readonly string[]): number =>
      Math.max(...all.filter((sql) => sql.startsWith("CREATE OR REPLACE VIEW")).map(({ length }) => length));
    assert.equal(longest(await fitting(WIDE)), longest(await fitting(NARROW)));
  });

  it("has its steps on one level where none of them needs another", async () => {
    const deepest = (all: readonly string[]): number =>
      Math.max(...all.map((sql) => sql.split("SELECT").length));
    assert.equal(deepest(await fitting(WIDE)), deepest(await fitting(NARROW)));
  });

  it("is checked, profiled and warned of without a join or a filter for each column", async () => {
    const expectations = names(WIDE).flatMap((column): Expectation[] => [
      { column, in: ["v0", "v1", "v2", "v3", "v4", "v5"], missing: 0, allow: 0, severity: "fail" },
      { column: `n${column}`, type: "number", between: [0, 9], missing: 0, allow: 0, severity: "fail" },
    ]);
    const found = await statementsOf(async () => {
      const options = { showValues: true, now: new Date(0) };
      const rows = await runChecks(watched, `rows${WIDE}`, expectations, options);
      assert.ok(rows.filter(({ verdict }) => verdict === "fail").length >= 2 * WIDE, "each is broken");
      await profile(watched, `rows${WIDE}`);
      await findWarnings(watched, `rows${WIDE}`, contractOf(WIDE));
      const contract = contractOf(NARROW);
      const values = await fitValues(watched, `rows${NARROW}`, contract);
      const recipe = await fitFeatures(watched, `rows${NARROW}`, contract, values);
      await fitReference(watched, `rows${NARROW}`, recipe, []);
    });
    const wide = found.filter((sql) => sql.split(/\bc1\d\d\b/).length > NARROW / 2);
    assert.ok(wide.length > 5);
    for (const sql of wide.filter((one) => one.startsWith("SELECT"))) {
      assert.doesNotMatch(sql, /FILTER/);
      const [plan = {}] = await engine.rows(`EXPLAIN ${sql}`);
      const joins = Object.values(plan).join("\n").match(/JOIN/g) ?? [];
      assert.ok(joins.length <= 1, sql); // one may find the first rows of a LIMIT
    }
  });
});
