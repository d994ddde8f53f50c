import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type EvaluationInput, evaluate, type Scored } from "../../../../src/core/measures/evaluation.ts";
import { wilson } from "../../../../src/core/stats/wilson.ts";
import type { TextColumn } from "../../../../src/core/tables/column.ts";
import { near, oracle } from "../../../oracles/oracle.ts";

interface Case {
  title: string;
  labels: number[];
  group: string[];
  measures: Record<string, number | null>;
}
interface Decided extends Case {
  decisions: number[];
  groups: Record<string, Record<string, number>>;
}
interface Predicted extends Case {
  predictions: number[];
  groups: Record<string, number>;
}

const expected = oracle<{ binary: Decided[]; regression: Predicted[] }>("fairness");

function textColumn(values: readonly (string | undefined)[]): TextColumn {
  const words = [...new Set(values.filter((value) => value !== undefined))];
  return {
    kind: "text",
    codes: Int32Array.from(values, (v) => (v === undefined ? -1 : words.indexOf(v))),
    words,
  };
}

const decided = (labels: readonly number[], decisions: readonly number[]): Scored => ({
  labels: Float64Array.from(labels),
  scores: new Float64Array(0),
  outputs: 0,
  decisions: Int32Array.from(decisions),
});

function fairness(
  candidate: Scored,
  group: readonly (string | undefined)[],
  more: Partial<EvaluationInput> = {},
) {
  const [found] = evaluate({
    task: "binary-classification",
    classes: ["no", "yes"],
    candidate,
    sensitive: new Map([["group", textColumn(group)]]),
    resamples: 0,
    confidence: 0.95,
    seed: 7,
    minGroupSize: 1,
    ...more,
  }).fairness;
  return found!;
}

describe("fairness measures equal Fairlearn's", () => {
  for (const one of expected.binary) {
    it(one.title, () => {
      const found = fairness(decided(one.labels, one.decisions), one.group);
      for (const { name, value } of found.measures) near(value, one.measures[name]!, name);
      assert.equal(found.measures.length, Object.keys(one.measures).length);
      assert.deepEqual(
        found.groups.map(({ name }) => name),
        Object.keys(one.groups).sort(),
      );
      for (const group of found.groups) {
        const theirs = one.groups[group.name]!;
        assert.equal(group.size, theirs.size);
        for (const rate of [
          "selection_rate",
          "true_positive_rate",
          "false_positive_rate",
          "accuracy",
        ] as const) {
          near(group[rate].value, theirs[rate]!, `${rate} of ${group.name}`);
        }
      }
    });
  }

  for (const one of expected.regression) {
    it(one.title, () => {
      const candidate = {
        labels: Float64Array.from(one.labels),
        scores: Float64Array.from(one.predictions),
        outputs: 1,
      };
      const found = fairness(candidate, one.group, { task: "regression", classes: [] });
      assert.deepEqual(
        found.measures.map(({ name }) => name),
        ["mae_difference"],
      );
      near(found.measures[0]!.value, one.measures.mae_difference!, "mae_difference");
      for (const { name, error, accuracy } of found.groups) {
        near(error, one.groups[name]!, `error of ${name}`);
        assert.deepEqual(accuracy, { value: null, of: 0, interval: null });
      }
    });
  }
});

describe("groups", () => {
  const labels = [0, 1, 0, 1, 1, 0, 1];
  const decisions = [0, 1, 1, 1, 0, 0, 1];

  it("carry denominators and Wilson's intervals", () => {
    const found = fairness(decided(labels, decisions), ["a", "a", "a", "a", "b", "b", "b"]);
    const [a] = found.groups;
    assert.equal(a!.true_positive_rate.of, 2);
    assert.equal(a!.false_positive_rate.of, 2);
    assert.equal(a!.selection_rate.of, 4);
    assert.equal(a!.selection_rate.interval!.low, wilson(3, 4, 0.95)!.low);
  });

  it("of missing values are a group, which comes last", () => {
    const found = fairness(decided(labels, decisions), ["z", "z", undefined, undefined, "b", "b", "b"]);
    assert.deepEqual(
      found.groups.map(({ name, size }) => [name, size]),
      [
        ["b", 3],
        ["z", 2],
        ["(missing)", 2],
      ],
    );
  });

  it("below the minimum size are neither shown nor measured, and counted", () => {
    const group = ["a", "a", "a", "b", "b", "b", "tiny"];
    const found = fairness(decided(labels, decisions), group, { minGroupSize: 2, resamples: 50 });
    assert.deepEqual(
      found.groups.map(({ name }) => name),
      ["a", "b"],
    );
    assert.deepEqual(found.hidden, { groups: 1, rows: 1 });
    const without = fairness(decided(labels.slice(0, 6), decisions.slice(0, 6)), group.slice(0, 6), {
      minGroupSize: 2,
    });
    assert.deepEqual(
      found.measures.map(({ value }) => value),
      without.measures.map(({ value }) => value),
    );
    assert.match(found.measures[0]!.interval!.method, /without 1 small group \(1 rows\)$/);
    assert.ok(!JSON.stringify(found).includes("tiny"));
  });

  it("that are alone, or none, leave nothing to compare", () => {
    const alone = fairness(
      decided(labels, decisions),
      labels.map(() => "a"),
    );
    assert.deepEqual(
      [...new Set(alone.measures.map(({ value, reason }) => `${value}: ${reason}`))],
      ["null: there is one group only"],
    );
    const small = fairness(decided(labels, decisions), labels.map(String), { minGroupSize: 5 });
    assert.equal(
      small.measures[0]!.reason,
      "there is no group of the minimum size; 2 more below the minimum size",
    );
    const empty = fairness(decided([], []), []);
    assert.deepEqual(empty.groups, []);
    assert.equal(empty.measures[0]!.value, null);
  });

  it("without a positive row have no true positive rate, where Fairlearn says 0", () => {
    const found = fairness(decided([0, 0, 1, 0], [0, 1, 1, 0]), ["a", "a", "b", "b"]);
    assert.deepEqual(found.groups[0]!.true_positive_rate, { value: null, of: 0, interval: null, count: 0 });
    const odds = found.measures.find(({ name }) => name === "equalized_odds_difference")!;
    assert.equal(odds.value, null);
    assert.equal(odds.reason, 'fewer than two groups have 1 positive rows: "a" has none');
    assert.equal(found.measures.find(({ name }) => name === "demographic_parity_difference")!.value, 0);
  });

  it("take part in a rate where its own denominator is of the minimum size, and no measure hides who did not", () => {
    // Six rows each; "c" has two positive ones, of which none is found: it would make every gap the largest.
    const groups = ["a", "b", "c"].flatMap((name) => new Array<string>(6).fill(name));
    const labels = [1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0];
    const decisions = [1, 1, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0];
    const candidate = decided(labels, decisions);
    const found = fairness(candidate, groups, { minGroupSize: 3, baseline: candidate, resamples: 50 });
    assert.deepEqual(found.groups[2]!.true_positive_rate, { value: null, of: 2, interval: null, count: 0 });
    const measure = (name: string) => found.measures.find((one) => one.name === name)!;
    const opportunity = measure("equal_opportunity_difference");
    near(opportunity.value, 1 / 3, "of a and b alone");
    assert.deepEqual(opportunity.without, [{ group: "c", rate: "true_positive_rate", of: 2 }]);
    assert.equal(opportunity.difference!.value, 0);
    near(measure("equalized_odds_difference").value, 1 / 3, "the false positive rate takes c too");
    assert.equal(measure("accuracy_difference").without, undefined);
    const strict = fairness(candidate, groups, { minGroupSize: 4 });
    assert.equal(
      strict.measures.find(({ name }) => name === "equal_opportunity_ratio")!.reason,
      'fewer than two groups have 4 positive rows: "a" has 3, "b" has 3, "c" has 2',
    );
  });

  it("all with a rate of 0 have no ratio of it", () => {
    const found = fairness(decided([0, 1, 0, 1], [0, 0, 0, 0]), ["a", "a", "b", "b"]);
    const ratio = found.measures.find(({ name }) => name === "demographic_parity_ratio")!;
    assert.equal(ratio.value, null);
    assert.equal(ratio.reason, "the selection rate is 0 in every group");
    const right = fairness(decided([0, 1, 0, 1], [0, 1, 0, 1]), ["a", "a", "b", "b"]);
    assert.equal(right.measures.find(({ name }) => name === "equalized_odds_ratio")!.value, 1);
  });

  it("of more than two classes have accuracy alone", () => {
    const found = fairness(decided([0, 1, 2, 2], [0, 1, 2, 1]), ["a", "a", "b", "b"], {
      task: "multiclass-classification",
      classes: ["x", "y", "z"],
    });
    assert.deepEqual(
      found.measures.map(({ name, value }) => [name, value]),
      [["accuracy_difference", 0.5]],
    );
    assert.equal(found.groups[0]!.selection_rate.value, null);
  });
});
