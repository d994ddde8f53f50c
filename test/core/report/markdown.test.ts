import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { assembleReport } from "../../../src/core/report/assemble.ts";
import { fit } from "../../../src/core/report/markdown/fit.ts";
import { COMMENT_LIMIT, renderMarkdown } from "../../../src/core/report/markdown.ts";
import { flood } from "./flood.ts";
import { CASES } from "./make-cases.ts";
import { checkStructure } from "./structure.ts";

type Parts = Parameters<typeof assembleReport>[0];
const made = (name: string): string => renderMarkdown(assembleReport(CASES[name] as Parts));

/* Mermaid's xychart, the part of it that we write: one statement a line. */
const LABEL = '"[\\p{L}\\p{N}\\p{M} _.,()+…–·-]+"';
const NUMBERS = "\\[-?\\d+(\\.\\d+)?(, -?\\d+(\\.\\d+)?)*\\]";
const STATEMENTS = [
  `title ${LABEL}`,
  `x-axis \\[${LABEL}(, ${LABEL})*\\]`,
  `y-axis ${LABEL} \\d+ --> \\d+`,
  `bar ${NUMBERS}`,
  `line ${NUMBERS}`,
].map((statement) => new RegExp(`^  ${statement}$`, "u"));

function charts(markdown: string): string[][] {
  return [...markdown.matchAll(/```mermaid\n([\s\S]*?)\n```/g)].map(([, text = ""]) => text.split("\n"));
}

function checkChart([size, kind, ...lines]: readonly string[]): void {
  assert.match(size ?? "", /^%%\{init: \{"xyChart": \{"width": \d+, "height": \d+\}\}\}%%$/);
  assert.equal(kind, "xychart-beta");
  assert.equal(lines.length >= 4, true);
  for (const [index, line] of lines.entries()) {
    const expected = STATEMENTS[index];
    assert.ok(expected?.test(line), line);
  }
  const sizes = lines
    .filter((line) => /^ {2}(x-axis|bar|line)/.test(line))
    .map((line) => {
      const inside = line.slice(line.indexOf("[")).replace(/"[^"]*"/g, "x");
      return inside.split(",").length;
    });
  assert.equal(new Set(sizes).size, 1, "as many numbers as names");
}

describe("the comment", () => {
  for (const name of Object.keys(CASES)) {
    it(`is sound and short: ${name}`, () => {
      const markdown = made(name);
      checkStructure(markdown.split("\n"));
      assert.ok(markdown.length <= COMMENT_LIMIT);
      charts(markdown).forEach(checkChart);
    });
  }

  it("has charts to check", () => {
    assert.equal(charts(made("binary-pass")).length, 1); // two groups are seen in their table
    assert.equal(charts(made("hostile")).length, 2);
  });

  it("says the verdict in its first line and the sentence in its second", () => {
    const [first, , second] = made("binary-fail").split("\n");
    assert.equal(first, "## ❌ Fail · wages");
    assert.equal(second, "**Fails: ROC AUC 0.834 is below the limit 0.9, and 2 more.**");
  });

  it("never looks like a pass where nothing was decided", () => {
    assert.match(made("empty"), /^## ⚪ Not judged: no gates/);
    assert.doesNotMatch(made("empty"), /✅/);
  });

  it("fits whatever the input, whole in its parts, and says what is missing", () => {
    const report = flood(2000);
    const markdown = renderMarkdown(report);
    assert.ok(markdown.length <= COMMENT_LIMIT, String(markdown.length));
    checkStructure(markdown.split("\n"));
    charts(markdown).forEach(checkChart);
    assert.match(markdown, /^## ❌ Fail/);
    assert.match(markdown, /Shortened or left out to fit into a comment: .*`report\.html` has all of it/);
    assert.match(markdown, /\| What decides \|/);
  });

  it("fits where all that can be long is as long as can be", () => {
    const long = "|@`<".repeat(5000);
    const report = flood(300);
    const markdown = renderMarkdown({
      ...report,
      model: long,
      sentence: long,
      gates: report.gates.map((gate) => ({
        ...gate,
        condition: long,
        explanation: long,
        verdict: "fail" as const,
      })),
      metrics: report.metrics.map((metric) => ({ ...metric, title: long, value: null, reason: long })),
      checks: report.checks.map((check) => ({
        ...check,
        expectation: long,
        observed: long,
        explanation: long,
      })),
      changes: report.changes.map((change) => ({ ...change, name: long, before: long, after: long })),
      warnings: report.warnings.map(() => ({ title: long, text: long })),
    });
    assert.ok(markdown.length <= COMMENT_LIMIT, String(markdown.length));
    checkStructure(markdown.split("\n"));
  });
});

describe("fit", () => {
  const block = (title: string, importance: number, ...versions: string[]) => ({
    title,
    importance,
    versions,
  });

  it("shortens the least important first, and only as far as it must", () => {
    const blocks = [block("a", 2, "a".repeat(500), ""), block("b", 1, "b".repeat(500), "b".repeat(50), "")];
    const text = fit(blocks, 1400);
    assert.match(text, /^a{500}\n\nb{50}\n\n_Shortened or left out to fit into a comment: b\./);
  });

  it("keeps the order in which blocks stand", () => {
    assert.equal(fit([block("a", 1, "a"), block("b", 2, "b")], 5000), "a\n\nb\n");
  });
});
