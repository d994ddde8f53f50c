import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { assembleReport } from "../../../src/core/report/assemble.ts";
import { between, CASES, gate } from "./make-cases.ts";

type Parts = Parameters<typeof assembleReport>[0];
const parts = (name: string): Parts => CASES[name] as Parts;
const say = (name: string, change: Partial<Parts> = {}): string =>
  assembleReport({ ...parts(name), ...change }).sentence;
const [first, second] = parts("binary-pass").gates as [Parts["gates"][number], Parts["gates"][number]];
const [metric] = parts("binary-pass").metrics as [Parts["metrics"][number]];
const interval = (low: number, high: number) => ({ low, high, confidence: 0.95, method: "bootstrap" });

describe("the sentence", () => {
  const golden: Record<string, string> = {
    "binary-pass":
      "Better than the model in production on ROC AUC by 0.021 (0.004 to 0.038); all 3 gates pass.",
    "binary-fail": "Fails: ROC AUC 0.834 is below the limit 0.9, and 2 more.",
    inconclusive:
      "Cannot be decided on 107 rows: ROC AUC is 0.834 (0.752 to 0.901), and the limit 0.8 lies within that (about 510 more rows would decide it).",
    "first-model":
      "First model, there is none in production to compare it with, ROC AUC 0.834 (0.760 to 0.909); the one gate passes.",
    "not-comparable":
      "Not comparable with the model in production (the label changed from high_wage to wage_band), ROC AUC 0.834 (0.760 to 0.909); the one gate passes.",
    empty:
      "No gates: nothing here was held against a limit; first model, there is none in production to compare it with.",
  };
  for (const [name, text] of Object.entries(golden)) it(name, () => assert.equal(say(name), text));

  it("names a check of the data that failed", () => {
    const check = parts("binary-fail").checks.find(({ verdict }) => verdict === "fail");
    assert.equal(
      say("binary-pass", { checks: check === undefined ? [] : [check] }),
      "Fails: the data check “experience: between 0 and 60” (12 of 534 rows break it).",
    );
  });

  it("tells a value from the limit that it rounds to", () => {
    const gate = { ...first, verdict: "fail" as const, state: "broken" as const, value: 0.79996, limit: 0.8 };
    assert.equal(say("binary-pass", { gates: [gate] }), "Fails: ROC AUC 0.79996 is below the limit 0.8.");
  });

  it("says above where a measure should be low", () => {
    const gate = {
      ...first,
      condition: "log_loss <= 0.4",
      verdict: "fail" as const,
      state: "broken" as const,
      value: 0.5,
      limit: 0.4,
    };
    assert.equal(say("binary-pass", { gates: [gate] }), "Fails: Log loss 0.500 is above the limit 0.4.");
  });

  it("says the distance from production where the limit moves with it", () => {
    const gate = { ...second, verdict: "fail" as const, state: "broken" as const, value: -0.02 };
    assert.equal(
      say("binary-pass", { gates: [gate] }),
      "Fails: ROC AUC is 0.020 lower than in production, and may be at most 0.010 lower.",
    );
  });

  it("believes the gate, not its own arithmetic", () => {
    const gate = {
      ...first,
      verdict: "fail" as const,
      state: "broken" as const,
      explanation: "the interval reaches below.",
    };
    assert.equal(
      say("binary-pass", { gates: [gate] }),
      "Fails: roc_auc >= 0.75: the interval reaches below.",
    );
  });

  it("says why a gate has no value", () => {
    const gate = {
      ...first,
      verdict: "inconclusive" as const,
      state: "undecided" as const,
      value: null,
      interval: null,
      explanation: "one class only",
    };
    assert.equal(
      say("binary-pass", { gates: [gate] }),
      "Cannot be decided on 107 rows: ROC AUC has no value (one class only).",
    );
  });

  it("does not call chance better", () => {
    const unsure = { ...metric, difference: { value: 0.01, interval: interval(-0.02, 0.04) } };
    assert.match(
      say("binary-pass", { metrics: [unsure] }),
      /^Not told apart from the model in production: ROC AUC differs by \+0\.010 \(−0\.020 to \+0\.040\); /,
    );
  });

  it("says worse, also where lower is better", () => {
    const worse = {
      ...metric,
      title: "Log loss",
      better: "lower" as const,
      difference: { value: 0.05, interval: interval(0.01, 0.09) },
    };
    assert.match(
      say("binary-pass", { metrics: [worse] }),
      /^Worse than the model in production on Log loss by 0\.050 \(0\.010 to 0\.090\); /,
    );
    const fallen = { ...metric, difference: { value: -0.05, interval: interval(-0.09, -0.01) } };
    assert.match(
      say("binary-pass", { metrics: [fallen] }),
      /^Worse than the model in production on ROC AUC by 0\.050 \(0\.010 to 0\.090\); /,
    );
  });

  it("counts the gates that were let through undecided", () => {
    const gate = { ...first, state: "undecided" as const };
    assert.match(
      say("binary-pass", { gates: [gate, second] }),
      /; 1 of 2 gates met, 1 undecided and let through\.$/,
    );
  });

  it("names a warning", () => {
    const gate = { ...first, verdict: "warn" as const, state: "undecided" as const, limit: 0.8 };
    assert.match(
      say("binary-pass", { gates: [gate] }),
      /; passes with a warning: ROC AUC is 0\.834 \(0\.752 to 0\.901\), and the limit 0\.8 lies within that, which is not decided\.$/,
    );
  });

  it("names first whom a gate finds wronged, and what is better on average all the same", () => {
    const gates = [
      gate({
        condition: "equal_opportunity_difference by origin <= 0.1",
        verdict: "fail",
        state: "broken",
        value: 0.319,
        interval: between(0.264, 0.375),
        limit: 0.1,
      }),
      gate(
        {
          condition: "worst_group recall by origin >= baseline - 0.05",
          verdict: "fail",
          state: "broken",
          value: -0.311,
          interval: between(-0.371, -0.247),
          limit: -0.05,
        },
        { who: '"newcomer"' },
      ),
    ];
    assert.equal(
      say("binary-pass", { gates }),
      'Fails: recall of "newcomer" (by origin) is 0.311 lower than in production, and may be at most 0.050 lower, and 1 more, although better than the model in production on ROC AUC by 0.021 (0.004 to 0.038).',
    );
  });

  it("says a difference once where the warning is about it", () => {
    const gates = [
      gate({
        condition: "roc_auc >= baseline - 0.01",
        verdict: "warn",
        when_inconclusive: "warn",
        state: "undecided",
        value: 0.021,
        interval: between(-0.021, 0.048),
        limit: -0.01,
        more_rows: 90,
      }),
    ];
    assert.equal(
      say("inconclusive", { gates }),
      "Not told apart from the model in production: ROC AUC differs by +0.021 (−0.021 to +0.048); passes with a warning: the limit −0.010 lies within that (about 90 more rows would decide it), which is not decided.",
    );
  });
});
