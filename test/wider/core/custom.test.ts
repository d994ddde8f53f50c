import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCondition } from "../../../src/core/gates/condition.ts";
import { judgeCustom } from "../../../src/core/gates/judge-custom.ts";
import { customByGroup } from "../../../src/core/measures/custom.ts";
import { random } from "../../../src/core/stats/random.ts";

const DRAWS = 200;
const GATE = parseCondition("worst_group p by g >= 0", [{ name: "p", better: "higher" }]);
const uniform = random(9, "fair groups");
const u = (): number => (1 + uniform.below(2 ** 30)) / (2 ** 30 + 1);

const AMOUNTS = {
  even: (): number => Math.sqrt(-2 * Math.log(u())) * Math.cos(2 * Math.PI * u()),
  "with a long tail": (): number => -Math.log(u()) - 1,
};

/** How often a gate accuses one of ten groups of 50 rows, each of which lies exactly at the limit. */
function accusations(amount: () => number): number {
  let accused = 0;
  for (let draw = 0; draw < DRAWS; draw++) {
    const values = Float64Array.from({ length: 500 }, amount);
    const by = customByGroup(
      { name: "p", title: "p", better: "higher", aggregate: "mean" },
      { candidate: { values, over: new Float64Array(500).fill(1) }, baseline: undefined },
      {
        kind: "text",
        codes: Int32Array.from(values, (_, row) => row % 10),
        words: Array.from({ length: 10 }, (_, group) => `g${group}`),
      },
      { resamples: 1000, confidence: 0.95, seed: draw, minGroupSize: 5, accuse: true },
    );
    if (by !== undefined && judgeCustom(GATE, by).state === "broken") accused++;
  }
  return accused;
}

for (const [name, amount] of Object.entries(AMOUNTS)) {
  test(`of ten fair groups one is seldom accused, where amounts are ${name}`, (context) => {
    const accused = accusations(amount);
    context.diagnostic(`${accused} of ${DRAWS}`);
    const error = Math.sqrt((0.05 * 0.95) / DRAWS);
    assert.ok(accused / DRAWS <= 0.05 + 4 * error, `${accused} of ${DRAWS}`);
  });
}
