import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { argsort } from "../../../src/core/stats/argsort.ts";
import { normalQuantile } from "../../../src/core/stats/normal.ts";
import { quantile } from "../../../src/core/stats/quantile.ts";
import { random } from "../../../src/core/stats/random.ts";
import { mean, sum } from "../../../src/core/stats/sum.ts";
import { wilson } from "../../../src/core/stats/wilson.ts";
import { near, oracle } from "../../oracles/oracle.ts";

const expected = oracle<{
  quantile: { values: number[]; share: number; value: number }[];
  normal_quantile: { share: number; value: number }[];
  wilson: { count: number; of: number; confidence: number; low: number; high: number }[];
}>("stats");

describe("statistics equal SciPy's and NumPy's", () => {
  it("quantile", () => {
    for (const { values, share, value } of expected.quantile) {
      near(quantile(values, share), value, `quantile ${share} of ${values.length}`);
    }
  });

  it("normal quantile", () => {
    for (const { share, value } of expected.normal_quantile)
      near(normalQuantile(share), value, `at ${share}`);
    assert.equal(normalQuantile(1), Infinity);
    assert.ok(Number.isNaN(normalQuantile(1.1)));
    assert.ok(Number.isNaN(normalQuantile(Number.NaN)));
  });

  it("Wilson's interval", () => {
    for (const { count, of, confidence, low, high } of expected.wilson) {
      near(wilson(count, of, confidence)?.low ?? null, low, `low end of ${count} of ${of} at ${confidence}`);
      near(
        wilson(count, of, confidence)?.high ?? null,
        high,
        `high end of ${count} of ${of} at ${confidence}`,
      );
    }
  });
});

describe("a sum", () => {
  it("keeps what plain addition loses", () => {
    assert.equal(sum(new Float64Array(10).fill(0.1)), 1);
    assert.equal(sum([1e16, 1, -1e16]), 1);
  });

  it("passes on what is not finite", () => {
    assert.equal(sum([1, Infinity]), Infinity);
    assert.ok(Number.isNaN(sum([Infinity, -Infinity])));
    assert.ok(Number.isNaN(mean([])));
  });
});

describe("argsort", () => {
  /** Node's own stable sort, as the independent answer. */
  const plainly = (values: Float64Array) =>
    Int32Array.from(values.keys()).sort((a, b) => {
      const [x, y] = [values[a]!, values[b]!];
      if (Number.isNaN(x) || Number.isNaN(y))
        return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a - b;
      return x < y ? -1 : x > y ? 1 : a - b;
    });
  const draws = random(3);
  const special = [0, -0, 1, -1, Infinity, -Infinity, NaN, Number.MIN_VALUE, -Number.MIN_VALUE, 1e308];
  const kinds: Record<string, () => number> = {
    probabilities: () => draws.uniform(),
    "float32 probabilities": () => Math.fround(draws.uniform()),
    "signed numbers of all sizes": () => (draws.uniform() - 0.5) * 10 ** (draws.below(600) - 300),
    "many ties": () => draws.below(4),
    "special values": () => special[draws.below(special.length)]!,
    "one value": () => 0.25,
  };
  for (const [kind, draw] of Object.entries(kinds)) {
    it(`orders ${kind} as a stable sort does, few and many`, () => {
      for (const size of [0, 1, 2, 512, 513, 5000]) {
        const values = Float64Array.from({ length: size }, draw);
        assert.deepEqual(argsort(values), plainly(values), `${size} values`);
      }
    });
  }
});
