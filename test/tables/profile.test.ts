import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { expectation } from "../../src/config/contract.ts";
import type { Profile } from "../../src/core/tables/profile.ts";
import { profileText } from "../../src/core/tables/profile-text.ts";
import type { Engine } from "../../src/ports/engine.ts";
import { runChecks } from "../../src/tables/checks.ts";
import { inferExpectations } from "../../src/tables/infer.ts";
import { profile } from "../../src/tables/profile.ts";
import { near, oracle } from "../oracles/oracle.ts";
import { engineWith } from "./loaded.ts";

interface Expected {
  readonly name: string;
  readonly count: number;
  readonly missing: number;
  readonly distinct: number;
  readonly infinite?: number;
  readonly min?: number;
  readonly max?: number;
  readonly mean?: number;
  readonly deviation?: number;
  readonly quartiles?: readonly number[];
  readonly top?: readonly (readonly [string, number])[];
}

const { profiles } = oracle<{ readonly profiles: Readonly<Record<"nasty" | "cps", readonly Expected[]>> }>(
  "checks",
);

let engine: Engine;
const profiled = new Map<string, Profile>();
before(async () => {
  engine = await engineWith("cps", "nasty");
  for (const table of ["cps", "nasty"]) profiled.set(table, await profile(engine, table));
});
after(() => engine.close());

const number = (value: number | string | null | undefined): number =>
  typeof value === "string" ? Date.parse(value) : (value ?? Number.NaN);

describe("a profile says what pandas says", () => {
  for (const table of ["nasty", "cps"] as const) {
    for (const [index, expected] of profiles[table].entries()) {
      it(`of ${table}.${expected.name}`, async () => {
        const found = profiled.get(table)!.columns[index]!;
        assert.deepEqual(
          [found.name, found.count, found.missing, found.distinct, found.infinite, found.approximate],
          [expected.name, expected.count, expected.missing, expected.distinct, expected.infinite ?? 0, false],
        );
        for (const what of ["min", "max", "mean", "deviation"] as const) {
          if (expected[what] !== undefined) near(number(found[what]), expected[what], what);
          else if (what !== "mean") assert.equal(found[what], found.kind === "boolean" ? found[what] : null);
        }
        if (expected.quartiles === undefined) assert.equal(found.quartiles, null);
        else
          for (const [i, value] of expected.quartiles.entries())
            near(number(found.quartiles![i]), value, `quartile ${i}`);
        if (expected.top !== undefined) {
          assert.deepEqual(
            found.top!.map(({ value, count }) => [value, count]),
            expected.top,
          );
          near(
            found.top!.reduce((sum, { share }) => sum + share, 0),
            1,
            "shares",
          );
        }
      });
    }
  }
});

describe("a profile", () => {
  it("of many rows is the same by counting as by sorting", async () => {
    await engine.run(
      "CREATE TABLE many AS SELECT (i * 7919) % 50021 AS spread, (i * 7919) % 101 AS narrow, i % 101 / 4e0 AS real FROM range(50021) t(i)",
    );
    const [spread, narrow, real] = (await profile(engine, "many")).columns;
    assert.deepEqual(
      [spread!.distinct, spread!.quartiles, spread!.mean],
      [50021, [12505, 25010, 37515], 25010],
    );
    assert.deepEqual([narrow!.distinct, narrow!.min, narrow!.max], [101, 0, 100]);
    const [exact] = await engine.rows(
      "SELECT quantile_cont(real, 0.25) AS q, quantile_cont(narrow, 0.75) AS r FROM many",
    );
    assert.deepEqual([real!.quartiles![0], narrow!.quartiles![2]], [exact!.q, exact!.r]);
  });

  it("of no rows and of no values knows nothing", async () => {
    await engine.run("CREATE TABLE none AS SELECT 1 AS a, 'x' AS b, DATE '2020-01-01' AS c WHERE FALSE");
    const { rows, columns } = await profile(engine, "none");
    assert.equal(rows, 0);
    for (const column of columns) {
      assert.deepEqual([column.count, column.missing, column.distinct], [0, 0, 0]);
      assert.deepEqual([column.min, column.max, column.mean, column.quartiles], [null, null, null, null]);
    }
    assert.match(profileText({ schema: "trainyard/profile/1", rows, columns }), /^0 rows, 3 columns\n/);
  });

  it("as text keeps control signs from the terminal", async () => {
    await engine.run("CREATE TABLE steering AS SELECT 'a\u{1b}[31mred' AS w");
    assert.ok(!profileText(await profile(engine, "steering")).includes("\u{1b}"));
  });

  it("is plain JSON", async () => {
    const found = await profile(engine, "nasty");
    assert.deepEqual(JSON.parse(JSON.stringify(found)), found);
  });
});

describe("inferred expectations", () => {
  for (const table of ["nasty", "cps"]) {
    it(`are a contract's own, and hold of ${table} itself`, async () => {
      const draft = inferExpectations(await profile(engine, table));
      const parsed = draft.map((one) => expectation.parse(JSON.parse(JSON.stringify(one))));
      const rows = await runChecks(engine, table, parsed, { showValues: false, now: new Date(0) });
      assert.deepEqual(
        rows.filter(({ verdict }) => verdict === "fail").map(({ expectation: e, count }) => [e, count]),
        table === "cps" ? [] : [["wage is between 0 and 130", 6]],
      );
    });
  }

  it("say what is in the CPS wages", async () => {
    const draft = inferExpectations(await profile(engine, "cps"));
    assert.deepEqual(draft[6], { column: "age", type: "integer", between: [18, 64], missing: "none" });
    assert.deepEqual(draft[7], {
      column: "race",
      type: "text",
      in: ["hispanic", "other", "white"],
      missing: "none",
    });
    assert.deepEqual(draft.at(-1), { table: "rows", at_least: 480 });
  });
});
