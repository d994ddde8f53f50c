import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { openDuckdb } from "../../src/adapters/engines/duckdb/engine.ts";
import type { Table } from "../../src/core/tables/column.ts";
import type { Engine } from "../../src/ports/engine.ts";
import { exactMoments, exactMomentsOf } from "../../src/tables/moments.ts";

/** A double as a fraction over a power of two, without rounding. */
function exact(x: number): { readonly top: bigint; readonly shift: number } {
  let shift = 0;
  while (!Number.isInteger(x)) {
    x *= 2;
    shift++;
  }
  return { top: BigInt(x), shift };
}

/** Sum and population variance as exact fractions, divided at the end only. */
function oracle(values: readonly number[]): {
  readonly sum: number;
  readonly mean: number;
  readonly variance: number;
} {
  const parts = values.map(exact);
  const shift = Math.max(...parts.map((part) => part.shift));
  const tops = parts.map((part) => part.top << BigInt(shift - part.shift));
  const sum = tops.reduce((a, b) => a + b, 0n);
  const squares = tops.reduce((a, b) => a + b * b, 0n);
  const n = BigInt(values.length);
  return {
    sum: ratio(sum, 1n << BigInt(shift)),
    mean: ratio(sum, n << BigInt(shift)),
    variance: ratio(n * squares - sum * sum, (n * n) << BigInt(2 * shift)),
  };
}

function ratio(top: bigint, bottom: bigint): number {
  if (top === 0n) return 0;
  const size = (x: bigint) => (x < 0n ? -x : x).toString(2).length;
  const up = Math.max(0, 80 - size(top) + size(bottom));
  const quotient = Number((top << BigInt(up)) / bottom);
  const half = Math.floor(up / 2); // in two steps, so that 2^-up itself need not be a double
  return quotient * 2 ** -half * 2 ** -(up - half);
}

const near = (found: number, expected: number, what: string): void => {
  const error = Math.abs(found - expected) / Math.max(Math.abs(expected), Number.MIN_VALUE);
  assert.ok(found === expected || error < 1e-14, `${what}: ${found} against ${expected}`);
};

async function* one(columns: Record<string, readonly number[]>): AsyncGenerator<Table> {
  const entries = Object.entries(columns);
  yield {
    rows: entries[0]![1].length,
    columns: new Map(
      entries.map(([name, list]) => [name, { kind: "number", values: Float64Array.from(list) }]),
    ),
  };
}

/** Numbers that look random and are the same each time. */
function* sequence(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

const source = sequence(1);
const next = (): number => source.next().value as number;
const N = 5000;
const CASES: Record<string, number[]> = {
  uniform: Array.from({ length: N }, next),
  money: Array.from({ length: N }, () => Math.round(next() * 1e6) / 100),
  large: Array.from({ length: N }, () => 1e9 + next()),
  cancelling: Array.from({ length: N }, (_, i) => (i % 2 === 0 ? 1 : -1) * (1e15 + next())),
  wide: Array.from({ length: N }, () => 10 ** (next() * 24 - 12)),
  huge: Array.from({ length: N }, () => (next() - 0.5) * 1e308),
  tiny: Array.from({ length: N }, () => (next() - 0.5) * 1e-300),
  subnormal: Array.from({ length: N }, (_, i) => (i % 7) * 5e-324),
  constant: Array.from({ length: N }, () => 0.1),
  zero: Array.from({ length: N }, () => 0),
  integers: Array.from({ length: N }, () => Math.floor(next() * 200) - 100),
};

describe("exact moments", () => {
  const engines: Engine[] = [];
  before(async () => {
    for (const threads of [1, 2, 4]) {
      const engine = await openDuckdb({ threads });
      engines.push(engine);
      const path = `${import.meta.dirname}/../../.tmp-moments-${process.pid}.parquet`;
      await engine.write(one(CASES), path);
      await engine.load("cases", { format: "parquet", paths: [path] });
      const { rm } = await import("node:fs/promises");
      await engine.run(
        "CREATE TABLE t AS SELECT *, CAST(integers AS INTEGER) AS whole, integers > 0 AS truth FROM cases",
      );
      await rm(path);
    }
  });
  after(async () => {
    for (const engine of engines) await engine.close();
  });

  for (const [name, values] of Object.entries(CASES)) {
    it(`of ${name} values equal exact fractions`, async () => {
      const found = await exactMoments(engines[0]!, "t", name);
      const expected = oracle(values);
      assert.equal(found.count, N);
      assert.equal(found.min, Math.min(...values));
      assert.equal(found.max, Math.max(...values));
      near(found.sum, expected.sum, "sum");
      near(found.mean, expected.mean, "mean");
      if (expected.variance > 1e-290 && expected.variance < 1e300)
        near(found.deviation, Math.sqrt(expected.variance), "deviation");
      else assert.ok(Number.isFinite(found.deviation));
    });
  }

  it("are the same bits for integers as integers and as doubles, up to the last of the deviation", async () => {
    const [double, whole] = await exactMomentsOf(engines[0]!, "t", ["integers", "whole"]);
    near(whole!.deviation, double!.deviation, "deviation");
    assert.deepEqual({ ...whole, deviation: 0 }, { ...double, deviation: 0 });
  });

  it("are the same bits with 1, 2 and 4 threads and in another order", async () => {
    const names = [...Object.keys(CASES), "whole", "truth"];
    const [first, ...others] = await Promise.all(engines.map((engine) => exactMomentsOf(engine, "t", names)));
    for (const other of others) assert.deepEqual(other, first);
    await engines[2]!.run("CREATE OR REPLACE TABLE shuffled AS SELECT * FROM t ORDER BY hash(uniform)");
    assert.deepEqual(await exactMomentsOf(engines[2]!, "shuffled", names), first);
  });

  it("count NULL and NaN as missing and keep infinities apart", async () => {
    const [engine] = engines;
    await engine!.run(
      "CREATE TABLE odd AS SELECT * FROM (VALUES (1e0), (NULL), ('nan'::DOUBLE), ('inf'::DOUBLE), ('-inf'::DOUBLE), (4e0)) v(x)",
    );
    assert.deepEqual(await exactMoments(engine!, "odd", "x"), {
      count: 2,
      missing: 2,
      infinite: 2,
      min: 1,
      max: 4,
      mean: 2.5,
      deviation: 1.5,
      sum: 5,
    });
    const { count, mean } = await exactMoments(engine!, "odd", "x", "x > 3 AND isfinite(x)");
    assert.deepEqual([count, mean], [1, 4]);
  });

  it("of nothing are NaN, and of one row have no spread", async () => {
    const [engine] = engines;
    await engine!.run("CREATE TABLE few AS SELECT NULL::DOUBLE AS x, 7.25e0 AS y, 3::BIGINT AS z");
    const [x, y, z] = await exactMomentsOf(engine!, "few", ["x", "y", "z"]);
    assert.deepEqual(x, {
      count: 0,
      missing: 1,
      infinite: 0,
      min: NaN,
      max: NaN,
      mean: NaN,
      deviation: NaN,
      sum: 0,
    });
    assert.deepEqual([y!.mean, y!.deviation, z!.mean, z!.deviation], [7.25, 0, 3, 0]);
  });

  it("of a sum that cancels to nothing are nothing", async () => {
    const [engine] = engines;
    await engine!.run(
      "CREATE TABLE opposed AS SELECT * FROM (VALUES (0.1e0), (-0.1e0), (1e17), (-1e17)) v(x)",
    );
    const { sum, mean } = await exactMoments(engine!, "opposed", "x");
    assert.deepEqual([sum, mean], [0, 0]);
  });
});
