import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { exitCode, type GateText, judge } from "../../../src/core/gates/judge.ts";
import type { Evaluation } from "../../../src/core/measures/evaluation.ts";
import type { Interval, MetricRow } from "../../../src/core/report/report.ts";

const interval = (low: number, high: number): Interval => ({ low, high, confidence: 0.95, method: "test" });

const row = (name: string, more: Partial<MetricRow>): MetricRow => ({
  name,
  title: name,
  better: "higher",
  value: null,
  interval: null,
  train: null,
  baseline: null,
  difference: null,
  reason: null,
  ...more,
});

const evaluation = (metrics: MetricRow[], fairness: MetricRow[] = []): Evaluation => ({
  metrics,
  shown: 0,
  confusion: null,
  curves: {
    roc: [],
    roc_baseline: [],
    precision_recall: [],
    precision_recall_baseline: [],
    calibration: [],
    residuals: [],
  },
  fairness: [{ column: "gender", groups: [], hidden: { groups: 0, rows: 0 }, measures: fairness }],
});

const COMPARED = { hasBaseline: true, baselineReason: null };
const FIRST = { hasBaseline: false, baselineReason: null };

function decide(
  condition: string,
  metrics: MetricRow[],
  {
    how = "approve",
    against = COMPARED,
    fairness = [] as MetricRow[],
  }: {
    how?: GateText["when_inconclusive"];
    against?: Parameters<typeof judge>[2];
    fairness?: MetricRow[];
  } = {},
) {
  return judge([{ gate: condition, when_inconclusive: how }], evaluation(metrics, fairness), against)[0]!;
}

describe("a gate against a number", () => {
  const auc = (low: number, high: number) => [
    row("roc_auc", { value: (low + high) / 2, interval: interval(low, high) }),
  ];
  const cases: [condition: string, low: number, high: number, state: string, explanation: string][] = [
    ["roc_auc >= 0.80", 0.81, 0.87, "met", "0.840 (0.810 to 0.870) against at least 0.8: met"],
    ["roc_auc >= 0.80", 0.8, 0.87, "met", "0.835 (0.800 to 0.870) against at least 0.8: met"],
    [
      "roc_auc > 0.80",
      0.8,
      0.87,
      "undecided",
      "0.835 (0.800 to 0.870) against more than 0.8: the data cannot tell",
    ],
    [
      "roc_auc >= 0.80",
      0.74,
      0.884,
      "undecided",
      "0.812 (0.740 to 0.884) against at least 0.8: the data cannot tell",
    ],
    ["roc_auc >= 0.80", 0.7, 0.79, "broken", "0.745 (0.700 to 0.790) against at least 0.8: not met"],
    ["roc_auc <= 0.80", 0.7, 0.79, "met", "0.745 (0.700 to 0.790) against at most 0.8: met"],
    ["roc_auc <= 0.80", 0.7, 0.8, "met", "0.750 (0.700 to 0.800) against at most 0.8: met"],
    [
      "roc_auc < 0.80",
      0.7,
      0.8,
      "undecided",
      "0.750 (0.700 to 0.800) against less than 0.8: the data cannot tell",
    ],
    ["roc_auc <= 0.80", 0.81, 0.9, "broken", "0.855 (0.810 to 0.900) against at most 0.8: not met"],
  ];
  for (const [condition, low, high, state, explanation] of cases) {
    it(`${condition} for ${low} to ${high} is ${state}`, () => {
      const gate = decide(condition, auc(low, high));
      assert.equal(gate.state, state);
      assert.equal(gate.verdict, { met: "pass", broken: "fail", undecided: "inconclusive" }[state]);
      assert.equal(gate.explanation, explanation);
      assert.equal(gate.limit, 0.8);
    });
  }

  it("is decided by the value where no interval was asked for", () => {
    const value = (at: number) => [row("roc_auc", { value: at })];
    assert.equal(decide("roc_auc >= 0.8", value(0.8)).state, "met");
    assert.equal(decide("roc_auc >= 0.8", value(0.7999)).state, "broken");
    assert.equal(decide("roc_auc >= 0.8", value(0.7999)).explanation, "0.7999 against at least 0.8: not met");
    assert.equal(decide("roc_auc > 0.8", value(0.1 + 0.7)).state, "broken"); // 0.7999…9 is 0.8, and not more
    assert.equal(decide("roc_auc >= 0.8", value(0.1 + 0.7)).state, "met");
  });

  it("is undecided where the data allow no interval", () => {
    const gate = decide("accuracy >= 0.8", [row("accuracy", { value: 1, reason: "4 rows are too few" })]);
    assert.equal(gate.verdict, "inconclusive");
    assert.equal(gate.explanation, "1.000 against at least 0.8: the data cannot tell, 4 rows are too few");
  });

  it("is never met without a value, whatever it says of being inconclusive", () => {
    const none = [row("roc_auc", { reason: "only one class has rows" })];
    const verdicts = (["pass", "warn", "approve", "fail"] as const).map((how) => {
      const gate = decide("roc_auc >= 0.8", none, { how });
      assert.equal(gate.state, "undecided");
      assert.equal(gate.value, null);
      assert.equal(gate.explanation, "no value: only one class has rows");
      return gate.verdict;
    });
    assert.deepEqual(verdicts, ["warn", "warn", "inconclusive", "fail"]);
  });

  it("maps what is undecided as the gate says", () => {
    const verdicts = (["pass", "warn", "approve", "fail"] as const).map(
      (how) => decide("roc_auc >= 0.8", auc(0.7, 0.9), { how }).verdict,
    );
    assert.deepEqual(verdicts, ["pass", "warn", "inconclusive", "fail"]);
  });

  it("says why a metric is not there", () => {
    assert.equal(
      decide("mae <= 3", []).explanation,
      "no value: mae is measured for regression and forecast only",
    );
    assert.equal(decide("cost <= 3", []).explanation, "no value: the contract has no plan.costs");
    assert.equal(
      decide("accuracy_difference by race <= 3", []).explanation,
      'no value: "race" is not among the sensitive columns; they are gender',
    );
  });

  it("by a column is held against that column's measure", () => {
    const fairness = [row("accuracy_difference", { value: 0.05, interval: interval(0, 0.09) })];
    const gate = decide("accuracy_difference by gender <= 10%", [], { fairness });
    assert.equal(gate.explanation, "0.050 (0.000 to 0.090) against at most 0.1: met");
  });

  it("carries the line on which it stands", () => {
    const gates = judge([{ gate: "f1 >= 0.5", when_inconclusive: "warn" }], evaluation([]), {
      ...FIRST,
      places: [{ file: "trainyard.yaml", line: 60, column: 7 }],
    });
    assert.equal(gates[0]!.line, 60);
  });
});

describe("a gate against the baseline", () => {
  const compared = (change: number, low: number, high: number, baseline = 0.8) => [
    row("roc_auc", {
      value: baseline + change,
      interval: interval(0.7, 0.9), // wide: it is the difference that counts
      baseline,
      difference: { value: change, interval: interval(low, high) },
    }),
  ];
  const cases: [
    condition: string,
    change: number,
    low: number,
    high: number,
    state: string,
    limit: number,
  ][] = [
    ["roc_auc >= baseline - 0.01", 0.01, -0.005, 0.02, "met", -0.01],
    ["roc_auc >= baseline - 0.01", 0, -0.02, 0.02, "undecided", -0.01],
    ["roc_auc >= baseline - 0.01", -0.05, -0.08, -0.02, "broken", -0.01],
    ["roc_auc >= baseline", 0, 0, 0, "met", 0],
    ["roc_auc > baseline", 0, 0, 0, "broken", 0],
    ["roc_auc >= baseline + 1%", 0.05, 0.02, 0.08, "met", 0.01],
    ["roc_auc >= baseline * 0.95", -0.01, -0.03, 0.01, "met", -0.04],
    ["roc_auc >= baseline * 0.95", -0.05, -0.06, -0.041, "broken", -0.04],
  ];
  for (const [condition, change, low, high, state, limit] of cases) {
    it(`${condition} for a difference of ${low} to ${high} is ${state}`, () => {
      const gate = decide(condition, compared(change, low, high));
      assert.equal(gate.state, state);
      assert.ok(
        Math.abs(gate.limit! - limit) < 1e-12,
        "on the scale of the difference, as are value and interval",
      );
      assert.deepEqual([gate.value, gate.interval?.low, gate.interval?.high], [change, low, high]);
    });
  }

  it("says the difference, its interval and its limit", () => {
    assert.equal(
      decide("roc_auc >= baseline - 0.01", compared(0.02, -0.013, 0.05)).explanation,
      "+0.020 (−0.013 to +0.050) from the baseline, against at least −0.010: the data cannot tell",
    );
  });

  it("passes with a note for the first model, and only there", () => {
    const alone = [row("roc_auc", { value: 0.9, interval: interval(0.85, 0.95) })];
    const gate = decide("roc_auc >= baseline - 0.01", alone, { against: FIRST });
    assert.deepEqual([gate.verdict, gate.state, gate.value], ["pass", "undecided", 0.9]);
    assert.equal(gate.explanation, "first model: nothing to compare with");
    assert.equal(decide("roc_auc >= 0.97", alone, { against: FIRST }).verdict, "fail");
    assert.equal(exitCode([gate]), 0);
  });

  it("is undecided where the two cannot be compared", () => {
    const alone = [row("roc_auc", { value: 0.9, interval: interval(0.85, 0.95) })];
    const against = { hasBaseline: false, baselineReason: "the label has changed" };
    const gate = decide("roc_auc >= baseline", alone, { against, how: "pass" });
    assert.deepEqual([gate.verdict, gate.state, gate.value], ["warn", "undecided", 0.9]);
    assert.equal(gate.explanation, "0.900, but not comparable with the baseline: the label has changed");
    const lost = decide("roc_auc >= baseline", alone);
    assert.equal(
      lost.explanation,
      "0.900, but not comparable with the baseline: the baseline has no roc_auc",
    );
  });

  it("is undecided where the difference has no interval although one was asked for", () => {
    const [whole] = compared(0.02, 0, 0);
    const metrics = [{ ...whole!, difference: { value: 0.02, interval: null } }];
    const gate = decide("roc_auc >= baseline", metrics);
    assert.equal(gate.state, "undecided");
    assert.match(gate.explanation, /the data cannot tell, the data allow no interval for the difference$/);
  });
});

describe("the exit code", () => {
  const gate = (
    state: "met" | "broken" | "undecided",
    verdict: "pass" | "warn" | "inconclusive" | "fail",
  ) => ({
    state,
    verdict,
  });
  it("is 0 when all pass or warn, 1 when one is broken, 3 when one is undecided and must not be", () => {
    assert.equal(exitCode([gate("met", "pass"), gate("undecided", "warn"), gate("undecided", "pass")]), 0);
    assert.equal(exitCode([gate("met", "pass"), gate("undecided", "inconclusive")]), 3);
    assert.equal(exitCode([gate("met", "pass"), gate("undecided", "fail")]), 3);
    assert.equal(exitCode([gate("undecided", "fail"), gate("broken", "fail")]), 1);
  });
});
