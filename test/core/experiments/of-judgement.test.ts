import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkPath } from "../../../src/adapters/ledger/records.ts";
import { judgedFiles, parseReport, reportPath } from "../../../src/core/experiments/of-judgement.ts";
import { parseExperiment } from "../../../src/core/experiments/record.ts";
import { recordsOf } from "../../../src/core/proposal/record.ts";
import { judgementOf, modelOf } from "../report/comment-cases.ts";

const FACTS = {
  pull: 12,
  trainedBy: null,
  judgedBy: "https://github.com/acme/wages/actions/runs/7",
  judgedAt: "2026-11-20T10:00:00.000Z",
  tool: "trainyard 0.1.0",
};

describe("what the ledger keeps of a judged model", () => {
  const model = modelOf("binary-pass", {
    files: [{ path: "trainyard.lock", text: "<<<<<<< a broken one\n" }],
  });
  const judgement = judgementOf([model]);
  const records = recordsOf(judgement, FACTS);

  it("is an experiment and a report, under the verdict's name, at paths that a ledger takes", () => {
    const files = judgedFiles(judgement, records);
    assert.equal(files.length, 2);
    for (const { path } of files) checkPath(path);
    const one = parseExperiment(files[0]?.text ?? "");
    assert.equal(one?.source, "judge");
    assert.equal(one?.pull, 12);
    assert.equal(one?.commit, records[0]?.commit);
    assert.deepEqual(
      one?.metrics.slice(0, model.report?.metrics.length).map(({ name, value }) => [name, value]),
      model.report?.metrics.map(({ name, value }) => [name, value]),
    );
    const [record] = records;
    assert.equal(files[1]?.path, record && reportPath(record));
    const report = parseReport(files[1]?.text ?? "");
    assert.deepEqual(report?.metrics, model.report?.metrics);
    assert.deepEqual(report?.curves.roc, []);
    assert.ok((files[1]?.text.length ?? 0) < 300_000);
  });

  it("can be read again where gates were waived", () => {
    const waived = modelOf("waived");
    const [file] = judgedFiles(judgementOf([waived]), recordsOf(judgementOf([waived]), FACTS));
    const one = parseExperiment(file?.text ?? "");
    assert.ok(one !== undefined);
    assert.ok(one.gates.some(({ verdict }) => verdict === "waived"));
  });

  it("has the same paths whenever it is written, and nothing where it would be too large", () => {
    const later = recordsOf(judgement, { ...FACTS, judgedAt: "2027-01-01T00:00:00.000Z" });
    const paths = (of: typeof records) => judgedFiles(judgement, of).map(({ path }) => path);
    assert.deepEqual(paths(later), paths(records));
    const { report } = model;
    assert.ok(report !== null);
    const warnings = Array.from({ length: 2000 }, () => ({ title: "t", text: "x".repeat(600) }));
    const huge = judgementOf([{ ...model, report: { ...report, warnings } }]);
    assert.deepEqual(
      judgedFiles(huge, recordsOf(huge, FACTS)).map(({ path }) => path.split("/")[0]),
      ["experiments"],
    );
  });
});
