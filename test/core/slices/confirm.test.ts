import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type Confirmation,
  errorsAgainstBaseline,
  errorsAgainstRest,
  meanAgainstBaseline,
  meanAgainstRest,
  momentsOf,
} from "../../../src/core/slices/confirm.ts";
import { holm } from "../../../src/core/stats/holm.ts";
import { studentQuantile, studentTail } from "../../../src/core/stats/student.ts";
import { near, oracle } from "../../oracles/oracle.ts";

interface Answer {
  readonly p: number;
  readonly low: number | null;
  readonly high: number | null;
}

const {
  fisher,
  welch,
  paired,
  alike,
  rises,
  discordant,
  holm: holms,
  student,
  quantiles,
} = oracle<{
  readonly fisher: readonly (Answer & { readonly counts: [number, number, number, number] })[];
  readonly welch: readonly (Answer & { readonly slice: number[]; readonly rest: number[] })[];
  readonly paired: readonly (Answer & { readonly differences: number[] })[];
  readonly alike: readonly (Answer & { readonly slice: number[]; readonly rest: number[] })[];
  readonly rises: readonly (Answer & { readonly differences: number[] })[];
  readonly discordant: readonly (Answer & { readonly counts: [number, number, number] })[];
  readonly holm: readonly { readonly p: number[]; readonly adjusted: number[] }[];
  readonly student: readonly { readonly t: number; readonly df: number; readonly p: number }[];
  readonly quantiles: readonly { readonly share: number; readonly df: number; readonly t: number }[];
}>("slices");

function same(ours: Confirmation, theirs: Answer, what: string): void {
  near(ours.p, theirs.p, `p of ${what}`);
  near(ours.interval?.low ?? null, theirs.low, `low of ${what}`);
  near(ours.interval?.high ?? null, theirs.high, `high of ${what}`);
}

describe("confirming a slice", () => {
  it("tests errors as SciPy does, and gives statsmodels' interval", () => {
    for (const one of fisher) same(errorsAgainstRest(...one.counts, 0.95), one, one.counts.join(" "));
  });

  it("tests means as SciPy does", () => {
    for (const one of welch) {
      same(meanAgainstRest(momentsOf(one.slice), momentsOf(one.rest), 0.95), one, `${one.slice.length}`);
    }
    for (const one of paired) {
      same(meanAgainstBaseline(momentsOf(one.differences), 0.95), one, `${one.differences.length}`);
    }
  });

  it("is no surer of rows that all lost the same than exact tests are", () => {
    for (const one of alike) {
      const { slice, rest } = one;
      same(meanAgainstRest(momentsOf(slice), momentsOf(rest), 0.95), one, `${slice.length}, ${rest.length}`);
    }
    for (const one of rises) {
      same(meanAgainstBaseline(momentsOf(one.differences), 0.95), one, `${one.differences}`);
    }
    // five rows that are each worse by a half: once in 32 by chance, and not once in none
    near(meanAgainstBaseline(momentsOf(new Array(5).fill(0.5)), 0.95).p, 1 / 32, "p of five rows");
    // what only rounding tells apart is the same
    const rounded = momentsOf([0.1 + 0.2, 0.3, 0.4 - 0.1]);
    assert.equal(meanAgainstBaseline(rounded, 0.95).interval, null);
  });

  it("tests rows on which two models differ as SciPy does", () => {
    for (const one of discordant) same(errorsAgainstBaseline(...one.counts, 0.95), one, one.counts.join(" "));
  });

  it("corrects as statsmodels does", () => {
    for (const { p, adjusted } of holms) {
      for (const [place, value] of holm(p).entries()) near(value, adjusted[place] ?? null, `${p}`);
      assert.equal(holm(p).length, adjusted.length);
    }
  });

  it("knows Student's distribution as SciPy does", () => {
    for (const { t, df, p } of student) near(studentTail(t, df), p, `t ${t}, ${df}`);
    for (const { share, df, t } of quantiles) near(studentQuantile(share, df), t, `share ${share}, ${df}`);
  });

  it("claims nothing of one row, of none, and of rows that all lost the same", () => {
    assert.equal(errorsAgainstRest(1, 1, 0, 0, 0.95).p, 1);
    assert.equal(errorsAgainstBaseline(0, 0, 0, 0.95).p, 1);
    assert.equal(meanAgainstRest(momentsOf([5]), momentsOf([1, 2]), 0.95).p, 1);
    assert.equal(meanAgainstBaseline(momentsOf([5]), 0.95).p, 1);
    assert.equal(meanAgainstRest(momentsOf([2, 2]), momentsOf([2, 2]), 0.95).p, 1);
  });
});
