import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { unitsOf, usualBlock } from "../../../src/core/measures/bootstrap.ts";
import { type EvaluationInput, evaluate, type Scored } from "../../../src/core/measures/evaluation.ts";
import { metricsOf } from "../../../src/core/measures/metrics/catalogue.ts";
import { random } from "../../../src/core/stats/random.ts";
import { blockResampling, stratifiedResampling } from "../../../src/core/stats/resampling.ts";
import { near, oracle } from "../../oracles/oracle.ts";
import { inputOf, twoClasses } from "./rows.ts";

type Tests = Record<string, { difference: number; p: number }>;
const expected = oracle<{
  permutation: {
    labels: number[];
    candidate: number[];
    baseline: number[];
    tests: Tests;
    true: number[];
    c: number[];
    d: number[];
    numbers: Tests;
  };
  block: { errors: number[]; length: number; deviation: number; independent: number };
  stratified: { labels: number[]; losses: number[]; deviation: number; plain: number };
}>("resampling");

const scored = (labels: readonly number[], scores: readonly number[]): Scored => ({
  labels: Float64Array.from(labels),
  scores: Float64Array.from(scores),
  outputs: 1,
});
const asking = (task: EvaluationInput["task"], more: Partial<EvaluationInput>): Partial<EvaluationInput> => ({
  task,
  classes: task === "regression" ? [] : ["no", "yes"],
  asked: metricsOf(task).map(({ name }) => name),
  test: "permutation",
  ...more,
});

describe("the permutation test", () => {
  const { permutation } = expected;
  const compare = (input: EvaluationInput, tests: Tests): void => {
    const { metrics } = evaluate(input);
    for (const [name, { difference, p }] of Object.entries(tests)) {
      const row = metrics.find((metric) => metric.name === name)!;
      near(row.difference!.value, difference, name);
      near(row.difference!.test!.p, p, `${name}, p`);
      assert.equal(row.difference!.test!.method, "permutation");
    }
  };

  it("over all swaps is SciPy's, for decisions and for scores", () => {
    const candidate = scored(permutation.labels, permutation.candidate);
    const baseline = scored(permutation.labels, permutation.baseline);
    compare(inputOf(candidate, asking("binary-classification", { baseline })), permutation.tests);
  });

  it("over all swaps is SciPy's, for numbers", () => {
    const candidate = scored(permutation.true, permutation.c);
    const baseline = scored(permutation.true, permutation.d);
    compare(inputOf(candidate, asking("regression", { baseline })), permutation.numbers);
  });

  it("over all swaps counts ties that rounding parts: p is that of whole numbers", () => {
    const rows = 8;
    for (let seed = 0; seed < 160; seed++) {
      const draws = random(seed, "ties");
      const tenths = () => Array.from({ length: rows }, () => draws.below(12));
      const [a, b] = [tenths(), tenths()];
      const labels = tenths().map((label) => label / 10);
      const model = (errors: number[]) =>
        scored(
          labels,
          labels.map((label, row) => label + errors[row]! / 10),
        );
      const more = asking("regression", { baseline: model(b) });
      const row = evaluate(inputOf(model(a), more)).metrics.find(({ name }) => name === "mae")!;
      const change = (swap: number) =>
        a.reduce((sum, own, at) => sum + (own - b[at]!) * ((swap >> at) & 1 ? -1 : 1), 0);
      let [below, above] = [0, 0];
      for (let swap = 0; swap < 2 ** rows; swap++) {
        if (change(swap) <= change(0)) below++;
        if (change(swap) >= change(0)) above++;
      }
      near(
        row.difference!.test!.p,
        Math.min(1, (2 * Math.min(below, above)) / 2 ** rows),
        `p of ${a} and ${b}`,
      );
    }
  });

  it("of random swaps comes close to that over all, and counts the difference itself", () => {
    const times = (values: readonly number[]) => [0, 1].flatMap(() => values);
    const candidate = scored(times(permutation.labels), times(permutation.candidate));
    const baseline = scored(times(permutation.labels), times(permutation.baseline));
    const more = asking("binary-classification", { baseline, resamples: 999 });
    const row = evaluate(inputOf(candidate, more)).metrics.find(({ name }) => name === "roc_auc")!;
    const { p, detail } = row.difference!.test!;
    assert.match(detail, /^999 ways to swap the answers of rows$/);
    assert.ok(p >= 0.002 && p < expected.permutation.tests.roc_auc!.p);
  });

  it("finds nothing between a model and itself, and swaps whole groups", () => {
    const rows = twoClasses(60, 9);
    const clusters = Int32Array.from(rows.labels, (_, row) => row >> 2);
    const more = asking("binary-classification", { baseline: rows, clusters });
    for (const { name, difference } of evaluate(inputOf(rows, more)).metrics) {
      if (difference?.test === undefined) continue;
      assert.equal(difference.test.p, 1, name);
      assert.match(difference.test.detail, /groups of rows/);
    }
  });

  it("counts rows by their weight", () => {
    const rows = twoClasses(10, 2);
    const baseline = { ...twoClasses(10, 4), labels: rows.labels };
    const half = new Float64Array(10).fill(0.5);
    const plain = evaluate(inputOf(rows, asking("binary-classification", { baseline }))).metrics;
    const weighted = evaluate(
      inputOf({ ...rows, weights: half }, asking("binary-classification", { baseline })),
    ).metrics;
    for (const row of plain) {
      const other = weighted.find(({ name }) => name === row.name)!;
      near(other.difference?.test?.p ?? null, row.difference?.test?.p ?? null, row.name);
    }
  });
});

/** How far the mean of values scatters over draws. */
function scatter(values: Float64Array, next: (weights: Uint16Array) => void, blockOf?: Int32Array): number {
  const weights = new Uint16Array(values.length);
  const means = Array.from({ length: 4000 }, () => {
    next(weights);
    let [sum, rows] = [0, 0];
    for (const [row, value] of values.entries()) {
      const times = weights[blockOf?.[row] ?? row]!;
      sum += times * value;
      rows += times;
    }
    return sum / rows;
  });
  const center = means.reduce((a, b) => a + b, 0) / means.length;
  return Math.sqrt(means.reduce((a, b) => a + (b - center) ** 2, 0) / means.length);
}
/** Four standard errors of a deviation of 4,000 draws. */
const NOISE = 4 / Math.sqrt(2 * 4000);

describe("blocks of time", () => {
  it("scatter as the circular block bootstrap does, and not as rows on their own", () => {
    const { errors, length, deviation, independent } = expected.block;
    const moments = Int32Array.from(errors, (_, moment) => moment);
    const { next } = blockResampling(moments, length, 7);
    const found = scatter(Float64Array.from(errors), next);
    assert.ok(Math.abs(found / deviation - 1) < NOISE, `${found}, not ${deviation}`);
    assert.ok(found > 1.5 * independent);
  });

  it("take as many moments as there are, neighbours together, also where the end is cut off", () => {
    const { next, units } = blockResampling(Int32Array.of(0, 0, 1, 2, 3, 4, 5, 6), 3, 5);
    const weights = new Uint16Array(units);
    for (let draw = 0; draw < 50; draw++) {
      next(weights);
      assert.equal(
        weights.reduce((a, b) => a + b, 0),
        7,
      );
    }
  });

  it("take neighbouring moments together where there are very many", () => {
    const moments = Int32Array.from({ length: 30_000 }, (_, row) => row);
    const { units, blockOf, byRow } = blockResampling(moments, 30, 7);
    assert.deepEqual([units, byRow, blockOf![0], blockOf![29_999]], [4000, false, 0, 3999]);
    assert.equal(usualBlock(moments), 32);
  });

  it("reach every interval of an evaluation, which leaves out what takes rows for independent", () => {
    const rows = twoClasses(120, 3);
    const moments = Int32Array.from(rows.labels, (_, row) => row >> 1);
    const { metrics } = evaluate(inputOf(rows, { baseline: rows, moments, block: 6 }));
    for (const { name, interval, difference } of metrics) {
      if (interval !== null)
        assert.match(
          interval.method,
          /blocks of 6 of 60 moments|^Wilson, of the worth of \d+ independent rows$/,
          name,
        );
      assert.equal(difference?.test, undefined);
    }
  });
});

describe("rows of each class", () => {
  it("scatter within their class alone", () => {
    const { labels, losses, deviation, plain } = expected.stratified;
    const { next } = stratifiedResampling(labels, 7);
    const found = scatter(Float64Array.from(losses), next);
    assert.ok(Math.abs(found / deviation - 1) < NOISE, `${found}, not ${deviation}`);
    assert.ok(found < 0.9 * plain);
  });

  it("are as many in every draw, by rows and by blocks", () => {
    const draws = random(3);
    for (const rows of [50, 30_000]) {
      const labels = Float64Array.from({ length: rows }, () => (draws.uniform() < 0.02 ? 1 : 0));
      const { next, units, blockOf } = stratifiedResampling(labels, 7);
      const weights = new Uint16Array(units);
      const drawn = (): number =>
        labels.reduce((sum, label, row) => sum + label * weights[blockOf?.[row] ?? row]!, 0);
      const there = labels.reduce((a, b) => a + b, 0);
      for (let draw = 0; draw < 20; draw++) {
        next(weights);
        assert.ok(Math.abs(drawn() - there) <= (rows === 50 ? 0 : units / 100));
      }
    }
  });

  it("keep a rare class in every draw of an evaluation", () => {
    const rows = twoClasses(60, 4, { share: 0.05 });
    const row = (stratify: boolean) =>
      evaluate(inputOf(rows, { stratify })).metrics.find(({ name }) => name === "roc_auc")!;
    assert.match(row(false).interval!.method, /undefined in/);
    assert.match(row(true).interval!.method, /as many of each class as there are$/);
    assert.equal(row(true).interval!.rough, "rough for 3 positive rows");
    assert.match(unitsOf(60, { seed: 1, strata: rows.labels }).title, /of each class/);
  });
});
