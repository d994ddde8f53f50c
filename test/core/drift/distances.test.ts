import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { jensenShannon } from "../../../src/core/drift/jensen-shannon.ts";
import { asymptoticQuantile, drawnQuantile, isSparse } from "../../../src/core/drift/null-quantile.ts";
import { psi, psiParts } from "../../../src/core/drift/psi.ts";
import { chiSquareBeyond } from "../../../src/core/stats/chi-square.ts";
import { near, oracle } from "../../oracles/oracle.ts";

const { distances } = oracle<{
  distances: {
    name: string;
    reference: number[];
    current: number[];
    psi: number | null;
    evidently: number | null;
    js: number | null;
  }[];
}>("drift");

describe("distances of histograms", () => {
  for (const { name, reference, current, ...expected } of distances) {
    it(`of ${name} are SciPy's`, () => {
      near(psi(reference, current), expected.psi, "PSI");
      near(psi(current, reference), expected.psi, "PSI the other way round");
      near(jensenShannon(reference, current), expected.js, "Jensen–Shannon");
      near(jensenShannon(current, reference), expected.js, "Jensen–Shannon the other way round");
      assert.ok(psiParts(reference, current).every((part) => !(part < 0)));
    });
  }

  it("are Evidently's where no cell is empty", () => {
    const whole = distances.filter(({ evidently }) => evidently !== null);
    assert.ok(whole.length >= 5);
    for (const { name, reference, current, evidently } of whole)
      near(psi(reference, current), evidently, name);
  });

  it("do not depend on how many rows the shares are of", () => {
    near(psi([10, 30], [2, 2]), psi([1000, 3000], [50, 50]), "PSI");
    near(jensenShannon([10, 30], [2, 2]), jensenShannon([1000, 3000], [50, 50]), "Jensen–Shannon");
  });
});

describe("what chance gives", () => {
  it("is chi-square for large counts", () => {
    assert.equal(asymptoticQuantile(10, [400, 100], 0.01), chiSquareBeyond(0.01, 9) * (1 / 400 + 1 / 100));
    assert.equal(asymptoticQuantile(1, [400, 100], 0.01), 0);
  });

  it("is drawn alike, and near the formula, where counts are large", () => {
    const [reference, current] = [Array(10).fill(10_000), Array(10).fill(2_000)];
    assert.equal(isSparse(reference, current), false);
    for (const tail of [0.05, 0.01, 1e-3, 1e-4]) {
      const formula = asymptoticQuantile(10, [100_000, 20_000], tail);
      const drawn = drawnQuantile(reference, current, tail);
      assert.ok(Math.abs(drawn / formula - 1) < 0.12, `${tail}: ${drawn}, and the formula says ${formula}`);
      assert.equal(drawnQuantile(reference, current, tail), drawn);
    }
  });

  it("is nothing where there is one cell, and no number where there is no row", () => {
    assert.equal(drawnQuantile([50], [9], 0.01), 0);
    assert.ok(Number.isNaN(drawnQuantile([50, 1], [0, 0], 0.01)));
    assert.equal(isSparse([50_000, 0], [40_000, 0]), false);
    assert.equal(isSparse([50_000, 1], [40_000, 0]), true);
  });
});
