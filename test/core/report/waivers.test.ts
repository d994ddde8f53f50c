import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Waiver } from "../../../src/config/waivers.ts";
import { applyWaivers } from "../../../src/core/gates/waivers.ts";
import type { Judgement } from "../../../src/core/proposal/documents.ts";
import { statusOf } from "../../../src/core/proposal/status.ts";
import { assembleReport } from "../../../src/core/report/assemble.ts";
import { conclusionOf } from "../../../src/core/report/check.ts";
import { renderHtml } from "../../../src/core/report/html.ts";
import { renderMarkdown } from "../../../src/core/report/markdown.ts";
import { report as schema } from "../../../src/core/report/report.ts";
import { renderTerminal } from "../../../src/core/report/terminal.ts";

const failing = schema.parse(JSON.parse(readFileSync("test/golden/reports/binary-fail.json", "utf8")));
const broken = failing.gates.filter(({ verdict }) => verdict === "fail" || verdict === "inconclusive");

const waiver = (gate: string, over: Partial<Waiver> = {}): Waiver => ({
  gate,
  by: "@anna",
  because: "<b>the new sensor</b> | @everyone",
  until: "2026-12-31",
  line: 3,
  ...over,
});

const NOW = { today: "2026-11-22", pull: undefined, sha256: undefined, days: undefined };

/** The failing report with these waivers. */
function waivedReport(standing: readonly Waiver[], proposed: readonly Waiver[] = []) {
  const { schema: _, verdict: __, sentence: ___, ...parts } = failing;
  const checks = parts.checks.filter(({ verdict }) => verdict !== "fail");
  return assembleReport({ ...parts, checks, ...applyWaivers(parts.gates, standing, proposed, NOW) });
}

const all = waivedReport([
  ...broken.map(({ condition }) => waiver(condition)),
  waiver(broken[0]?.condition ?? "", { by: "@acme/risk", until: "2026-11-01" }),
]);

test("a report whose every trouble is waived says so first, and stands below a pass", () => {
  assert.ok(broken.length > 0);
  assert.equal(all.verdict, "waived");
  assert.match(all.sentence, /^Let through by a waiver of @anna until 2026-12-31: /);
  assert.match(renderMarkdown(all), /^## 🔓 Waived · /);
  assert.match(renderTerminal(all, { colour: false, width: 120 }), /^~ Waived · /);
  assert.match(renderHtml(all), /class="tag warn">.*waived/);
});

test("each rendering shows who waives what, until when and why, and what has no effect", () => {
  for (const text of [
    renderMarkdown(all),
    renderHtml(all),
    renderTerminal(all, { colour: false, width: 200 }),
  ]) {
    assert.match(text, /anna/);
    assert.match(text, /2026-12-31/);
    assert.match(text, /the new sensor/);
    assert.match(text, /expired on 2026-11-01, has no effect/);
  }
});

test("its check is neutral, and its status lets the merge through", () => {
  const model = { state: "judged", verdict: "waived", report: all, problem: null, model: "wages" };
  const judgement = { models: [model], verdict: "waived" } as unknown as Judgement;
  assert.equal(conclusionOf(judgement), "neutral");
  const { state, description } = statusOf(judgement, 1);
  assert.equal(state, "success");
  assert.match(description, /^Let through by a waiver of @anna until 2026-12-31/);
});

test("no reason formats, links or pings", () => {
  assert.doesNotMatch(renderMarkdown(all), /<b>the new|@everyone|@anna\b/);
  assert.doesNotMatch(renderHtml(all), /<b>the new/);
});

test("what the change adds decides nothing, and is told", () => {
  const report = waivedReport([], [waiver(broken[0]?.condition ?? "")]);
  assert.equal(report.verdict, "fail");
  assert.match(
    renderMarkdown(report),
    /this change adds it: it holds once a code owner has agreed and it is merged/,
  );
  assert.match(renderMarkdown(report), /1 added by this change/);
});
