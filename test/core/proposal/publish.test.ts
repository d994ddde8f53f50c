import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { verdictRecord } from "../../../src/core/proposal/documents.ts";
import { commitMessage, isAllowed, planCommit } from "../../../src/core/proposal/publish.ts";
import { recordsOf } from "../../../src/core/proposal/record.ts";
import { headline, status, statusOf } from "../../../src/core/proposal/status.ts";
import { HEAD, judgementOf, modelOf } from "../report/comment-cases.ts";

const free = { fork: false, triggersWorkflows: true, required: [] };
const stateOf = (plan: ReturnType<typeof planCommit>): string => ("back" in plan ? plan.back.state : "files");

describe("what is committed", () => {
  it("is pointer and lock of a judgement of which no model fails", () => {
    const [pass, fail] = [modelOf("binary-pass"), modelOf("binary-fail", { model: "other", files: [] })];
    const plan = planCommit(judgementOf([pass]), free);
    assert.deepEqual("files" in plan && plan.files, pass.files);
    assert.equal(stateOf(planCommit(judgementOf([pass, fail]), free)), "fails");
    assert.equal(stateOf(planCommit(judgementOf([modelOf("inconclusive")]), free)), "files");
    const failed = modelOf("empty", { state: "failed", report: null });
    assert.equal(stateOf(planCommit(judgementOf([failed], { verdict: "pass" }), free)), "fails");
    assert.equal(stateOf(planCommit(judgementOf([modelOf("binary-pass", { files: [] })]), free)), "none");
  });

  it("waits for no check that would never run", () => {
    const judgement = judgementOf([modelOf("binary-pass")]);
    const plan = (triggersWorkflows: boolean, required: readonly string[]) =>
      stateOf(planCommit(judgement, { fork: false, triggersWorkflows, required }));
    assert.equal(plan(false, ["trainyard", "build"]), "left without checks");
    assert.equal(plan(false, ["trainyard", "Trainyard"]), "files");
    assert.equal(plan(true, ["build"]), "files");
  });

  it("lies on no path but a model's own", () => {
    const model = { model: "wages", folder: "pay" };
    for (const path of [
      "pay/trainyard.lock",
      "pay/models/wages.dvc",
      "pay/models/.gitignore",
      "deployments/staging/wages.yaml",
    ]) {
      assert.equal(isAllowed(model, path), true, path);
    }
    for (const path of [
      "trainyard.lock",
      "pay/trainyard.yaml",
      "pay/models/other.dvc",
      "pay/models/../../trainyard.lock",
      "pay//trainyard.lock",
      "./pay/trainyard.lock",
      "/pay/trainyard.lock",
      "pay\\trainyard.lock",
      "pay/trainyard.lock\0",
      ".dvc/config",
      ".github/workflows/trainyard.yml",
      "deployments/../wages.yaml",
      "deployments/staging/other.yaml",
      "deployments/staging/deep/wages.yaml",
      "",
    ]) {
      assert.equal(isAllowed(model, path), false, path);
    }
    for (const folder of ["..", "../x", "/etc", ".git", ".dvc"]) {
      assert.equal(isAllowed({ model: "wages", folder }, `${folder}/trainyard.lock`), false, folder);
    }
  });

  it("says what was judged by which rules, and nothing that another run would say otherwise", () => {
    const judgement = judgementOf([
      modelOf("binary-pass"),
      modelOf("binary-pass", { model: "other", files: [] }),
    ]);
    const { sha256 } = judgement.models[0]?.digest ?? { sha256: "" };
    assert.equal(
      commitMessage(judgement),
      `Lock wages: pass\n\nTrainyard-Model: wages sha256:${sha256}\nTrainyard-Judged: ${HEAD}\nTrainyard-Rules: ${judgement.base}\nTrainyard-Verdict: pass\n`,
    );
  });
});

describe("the status", () => {
  const of = (name: string, approvals?: number) => statusOf(judgementOf([modelOf(name)]), approvals);

  it("is the verdict, in one line", () => {
    assert.deepEqual(of("binary-fail"), {
      state: "failure",
      description: "ROC AUC 0.834 is below the limit 0.9, and 2 more.",
    });
    assert.equal(of("binary-pass").state, "success");
    assert.equal(statusOf(judgementOf([modelOf("binary-pass", { verdict: "warn" })]), 0).state, "success");
  });

  it("holds the merge where nobody would ask for the approval that is needed", () => {
    assert.equal(of("inconclusive", 1).state, "success");
    assert.equal(of("inconclusive", 0).state, "pending");
    assert.equal(of("inconclusive").state, "pending");
    assert.match(
      of("inconclusive", 0).description,
      /^Inconclusive, needs an approval: Cannot be decided on 107 rows/,
    );
  });

  it("has room for 140 characters and no control among them", () => {
    const { description } = status("error", `a\u001b[31m\n${"😀".repeat(500)}`);
    assert.ok([...description].length <= 140);
    assert.doesNotMatch(description, /\p{Cc}/u);
  });

  it("counts the models and names the gravest", () => {
    const models = [modelOf("binary-pass"), modelOf("binary-fail", { model: "other" })];
    assert.equal(
      headline(judgementOf(models)),
      "2 models: 1 fail, 1 pass; other: ROC AUC 0.834 is below the limit 0.9, and 2 more.",
    );
  });
});

describe("a verdict's record", () => {
  const facts = {
    pull: 12,
    trainedBy: "https://t",
    judgedBy: "https://j",
    judgedAt: "now",
    tool: "trainyard 1",
  };

  it("holds what was judged, and is one that the ledger reads", () => {
    const [record, ...more] = recordsOf(judgementOf([modelOf("binary-fail")]), facts);
    assert.deepEqual(more, []);
    assert.deepEqual(verdictRecord.parse(record), record);
    assert.equal(record?.verdict, "fail");
    assert.equal(record?.metrics.roc_auc, 0.8342);
    assert.deepEqual(record?.gates[1], { condition: "roc_auc >= 0.90", verdict: "fail" });
  });

  it("names the run that trained only where it did", () => {
    const trainedBy = (origin: "trained here" | "vouched for" | "trained outside") =>
      recordsOf(judgementOf([modelOf("binary-pass", { origin })]), facts)[0]?.trained_by;
    assert.deepEqual(
      [trainedBy("trained here"), trainedBy("vouched for"), trainedBy("trained outside")],
      ["https://t", null, null],
    );
  });

  it("is not made of what was not judged", () => {
    for (const change of [
      { state: "unchanged" },
      { state: "failed", report: null },
      { fingerprint: null },
      { digest: null },
      { files: [] },
    ] as const) {
      assert.deepEqual(
        recordsOf(
          judgementOf([
            modelOf("binary-pass", { ...change, ...("files" in change ? { files: [] } : {}) } as never),
          ]),
          facts,
        ),
        [],
      );
    }
  });

  it("keeps texts within the record's limits, however long", () => {
    const model = modelOf("hostile");
    const long = { ...model, report: model.report && { ...model.report, sentence: "😀".repeat(3000) } };
    verdictRecord.parse(recordsOf(judgementOf([long]), facts)[0]);
  });
});
