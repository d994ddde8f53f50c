import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { extremesOf, type Figures } from "../../../../src/core/measures/fairness/extremes.ts";
import { gapChange } from "../../../../src/core/measures/fairness/gap-change.ts";
import { random } from "../../../../src/core/stats/random.ts";
import { near, oracle } from "../../../oracles/oracle.ts";

const DRAWS = 400;
const seeded = random(3, "gap change");

/** Errors that are about normal, of one group for each standard error. */
const errorsOf = (...deviations: number[]): Float64Array[] =>
  deviations.map((deviation) =>
    Float64Array.from({ length: DRAWS }, () => {
      let sum = -6;
      for (let one = 0; one < 12; one++) sum += seeded.uniform();
      return sum * deviation;
    }),
  );

describe("the groups that may be the farthest apart", () => {
  it("are two where it is plain", () => {
    const figures = { values: [0.1, 0.5, 0.9], errors: errorsOf(0.01, 0.01, 0.01) };
    assert.deepEqual(extremesOf([figures], 0.005), [{ figure: 0, largest: [2], smallest: [0] }]);
  });

  it("are all where all are on a par", () => {
    const figures = { values: [0.5, 0.51, 0.49], errors: errorsOf(0.02, 0.02, 0.02) };
    assert.deepEqual(extremesOf([figures], 0.005), [{ figure: 0, largest: [0, 1, 2], smallest: [0, 1, 2] }]);
  });

  it("are told by each group's own error: a small group stays where a large one is ruled out", () => {
    const figures = { values: [0.9, 0.7, 0.7, 0.1], errors: errorsOf(0.01, 0.01, 0.2, 0.01) };
    assert.deepEqual(extremesOf([figures], 0.005), [{ figure: 0, largest: [0, 2], smallest: [2, 3] }]);
  });

  it("are of those figures alone whose gap may be the widest", () => {
    const wide = { values: [0.1, 0.9], errors: errorsOf(0.01, 0.01) };
    const narrow = { values: [0.5, 0.6], errors: errorsOf(0.01, 0.01) };
    const vague = { values: [0.5, 0.6], errors: errorsOf(0.3, 0.3) };
    assert.deepEqual(
      extremesOf([narrow, wide], 0.005).map(({ figure }) => figure),
      [1],
    );
    assert.deepEqual(
      extremesOf([wide, vague], 0.005).map(({ figure }) => figure),
      [0, 1],
    );
  });
});

describe("the change of a gap between groups", () => {
  const alike = (values: readonly number[], deviation: number): Figures => ({
    values,
    errors: errorsOf(...values.map(() => deviation)),
  });

  it("holds for hundreds of groups on a par, of which no pair is looked at by itself", () => {
    const values = new Array<number>(300).fill(0.5);
    const own = alike(values, 0.01);
    const base = alike(values, 0.01);
    for (const as of ["difference", "ratio"] as const) {
      const { low, high } = gapChange([own], [base], as, 0.95);
      assert.ok(low < 0 && high > 0 && low > -0.2 && high < 0.2, `${as}: ${low} to ${high}`);
    }
  });

  it("is little where both decide nearly alike, however many groups are on a par", () => {
    const own = alike(new Array<number>(6).fill(0.5), 0.05);
    const base = {
      values: own.values,
      errors: own.errors.map((errors) => errors.map((error, draw) => error + (draw % 2 ? 1e-3 : -1e-3))),
    };
    for (const as of ["difference", "ratio"] as const) {
      const { low, high } = gapChange([own], [base], as, 0.95);
      assert.ok(low >= -0.0021 && high <= 0.0021 && low < 0 && high > 0, `${as}: ${low} to ${high}`);
    }
  });

  it("turns around where the models change places", () => {
    const own = alike([0.2, 0.5, 0.7], 0.03);
    const base = alike([0.3, 0.5, 0.6], 0.03);
    const [there, back] = [
      gapChange([own], [base], "difference", 0.9),
      gapChange([base], [own], "difference", 0.9),
    ];
    assert.ok(Math.abs(there.low + back.high) < 1e-12 && Math.abs(there.high + back.low) < 1e-12);
    assert.ok(there.low < 0.2 && there.high > 0.2);
  });

  it("of ratios is that of smallest ÷ largest", () => {
    const of = (...rates: number[]): Figures => ({
      values: rates.map(Math.log),
      errors: rates.map(() => new Float64Array(DRAWS)),
    });
    const { low, high } = gapChange([of(0.2, 0.4)], [of(0.3, 0.4)], "ratio", 0.95);
    assert.ok(Math.abs(low + 0.25) < 1e-12 && Math.abs(high + 0.25) < 1e-12, `${low} to ${high}`);
  });
});

interface Case {
  readonly title: string;
  readonly as: "difference" | "ratio";
  readonly confidence: number;
  /** By model, then by figure: of each group. */
  readonly values: readonly [number[][], number[][]];
  readonly errors: readonly [number[][][], number[][][]];
  readonly low: number;
  readonly high: number;
}

describe("the change of a gap, gone through pair by pair by NumPy", () => {
  for (const { title, as, confidence, values, errors, low, high } of oracle<{ cases: Case[] }>("gap-change")
    .cases) {
    it(title, () => {
      const [own, base] = [0, 1].map((model) =>
        values[model as 0 | 1].map((groups, figure) => ({
          values: groups,
          errors: errors[model as 0 | 1][figure]!.map((group) => Float64Array.from(group)),
        })),
      );
      const found = gapChange(own!, base!, as, confidence);
      near(found.low, low, "low");
      near(found.high, high, "high");
    });
  }
});
