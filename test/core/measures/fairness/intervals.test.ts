import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { evaluate, type Scored } from "../../../../src/core/measures/evaluation.ts";
import type { Fairness } from "../../../../src/core/report/report.ts";
import { random } from "../../../../src/core/stats/random.ts";
import { inputOf } from "../rows.ts";

/** Groups of these sizes, selected at these rates; half of each group's rows are positive. */
function selected(sizes: readonly number[], rates: readonly number[], seed: number): [Scored, Int32Array] {
  const draws = random(seed, "selected");
  const group = Int32Array.from(sizes.flatMap((size, g) => new Array<number>(size).fill(g)));
  const decisions = group.map((g) => (draws.uniform() < rates[g]! ? 1 : 0));
  const labels = Float64Array.from(group, (_, row) => row % 2);
  return [{ labels, scores: new Float64Array(0), outputs: 0, decisions }, group];
}

function measure(
  name: string,
  [candidate, codes]: [Scored, Int32Array],
  more: Partial<Parameters<typeof inputOf>[1]> = {},
): Fairness["measures"][number] {
  const words = Array.from({ length: 20 }, (_, g) => `group ${g}`);
  const { fairness } = evaluate(
    inputOf(candidate, { sensitive: new Map([["g", { kind: "text", codes, words }]]), ...more }),
  );
  return fairness[0]!.measures.find((row) => row.name === name)!;
}

/** How often of 150 times the interval holds the true value. */
function coverage(name: string, sizes: readonly number[], rates: readonly number[], truth: number): number {
  let held = 0;
  for (let trial = 0; trial < 150; trial++) {
    const { interval } = measure(name, selected(sizes, rates, trial), { resamples: 100, seed: trial });
    if (interval!.low <= truth && truth <= interval!.high) held++;
  }
  return held;
}

describe("a fairness measure's interval holds the true value at least about as often as it says", () => {
  const difference = "demographic_parity_difference";
  const ratio = "demographic_parity_ratio";
  const cases: [string, string, number[], number[], number][] = [
    ["two groups treated alike", difference, [60, 90], [0.4, 0.4], 0],
    ["two groups treated unlike", difference, [60, 90], [0.2, 0.6], 0.4],
    ["ten small groups treated alike", difference, new Array(10).fill(20), new Array(10).fill(0.5), 0],
    ["rates near 0", difference, [40, 40], [0.02, 0.02], 0],
    ["the ratio of two groups treated alike", ratio, [60, 90], [0.4, 0.4], 1],
    ["the ratio of two groups treated unlike", ratio, [60, 90], [0.2, 0.6], 1 / 3],
    ["the ratio of rates near 0", ratio, [60, 60], [0.05, 0.1], 0.5],
  ];
  for (const [title, name, sizes, rates, truth] of cases) {
    it(title, () => {
      const held = coverage(name, sizes, rates, truth);
      assert.ok(held >= 135, `${held} of 150`); // 142.5 less 2.8 standard deviations
    });
  }
});

/** How often of 150 times the interval of the change from the baseline holds the true one. */
function coverageOfChange(
  name: string,
  sizes: readonly number[],
  [ours, theirs]: readonly (readonly number[])[],
  truth: number,
): number {
  let held = 0;
  for (let trial = 0; trial < 150; trial++) {
    const [candidate, codes] = selected(sizes, ours!, trial);
    const [baseline] = selected(sizes, theirs!, trial); // the same uniform numbers: decided alike where rates agree
    const again = selected(sizes, theirs!, trial + 1000)[0];
    const mixed = baseline.decisions!.map((own, row) => (row % 3 === 0 ? again.decisions![row]! : own));
    const { difference } = measure(name, [candidate, codes], {
      baseline: { ...baseline, decisions: mixed },
      resamples: 100,
      seed: trial,
    });
    const { low, high } = difference!.interval!;
    if (low <= truth && truth <= high) held++;
  }
  return held;
}

describe("the interval of a change from the baseline holds the true change", () => {
  const [fair, unfair] = [new Array<number>(5).fill(0.4), [0.4, 0.4, 0.4, 0.4, 0.2]];
  const five = new Array<number>(5).fill(100);
  const cases: [string, string, readonly number[], readonly (readonly number[])[], number][] = [
    ["where a fair baseline meets an unfair candidate", "difference", five, [unfair, fair], 0.2],
    ["where the candidate mends it", "difference", five, [fair, unfair], -0.2],
    ["where both are as unfair", "difference", five, [unfair, unfair], 0],
    [
      "of two groups",
      "difference",
      [200, 200],
      [
        [0.4, 0.2],
        [0.4, 0.4],
      ],
      0.2,
    ],
    ["of a ratio", "ratio", five, [unfair, fair], -0.5],
    ["of a ratio that is mended", "ratio", five, [fair, unfair], 0.5],
  ];
  for (const [title, as, sizes, rates, truth] of cases) {
    it(title, () => {
      const held = coverageOfChange(`demographic_parity_${as}`, sizes, rates, truth);
      assert.ok(held >= 135, `${held} of 150`); // percentiles of the resampled change: 53 to 128, where one model is fair
    });
  }

  it("is that of the two groups, where it is plain which are the farthest apart", () => {
    const rows = 4000;
    const [candidate, codes] = selected([rows, rows, rows], [0.7, 0.5, 0.3], 5);
    const [baseline] = selected([rows, rows, rows], [0.7, 0.5, 0.35], 6);
    const { difference } = measure("demographic_parity_difference", [candidate, codes], {
      baseline,
      resamples: 1000,
    });
    let [value, variance] = [0, 0];
    for (const [group, sign] of [
      [0, 1],
      [2, -1],
    ] as const) {
      // the mean of candidate − baseline of each row, and its variance
      const changes = [...codes].flatMap((of, row) =>
        of === group ? [candidate.decisions![row]! - baseline.decisions![row]!] : [],
      );
      const mean = changes.reduce((sum, change) => sum + change, 0) / rows;
      value += sign * mean;
      variance += changes.reduce((sum, change) => sum + (change - mean) ** 2, 0) / rows ** 2;
    }
    assert.ok(Math.abs(difference!.value! - value) < 1e-12);
    const { low, high } = difference!.interval!;
    const wide = (high - low) / (2 * 1.96 * Math.sqrt(variance));
    assert.ok(wide > 0.93 && wide < 1.12, `${wide} times as wide`); // a tenth of the doubt tells which groups: 1.023
  });

  it("of mean errors", () => {
    let held = 0;
    for (let trial = 0; trial < 150; trial++) {
      const draws = random(trial, "change of mean errors");
      const codes = Int32Array.from({ length: 600 }, (_, row) => row % 6);
      const labels = new Float64Array(600);
      const scored = (of: (group: number) => number): Scored => ({
        labels,
        scores: Float64Array.from(codes, (group) => 2 * of(group) * draws.uniform()),
        outputs: 1,
      });
      const candidate = scored((group) => (group === 0 ? 1.3 : 1));
      const { difference } = measure("mae_difference", [candidate, codes], {
        task: "regression",
        classes: [],
        baseline: scored(() => 1),
        resamples: 200,
        seed: trial,
      });
      const { low, high } = difference!.interval!;
      if (low <= 0.3 && 0.3 <= high) held++;
    }
    assert.ok(held >= 135, `${held} of 150`);
  });

  it("and two models that decide every row alike differ in no draw", () => {
    const [own, codes] = selected([60, 60], [0.3, 0.5], 8);
    const { difference } = measure("demographic_parity_difference", [own, codes], { baseline: own });
    assert.deepEqual([difference!.interval!.low, difference!.interval!.high], [0, 0]);
    const few = measure("demographic_parity_difference", selected([20, 60], [0.3, 0.5], 8), {
      baseline: selected([20, 60], [0.3, 0.5], 8)[0],
    });
    assert.equal(few.difference!.interval, null);
  });
});

describe("a fairness measure's interval", () => {
  it("is not certain of a rate of 0 or 1 in a small group", () => {
    const labels = Float64Array.from({ length: 20 }, (_, row) => row % 2);
    const decisions = Int32Array.from({ length: 20 }, (_, row) => (row < 10 ? 1 : 0));
    const candidate = { labels, scores: new Float64Array(0), outputs: 0, decisions };
    const codes = Int32Array.from({ length: 20 }, (_, row) => (row < 10 ? 0 : 1));
    const found = measure("demographic_parity_difference", [candidate, codes]);
    assert.equal(found.value, 1);
    assert.equal(found.interval!.high, 1);
    assert.ok(found.interval!.low > 0.5 && found.interval!.low < 0.9, String(found.interval!.low));
    const ratio = measure("demographic_parity_ratio", [candidate, codes]);
    assert.deepEqual([ratio.value, ratio.interval!.low], [0, 0]);
    assert.ok(ratio.interval!.high > 0.05 && ratio.interval!.high < 1, String(ratio.interval!.high));
  });

  it("holds the value, is the same for the same seed, and says its smallest denominator", () => {
    const rows = selected([40, 60, 30], [0.3, 0.5, 0.6], 4);
    for (const name of ["equalized_odds_difference", "equalized_odds_ratio", "accuracy_difference"]) {
      const found = measure(name, rows);
      assert.ok(found.interval!.low <= found.value! && found.value! <= found.interval!.high, name);
      assert.deepEqual(measure(name, rows, { baseline: rows[0] }).interval, found.interval);
      assert.match(
        found.interval!.method,
        /^simultaneous bootstrap of group rates, smallest denominator \d+$/,
      );
    }
  });

  it("of a difference from the baseline is paired", () => {
    const rows = selected([300, 300], [0.3, 0.5], 5);
    const flipped = rows[0].decisions!.slice();
    flipped[0] = 1 - flipped[0]!;
    const near = measure("demographic_parity_difference", rows, {
      baseline: { ...rows[0], decisions: flipped },
    });
    assert.ok(Math.abs(near.difference!.value) < 0.01);
    assert.ok(near.difference!.interval!.high - near.difference!.interval!.low < 0.03);
    const far = measure("demographic_parity_difference", rows, {
      baseline: selected([300, 300], [0.3, 0.5], 6)[0],
    });
    assert.ok(far.difference!.interval!.high - far.difference!.interval!.low > 0.1);
  });

  it("of mean errors is made the same way, for few rows and for blocks of many", () => {
    const draws = random(9);
    for (const size of [30, 4000]) {
      const labels = Float64Array.from({ length: 2 * size }, () => draws.uniform());
      const scores = labels.map((label, row) => label + (row < size ? 1 : 1.5) * draws.uniform());
      const codes = Int32Array.from({ length: 2 * size }, (_, row) => (row < size ? 0 : 1));
      const candidate = { labels, scores, outputs: 1 };
      const baseline = { ...candidate, scores: scores.map((score) => score + 0.1) };
      const found = measure("mae_difference", [candidate, codes], {
        task: "regression",
        classes: [],
        baseline,
      });
      const { low, high } = found.interval!;
      assert.ok(low <= found.value! && found.value! <= high);
      // the means of uniform numbers on 0 to 1 and 0 to 1.5 differ by 0.25, with this standard error
      const error = Math.sqrt((1 / 12 + 2.25 / 12) / size);
      assert.ok(low < 0.25 && high > 0.25);
      assert.ok(
        Math.abs((high - low) / (2 * 1.96 * error) - 1) < 0.2 || low === 0,
        `${high - low} for ${error}`,
      );
      assert.ok(Math.abs(found.difference!.value) < 1e-9);
    }
  });
});
