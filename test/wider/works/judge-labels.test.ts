import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Bundle } from "../../../src/core/models/bundle.ts";
import { modelAt } from "../../../src/works/given-training.ts";
import { openProposal, type Proposal } from "../../works/proposal.ts";
import { days, LEAVES_MODEL } from "../../works/weather.ts";

const contract = (decision: string): string => `model: weather
task: multilabel
data:
  sources: { days: days.csv }
  roles: { label: [rain, wind, snow, hail] }
split: { by: hash, holdout: 30%, validation: 20% }
features:
  - keep: [wet, cold, gust]
train: { run: node train.cjs, code: [train.cjs], out: model }
evaluate:
  decision: ${decision}
  bootstrap: { resamples: 20 }
  gates: [roc_auc of snow >= 0.6]
`;

/** A change of a training whose labels have thresholds, and the judge's word on what was made of it. */
function judging(decision: string) {
  let proposal: Proposal;
  let [base, head, trained] = ["", "", ""];
  before(async () => {
    proposal = openProposal();
    const [names, ...rows] = days().trim().split("\n");
    proposal.write("days.csv", `${names},hail\n${rows.map((row) => `${row},0`).join("\n")}\n`);
    proposal.write("trainyard.yaml", contract(decision));
    proposal.write("train.cjs", LEAVES_MODEL);
    base = proposal.commit();
    proposal.write("train.cjs", `${LEAVES_MODEL}// changed\n`);
    head = proposal.commit();
    trained = await proposal.train((await proposal.handOver(proposal.layOut(head, base))).out);
  });
  after(() => proposal.close());

  return async (alter: (bundle: Bundle) => Bundle = (bundle) => bundle) => {
    const made = proposal.room();
    cpSync(trained, made, { recursive: true });
    const folder = modelAt(made, 0);
    const path = join(folder, "bundle.json");
    const bundle = JSON.parse(readFileSync(path, "utf8")) as Bundle;
    writeFileSync(path, `${JSON.stringify(alter(bundle), undefined, 2)}\n`);
    const { files } = await proposal.ports(proposal.folder).workspace(proposal.folder);
    const content = await files.content(folder);
    const said = join(made, "trained.json");
    const told = JSON.parse(readFileSync(said, "utf8"));
    told.models[0].digest = { ...told.models[0].digest, md5: content!.md5, sha256: content!.sha256 };
    writeFileSync(said, JSON.stringify(told));
    const { model } = await proposal.judge(proposal.layOut(head, base), { trained: made });
    return { model, bundle, problem: model.problem?.message ?? "" };
  };
}

const others = (bundle: Bundle, more: object): Bundle => ({
  ...bundle,
  thresholds: (bundle.thresholds ?? []).map((one, at) => (at === 2 ? { ...one, ...more } : one)),
});

describe("thresholds of labels that a training chose", () => {
  const judged = judging("{ maximize: f1 }");

  it("are those of the report, with the label that had none to choose", async () => {
    const { model, bundle, problem } = await judged();
    assert.equal(problem, "");
    assert.equal(model.verdict, "pass");
    assert.deepEqual(model.report?.subject.thresholds, bundle.thresholds);
    assert.deepEqual(
      bundle.thresholds?.map(({ by }) => by),
      ["chosen", "chosen", "chosen", "default"],
    );
    assert.match(
      model.report?.warnings.map(({ text }) => text).join() ?? "",
      /1 of 4 labels has one class only on the validation rows.*: hail/,
    );
  });

  it("are refused of other labels, of another choice, or as one for all", async () => {
    const right = "one for each label, in their order, in place of threshold, is right";
    const swapped = await judged((bundle) => ({ ...bundle, thresholds: bundle.thresholds?.toReversed() }));
    assert.ok(swapped.problem.includes(right), swapped.problem);
    const one = await judged(({ thresholds: _, ...bundle }) => ({ ...bundle, threshold: 0.01 }));
    assert.match(one.problem, /it has one threshold, and the contract has one for each label/);
    const said = await judged((bundle) => others(bundle, { by: "said", value: undefined }));
    assert.match(said.problem, /nobody chooses a threshold of "snow" like that/);
    const words = await judged((bundle) => ({
      ...bundle,
      decided: "each maximizes recall on 5 validation rows",
    }));
    assert.match(words.problem, /nobody chooses a threshold like that/);
    assert.equal(words.model.state, "failed");
  });
});

describe("thresholds of labels that the contract says", () => {
  const judged = judging("{ threshold: { snow: 0.2, wind: 0.3 } }");

  it("are those that decide", async () => {
    const { model } = await judged();
    assert.deepEqual(
      model.report?.subject.thresholds?.map(({ threshold }) => threshold),
      [0.5, 0.3, 0.2, 0.5],
    );
    assert.equal(model.report?.subject.decided, "fixed in the contract");
  });

  it("are refused as any others", async () => {
    const { problem } = await judged((bundle) => others(bundle, { threshold: 0.01 }));
    assert.match(problem, /its threshold of "snow" is 0\.01, and the contract's is 0\.2/);
  });
});
