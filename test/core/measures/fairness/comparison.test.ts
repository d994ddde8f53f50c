import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { comparisonOf } from "../../../../src/core/measures/fairness/comparison.ts";
import { groupsOf } from "../../../../src/core/measures/fairness/groups.ts";
import {
  type AequitasName,
  type Framed,
  likeAequitas,
  likeAif360,
  likeFairlearn,
} from "../../../../src/core/measures/fairness/like.ts";
import { cellsOf } from "../../../../src/core/measures/fairness/rates.ts";
import type { RateName } from "../../../../src/core/measures/fairness/shares.ts";
import { classified } from "../../../../src/core/measures/scored.ts";
import { pairedDifference, shareDifference, shareRatio } from "../../../../src/core/stats/two-proportions.ts";
import { near, oracle } from "../../../oracles/oracle.ts";

interface Case {
  title: string;
  labels: number[];
  decisions: number[];
  group: string[];
  names: string[];
  majority: string;
  fairlearn: Record<RateName, Record<keyof Framed, number | null> & { by_group: number[] }>;
  aequitas: Record<AequitasName, { metric: (number | null)[]; disparity: (number | null)[] }>;
  aif360: Record<string, number | null>;
}

const expected = oracle<{
  cases: Case[];
  shares: {
    counts: [number, number, number, number];
    confidence: number;
    difference: number[];
    ratio: (number | null)[];
  }[];
  paired: { cells: [number, number, number, number]; interval: [number, number] }[];
}>("groups");

const finite = (value: number | undefined): number | null => (Number.isFinite(value) ? value! : null);

function split(group: readonly string[]) {
  const words = [...new Set(group)];
  const codes = Int32Array.from(group, (name) => words.indexOf(name));
  return groupsOf({ kind: "text", codes, words }, 1);
}

const answers = (labels: readonly number[], decisions: readonly number[]) =>
  classified(
    {
      labels: Float64Array.from(labels),
      scores: new Float64Array(0),
      outputs: 0,
      decisions: Int32Array.from(decisions),
    },
    2,
  );

describe("the libraries' own answers, empty denominators and all", () => {
  for (const one of expected.cases) {
    const groups = split(one.group);
    const cells = cellsOf(answers(one.labels, one.decisions), groups);
    const place = one.names.indexOf(one.majority);

    it(`${one.title}: Fairlearn`, () => {
      assert.deepEqual(groups.names, one.names);
      for (const [name, theirs] of Object.entries(one.fairlearn)) {
        const ours = likeFairlearn(name as RateName, cells);
        theirs.by_group.forEach((value, g) => {
          near(ours.by_group[g]!, value, `${name} of ${one.names[g]}`);
        });
        for (const key of ["difference", "ratio", "group_min", "group_max"] as const) {
          near(finite(ours[key]), theirs[key], `${name} ${key}`);
        }
      }
    });

    it(`${one.title}: Aequitas`, () => {
      for (const [name, theirs] of Object.entries(one.aequitas)) {
        const ours = likeAequitas(name as AequitasName, cells, place);
        theirs.metric.forEach((value, g) => {
          near(finite(ours.metric[g]), value, `${name} of ${one.names[g]}`);
          if (name !== "prev")
            near(finite(ours.disparity[g]), theirs.disparity[g]!, `${name} disparity of ${one.names[g]}`);
        });
      }
    });

    it(`${one.title}: AIF360`, () => {
      const ours = likeAif360(
        cells.filter((_, g) => g !== place),
        cells.filter((_, g) => g === place),
      );
      for (const [name, value] of Object.entries(one.aif360)) near(finite(ours[name]), value, name);
    });

    it(`${one.title}: ours equal them where there are rows, and are silent where there are none`, () => {
      const found = comparisonOf(groups, answers(one.labels, one.decisions), undefined, {
        reference: { group: one.majority },
        confidence: 0.95,
        minGroupSize: 1,
      })!;
      const rate = (name: string) => found.rates.find((row) => row.name === name)!;
      const names = {
        tpr: "true_positive_rate",
        for: "false_omission_rate",
        npv: "negative_predictive_value",
      };
      for (const [theirs, name] of Object.entries(names)) {
        const library = one.aequitas[theirs as AequitasName];
        rate(name).groups.forEach((own, g) => {
          near(own.value, library.metric[g]!, `${name} of ${own.group}`);
          assert.equal(own.state, own.of === 0 ? "no data" : "counted");
        });
      }
      if (one.names.length > 2) return; // AIF360 takes all but one together
      const other = 1 - place;
      const selected = rate("selection_rate").groups[other]!;
      near(selected.difference!.value, one.aif360.statistical_parity_difference!, "difference");
      near(selected.ratio!.value, one.aif360.disparate_impact!, "ratio");
      near(found.average_odds[0]?.value ?? null, one.aif360.average_odds_difference!, "average odds");
    });
  }
});

describe("intervals of two shares", () => {
  it("equal statsmodels', and MOVER-R made of its Wilson intervals", () => {
    for (const { counts, confidence, difference, ratio } of expected.shares) {
      const [a, m, b, n] = counts;
      const found = shareDifference({ count: a, of: m }, { count: b, of: n }, confidence)!;
      near(found.low, difference[0]!, `low of ${counts}`);
      near(found.high, difference[1]!, `high of ${counts}`);
      if (ratio[0] === null) continue;
      const quotient = shareRatio({ count: a, of: m }, { count: b, of: n }, confidence)!;
      near(quotient.low, ratio[0]!, `low of the ratio of ${counts}`);
      near(quotient.high, ratio[1]!, `high of the ratio of ${counts}`);
    }
  });

  it("of pairs equal what Newcombe published", () => {
    for (const { cells, interval } of expected.paired) {
      const { low, high } = pairedDifference(cells, 0.95)!;
      assert.deepEqual(
        [low.toFixed(4), high.toFixed(4)],
        interval.map((end) => end.toFixed(4)),
      );
    }
    const same = pairedDifference([40, 0, 0, 60], 0.95)!;
    assert.ok(same.low <= 0 && same.high >= 0 && same.high - same.low < 0.06);
  });

  // Every outcome of two binomials with its chance: coverage to the last digit, without drawing.
  const chances = (n: number, p: number): number[] => {
    const all = [(1 - p) ** n];
    for (let k = 1; k <= n; k++) all.push((all[k - 1]! * ((n - k + 1) / k) * p) / (1 - p));
    return all;
  };
  for (const [m, n, p, q] of [
    [20, 30, 0.4, 0.4],
    [15, 60, 0.2, 0.5],
    [10, 10, 0.9, 0.6],
    [60, 200, 0.1, 0.05],
  ] as const) {
    it(`hold the truth as often as they say: ${p} of ${m} and ${q} of ${n}`, () => {
      let [difference, ratio] = [0, 0];
      chances(m, p).forEach((own, a) => {
        chances(n, q).forEach((other, b) => {
          const [x, y] = [
            { count: a, of: m },
            { count: b, of: n },
          ];
          const d = shareDifference(x, y, 0.95)!;
          const r = shareRatio(x, y, 0.95)!;
          if (d.low <= p - q && p - q <= d.high) difference += own * other;
          if (r.low <= p / q && p / q <= r.high) ratio += own * other;
        });
      });
      assert.ok(difference > 0.93 && difference < 0.985, `difference ${difference}`);
      assert.ok(ratio > 0.93 && ratio < 0.985, `ratio ${ratio}`);
    });
  }
});

describe("a comparison of groups", () => {
  const groups = split(["a", "a", "a", "a", "a", "b", "b", "b", "b", "c", "c", "c", "c"]);
  const rows = answers([1, 1, 0, 0, 0, 1, 1, 1, 0, 1, 0, 0, 0], [1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0]);
  const settings = { confidence: 0.95, minGroupSize: 2 };

  it("is with the largest group, or one by name, or each rate's best", () => {
    const majority = comparisonOf(groups, rows, undefined, { ...settings, reference: "majority" })!;
    assert.deepEqual(majority.reference, { chosen: "majority", group: "a" });
    const named = comparisonOf(groups, rows, undefined, { ...settings, reference: { group: "c" } })!;
    assert.ok(named.rates.every(({ reference }) => reference === "c" || reference === null));
    const best = comparisonOf(groups, rows, undefined, { ...settings, reference: "best" })!;
    const of = (name: string) => best.rates.find((rate) => rate.name === name)!;
    assert.equal(of("selection_rate").reference, "b");
    assert.equal(of("false_positive_rate").reference, "a");
    assert.equal(of("selection_rate").groups[0]!.ratio!.value, 0.2);
    assert.equal(of("selection_rate").groups[0]!.ratio!.interval, null); // the best is known by hindsight
  });

  it("leaves out who has too few rows for a rate, with the numbers", () => {
    const found = comparisonOf(groups, rows, undefined, { ...settings, reference: "majority" })!;
    const tpr = found.rates.find(({ name }) => name === "true_positive_rate")!;
    assert.deepEqual(
      tpr.groups.map(({ group, count, of, state, value }) => [group, count, of, state, value]),
      [
        ["a", 1, 2, "counted", 0.5],
        ["b", 3, 3, "counted", 1],
        ["c", 1, 1, "too few", null],
      ],
    );
    assert.equal(tpr.difference, 0.5);
    assert.equal(tpr.worst, "a");
    assert.deepEqual(found.average_odds, []); // one negative row in b, one positive in c
  });

  it("needs two groups, and a reference that is there", () => {
    const one = split(["a", "a"]);
    const two = answers([0, 1], [0, 1]);
    assert.equal(comparisonOf(one, two, undefined, { ...settings, reference: "majority" }), undefined);
    const lost = comparisonOf(groups, rows, undefined, { ...settings, reference: { group: "nobody" } })!;
    assert.equal(lost.reference.group, null);
    assert.ok(
      lost.rates.every(
        ({ reference, groups: all }) => reference === null && all.every((own) => own.difference === null),
      ),
    );
  });
});
