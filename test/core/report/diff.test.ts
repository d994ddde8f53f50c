import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Diff, renderDiffMarkdown, renderDiffTerminal } from "../../../src/core/report/diff.ts";
import { HOSTILE_NAMES } from "./make-cases.ts";

const diff: Diff = {
  changes: [
    { kind: "parameters", name: "train.params.epochs", before: "40", after: "60" },
    { kind: "features", name: "tenure", before: null, after: "scale" },
  ],
  metrics: [
    { name: "roc_auc", before: 0.8132, after: 0.8342 },
    { name: "f1", before: 0.7, after: 0.7 },
    { name: "mcc", before: null, after: 0.5 },
  ],
  gates: [
    { condition: "roc_auc >= 0.80", before: "inconclusive", after: "pass" },
    { condition: "f1 >= 0.5", before: "pass", after: "pass" },
  ],
};

describe("the diff", () => {
  it("is a table of each kind in Markdown, of what differs", () => {
    assert.equal(
      renderDiffMarkdown(diff),
      [
        "| What | Name | Before | After |",
        "| :- | :- | :- | :- |",
        "| parameters | `train.params.epochs` | `40` | `60` |",
        "| features | `tenure` | `(none)` | `scale` |",
        "",
        "| Metric | Before | After | Difference |",
        "| :- | -: | -: | -: |",
        "| `roc_auc` | 0.813 | 0.834 | +0.021 |",
        "| `mcc` | – | 0.500 | – |",
        "",
        "| Gate | Before | After |",
        "| :- | :- | :- |",
        "| `roc_auc >= 0.80` | ❔ inconclusive | ✅ pass |",
        "",
      ].join("\n"),
    );
  });

  it("is aligned on a terminal", () => {
    assert.equal(
      renderDiffTerminal(diff, { colour: false, width: 100 }),
      [
        "Changes",
        "  parameters  train.params.epochs  40      →  60",
        "  features    tenure               (none)  →  scale",
        "",
        "Metrics",
        "  roc_auc  0.813  →  0.834  +0.021",
        "  mcc          –  →  0.500       –",
        "",
        "Gates",
        "  roc_auc >= 0.80  ? inconclusive  →  ✓ pass",
        "",
      ].join("\n"),
    );
  });

  it("says that nothing differs", () => {
    const same: Diff = {
      changes: [],
      metrics: [],
      gates: [{ condition: "f1 >= 0.5", before: "pass", after: "pass" }],
    };
    assert.equal(renderDiffMarkdown(same), "Nothing differs.\n");
    assert.equal(renderDiffTerminal(same, { colour: true, width: 80 }), "Nothing differs.\n");
  });

  it("survives hostile names and verdicts that are none", () => {
    const names = Array.from(
      { length: 400 },
      (_, index) => `${HOSTILE_NAMES[index % HOSTILE_NAMES.length]}${index}`,
    );
    const hostile = {
      changes: names.map((name) => ({ kind: "data" as const, name, before: name, after: null })),
      metrics: names.map((name) => ({ name, before: 1, after: 2 })),
      gates: names.map((condition) => ({ condition, before: "<b>" as "pass", after: "toString" as "pass" })),
    };
    const markdown = renderDiffMarkdown(hostile);
    assert.doesNotMatch(markdown.replace(/`[^`\n]*`/g, ""), /<(?!\/?code>)/);
    assert.match(markdown, /and 200 more gates/);
    assert.doesNotMatch(
      renderDiffTerminal(hostile, { colour: false, width: 80 }).replaceAll("\n", ""),
      /\p{Cc}/u,
    );
  });
});
