import assert from "node:assert/strict";
import { copyFileSync, cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { modelAt } from "../../../src/works/given-training.ts";
import { contract, openProposal, type Proposal } from "../../works/proposal.ts";

const fixture = (name: string): string => join("test/fixtures/models/hostile", `${name}.onnx`);

describe("a change whose training leaves an ONNX model", () => {
  let proposal: Proposal;
  let base: string;
  let head: string;
  let trained: string;

  before(async () => {
    proposal = openProposal();
    base = proposal.commit();
    copyFileSync(fixture("mean"), join(proposal.folder, "made.onnx"));
    const train = '{ run: "cp made.onnx model.onnx", code: [made.onnx], out: model.onnx }';
    proposal.write("trainyard.yaml", contract({ train }));
    head = proposal.commit();
    trained = await proposal.train((await proposal.handOver(proposal.layOut(head, base))).out);
  });
  after(() => proposal.close());

  it("is judged by it", async () => {
    const { model } = await proposal.judge(proposal.layOut(head, base), { trained });
    assert.equal(model.problem, null);
    assert.equal(model.state, "judged");
  });

  it("fails by itself where the model takes all memory, and the judge goes on", async () => {
    const forged = proposal.room();
    cpSync(trained, forged, { recursive: true });
    const folder = modelAt(forged, 0);
    copyFileSync(fixture("memory-at-load"), join(folder, "model.onnx"));
    const { files } = await proposal.ports(proposal.folder).workspace(proposal.folder);
    const content = await files.content(folder);
    const said = join(forged, "trained.json");
    const told = JSON.parse(readFileSync(said, "utf8"));
    told.models[0].digest = { ...told.models[0].digest, md5: content!.md5, sha256: content!.sha256 };
    writeFileSync(said, JSON.stringify(told));
    const { model } = await proposal.judge(proposal.layOut(head, base), { trained: forged });
    assert.equal(model.state, "failed");
    assert.match(model.problem?.message ?? "", /model\.onnx.*it took more than [\d.]+ GB of memory/);
  });
});
