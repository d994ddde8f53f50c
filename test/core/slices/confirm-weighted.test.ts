import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { errorsAgainstBaseline, meanAgainstBaseline, momentsOf } from "../../../src/core/slices/confirm.ts";
import {
  type WeightedMoments,
  weightedAgainstBaseline,
  weightedAgainstRest,
  weightedErrorsAgainstBaseline,
  weightedErrorsAgainstRest,
  weightedMoments,
} from "../../../src/core/slices/confirm-weighted.ts";
import { random } from "../../../src/core/stats/random.ts";
import { near, oracle } from "../../oracles/oracle.ts";

interface Answer {
  readonly title: string;
  readonly errors: boolean;
  readonly weights: readonly number[];
  readonly difference: number;
  readonly p: number;
  readonly low: number | null;
  readonly high: number | null;
}

interface AgainstRest extends Answer {
  readonly slice: readonly number[];
  readonly rest: readonly number[];
  readonly weights_rest: readonly number[];
  readonly moments: WeightedMoments;
}

interface AgainstBaseline extends Answer {
  readonly changes: readonly number[];
}

const { rest, baseline } = oracle<{
  readonly rest: readonly AgainstRest[];
  readonly baseline: readonly AgainstBaseline[];
}>("weighted-slices");

const of = (values: readonly number[], weights: readonly number[]) => ({
  values: Float64Array.from(values),
  weights: Float64Array.from(weights),
});

function same(
  ours: ReturnType<typeof weightedAgainstRest>,
  { title, difference, p, low, high }: Answer,
): void {
  near(ours.difference, difference, `difference of ${title}`);
  near(ours.p, p, `p of ${title}`);
  near(ours.interval?.low ?? null, low, `low of ${title}`);
  near(ours.interval?.high ?? null, high, `high of ${title}`);
}

describe("confirming a slice of weighted rows", () => {
  for (const one of rest) {
    it(`against the rest is as statsmodels and SciPy have it: ${one.title}`, () => {
      const own = of(one.slice, one.weights);
      const moments = weightedMoments(own.values, own.weights);
      for (const name of ["count", "effective", "mean", "variance", "linearised"] as const) {
        near(moments[name], one.moments[name], `${name} of ${one.title}`);
      }
      const test = one.errors ? weightedErrorsAgainstRest : weightedAgainstRest;
      same(test(own, of(one.rest, one.weights_rest), 0.95), one);
    });
  }

  for (const one of baseline) {
    it(`against the baseline is as statsmodels and SciPy have it: ${one.title}`, () => {
      const test = one.errors ? weightedErrorsAgainstBaseline : weightedAgainstBaseline;
      same(test(of(one.changes, one.weights), 0.95), one);
    });
  }

  it("does not hang on the unit of the weights", () => {
    const draws = random(5, "unit");
    const made = (rows: number, unit: number) => {
      const values = Array.from({ length: rows }, () => draws.below(2));
      const weights = values.map(() => 0.1 + draws.uniform());
      return [1, unit].map((by) =>
        of(
          values,
          weights.map((weight) => weight * by),
        ),
      );
    };
    const [[own, ownOther], [others, othersOther]] = [made(20, 1e6), made(90, 1e6)];
    for (const test of [weightedAgainstRest, weightedErrorsAgainstRest]) {
      const [one, other] = [test(own!, others!, 0.95), test(ownOther!, othersOther!, 0.95)];
      near(one.p, other.p, "p");
      near(one.interval!.low, other.interval!.low, "low");
    }
  });

  it("is hardly less sure than exact tests of rows that count the same", () => {
    const ones = new Array<number>(40).fill(1);
    const changes = ones.map((_, row) => (row < 12 ? 1 : row < 15 ? -1 : 0));
    const exact = errorsAgainstBaseline(12, 3, 40, 0.95);
    const weighted = weightedErrorsAgainstBaseline(of(changes, ones), 0.95);
    assert.ok(weighted.p < 1.3 * exact.p && weighted.p > 0.7 * exact.p, `${weighted.p} and ${exact.p}`);
    near(weighted.interval!.low, exact.interval!.low, "low");
    const rises = of([1, 2, 0.5, 3, 2, 1, 0, 2, -1, 1], ones.slice(0, 10));
    near(
      weightedAgainstBaseline(rises, 0.95).interval!.low,
      meanAgainstBaseline(momentsOf(rises.values), 0.95).interval!.low,
      "low of means",
    );
  });

  it("claims nothing of one row, of none, of rows that lost the same, and of a row that outweighs all", () => {
    const many = of([0, 1, 0, 1, 0], [1, 2, 1, 1, 1]);
    for (const test of [weightedAgainstRest, weightedErrorsAgainstRest]) {
      assert.equal(test(of([1], [3]), many, 0.95).p, 1);
      assert.equal(test(of([], []), many, 0.95).p, 1);
      assert.equal(test(many, of([], []), 0.95).p, 1);
      assert.equal(test(of([1, 1], [1, 2]), of([1, 1, 1], [1, 1, 3]), 0.95).p, 1);
      assert.equal(test(of([1, 1, 1, 1], [1e6, 1, 1, 1]), many, 0.95).p, 1);
    }
    for (const test of [weightedAgainstBaseline, weightedErrorsAgainstBaseline]) {
      assert.equal(test(of([1], [3]), 0.95).p, 1);
      assert.equal(test(of([], []), 0.95).p, 1);
      assert.equal(test(of([0, 0, 0], [1, 2, 3]), 0.95).p, 1);
      assert.equal(test(of([1, 1, 1], [1e6, 1, 1]), 0.95).p, 1);
    }
  });
});
