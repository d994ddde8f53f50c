import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCondition } from "../../../src/core/gates/condition.ts";
import { judge } from "../../../src/core/gates/judge.ts";
import { judgeCustom } from "../../../src/core/gates/judge-custom.ts";
import type { CustomByGroup, CustomGroup } from "../../../src/core/report/sections/custom.ts";

const OWN = [
  { name: "profit", better: "higher" },
  { name: "waste", better: "lower" },
] as const;

const between = (low: number, high: number, confidence = 0.95) => ({ low, high, confidence, method: "m" });

const group = (name: string, value: number | null, over: Partial<CustomGroup> = {}): CustomGroup => ({
  group: name,
  rows: 50,
  value,
  interval: value === null ? null : between(value - 1, value + 1),
  accused: value === null ? null : between(value - 2, value + 2, 0.975),
  baseline: null,
  difference: null,
  reason: value === null ? "1 row has no amount" : null,
  ...over,
});

/** What is decided of a condition for these groups. */
function decided(condition: string, ...groups: readonly CustomGroup[]) {
  const by: CustomByGroup = { name: "profit", title: "Profit", better: "higher", groups: [...groups] };
  const { state, value, who, also } = judgeCustom(parseCondition(condition, OWN), by);
  return { state, value, who, also };
}

test("met where every group's whole interval is, and undecided where one's is not", () => {
  const gate = "worst_group profit by gender >= 0";
  assert.deepEqual(decided(gate, group("f", 1.5), group("m", 4)), {
    state: "met",
    value: 1.5,
    who: '"f"',
    also: "",
  });
  assert.equal(decided(gate, group("f", 0.5), group("m", 4)).state, "undecided");
});

test("broken only where the wider interval says so, too", () => {
  const gate = "worst_group profit by gender >= 0";
  assert.equal(decided(gate, group("f", -1.5), group("m", 4)).state, "undecided");
  const found = decided(gate, group("f", -2.5), group("m", -3), group("x", 9));
  assert.deepEqual([found.state, found.who, found.also], ["broken", '"m"', "; nor 1 more"]);
});

test("a group without a value is no pass", () => {
  const gate = "worst_group profit by gender >= 0";
  const found = decided(gate, group("f", null), group("m", 4));
  assert.equal(found.state, "undecided");
  assert.match(found.also ?? "", /1 of 2 groups have no value/);
  assert.equal(decided(gate, group("f", null), group("m", null)).state, "undecided");
});

test("more rows are spoken of where they would help, and of what fails alone it is said that it may be chance", () => {
  const asked = (...groups: readonly CustomGroup[]) => {
    const custom: CustomByGroup[] = [
      { name: "profit", title: "Profit", better: "higher", groups: [...groups] },
    ];
    const evaluation = { metrics: [], fairness: [{ column: "gender", groups: [], custom }] };
    const gate = { gate: "worst_group profit by gender >= 0", when_inconclusive: "approve" } as const;
    const comparison = { hasBaseline: false, baselineReason: null, rows: 100, custom: OWN };
    return judge([gate], evaluation as unknown as Parameters<typeof judge>[1], comparison)[0]!;
  };
  const unknown = asked(group("f", null), group("m", 4));
  assert.deepEqual([unknown.state, unknown.more_rows], ["undecided", undefined]);
  assert.equal(
    unknown.explanation,
    '"m": 4.000 (3.000 to 5.000) against at least 0: the data cannot tell; 1 of 2 groups have no value',
  );
  const alone = asked(group("f", -1.5), group("m", 4));
  assert.deepEqual([alone.interval?.low, alone.interval?.high, alone.more_rows], [-3.5, 0.5, 240]);
  assert.match(alone.explanation, /if the value stays; the worst of 2 may look so by chance$/);
  const few = asked(group("f", -1.5, { accused: null }), group("m", 4));
  assert.deepEqual([few.state, few.interval?.high, few.more_rows], ["undecided", -0.5, undefined]);
});

test("without resamples the values decide; with them, what has no interval is undecided", () => {
  const bare = { interval: null, accused: null };
  const gate = "worst_group profit by gender >= 0";
  assert.equal(decided(gate, group("f", 1, bare), group("m", 2, bare)).state, "met");
  assert.equal(decided(gate, group("f", -1, bare), group("m", 2, bare)).state, "broken");
  assert.equal(decided(gate, group("f", -1, bare), group("m", 2)).state, "undecided");
});

test("against the baseline each group's own difference counts", () => {
  const change = (value: number) => ({
    baseline: 10,
    difference: { value, interval: between(value - 1, value + 1), accused: between(value - 2, value + 2) },
  });
  const gate = "worst_group profit by gender >= baseline - 1";
  assert.equal(decided(gate, group("f", 9, change(0.5)), group("m", 4, change(3))).state, "met");
  assert.equal(decided(gate, group("f", 9, change(-4)), group("m", 4, change(3))).state, "broken");
  assert.equal(
    decided("worst_group profit by gender >= baseline * 90%", group("f", 9, change(0.5))).state,
    "met",
  );
});

test("conditions know the contract's own metrics by name and direction", () => {
  assert.deepEqual(parseCondition("profit >= baseline - 5", OWN), {
    text: "profit >= baseline - 5",
    metric: "profit",
    operator: ">=",
    right: { kind: "baseline", times: 1, plus: -5 },
    custom: { worst: false },
  });
  assert.throws(() => parseCondition("profit >= 0"), /unknown metric "profit"/);
  assert.throws(() => parseCondition("profti >= 0", OWN), /did you mean "profit"/);
  assert.throws(
    () => parseCondition("worst_group waste by g >= 0", OWN),
    /waste is the better the lower; write <=/,
  );
  assert.throws(() => parseCondition("profit by g >= 0", OWN), /"worst_group profit by COLUMN"/);
});
