import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkOf } from "../../../src/core/report/check.ts";
import type { ContractTexts } from "../../../src/core/report/check-lines.ts";
import { floodedComment, judgementOf, modelOf } from "./comment-cases.ts";

const BASE = [
  "model: wages",
  "data:",
  "  expect:",
  "    - column: experience",
  "      between: [0, 60]",
  "evaluate:",
  "  gates:",
  "    - roc_auc >= 0.75",
  "    - gate: roc_auc >= 0.90",
  "      when_inconclusive: fail",
  "    - equalized_odds_difference by gender <= 0.05",
].join("\n");

const failing = modelOf("binary-fail");
const report = failing.report as NonNullable<typeof failing.report>;
/** The failing report with its rules on their lines of the base's contract. */
const placed = {
  ...failing,
  report: {
    ...report,
    gates: report.gates.map((gate) => ({
      ...gate,
      line: BASE.split("\n").findIndex((line) => line.includes(gate.condition)) + 1,
    })),
    checks: report.checks.map((check) => ({ ...check, line: check.column === "experience" ? 5 : 4 })),
  },
};
const notes = (head: string | undefined, base: string | undefined = BASE) =>
  checkOf(judgementOf([placed]), new Map<string, ContractTexts>([[".", { base, head }]])).annotations;

describe("the check", () => {
  it("ends as the verdict says, and calls nothing a success that was held against no limit", () => {
    const conclusion = (name: string) => checkOf(judgementOf([modelOf(name)]), new Map()).conclusion;
    assert.equal(conclusion("binary-pass"), "success");
    assert.equal(conclusion("binary-fail"), "failure");
    assert.equal(conclusion("inconclusive"), "action_required");
    assert.equal(conclusion("empty"), "neutral");
    assert.equal(checkOf(judgementOf([]), new Map()).conclusion, "neutral");
    const warned = modelOf("binary-pass", { verdict: "warn" });
    assert.equal(checkOf(judgementOf([warned]), new Map()).conclusion, "success");
    const outside = modelOf("binary-pass", { state: "failed", verdict: "fail" });
    assert.equal(checkOf(judgementOf([outside]), new Map()).conclusion, "failure");
  });

  it("points at the broken gates first, then at the data", () => {
    assert.deepEqual(
      notes(BASE).map(({ path, line, level, title }) => [path, line, level, title]),
      [
        ["trainyard.yaml", 9, "failure", "wages: gate is broken"],
        ["trainyard.yaml", 11, "failure", "wages: gate is broken"],
        ["trainyard.yaml", 5, "failure", "wages: data break an expectation"],
      ],
    );
    assert.equal(notes(BASE)[0]?.message, "roc_auc >= 0.90: 0.834 (0.752 to 0.899), limit 0.9");
  });

  it("finds the line on which the head says the same, however it is written there", () => {
    const head = `# a comment: roc_auc >= 0.90\n${BASE.replace("gate: roc_auc >= 0.90", 'gate:  "roc_auc  >= 0.90" # was 0.85')}`;
    assert.deepEqual(
      notes(head).map(({ line }) => line),
      [10, 12, 6],
    );
  });

  it("stands on the first line where the change took the rule away, and says where it was", () => {
    const head = BASE.replace("roc_auc >= 0.90", "roc_auc >= 0.50").replace("[0, 60]", "[0, 99]");
    const [gate, , data] = notes(head);
    assert.equal(gate?.line, 1);
    assert.match(
      gate?.message ?? "",
      /the rule stands on line 9 of trainyard\.yaml on the base branch, and decides\)$/,
    );
    assert.equal(data?.line, 1);
    assert.equal(notes(undefined)[0]?.line, 1);
  });

  it("takes the lines as they are where the base has no contract", () => {
    const contracts = new Map([[".", { base: undefined, head: BASE }]]);
    const lines = checkOf(judgementOf([placed]), contracts).annotations.map(({ line }) => line);
    assert.deepEqual(lines, [9, 11, 5]);
  });

  it("points at the one problem for which there is no report", () => {
    const problem = { message: "no such column\n::error::x", file: "pay/trainyard.yaml", line: 7 };
    const model = modelOf("empty", { state: "failed", verdict: "fail", report: null, problem });
    assert.deepEqual(checkOf(judgementOf([model]), new Map()).annotations, [
      {
        path: "pay/trainyard.yaml",
        line: 7,
        level: "failure",
        title: "wages could not be judged",
        message: "no such column ::error::x",
      },
    ]);
  });

  it("has titles of one line that can be seen, whatever folders and people are called", () => {
    const evil = "a\u202e\u0000\nb";
    const waived = { by: evil, because: "c", until: evil, instead_of: "fail" as const };
    const gates = placed.report.gates.map((gate) => ({ ...gate, verdict: "waived" as const, waived }));
    const checks = placed.report.checks.map((one) => ({ ...one, verdict: "fail" as const }));
    const problem = { message: "no", file: null, line: null };
    const { annotations } = checkOf(
      judgementOf([
        { ...placed, model: evil, folder: evil, problem, report: { ...placed.report, gates, checks } },
      ]),
      new Map(),
    );
    assert.ok(annotations.some(({ title }) => /could not be judged/.test(title)));
    assert.ok(annotations.some(({ title }) => /waived by/.test(title)));
    assert.ok(annotations.some(({ title }) => /break an expectation/.test(title)));
    for (const { title, message } of annotations) {
      assert.doesNotMatch(title, /[\p{Cc}\u202e]/u);
      assert.doesNotMatch(message, /[\p{Cc}\u202e]/u);
    }
  });

  it("knows each contract of a repository with many", () => {
    const models = [placed, { ...placed, model: "other", folder: "pay" }];
    const contracts = new Map([
      [".", { base: BASE, head: BASE }],
      ["pay", { base: BASE, head: `\n${BASE}` }],
    ]);
    const found = checkOf(judgementOf(models), contracts).annotations;
    assert.deepEqual(
      found.slice(0, 4).map(({ path, line }) => `${path}:${line}`),
      ["trainyard.yaml:9", "trainyard.yaml:11", "pay/trainyard.yaml:10", "pay/trainyard.yaml:12"],
    );
  });

  it("stays within what a check holds, and shows nothing of the cells", () => {
    const comment = floodedComment(200, 40);
    if (comment.kind !== "judged") throw new Error(comment.kind);
    const check = checkOf(comment.judgement, new Map());
    assert.ok(check.summary.length <= 20_000, String(check.summary.length));
    assert.ok(check.title.length <= 255);
    assert.ok(check.annotations.length <= 50);
    const shown = checkOf(
      judgementOf([
        {
          ...placed,
          report: {
            ...placed.report,
            checks: placed.report.checks.map((one) => ({ ...one, observed: "SECRET", values: ["SECRET"] })),
          },
        },
      ]),
      new Map(),
    );
    assert.doesNotMatch(JSON.stringify(shown), /SECRET/);
  });
});
