import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { openDuckdb } from "../../src/adapters/engines/duckdb/engine.ts";
import { parseReference, type Reference, type ReferenceColumn } from "../../src/core/drift/reference.ts";
import type { Recipe } from "../../src/core/features/recipe.ts";
import type { ColumnKind } from "../../src/core/tables/column.ts";
import type { Engine } from "../../src/ports/engine.ts";
import { fitReference } from "../../src/tables/reference.ts";

const recipeOf = (inputs: Record<string, ColumnKind>): Recipe => ({
  schema: "trainyard/recipe/1",
  inputs: Object.entries(inputs).map(([name, kind]) => ({ name, kind })),
  values: [],
  takes: "columns",
  features: [],
  outputs: Object.keys(inputs),
});

describe("what the training rows looked like", () => {
  let engine: Engine;
  before(async () => {
    engine = await openDuckdb({ threads: 2 });
  });
  after(() => engine.close());

  /** Counts one column, given as SQL over `i` from 0 to `rows` − 1. */
  async function counted(sql: string, kind: ColumnKind, rows = 100): Promise<ReferenceColumn> {
    await engine.run(
      `CREATE OR REPLACE TABLE prepared AS SELECT ${sql} AS x, 'train' AS __split FROM range(${rows}) t(i)`,
    );
    const { columns } = await whole({ x: kind });
    assert.equal(columns.length, 1);
    return columns[0]!;
  }

  /** As it comes out of the artifact, which holds it to itself. */
  async function whole(inputs: Record<string, ColumnKind>, personal: string[] = []): Promise<Reference> {
    const found = await fitReference(engine, "prepared", recipeOf(inputs), personal);
    return parseReference(JSON.stringify(found));
  }

  it("is tenths of a number", async () => {
    const edges = [9, 19, 29, 39, 49, 59, 69, 79, 89];
    const counts = Array(10).fill(10);
    const expected = { name: "x", kind: "number", min: 0, max: 99, edges, counts, missing: 0, infinite: 0 };
    assert.deepEqual(await counted("i", "number"), expected);
    assert.deepEqual(await counted("CAST(i AS DECIMAL(9, 2))", "number"), expected);
  });

  it("has fewer bins where values repeat, and one where there is one value", async () => {
    const { edges, counts } = (await counted("i % 2", "number")) as never as Record<string, number[]>;
    assert.deepEqual({ edges, counts }, { edges: [0], counts: [50, 50] });
    assert.deepEqual(await counted("7", "number"), {
      name: "x",
      kind: "number",
      min: 7,
      max: 7,
      edges: [],
      counts: [100],
      missing: 0,
      infinite: 0,
    });
  });

  it("counts what is missing, no number, and infinite", async () => {
    const hard =
      "CASE i WHEN 0 THEN NULL WHEN 1 THEN 'nan'::DOUBLE WHEN 2 THEN 'inf'::DOUBLE WHEN 3 THEN '-inf'::DOUBLE ELSE -0.1 END";
    const found = await counted(hard, "number");
    assert.deepEqual(
      { ...found },
      { name: "x", kind: "number", min: -0.1, max: -0.1, edges: [], counts: [96], missing: 2, infinite: 2 },
    );
  });

  for (const [name, sql, kind] of [
    ["no value", "CAST(NULL AS DOUBLE)", "number"],
    ["no text", "CAST(NULL AS VARCHAR)", "text"],
    ["no time", "CAST(NULL AS TIMESTAMP)", "time"],
    ["no truth", "CAST(NULL AS BOOLEAN)", "boolean"],
  ] as const) {
    it(`stands where there is ${name}, and where there is no row`, async () => {
      assert.equal((await counted(sql, kind)).missing, 100);
      assert.equal((await counted(sql, kind, 0)).missing, 0);
      assert.equal((await counted(sql, kind, 1)).missing, 1);
    });
  }

  it("keeps numbers to the last digit", async () => {
    const { min, max, edges } = (await counted("1e300 * (i + 0.1) / 3", "number")) as never as {
      min: number;
      max: number;
      edges: number[];
    };
    const values = Array.from({ length: 100 }, (_, i) => (1e300 * (i + 0.1)) / 3);
    assert.deepEqual([min, max], [values[0], values[99]]);
    assert.ok(edges.every((edge) => values.includes(edge)));
  });

  it("names categories that ten rows hold, the most frequent first, and no other", async () => {
    const sql =
      "CASE WHEN i < 9 THEN 'Ada' WHEN i < 20 THEN repeat('x', 201) WHEN i < 50 THEN 'ä' WHEN i < 99 THEN 'it''s' END";
    assert.deepEqual(await counted(sql, "text"), {
      name: "x",
      kind: "category",
      values: ["it's", "ä"],
      counts: [49, 30],
      other: 20,
      missing: 1,
    });
  });

  it("names fifty of them; of equally frequent ones the first", async () => {
    const found = await counted("printf('%03d', i % 60)", "text", 600);
    assert.ok(found.kind === "category");
    assert.deepEqual(
      found.values,
      Array.from({ length: 50 }, (_, i) => String(i).padStart(3, "0")),
    );
    assert.equal(found.other, 100);
  });

  it("counts truth values as they are written", async () => {
    const found = await counted("i > 97", "boolean");
    assert.ok(found.kind === "category");
    assert.deepEqual(
      [found.values, found.counts],
      [
        ["false", "true"],
        [98, 2],
      ],
    );
  });

  it("counts parts of a time, in UTC", async () => {
    const sql = "TIMESTAMPTZ '2001-01-01 00:30:00+00' + to_hours(CAST(i AS INTEGER))";
    await engine.run(
      `CREATE OR REPLACE TABLE prepared AS SELECT ${sql} AS x, 'train' AS __split FROM range(48) t(i)`,
    );
    const recipe: Recipe = {
      ...recipeOf({ x: "time" }),
      takes: "features",
      features: (["weekday", "minute"] as const).map((part) => ({
        step: "date",
        column: "x",
        outputs: [`x_${part}`],
        part,
      })) as never,
    };
    const { columns } = await fitReference(engine, "prepared", recipe, []);
    assert.deepEqual(columns, [
      {
        name: "x (weekday)",
        of: { column: "x", part: "weekday" },
        kind: "category",
        values: ["1", "2"],
        counts: [24, 24],
        other: 0,
        missing: 0,
      },
      {
        name: "x (minute)",
        of: { column: "x", part: "minute" },
        kind: "number",
        min: 30,
        max: 30,
        edges: [],
        counts: [48],
        missing: 0,
        infinite: 0,
      },
    ]);
  });

  it("looks at no other side, and at nothing personal", async () => {
    await engine.run(
      `CREATE OR REPLACE TABLE prepared AS SELECT i AS "a b", 'x' || i % 3 AS who,
         CASE WHEN i % 2 = 0 THEN 'train' ELSE 'holdout' END AS __split FROM range(100) t(i)`,
    );
    const found = await whole({ "a b": "number", who: "text" }, ["email", "who"]);
    assert.deepEqual(
      [found.rows, found.columns.map(({ name }) => name), found.personal],
      [50, ["a b"], ["email", "who"]],
    );
    assert.doesNotMatch(JSON.stringify(found), /x0/);
  });

  it("is the same bytes whatever the order of the rows and the number of threads", async () => {
    const rows =
      "SELECT i, hash(i) % 1000 / 7 AS x, 'c' || hash(i) % 70 AS c, 'train' AS __split FROM range(300000) t(i)";
    const texts = new Set<string>();
    for (const [threads, order] of [
      [1, "i"],
      [2, "i DESC"],
      [2, "hash(i + 5)"],
    ] as const) {
      const other = await openDuckdb({ threads });
      await other.run(`CREATE TABLE prepared AS ${rows} ORDER BY ${order}`);
      texts.add(
        JSON.stringify(await fitReference(other, "prepared", recipeOf({ x: "number", c: "text" }), [])),
      );
      await other.close();
    }
    assert.equal(texts.size, 1);
  });

  it("counts more columns than one statement asks for", async () => {
    const names = Array.from({ length: 230 }, (_, i) => `c${i}`);
    await engine.run(
      `CREATE OR REPLACE TABLE prepared AS SELECT ${names.map((name, k) => `i + ${k} AS ${name}`).join(", ")}, 'train' AS __split FROM range(20) t(i)`,
    );
    const { columns } = await whole(Object.fromEntries(names.map((name) => [name, "number"])));
    assert.deepEqual(
      columns.map((one) => (one.kind === "number" ? one.min : undefined)),
      names.map((_, k) => k),
    );
  });
});
