import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { rankingOf } from "../../../src/core/measures/metrics/ranking.ts";
import { placementsOf } from "../../../src/core/measures/metrics/roc-auc.ts";
import { delong, delongDifference, delongInterval } from "../../../src/core/stats/delong.ts";
import { mcnemarCorrected, mcnemarExact } from "../../../src/core/stats/mcnemar.ts";
import { bothTails, normalBelow } from "../../../src/core/stats/normal-tail.ts";
import { near, oracle } from "../../oracles/oracle.ts";

const expected = oracle<{
  delong: {
    name: string;
    labels: number[];
    first: number[];
    second: number[];
    one: { area: number; variance: number; low: number | null; high: number | null };
    two: { difference: number; variance: number; p: number };
  }[];
  mcnemar: { candidate: number; baseline: number; exact: number; mid: number; corrected: number }[];
  normal: { z: number; both: number; below: number }[];
}>("compared");

const placed = (labels: readonly number[], scores: readonly number[]) =>
  placementsOf(rankingOf(Float64Array.from(labels), Float64Array.from(scores), 1));

/** Equal to 1e-9 of its size, however small it is. */
const close = (actual: number, exact: number, what: string) =>
  assert.ok(Math.abs(actual - exact) <= 1e-9 * Math.abs(exact) + 1e-300, `${what}: ${actual}, not ${exact}`);

describe("DeLong's variance and test", () => {
  for (const { name, labels, first, second, one, two } of expected.delong) {
    it(`equal their definition over all pairs: ${name}`, () => {
      const [ours, theirs] = [placed(labels, first), placed(labels, second)];
      const found = delong(ours);
      close(found.area, one.area, "area");
      close(found.variance, one.variance, "variance");
      const interval = delongInterval(found, 0.95);
      near(interval?.low ?? null, one.low, "low");
      near(interval?.high ?? null, one.high, "high");
      const difference = delongDifference(ours, theirs);
      near(difference.difference, two.difference, "difference");
      close(difference.variance, two.variance, "variance of the difference");
      close(difference.p, two.p, "p");
      close(delongDifference(theirs, ours).p, two.p, "p of the two exchanged");
    });
  }

  it("give the variance that yandexdataschool/roc_comparison gives for iris", () => {
    const { labels, first } = expected.delong.find(({ name }) => name === "iris")!;
    close(delong(placed(labels, first)).variance, 0.0015359814789736538, "variance");
  });

  it("find no difference between a model and itself, nor between one and its scores stretched", () => {
    const { labels, first } = expected.delong.find(({ name }) => name === "ties")!;
    const own = placed(labels, first);
    assert.deepEqual(delongDifference(own, own), { difference: 0, variance: 0, p: 1 });
    const stretched = placed(
      labels,
      first.map((score) => Math.exp(score)),
    );
    assert.equal(delongDifference(own, stretched).p, 1);
  });

  it("say nothing where there is nothing to say it by", () => {
    const perfect = placed([0, 0, 1, 1], [0, 0.1, 0.8, 0.9]);
    const reversed = placed([0, 0, 1, 1], [0.9, 0.8, 0.1, 0]);
    assert.deepEqual(delong(perfect), { area: 1, variance: 0 });
    assert.equal(delongInterval(delong(perfect), 0.95), undefined);
    assert.equal(delongInterval(delong(reversed), 0.95), undefined);
    assert.ok(Number.isNaN(delongDifference(perfect, reversed).p));
    assert.equal(delongDifference(perfect, perfect).p, 1);
    const lone = placed([0, 1, 0], [0.3, 0.2, 0.1]);
    assert.ok(Number.isNaN(delong(lone).variance));
    assert.equal(delongInterval(delong(lone), 0.95), undefined);
    const oneClass = placed([1, 1], [0.3, 0.2]);
    assert.ok(Number.isNaN(delong(oneClass).variance));
    assert.ok(Number.isNaN(delongDifference(oneClass, oneClass).p));
    const tied = delong(placed([0, 1, 0, 1], [0.5, 0.5, 0.5, 0.5]));
    assert.deepEqual(tied, { area: 0.5, variance: 0 });
  });
});

describe("McNemar's test", () => {
  it("equals statsmodels' and SciPy's", () => {
    for (const { candidate, baseline, exact, mid, corrected } of expected.mcnemar) {
      const what = `${candidate} against ${baseline}`;
      close(mcnemarExact(candidate, baseline), exact, `${what}, exact`);
      close(mcnemarExact(candidate, baseline, { mid: true }), mid, `${what}, mid-p`);
      close(mcnemarCorrected(candidate, baseline), corrected, `${what}, corrected`);
    }
  });

  it("does not care which model is called the candidate", () => {
    for (const [b, c] of [
      [0, 5],
      [3, 9],
      [70, 40],
    ] as const) {
      assert.equal(mcnemarExact(b, c), mcnemarExact(c, b));
      assert.equal(mcnemarCorrected(b, c), mcnemarCorrected(c, b));
    }
  });
});

describe("the normal distribution's tails", () => {
  it("equal SciPy's", () => {
    for (const { z, both, below } of expected.normal) {
      close(bothTails(z), both, `both tails of ${z}`);
      close(normalBelow(z), below, `below ${z}`);
    }
  });
});
