import assert from "node:assert/strict";
import { test } from "node:test";
import type { Waiver } from "../../../src/config/waivers.ts";
import { exitCode } from "../../../src/core/gates/judge.ts";
import { gravest } from "../../../src/core/gates/verdict.ts";
import { applyWaivers, waiversOver } from "../../../src/core/gates/waivers.ts";
import type { GateRow } from "../../../src/core/report/report.ts";

const gate = (over: Partial<GateRow> = {}): GateRow => ({
  condition: "roc_auc >= 0.80",
  verdict: "fail",
  when_inconclusive: "approve",
  state: "broken",
  value: 0.7,
  interval: null,
  limit: 0.8,
  explanation: "0.7 against at least 0.8: not met",
  line: 3,
  ...over,
});

const waiver = (over: Partial<Waiver> = {}): Waiver => ({
  gate: "roc_auc >= 0.80",
  by: "@anna",
  because: "a new sensor",
  until: "2026-12-31",
  line: 2,
  ...over,
});

const NOW = { today: "2026-11-22", pull: 12, sha256: "a".repeat(64), days: undefined };

/** What becomes of one gate and one waiver. */
function outcome(one: GateRow, other: Waiver, now: Partial<Parameters<typeof applyWaivers>[3]> = {}) {
  const { gates, waivers } = applyWaivers([one], [other], [], { ...NOW, ...now });
  return `${gates[0]?.verdict}, ${waivers[0]?.state}`;
}

test("a gate that does not hold is waived, which is no pass and stops nothing", () => {
  const { gates } = applyWaivers([gate()], [waiver()], [], NOW);
  assert.equal(gates[0]?.verdict, "waived");
  assert.deepEqual(gates[0]?.waived, {
    by: "@anna",
    because: "a new sensor",
    until: "2026-12-31",
    instead_of: "fail",
  });
  assert.equal(gates[0]?.state, "broken");
  assert.equal(exitCode(gates), 0);
  assert.equal(gravest([gates[0]?.verdict ?? "fail", "warn"]), "waived");
  assert.equal(gravest([gates[0]?.verdict ?? "fail", "inconclusive"]), "inconclusive");
});

test("one that holds, or warns, is left as it is", () => {
  assert.equal(outcome(gate({ verdict: "pass", state: "met" }), waiver()), "pass, not needed");
  assert.equal(outcome(gate({ verdict: "warn", state: "undecided" }), waiver()), "warn, not needed");
  assert.equal(outcome(gate({ verdict: "inconclusive", state: "undecided" }), waiver()), "waived, holds");
});

test("the last day counts, by UTC, and the day after does not", () => {
  assert.equal(outcome(gate(), waiver({ until: "2026-11-22" })), "waived, holds");
  assert.equal(outcome(gate(), waiver({ until: "2026-11-21" })), "fail, expired");
});

test("one that reaches further than the contract allows has no effect", () => {
  assert.equal(outcome(gate(), waiver({ until: "2026-12-22" }), { days: 30 }), "waived, holds");
  assert.equal(outcome(gate(), waiver({ until: "2026-12-23" }), { days: 30 }), "fail, too far");
});

test("one for a pull request or for some bytes holds for them alone", () => {
  assert.equal(outcome(gate(), waiver({ pull: 12 })), "waived, holds");
  assert.equal(outcome(gate(), waiver({ pull: 13 })), "fail, elsewhere");
  assert.equal(outcome(gate(), waiver({ pull: 12 }), { pull: undefined }), "fail, elsewhere");
  assert.equal(outcome(gate(), waiver({ digest: `sha256:${"a".repeat(64)}` })), "waived, holds");
  assert.equal(outcome(gate(), waiver({ digest: `sha256:${"b".repeat(64)}` })), "fail, elsewhere");
  assert.equal(
    outcome(gate(), waiver({ digest: `sha256:${"a".repeat(64)}` }), { sha256: undefined }),
    "fail, elsewhere",
  );
});

test("a waiver is for its gate to the letter", () => {
  assert.equal(outcome(gate(), waiver({ gate: "roc_auc >= 0.8" })), "fail, no gate");
});

test("what a change adds is shown and has no effect", () => {
  const { gates, waivers } = applyWaivers([gate()], [], [waiver()], NOW);
  assert.equal(gates[0]?.verdict, "fail");
  assert.deepEqual(
    waivers.map(({ state }) => state),
    ["proposed"],
  );
});

test("other waivers on the same gates begin from what the gates said", () => {
  const once = applyWaivers([gate(), gate({ condition: "f1 >= 0.7" })], [waiver()], [], NOW);
  const again = applyWaivers(once.gates, [waiver({ gate: "f1 >= 0.7" })], [], NOW);
  assert.deepEqual(
    again.gates.map(({ verdict, waived }) => [verdict, waived === undefined]),
    [
      ["fail", true],
      ["waived", false],
    ],
  );
});

test("the first of several waivers that hold is named", () => {
  const several = [waiver({ until: "2026-01-01" }), waiver({ by: "@bob" }), waiver({ by: "@cy" })];
  const { gates, waivers } = applyWaivers([gate()], several, [], NOW);
  assert.equal(gates[0]?.waived?.by, "@bob");
  assert.deepEqual(
    waivers.map(({ state }) => state),
    ["expired", "holds", "holds"],
  );
});

test("a verdict outlives no waiver: one that is over or taken back counts as what it stood in for", () => {
  const gates = applyWaivers([gate()], [waiver()], [], NOW).gates;
  const over = (standing: readonly Waiver[], today: string) =>
    waiversOver(gates, standing, today).map(({ instead_of, why }) => `${instead_of}: ${why}`);
  assert.deepEqual(over([waiver()], "2026-12-31"), []);
  assert.deepEqual(over([waiver({ line: 9, pull: 3 })], "2026-12-31"), []);
  assert.deepEqual(over([waiver()], "2027-01-01"), ["fail: is over"]);
  const gone = ["fail: stands on the base branch no longer"];
  assert.deepEqual(over([], "2026-12-31"), gone);
  assert.deepEqual(over([waiver({ until: "2027-12-31" })], "2026-12-31"), gone);
  assert.deepEqual(over([waiver({ gate: "f1 >= 0.80" })], "2026-12-31"), gone);
  assert.deepEqual(waiversOver([gate()], [], "2026-12-31"), []);
});
