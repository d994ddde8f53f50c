import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decidableByRocAuc } from "../../../src/core/drafts/margin.ts";
import { ConditionError } from "../../../src/core/gates/condition.ts";
import { type Before, powerOf, undecidedShare } from "../../../src/core/gates/power.ts";
import { showPower } from "../../../src/core/gates/show-power.ts";
import { evaluate } from "../../../src/core/measures/evaluation.ts";
import { reachOf } from "../../../src/core/stats/four-of-five.ts";
import { oracle } from "../../oracles/oracle.ts";
import { inputOf, twoClasses } from "../measures/rows.ts";

const drawn = oracle<{
  confidence: number;
  cases: {
    classes: [number, number];
    correlation: number;
    deviation: number;
    margin: number;
    undecided: number;
  }[];
  planned: { classes: [number, number]; half_width: number; margin: number; undecided: number }[];
  weighted: {
    metric: string;
    rows: number;
    sigma: number;
    effective: number[];
    deviation: number;
    plain: number;
  }[];
}>("power");

const Z = 1.959963984540054;
const WAGES = { holdout: 107, all: 534, classes: [58, 49] };
const power = (gate: string, rows: Parameters<typeof powerOf>[1] = WAGES, before?: Before) =>
  powerOf([{ gate }], rows, 0.95, before)[0]!;

describe("the share of equally good models that a gate leaves undecided", () => {
  for (const { classes, margin, deviation, correlation, undecided } of drawn.cases) {
    it(`is what drawing finds: ${classes.join(" and ")} rows, margin ${margin}, correlation ${correlation.toFixed(2)}`, () => {
      const share = undecidedShare(margin, Z * deviation, drawn.confidence);
      // drawing knows it to 0.008; DeLong's error scatters around its mean, which costs as much again for few rows
      assert.ok(Math.abs(share - undecided) < 0.03, `${share}, not ${undecided}`);
      const alone = decidableByRocAuc(...classes)!.halfWidth;
      const width = alone * Math.sqrt(2 * (1 - correlation));
      assert.ok(Math.abs(width / (Z * deviation) - 1) < 0.05, `half-width ${width}, not ${Z * deviation}`);
    });
  }

  it("is nearly all at 107 rows with a margin of a hundredth, and next to none where rows abound", () => {
    const few = power("roc_auc >= baseline - 0.01");
    assert.deepEqual(
      few.prospects.map(({ undecided }) => undecided! > 0.9),
      [true, true],
    );
    const many = power("roc_auc >= baseline - 0.01", { holdout: 8000, all: 40_000, classes: [4000, 4000] });
    assert.ok(many.prospects[1]!.undecided! < 0.05);
    const enough = power("roc_auc >= baseline - 0.01", { holdout: 1e6, all: 5e6, classes: [5e5, 5e5] });
    assert.ok(enough.prospects.every(({ undecided }) => undecided! < 1e-6));
    assert.equal(enough.proposed, 0.01);
  });
});

describe("what the rows at hand can decide of a gate", () => {
  it("reads the margin from whatever way the gate is written", () => {
    const margin = (gate: string) => power(gate).margin;
    assert.equal(margin("roc_auc >= baseline - 0.05"), 0.05);
    assert.equal(margin("roc_auc >= baseline"), 0);
    assert.equal(margin("roc_auc > baseline + 1%"), -0.01);
    assert.equal(margin("log_loss <= baseline + 0.02"), 0.02);
    assert.ok(Math.abs(margin("accuracy >= baseline * 95%")! - 0.04) < 1e-12); // of a supposed 0.8
    assert.equal(margin("log_loss <= baseline * 1.05"), null); // of what is not known
    assert.equal(margin("accuracy >= 0.8"), null);
  });

  for (const { classes, half_width, margin, undecided } of drawn.planned) {
    it(`proposes a margin that leaves one of five undecided when drawn: ${classes.join(" and ")} rows, ±${half_width.toFixed(3)}`, () => {
      const own = half_width * reachOf(drawn.confidence);
      assert.ok(Math.abs(own - margin) < 1e-9, `${own}, not ${margin}`);
      assert.ok(Math.abs(undecided - 0.2) < 0.03, String(undecided));
      assert.ok(Math.abs(undecidedShare(own, half_width, drawn.confidence) - 0.2) < 1e-4);
    });
  }

  it("proposes at least that margin for the models that differ most", () => {
    for (const confidence of [0.9, 0.95, 0.99]) {
      const [gate] = powerOf(
        [{ gate: "accuracy >= baseline - 0.01" }],
        { ...WAGES, holdout: 1000 },
        confidence,
      );
      const [much] = gate!.prospects;
      assert.ok(undecidedShare(gate!.proposed!, much!.half_width, confidence) <= 0.2);
      assert.ok(undecidedShare(gate!.proposed! - 0.01, much!.half_width, confidence) > 0.2);
    }
  });

  it("proposes the margin that init drafts", () => {
    const gate = power("roc_auc >= baseline - 0.01");
    assert.equal(gate.proposed, decidableByRocAuc(58, 49)!.margin);
  });

  it("knows nothing of other metrics and of groups before the first evaluation", () => {
    for (const gate of ["f1 >= 0.5", "log_loss <= baseline", "accuracy_difference by g <= 0.1"]) {
      assert.deepEqual(power(gate).prospects, []);
      assert.equal(power(gate).proposed, null);
    }
    assert.deepEqual(power("roc_auc >= baseline", { holdout: 5, all: 9, classes: [5] }).prospects, []);
    assert.deepEqual(power("r2 >= baseline", { holdout: 0, all: 0, classes: [] }).prospects, []);
  });

  it("takes widths from the last evaluation, scaled to the rows there are now", () => {
    const candidate = twoClasses(400, 3);
    const baseline = { ...candidate, scores: candidate.scores.map((s, row) => 0.9 * s + (row % 7) / 80) };
    const found = evaluate(inputOf(candidate, { baseline }));
    const before = { rows: 400, metrics: found.metrics, fairness: [] };
    const rows = { holdout: 1600, all: 8000, classes: [800, 800] };
    for (const name of ["f1", "roc_auc", "log_loss"]) {
      const row = found.metrics.find((metric) => metric.name === name)!;
      const own = power(`${name} >= 0.5`, rows, before).prospects;
      const paired = power(`${name} >= baseline - 0.01`, rows, before).prospects;
      const half = ({ low, high }: { low: number; high: number }) => (high - low) / 2 / 2;
      assert.equal(own[0]!.supposing, "the last evaluation");
      assert.ok(Math.abs(own[0]!.half_width - half(row.interval!)) < 1e-12);
      assert.ok(Math.abs(paired[0]!.half_width - half(row.difference!.interval!)) < 1e-12);
    }
    const itself = evaluate(inputOf(candidate, { baseline: candidate }));
    const same = power("roc_auc >= baseline", rows, { rows: 400, metrics: itself.metrics, fairness: [] });
    assert.equal(same.prospects[0]!.supposing, "models that differ much");
  });

  for (const { metric, rows, sigma, effective, deviation, plain } of drawn.weighted) {
    it(`expects of weighted rows what drawing finds: ${metric} of ${rows} rows, lognormal by ${sigma}`, () => {
      const worth = {
        holdout: effective.reduce((sum, one) => sum + one, 0),
        all: rows,
        classes: effective.length > 1 ? effective : [],
      };
      const counted = { holdout: rows, all: rows, classes: effective.map(() => rows / effective.length) };
      const gate = `${metric} >= 0.5`;
      const half = power(gate, { ...counted, effective: worth }).prospects[0]!.half_width;
      const equal = power(gate, counted).prospects[0]!.half_width;
      assert.ok(Math.abs(half / (Z * deviation) - 1) < 0.06, `${half}, not ${Z * deviation}`);
      assert.ok(Math.abs(equal / (Z * plain) - 1) < 0.06, `${equal}, not ${Z * plain}`);
    });
  }

  it("scales the last evaluation's width by rows of equal weight", () => {
    const interval = { low: 0.4, high: 0.6, confidence: 0.95, method: "m" };
    const row = { name: "f1", title: "F1", better: "higher", value: 0.5, interval, train: null } as const;
    const metrics = [{ ...row, baseline: null, difference: null, reason: null }];
    const rows = {
      ...{ holdout: 1000, all: 5000, classes: [500, 500] },
      effective: { holdout: 200, all: 1250, classes: [100, 90] },
    };
    const { prospects, cross_validated } = power("f1 >= 0.5", rows, { rows: 50, metrics, fairness: [] });
    assert.equal(prospects[0]!.half_width.toFixed(9), "0.050000000");
    assert.equal(cross_validated[0]!.toFixed(9), (0.05 * Math.sqrt(200 / 1250)).toFixed(9));
  });

  it("says what judging every row once would give", () => {
    const { cross_validated, prospects } = power("accuracy >= baseline", {
      holdout: 100,
      all: 400,
      classes: [50, 50],
    });
    assert.deepEqual(
      cross_validated,
      prospects.map(({ half_width }) => half_width / 2),
    );
  });

  it("refuses a condition that cannot be read", () => {
    assert.throws(() => power("f1_score >= 1"), ConditionError);
  });
});

describe("the answer of power", () => {
  const gates = ["roc_auc >= 0.65", "roc_auc >= baseline - 0.05", "f1 >= 0.5"].map((gate) => ({ gate }));

  it("is a page that a person reads", () => {
    assert.equal(
      showPower("wages", WAGES, powerOf(gates, WAGES, 0.95)),
      [
        "wages: 107 holdout rows of 534, 58 and 49 of the two classes",
        "",
        "  roc_auc >= 0.65",
        "    interval ±0.083: decided where the value that is found is at least so far from the limit",
        "",
        "  roc_auc >= baseline - 0.05",
        "    difference ±0.083 for models that differ much: 78.2% of equally good models left undecided",
        "    difference ±0.037 for models that differ little: 24.9% of equally good models left undecided",
        "    with a margin of 0.12 four of five would be decided",
        "    cross-validation would judge 534 rows in place of 107: about ±0.037 and ±0.017",
        "",
        "  f1 >= 0.5",
        "    not known beforehand: judged once, the gate itself says how wide its interval is",
      ].join("\n"),
    );
  });

  it("says what weighted rows are worth", () => {
    const rows = { ...WAGES, effective: { holdout: 61.4, all: 302.7, classes: [33.2, 28.1] } };
    const text = showPower("wages", rows, powerOf(gates, rows, 0.95));
    assert.equal(
      text.split("\n").slice(0, 5).join("\n"),
      [
        "wages: 107 holdout rows of 534, 58 and 49 of the two classes;",
        "  by their weights they tell as much as 61 of 303, 33 and 28 of the two classes",
        "",
        "  roc_auc >= 0.65",
        "    interval ±0.110: decided where the value that is found is at least so far from the limit",
      ].join("\n"),
    );
  });

  it("says so where the rows suffice, and where there are no gates", () => {
    const rows = { holdout: 20_000, all: 100_000, classes: [10_000, 10_000] };
    const text = showPower("big", rows, powerOf([{ gate: "roc_auc >= baseline - 0.02" }], rows, 0.95));
    assert.match(text, /\n {4}the margin is one that these rows can decide, in four of five cases at least$/);
    assert.doesNotMatch(text, /cross-validation/);
    assert.match(showPower("none", rows, []), /\n {2}the contract has no gates$/);
  });
});

it("a gate that asks each group of a metric of one's own is as wide as the least sure group", () => {
  const group = (name: string, half: number) => ({
    group: name,
    rows: 40,
    value: 1,
    interval: { low: 1 - half, high: 1 + half, confidence: 0.95, method: "m" },
    accused: null,
    baseline: null,
    difference: null,
    reason: null,
  });
  const own = {
    name: "profit",
    title: "Profit",
    better: "higher",
    groups: [group("f", 3), group("m", 2)],
  } as const;
  const before = {
    rows: 100,
    metrics: [],
    fairness: [{ column: "gender", measures: [], custom: [{ ...own, groups: [...own.groups] }] }],
  };
  const names = [{ name: "profit", better: "higher" }] as const;
  const gates = [{ gate: "worst_group profit by gender >= 0" }];
  const rows = { holdout: 400, all: 2000, classes: [200, 200] };
  assert.equal(
    powerOf(gates, rows, 0.95, before, names)[0]?.prospects[0]?.half_width.toFixed(9),
    "1.500000000",
  );
  assert.deepEqual(powerOf(gates, rows, 0.95, undefined, names)[0]?.prospects, []);
});
