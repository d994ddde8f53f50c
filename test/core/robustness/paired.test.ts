import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { dropOf, type Paired } from "../../../src/core/robustness/paired.ts";
import { normalQuantile } from "../../../src/core/stats/normal.ts";
import { type Random, random } from "../../../src/core/stats/random.ts";
import { studentQuantile } from "../../../src/core/stats/student.ts";

const normal = (draws: Random): number => normalQuantile((draws.next() + 0.5) / 2 ** 32);

/** A drop of so much, which resamples scatter around with a standard deviation of 1. */
function paired(drop: number, resamples: number, draws: Random): Paired {
  const own = Float64Array.from({ length: resamples }, () => drop + normal(draws));
  return {
    values: [0, drop],
    reasons: [undefined, undefined],
    draws: [new Float64Array(resamples), own],
    method: "percentile bootstrap",
  };
}
const bounds = (of: Paired, confidence: number, rows: number) => {
  const found = dropOf({ better: "lower" }, of, [1], rows).bounds(confidence);
  assert.ok(found !== undefined && "interval" in found);
  return found.interval;
};

describe("bounds of a drop", () => {
  it("accuse none of 200 that drop nothing more often than they promise, of few resamples too", () => {
    const draws = random(3, "family");
    const shared = 1 - 0.05 / 200;
    let accused = 0;
    for (let family = 0; family < 100; family++) {
      let low = Number.NEGATIVE_INFINITY;
      for (let variant = 0; variant < 200; variant++) {
        low = Math.max(low, bounds(paired(normal(draws), 200, draws), shared, 1000).low);
      }
      if (low > 0) accused++;
    }
    // 2.5 of 100; the smallest of 200 resamples accuses somebody in more than half of the families
    assert.ok(accused <= 8, `${accused} of 100`);
  });

  it("reach as far as Student's quantile where the resamples do not", () => {
    const own = paired(10, 1000, random(4, "far"));
    const { low, high, method } = bounds(own, 1 - 1e-6, 1000);
    const reach = studentQuantile(1 - 5e-7, 999);
    assert.ok(Math.abs(10 - low - reach) < 0.05 * reach && Math.abs(high - 10 - reach) < 0.05 * reach);
    assert.match(method, /^paired percentile bootstrap, by its standard error beyond them$/);
    assert.equal(bounds(own, 0.95, 1000).method, "paired percentile bootstrap");
  });

  it("are widened for few rows", () => {
    const own = paired(10, 1000, random(4, "few"));
    const [few, many] = [bounds(own, 0.95, 8), bounds(own, 0.95, 100_000)];
    const wider = (studentQuantile(0.975, 7) * Math.sqrt(8 / 7)) / 1.96;
    assert.ok(Math.abs((few.high - few.low) / (many.high - many.low) / wider - 1) < 0.05);
  });
});
