import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import {
  type Decidable,
  decidableByAccuracy,
  decidableByR2,
  decidableByRocAuc,
} from "../../../src/core/drafts/margin.ts";

interface Drawn {
  readonly roc_auc: readonly {
    readonly positives: number;
    readonly negatives: number;
    readonly deviation: number;
  }[];
  readonly accuracy: readonly { readonly rows: number; readonly deviation: number }[];
  readonly r2: readonly { readonly rows: number; readonly deviation: number }[];
}

const drawn: Drawn = JSON.parse(readFileSync("test/oracles/margins.json", "utf8"));

/** With a correlation of one half the difference of two scatters as far as one of them. */
const Z = 1.959963984540054;
/** By scipy.stats.norm.ppf(0.8). */
const POWER = 0.8416212335729143;

/** A planning number, and closed forms for many rows: a twentieth is close enough. */
function near(found: Decidable | undefined, deviation: number): void {
  assert.ok(found);
  const ratio = found.halfWidth / (Z * deviation);
  assert.ok(ratio > 0.95 && ratio < 1.05, `${found.halfWidth} against ${Z * deviation}`);
  const wanted = (found.halfWidth * (Z + POWER)) / Z;
  assert.ok(found.margin >= Math.min(0.5, wanted) && found.margin < Math.max(0.01, wanted) + 0.01);
}

describe("what a holdout can decide", () => {
  for (const { positives, negatives, deviation } of drawn.roc_auc) {
    it(`is as far apart as ROC AUC scatters on ${positives} and ${negatives} rows`, () =>
      near(decidableByRocAuc(positives, negatives), deviation));
  }
  for (const { rows, deviation } of drawn.accuracy) {
    it(`is as far apart as accuracy scatters on ${rows} rows`, () =>
      near(decidableByAccuracy(rows), deviation));
  }
  for (const { rows, deviation } of drawn.r2) {
    it(`is as far apart as R² scatters on ${rows} rows`, () => near(decidableByR2(rows), deviation));
  }

  it("is nothing without rows of both classes", () => {
    for (const [positives, negatives] of [
      [0, 9],
      [9, 0],
      [Number.NaN, 9],
    ] as const)
      assert.equal(decidableByRocAuc(positives, negatives), undefined);
  });

  it("is never proposed as more than one half, nor less than a hundredth", () => {
    assert.equal(decidableByRocAuc(1, 1)?.margin, 0.5);
    assert.equal(decidableByAccuracy(10_000_000)?.margin, 0.01);
  });
});
