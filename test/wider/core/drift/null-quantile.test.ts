import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { asymptoticQuantile, drawnQuantile } from "../../../../src/core/drift/null-quantile.ts";
import { psi } from "../../../../src/core/drift/psi.ts";
import { multinomial } from "../../../../src/core/stats/multinomial.ts";
import { random } from "../../../../src/core/stats/random.ts";

const RUNS = 20_000;
const TAIL = 1 / 500;

describe("what chance gives is exceeded about as rarely as it says", () => {
  const CASES: readonly (readonly [string, readonly number[], number, number])[] = [
    ["ten bins of 200 rows", Array(10).fill(1), 10_000, 200],
    ["24 hours of 200 rows", Array(24).fill(1), 10_000, 200],
    ["a small training set", Array(24).fill(1), 350, 200],
    ["rare categories", [10, 10, 10, 0.2, 0.1, 0.05], 5_000, 60],
    ["fifty categories", Array.from({ length: 50 }, (_, i) => 1 / (i + 1)), 10_000, 300],
  ];
  for (const [name, shares, n, m] of CASES) {
    it(name, () => {
      const stream = random(3, name);
      const draw = (rows: number): number[] => [
        ...multinomial(rows, shares, new Float64Array(shares.length), stream),
      ];
      const limit = drawnQuantile(draw(n), draw(m), TAIL);
      let beyond = 0;
      for (let run = 0; run < RUNS; run++) if (psi(draw(n), draw(m)) > limit) beyond++;
      assert.ok(beyond < 2 * TAIL * RUNS, `${beyond} of ${RUNS} are beyond ${limit}`);
      assert.ok(beyond > 0);
    });
  }

  it("which the formula for large counts is not: why it is drawn", () => {
    const stream = random(4, "formula");
    const limit = asymptoticQuantile(24, [10_000, 200], TAIL);
    const draw = (rows: number): number[] => [
      ...multinomial(rows, Array(24).fill(1), new Float64Array(24), stream),
    ];
    let beyond = 0;
    for (let run = 0; run < RUNS; run++) if (psi(draw(10_000), draw(200)) > limit) beyond++;
    assert.ok(beyond > 3 * TAIL * RUNS, `${beyond} of ${RUNS} are beyond ${limit}`);
  });
});
