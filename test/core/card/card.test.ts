import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import { parse } from "yaml";
import { type CardFacts, modelCard, modelCardFile } from "../../../src/core/registry/card.ts";
import { decidingBlocks, foldedBlocks } from "../../../src/core/report/markdown/parts.ts";
import { verdictOf } from "../../works/registering.ts";
import { modelOf } from "../report/comment-cases.ts";

const report = modelOf("binary-pass").report ?? undefined;
/** As little as shows the card's own parts: the report's have their golden files. */
const short = report && {
  ...report,
  metrics: report.metrics.slice(0, 3),
  fairness: [],
  checks: [],
  changes: [],
  warnings: [],
  confusion: null,
  calibration: undefined,
  curves: { ...report.curves, calibration: [] },
};
const WORDS = {
  intended_use: ["To choose whose declared wage is reviewed by hand"],
  out_of_scope: ["To set wages", "Other countries than the United States"],
  limitations: ["The rows are of 1985"],
  ethical_considerations: ["Who is reviewed is told so"],
  license: "Apache-2.0",
  tags: ["wages"],
  datasets: ["acme/cps"],
};

const FACTS: CardFacts = {
  model: "wages",
  version: "v1.2.0",
  tag: "wages@v1.2.0",
  commit: "c".repeat(40),
  folder: ".",
  digest: { sha256: "a".repeat(64), md5: `${"b".repeat(32)}.dir` },
  address: "https://github.com/acme/wages",
  contract: {
    task: "binary-classification",
    owner: "@acme/ml-team",
    problem: "Does a worker earn above the median hourly wage?",
    because: "break-even against the manual review",
    label: "high_wage",
    trainer: "logistic",
    environments: ["staging"],
    card: WORDS,
  },
  data: [{ name: "data/cps.csv", sha256: "d".repeat(64), size: 25494 }],
  record: verdictOf("a"),
  report,
  params: { epochs: 40, "hidden.0": 16, "split.holdout": 0.2 },
};

/** The metadata of a card's file, as YAML's own reader has it, and what follows. */
function taken(text: string): { readonly metadata: Record<string, unknown>; readonly body: string } {
  const [, front = "", body = ""] = /^---\n([\s\S]*?)\n---\n\n([\s\S]*)$/.exec(text) ?? [];
  return { metadata: parse(front) as Record<string, unknown>, body };
}

/** Holds a text to its golden file; with UPDATE_GOLDEN=1 writes it. */
function golden(name: string, text: string): void {
  const path = `test/golden/cards/${name}.md`;
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(path, text);
  assert.ok(existsSync(path), `${path} is missing`);
  assert.equal(text, readFileSync(path, "utf8"));
}

describe("the model card", () => {
  it("says what it is for, how it was made and judged, with metadata", () =>
    golden("wages", modelCardFile({ ...FACTS, report: short })));

  it("says less where less is known", () => {
    const { report: _, params: __, record: ___, ...rest } = FACTS;
    golden("little", modelCardFile({ ...rest, record: undefined, contract: undefined, data: [] }));
  });

  it("has every part of the report that the comment has, and says who judged it", () => {
    assert.ok(report !== undefined);
    const card = modelCard(FACTS);
    for (const block of [...decidingBlocks(report), ...foldedBlocks(report)]) {
      if (block !== null)
        assert.ok(
          block.versions.some((version) => card.includes(version)),
          block.title,
        );
    }
    assert.match(card, /by the rules of the branch that was merged into/);
    assert.match(
      modelCard({ ...FACTS, record: undefined }),
      /Measured where it was made, and judged by nobody yet/,
    );
  });

  it("has the report's numbers in its metadata, the figures that matter first", () => {
    const { metadata, body } = taken(modelCardFile(FACTS));
    assert.equal(body, modelCard(FACTS));
    assert.equal(metadata.license, "apache-2.0");
    assert.equal(metadata.pipeline_tag, "tabular-classification");
    const [index] = metadata["model-index"] as { results: { metrics: Record<string, unknown>[] }[] }[];
    const metrics = index?.results[0]?.metrics ?? [];
    assert.ok(metrics.length > 3);
    for (const { type, value, args } of metrics) {
      const row = report?.metrics.find(({ name }) => name === type);
      assert.equal(value, row?.value);
      const { interval } = row ?? {};
      const told = interval && { low: interval.low, high: interval.high, confidence: interval.confidence };
      assert.deepEqual(args, told ?? undefined);
    }
  });

  it("takes what others wrote for text, in the metadata too", () => {
    const evil = 'x\n---\n<script>alert(1)</script> [y](javascript:z) @acme/all #1 "\u202e';
    const card = modelCardFile({
      ...FACTS,
      contract: {
        ...(FACTS.contract as NonNullable<CardFacts["contract"]>),
        problem: evil,
        owner: evil,
        card: { ...WORDS, limitations: [evil, evil], tags: [evil], license: evil, datasets: [evil] },
      },
      data: [{ name: evil, sha256: undefined, size: undefined }],
      params: { [evil]: evil },
    });
    const { metadata, body } = taken(card);
    assert.deepEqual(Object.keys(metadata).sort(), [
      "datasets",
      "library_name",
      "license",
      "metrics",
      "model-index",
      "pipeline_tag",
      "tags",
    ]);
    const head = card.slice(0, card.indexOf("\n---\n"));
    assert.doesNotMatch(head, /\u202e/);
    assert.doesNotMatch(body, /<script|\]\(javascript|[^\u200b`]@acme\/all\b|\u202e/);
  });
});
