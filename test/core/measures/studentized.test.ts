import assert from "node:assert/strict";
import { test } from "node:test";
import { studentized } from "../../../src/core/measures/studentized.ts";
import { random } from "../../../src/core/stats/random.ts";
import { near } from "../../oracles/oracle.ts";

const SURE = { resamples: 2000, confidence: 0.95, seed: 3 };
const ones = (rows: number) => new Float64Array(rows).fill(1);
const draws = random(5, "studentized");
/** Long-tailed amounts, whose mean is 1. */
const waiting = (rows: number) =>
  Float64Array.from({ length: rows }, () => -Math.log(1 - draws.below(2 ** 30) / 2 ** 30));
const interval = (values: Float64Array, over = ones(values.length), confidence = 0.95) => {
  const found = studentized({ values, over }, undefined, SURE, confidence);
  assert.ok(found !== null);
  return found;
};
const mean = (values: Float64Array) => values.reduce((a, b) => a + b, 0) / values.length;

test("follows the amounts where they are moved and stretched", () => {
  const values = waiting(60);
  const { low, high } = interval(values);
  const moved = interval(values.map((value) => 3 * value - 7));
  near(moved.low, 3 * low - 7, "low");
  near(moved.high, 3 * high - 7, "high");
  const turned = interval(values.map((value) => -value));
  near(turned.low, -high, "the other way round");
});

test("a quotient by the same everywhere is a mean", () => {
  const values = waiting(60);
  const [own, by] = [interval(values), interval(values, ones(60).fill(4))];
  near(by.low, own.low / 4, "low");
  near(by.high, own.high / 4, "high");
});

test("reaches further to the side of the long tail, and is Student's where there is none", () => {
  const values = waiting(40);
  const { low, high } = interval(values, ones(40), 0.99);
  assert.ok(high - mean(values) > 1.3 * (mean(values) - low));

  const even = Float64Array.from({ length: 400 }, (_, row) => (row % 20) - 9.5); // sd of a discrete uniform
  const student = 1.965927295920594 * Math.sqrt((20 ** 2 - 1) / 12 / 399); // scipy.stats.t.ppf(0.975, 399)
  const found = interval(even);
  assert.ok(Math.abs((found.high - found.low) / 2 / student - 1) < 0.06);
});

test("of a difference on the same rows it is that of the rows' differences", () => {
  const [values, others] = [waiting(50), waiting(50)];
  const over = ones(50);
  const paired = studentized({ values, over }, { values: others, over }, SURE, 0.95);
  const own = interval(values.map((value, row) => value - (others[row] as number)));
  assert.ok(paired !== null);
  near(paired.low, own.low, "low");
  near(paired.high, own.high, "high");
  assert.match(paired.method, /^bootstrap-t of rows/);
});

test("is none where nothing differs", () => {
  const over = ones(30);
  const values = waiting(30);
  assert.equal(studentized({ values: over, over }, undefined, SURE, 0.95), null);
  assert.equal(studentized({ values, over }, { values, over }, SURE, 0.95), null);
  assert.equal(studentized({ values, over: new Float64Array(30) }, undefined, SURE, 0.95), null);
});
