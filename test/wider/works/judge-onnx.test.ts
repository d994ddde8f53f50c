import assert from "node:assert/strict";
import { copyFileSync, cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { modelAt } from "../../../src/works/given-training.ts";
import { int, node, opset, part, port, tensor, word } from "../../adapters/models/onnx/writer.ts";
import { contract, openProposal, type Proposal, rows } from "../../works/proposal.ts";

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

describe("a change whose model fails for one number of rows alone", () => {
  it("fails by itself, and the judge goes on", async () => {
    const proposal = openProposal();
    after(() => proposal.close());
    const robust = (more: Parameters<typeof contract>[0]) =>
      contract(more).replace(
        "evaluate:\n",
        "evaluate:\n  robustness: { rows: 60, perturb: { noise: [0.1] } }\n",
      );
    proposal.write("data/rows.csv", rows(400));
    proposal.write("trainyard.yaml", robust({}));
    const base = proposal.commit();
    writeFileSync(join(proposal.folder, "made.onnx"), FICKLE);
    const train = '{ run: "cp made.onnx model.onnx", code: [made.onnx], out: model.onnx }';
    proposal.write("trainyard.yaml", robust({ train }));
    const head = proposal.commit();
    const trained = await proposal.train((await proposal.handOver(proposal.layOut(head, base))).out);
    const { model } = await proposal.judge(proposal.layOut(head, base), { trained });
    assert.equal(model.state, "failed");
    assert.match(model.problem?.message ?? "", /answers for all of the holdout, and not for 60 rows of it/);
  });
});

const attribute = (name: string, ...parts: Uint8Array[]) => part(5, word(1, name), ...parts);
const whole = (...values: number[]) => Buffer.from(BigInt64Array.from(values, BigInt).buffer);
/** The mean of a row's features, for any number of rows but 60: then it takes the 60th of one number. */
const FICKLE = Buffer.concat([
  int(1, 8),
  opset(13),
  part(
    7,
    node("ReduceMean", ["x"], ["mean"], attribute("axes", int(8, 1), int(20, 7))),
    node("Sigmoid", ["mean"], ["sure"]),
    node("Shape", ["x"], ["shape"]),
    node("Gather", ["shape", "first"], ["rows"]),
    node("Equal", ["rows", "sixty"], ["are"]),
    node("Cast", ["are"], ["whether"], attribute("to", int(3, 7), int(20, 2))),
    node("Mul", ["whether", "sixty"], ["place"]),
    node("Gather", ["one", "place"], ["factor"]),
    node("Mul", ["sure", "factor"], ["p"]),
    word(2, "g"),
    tensor("first", [], whole(0), 7),
    tensor("sixty", [], whole(60), 7),
    tensor("one", [1], Buffer.from(Float32Array.of(1).buffer)),
    port(11, "x", undefined, undefined),
    port(12, "p", undefined, 1),
  ),
]);
