import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { openDuckdb } from "../../src/adapters/engines/duckdb/engine.ts";
import { type Contract, contract } from "../../src/config/contract.ts";
import type { Engine, Row } from "../../src/ports/engine.ts";
import { fitFeatures, fitValues } from "../../src/tables/fit.ts";
import { type Prepared, prepareRows } from "../../src/tables/prepare.ts";

interface Parts {
  readonly roles?: Record<string, unknown>;
  readonly personal?: Record<string, string>;
  readonly rows?: readonly unknown[];
  readonly values?: readonly unknown[];
  readonly split?: Record<string, unknown>;
  readonly features?: unknown;
  readonly task?: string;
}

function contractOf(parts: Parts): Contract {
  return contract.parse({
    model: "m",
    task: parts.task ?? "binary-classification",
    data: {
      sources: { s: "x.csv" },
      roles: { label: "y", ...parts.roles },
      personal: parts.personal ?? {},
    },
    prepare: { rows: parts.rows ?? [], values: parts.values ?? [] },
    split: parts.split ?? {},
    features: parts.features ?? [{ keep: ["a"] }],
    train: { with: "logistic" },
  });
}

describe("prepareRows", () => {
  let engine: Engine;
  before(async () => {
    engine = await openDuckdb({ threads: 2 });
  });
  after(() => engine.close());

  /** 1,000 rows that differ; `g` has 100 groups, `at` 500 days. */
  async function data(rows = 1000, list = ""): Promise<void> {
    await engine.run(`CREATE OR REPLACE TABLE ingested AS SELECT i AS __row, 'r' || i AS id, i * 1.5 AS a,
      i * 7 % 100 AS g, i % 4 = 0 AS y, DATE '2001-01-01' + CAST(i // 2 AS INTEGER) AS "at" ${list}
      FROM range(1, ${rows + 1}) t(i)`);
  }

  const prepare = (parts: Parts = {}): Promise<Prepared> =>
    prepareRows(engine, contractOf(parts), "ingested");
  const rows = (sql: string): Promise<Row[]> => engine.rows(sql);
  const sides = async (): Promise<Map<unknown, unknown>> =>
    new Map((await rows("SELECT __id, __split FROM prepared")).map((row) => [row.__id, row.__split]));

  it("gives every row a side, with the shares asked for", async () => {
    await data();
    const { counts, findings } = await prepare();
    assert.equal(counts.rows, 1000);
    assert.equal(counts.train! + counts.validation! + counts.holdout!, 1000);
    assert.ok(Math.abs(counts.holdout! - 200) < 4 * Math.sqrt(1000 * 0.2 * 0.8), `${counts.holdout}`);
    assert.ok(Math.abs(counts.validation! - 100) < 4 * Math.sqrt(1000 * 0.1 * 0.9), `${counts.validation}`);
    assert.deepEqual(findings, []);
    const [first] = await rows("SELECT * FROM prepared ORDER BY __row LIMIT 1");
    assert.deepEqual(Object.keys(first!), ["__row", "id", "a", "g", "y", "at", "__id", "__split"]);
  });

  it("by hash never moves a row when others come, whatever their order", async () => {
    for (const roles of [{ id: "id" }, { id: "row_hash" }, { id: "id", group: "g" }]) {
      await data(300);
      await prepare({ roles });
      const old = await sides();
      await data(1000);
      await engine.run(
        "CREATE OR REPLACE TABLE ingested AS SELECT 1001 - __row AS __row, * EXCLUDE (__row) FROM ingested ORDER BY random()",
      );
      await prepare({ roles });
      const now = await sides();
      assert.equal(now.size, 1000);
      for (const [id, side] of old) assert.equal(now.get(id), side, JSON.stringify(roles));
    }
  });

  it("by hash moves rows with the seed", async () => {
    await data();
    await prepare();
    const old = await sides();
    await prepare({ split: { seed: 8 } });
    const moved = [...(await sides())].filter(([id, side]) => old.get(id) !== side).length;
    assert.ok(moved > 200, `${moved}`);
  });

  it("draws anew with the epoch, by MD5 of seed, epoch and name, and as before without one", async () => {
    await data();
    const place = (text: string): number =>
      Number.parseInt(createHash("md5").update(text).digest("hex").slice(0, 13), 16) / 2 ** 52;
    for (const [split, salt] of [
      [{ seed: 7 }, "7"],
      [{ seed: 7, epoch: "2026-q4" }, "7 2026-q4"],
    ] as const) {
      await prepare({ roles: { id: "id" }, split: { holdout: "20%", validation: "10%", ...split } });
      for (const [id, side] of await sides()) {
        const at = place(`${salt}:${id}`);
        assert.equal(side, at < 0.2 ? "holdout" : at < 0.3 ? "validation" : "train", `${salt} ${id}`);
      }
    }
  });

  it("knows a row by its contents, not by the order of the columns; copies are told apart and stay together", async () => {
    await data(50);
    await prepare();
    const old = await sides();
    await engine.run(
      'CREATE OR REPLACE TABLE ingested AS SELECT __row, y, g, "at", a, id FROM ingested UNION ALL SELECT __row + 50, y, g, "at", a, id FROM ingested',
    );
    await prepare();
    const now = await sides();
    assert.equal(now.size, 100);
    for (const [id, side] of old) {
      assert.equal(now.get(id), side);
      assert.equal(now.get(`${id}-2`), side);
    }
  });

  it("does not take two rows for one because their texts join alike", async () => {
    await engine.run(`CREATE OR REPLACE TABLE ingested AS SELECT * FROM (VALUES (1, 'a', 'bc', true), (2, 'ab', 'c', true),
      (3, 'abc', '', true), (4, 'abc', NULL, false), (5, NULL, 'abc', true), (6, '', 'abc', true), (7, '3:abc', '-', true),
      (8, '-', '3:abc', true), (9, 'a', 'bc', true)) t(__row, a, b, y)`);
    await assert.doesNotReject(
      prepare({ rows: [{ deduplicate: {} }], split: { by: "random", holdout: 0.3 } }),
    );
    assert.deepEqual(
      (await rows("SELECT __row FROM prepared ORDER BY 1")).map((row) => row.__row),
      [1, 2, 3, 4, 5, 6, 7, 8],
    );
  });

  it("keeps groups on one side, by hash, by time, at random", async () => {
    await data(1000, ", CASE WHEN i % 10 = 0 THEN NULL ELSE i * 7 % 90 END AS h");
    for (const by of ["hash", "random"]) {
      await prepare({ roles: { group: "h" }, split: { by, holdout: 0.3 } });
      const [row] = await rows(
        "SELECT max(n) AS n FROM (SELECT count(DISTINCT __split) AS n FROM prepared WHERE h IS NOT NULL GROUP BY h)",
      );
      assert.equal(row!.n, 1, by);
    }
    await engine.run(
      "CREATE OR REPLACE TABLE ingested AS SELECT *, __row // 30 + (__row % 3) AS block FROM ingested",
    );
    await prepare({ roles: { group: "block", time: "at" }, split: { by: "time" } });
    const [row] = await rows(
      "SELECT max(n) AS n FROM (SELECT count(DISTINCT __split) AS n FROM prepared GROUP BY block)",
    );
    assert.equal(row!.n, 1);
  });

  it("by time holds out the newest, and keeps the embargo", async () => {
    await data();
    const week = 7 * 86_400_000;
    const { counts } = await prepare({ roles: { time: "at" }, split: { by: "time", embargo: "7d" } });
    const found = await rows(
      'SELECT __split AS side, min(epoch_ms("at")) AS first, max(epoch_ms("at")) AS last FROM prepared GROUP BY 1',
    );
    const of = (side: string): { first: number; last: number } => {
      const row = found.find((row) => row.side === side);
      return { first: Number(row!.first), last: Number(row!.last) };
    };
    assert.ok(of("validation").first - of("train").last > week);
    assert.ok(of("holdout").first - of("validation").last > week);
    assert.deepEqual(counts, { rows: 1000, train: 685, validation: 86, holdout: 201, embargo: 28 });
  });

  it("at random is exact to the row in each label, and the same again", async () => {
    await data();
    const split = { by: "random", stratify: "label", holdout: 0.25, validation: 0.1 };
    await prepare({ split });
    const shares = await rows(
      "SELECT y, __split AS side, count(*) AS n FROM prepared GROUP BY 1, 2 ORDER BY 1, 2",
    );
    assert.deepEqual(
      shares.map(({ y, side, n }) => [y, side, n]),
      [
        [false, "holdout", 188],
        [false, "train", 487],
        [false, "validation", 75],
        [true, "holdout", 63],
        [true, "train", 162],
        [true, "validation", 25],
      ],
    );
    const old = await sides();
    await prepare({ split });
    assert.deepEqual(await sides(), old);
  });

  it("removes rows step by step, and counts them", async () => {
    await data(100);
    await engine.run(
      'INSERT INTO ingested SELECT __row + 100, id, a, g, y, "at" FROM ingested WHERE __row <= 10',
    );
    await engine.run("INSERT INTO ingested VALUES (111, NULL, NULL, NULL, true, NULL)");
    const { counts } = await prepare({ rows: [{ where: "a < 120" }, { deduplicate: { ignore: ["id"] } }] });
    assert.deepEqual([counts.rows, counts.removed_1_where, counts.removed_2_deduplicate], [111, 22, 10]);
    const [row] = await rows("SELECT max(__row) AS last, count(*) AS n FROM prepared");
    assert.deepEqual(row, { last: 79, n: 79 });
  });

  it("treats personal columns before all else", async () => {
    await engine.run(`CREATE OR REPLACE TABLE ingested AS SELECT i AS __row, 'Ann' || i AS name, 'x@y' AS mail, i + 20 AS age,
      DATE '1970-05-06' AS born, 'Bonn' AS city, i % 2 = 0 AS y FROM range(1, 41) t(i)`);
    await prepare({
      personal: { name: "hash", mail: "mask", age: "generalise", born: "generalise", city: "generalise" },
      rows: [{ where: "age = 20 or city = 'B'" }],
      features: [{ keep: ["age"] }],
    });
    const [row] = await rows(
      "SELECT name, mail, age, CAST(born AS VARCHAR) AS born, city FROM prepared WHERE __row = 9",
    );
    assert.deepEqual(row, {
      name: createHash("sha256").update("Ann9").digest("hex"),
      mail: "***",
      age: 20,
      born: "1970-01-01 00:00:00",
      city: "B",
    });
    await prepare({ personal: { name: "drop" }, features: [{ keep: ["age"] }] });
    assert.ok(!(await engine.columns("SELECT * FROM prepared")).some(({ name }) => name === "name"));
  });

  it("finds copies across the sides, and ids that name several rows", async () => {
    await data(200);
    await engine.run("INSERT INTO ingested SELECT __row + 200, id || 'b', a, g, y, \"at\" FROM ingested");
    const { findings } = await prepare({ roles: { id: "id" } });
    const [row] = await rows(
      "SELECT count(*) AS n FROM prepared p WHERE __split <> 'train' AND EXISTS (SELECT 1 FROM prepared q WHERE q.__split = 'train' AND q.a = p.a)",
    );
    assert.ok(Number(row!.n) > 0);
    assert.match(
      findings[0]!.text,
      new RegExp(`^${row!.n} held out rows have the contents of a training row, under another id`),
    );
    await engine.run("UPDATE ingested SET id = 'same' WHERE __row <= 3");
    const shared = await prepare({ roles: { id: "id" } });
    assert.match(shared.findings[0]!.text, /^2 rows have the id of an earlier row/);
  });

  const refused: readonly (readonly [string, Parts, RegExp])[] = [
    ["an unknown label", { roles: { label: "z" } }, /data.roles.label: unknown column "z"/],
    [
      "a sensitive column that was dropped",
      { roles: { sensitive: ["g"] }, personal: { g: "drop" } },
      /data.roles.sensitive: "g" is dropped by data.personal/,
    ],
    [
      "labels that are missing",
      { roles: { label: "gap" } },
      /the label "gap" is missing in 100 of 1000 rows; leave them out with `where: "gap is not null"`/,
    ],
    ["ids that are missing", { roles: { id: "gap" } }, /the id "gap" is missing in 100 of 1000 rows/],
    [
      "a split that leaves nothing",
      { split: { holdout: 0.9, validation: 0.1 } },
      /holdout 90% and validation 10% leave nothing to train on/,
    ],
    [
      "an empty holdout",
      { split: { holdout: 0 } },
      /the holdout is empty \(train \d+, validation \d+, holdout 0\)/,
    ],
    ["a condition that leaves no row", { rows: [{ where: "a < 0" }] }, /prepare.rows leave no row/],
    [
      "a condition that is a number",
      { rows: [{ where: "a + 1" }] },
      /prepare.rows: where: "a \+ 1" is a number/,
    ],
    [
      "a condition on no column",
      { rows: [{ where: "gapp > 1" }] },
      /unknown column "gapp"; did you mean "gap"/,
    ],
    ["time without a time", { split: { by: "time" } }, /wants data.roles.time/],
    ["time by numbers", { roles: { time: "a" }, split: { by: "time" } }, /"a" holds number/],
    [
      "labels shared out among groups",
      { roles: { group: "g" }, split: { by: "random", stratify: "label" } },
      /groups stay together/,
    ],
    ["an embargo by hash", { split: { embargo: "7d" } }, /embargo belongs to `by: time`/],
    [
      "negative weights",
      { roles: { weight: "minus" } },
      /the weight "minus" is negative in 1000 of 1000 rows/,
    ],
    ["an unknown personal column", { personal: { email: "drop" } }, /data.personal: unknown column "email"/],
  ];
  for (const [what, parts, message] of refused) {
    it(`refuses ${what}`, async () => {
      await data(1000, ", CASE WHEN i % 10 > 0 THEN i % 2 END AS gap, -i AS minus");
      await assert.rejects(prepare(parts), message);
    });
  }

  it("refuses data with a column of our name", async () => {
    await engine.run("CREATE OR REPLACE TABLE ingested AS SELECT 1 AS __row, 2 AS __split, true AS y");
    await assert.rejects(prepare(), /the data have a column "__split"/);
  });

  it("learns nothing from rows that do not train", async () => {
    const parts: Parts = {
      roles: { id: "id" },
      values: [{ fill: { w: "mean" } }, { clip: { a: ["p1", "p99"] } }, { derive: { r: "w / a" } }],
      features: [
        { scale: ["a", "r"] },
        { one_hot: ["c"] },
        { bucket: { w: 5 } },
        { log: ["g"] },
        { scale: ["g_log"] },
      ],
    };
    const fitted = async (): Promise<string> => {
      await prepare(parts);
      const contract = contractOf(parts);
      const values = await fitValues(engine, "prepared", contract);
      return JSON.stringify(await fitFeatures(engine, "prepared", contract, values));
    };
    await data(1000, ", CASE WHEN i % 5 > 0 THEN sqrt(i) END AS w, 'c' || i % 7 AS c");
    const first = await fitted();
    await engine.run(`UPDATE ingested SET a = 1e6, g = 9e9, w = -5, c = 'unheard of' WHERE __row IN
      (SELECT __row FROM prepared WHERE __split <> 'train')`);
    assert.equal(await fitted(), first);
    await engine.run(
      "UPDATE ingested SET a = a + 1 WHERE a BETWEEN 700 AND 800 AND __row IN (SELECT __row FROM prepared WHERE __split = 'train')",
    );
    assert.notEqual(await fitted(), first);
  });
});
