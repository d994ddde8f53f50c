import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chiSquareBeyond, chiSquareTail } from "../../../src/core/stats/chi-square.ts";
import { gammaTail, logGamma } from "../../../src/core/stats/gamma.ts";
import { near, oracle } from "../../oracles/oracle.ts";

const expected = oracle<{
  beyond: { tail: number; freedom: number; value: number }[];
  log_gamma: { x: number; value: number }[];
  gamma_tail: { a: number; x: number; value: number }[];
}>("drift");

describe("chi-square equals SciPy's", () => {
  it("the number that is beyond", () => {
    for (const { tail, freedom, value } of expected.beyond) {
      near(chiSquareBeyond(tail, freedom), value, `${tail} of ${freedom}`);
      near(chiSquareTail(value, freedom) / tail, 1, `beyond ${value} of ${freedom}`);
    }
  });

  it("the logarithm of gamma", () => {
    for (const { x, value } of expected.log_gamma) near(logGamma(x), value, `at ${x}`);
  });

  it("what is left of gamma, to its own digits", () => {
    for (const { a, x, value } of expected.gamma_tail) {
      if (value < 1e-300) near(gammaTail(a, x), value, `${a} beyond ${x}`);
      else near(gammaTail(a, x) / value, 1, `${a} beyond ${x}`);
    }
  });

  it("at its ends", () => {
    assert.equal(chiSquareBeyond(0, 3), Infinity);
    assert.equal(chiSquareBeyond(1, 3), 0);
    assert.equal(chiSquareBeyond(0.01, 0), 0);
    for (const tail of [-0.1, 1.1, Number.NaN]) assert.ok(Number.isNaN(chiSquareBeyond(tail, 3)));
    assert.equal(gammaTail(2, Infinity), 0);
    assert.equal(gammaTail(2, -1), 1);
    assert.ok(Number.isNaN(gammaTail(Number.NaN, 1)) && Number.isNaN(gammaTail(0, 1)));
  });
});
