import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Engine } from "../../src/ports/engine.ts";
import { type Finding, findWarnings } from "../../src/tables/warnings.ts";
import { engineWith } from "./loaded.ts";

let engine: Engine;
before(async () => {
  engine = await engineWith("nasty", "cps");
  await engine.run(`CREATE TABLE t AS SELECT i AS __row, i % 50 AS x, i % 2 AS two, i % 3 AS three, 1 AS one,
    CASE WHEN i > 3 THEN i % 2 END AS some, NULL::INTEGER AS nothing, CASE WHEN i = 7 THEN 'nan'::DOUBLE ELSE 1.5e0 + i % 50 END AS odd,
    CASE WHEN i = 8 THEN '-inf'::DOUBLE ELSE i % 50 END AS endless FROM range(1, 201) r(i)`);
});
after(() => engine.close());

const find = (
  table: string,
  label: string,
  task = "binary-classification",
  positive?: number | string,
): Promise<Finding[]> => findWarnings(engine, table, { task, data: { roles: { label, positive } } });

const fatal = async (...args: Parameters<typeof find>): Promise<string[]> =>
  (await find(...args)).flatMap((finding) => (finding.fatal === true ? [finding.text] : []));

describe("warnings", () => {
  it("name columns that tell nothing, NaN, infinity, and rows that stand twice", async () => {
    const found = await find("t", "two");
    assert.deepEqual(
      found.map(({ title }) => title),
      [
        "Columns without values",
        "Constant columns",
        "NaN in numbers",
        "Infinite numbers",
        "Rows that stand twice",
      ],
    );
    assert.equal(found[0]!.text, "nothing: hold no value at all");
    assert.equal(found[1]!.text, "one: hold one value in every row that has one, and tell nothing");
    assert.equal(found[2]!.text, "odd: hold NaN, which counts as missing");
    assert.equal(found[3]!.text, "endless: hold infinite numbers, which no model takes");
  });

  it("of good data are none", async () => {
    await engine.run("CREATE TABLE good AS SELECT * FROM range(100) r(i), (VALUES (0), (1)) v(y)");
    assert.deepEqual(await find("good", "y"), []);
  });

  it("stop at a label that cannot be learnt", async () => {
    assert.deepEqual(await fatal("t", "two", "binary-classification", 1), []);
    assert.deepEqual(await fatal("t", "some"), [
      `the label "some" is missing in 3 of 200 rows; leave them out with prepare.rows, where: 'some is not null'`,
    ]);
    assert.deepEqual(await fatal("t", "one"), [
      'the label "one" has one class in all rows; there is nothing to tell apart',
    ]);
    assert.deepEqual(await fatal("t", "three"), ['the label "three" has 3 classes where the task has two']);
    assert.deepEqual(await fatal("t", "three", "multiclass-classification"), []);
    assert.deepEqual(await fatal("t", "nothing"), ['the label "nothing" is missing in every row']);
    assert.deepEqual(await fatal("t", "twoo"), ['there is no column "twoo"; did you mean "two"?']);
    assert.deepEqual(await fatal("t", "two", "binary-classification", "yes"), [
      'no row has the label "two" = yes, which the contract calls positive',
    ]);
    assert.deepEqual(await fatal("t", "one", "regression"), ['the label "one" has one value in all rows']);
    assert.deepEqual(await fatal("t", "odd", "regression"), [
      `the label "odd" is missing in 1 of 200 rows; leave them out with prepare.rows, where: 'odd is not null'`,
    ]);
    await engine.run("CREATE TABLE nobody AS SELECT * FROM t WHERE FALSE");
    assert.deepEqual(await fatal("nobody", "two"), ["the data hold no rows"]);
  });

  it("tell the share of doubled rows in many as in few", async () => {
    await engine.run(
      "CREATE TABLE doubled AS SELECT CASE WHEN i < 100000 THEN i % 50000 ELSE i END AS x, i % 2 AS y FROM range(1000000) r(i)",
    );
    const [twice] = await find("doubled", "y");
    const share = Number(/^about ([\d.]+)%/.exec(twice!.text)?.[1]);
    assert.ok(Math.abs(share - 5) < 0.3, twice!.text);
  });
});
