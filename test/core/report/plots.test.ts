import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { span, thinned } from "../../../src/core/report/plots/frame.ts";
import { rocPlot } from "../../../src/core/report/plots/roc.ts";
import { stripPlot } from "../../../src/core/report/plots/strip.ts";
import type { Report } from "../../../src/core/report/report.ts";
import { CASES } from "./make-cases.ts";

describe("an axis", () => {
  it("holds all its numbers, never empty, never without end", () => {
    const hard = [
      [],
      [0],
      [5, 5],
      [-3],
      [1e-320],
      [1e308, -1e308],
      [Number.MAX_VALUE],
      [NaN, Infinity],
      [1e17],
      [-0.1, 0.1],
    ];
    for (const values of hard) {
      const [low, high] = span(values);
      assert.ok(Number.isFinite(low) && Number.isFinite(high) && high > low, `${values} → ${low}, ${high}`);
      assert.ok(Number.isFinite(high - low));
    }
  });

  it("takes the first and the last of many", () => {
    const many = Array.from({ length: 1000 }, (_, index) => index);
    assert.equal(thinned(many, 7).length, 7);
    assert.deepEqual([thinned(many, 7)[0], thinned(many, 7).at(-1)], [0, 999]);
  });
});

describe("the ROC curve", () => {
  const { curves, metrics } = CASES["binary-pass"] as Pick<Report, "curves" | "metrics">;
  const size = (svg: string | null) => /d="(M[^"]*)"/.exec(svg ?? "")?.[1] ?? "";

  it("begins in the lower left corner and ends in the upper right", () => {
    const svg = rocPlot({ curves: { ...curves, roc_baseline: [] }, metrics });
    assert.match(size(svg), /^M54,286L.*L386,32$/);
  });

  it("is not drawn from nothing, and thins what is too many", () => {
    assert.equal(rocPlot({ curves: { ...curves, roc: [] }, metrics }), null);
    const roc = Array.from({ length: 100_000 }, (_, index) => ({ x: index / 99_999, y: index / 99_999 }));
    const svg = rocPlot({ curves: { ...curves, roc, roc_baseline: [] }, metrics });
    assert.equal(size(svg).split("L").length, 600);
  });
});

describe("a strip", () => {
  const at = { id: "s", title: "t", value: 0.5, interval: null };
  const shaded = (svg: string | null) =>
    /class="passing" x="([\d.]+)" y="0" width="([\d.]+)"/
      .exec(svg ?? "")
      ?.slice(1)
      .map(Number);

  it("shades the side of the limit that passes", () => {
    const above = shaded(stripPlot({ ...at, limit: 0.4, side: "above" }));
    const below = shaded(stripPlot({ ...at, limit: 0.4, side: "below" }));
    assert.ok(above !== undefined && below !== undefined);
    assert.equal((above[0] ?? 0) + (above[1] ?? 0), 190);
    assert.deepEqual([below[0], below[1]], [0, above[0]]);
  });

  it("is nothing without a value", () => {
    assert.equal(stripPlot({ ...at, value: null }), null);
  });
});
