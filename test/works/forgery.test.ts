import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Judgement } from "../../src/core/proposal/documents.ts";
import { judge } from "../../src/works/judge.ts";
import { contract, openProposal, type Proposal, rows } from "./proposal.ts";

/* What somebody might do to have a model pass that was not judged so. */

let proposal: Proposal;
let base: string;

before(async () => {
  proposal = openProposal();
  const start = proposal.commit();
  const trees = proposal.layOut(start, start);
  const { out: handed } = await proposal.handOver(trees);
  const { judgement, model, out } = await proposal.judge(trees, { trained: await proposal.train(handed) });
  await proposal.publish(judgement, out);
  for (const { path, text } of model.files) proposal.write(path, text);
  base = proposal.commit();
});
after(() => proposal.close());

function change(alter: () => void, from = base): string {
  proposal.git("checkout", "--quiet", "--force", "--detach", from);
  alter();
  return proposal.commit();
}

async function whole(head: string, verify = false): Promise<Judgement> {
  return judge(proposal.ports(`${proposal.layOut(head, base)}/head`), {
    base: "../base",
    trained: undefined,
    outside: false,
    verify,
    mergeBase: undefined,
    token: "t",
    out: undefined,
  });
}

test("a contract that is taken away, or made a link, needs a person, in a merge queue too", async () => {
  const gone = change(() => proposal.git("rm", "--quiet", "trainyard.yaml"));
  for (const verify of [false, true]) {
    const judgement = await whole(gone, verify);
    assert.equal(judgement.verdict, "inconclusive");
    assert.match(judgement.notes.join(), /the contract in "\." is taken away/);
  }
});

test("a model under another name in another folder does not pass by rules of its own", async () => {
  const head = change(() => {
    proposal.git("rm", "--quiet", "trainyard.yaml", "trainyard.lock");
    const own = contract({ gates: "    - accuracy >= 0.01\n" }).replace("model: small", "model: other");
    proposal.write("pay/trainyard.yaml", own.replace("data/rows.csv", "rows.csv"));
    proposal.write("pay/rows.csv", rows());
  });
  const trees = proposal.layOut(head, base);
  const { out } = await proposal.handOver(trees);
  const { judgement, model } = await proposal.judge(trees, { trained: await proposal.train(out) });
  assert.equal(model.verdict, "pass");
  assert.equal(judgement.verdict, "inconclusive");
});

test("a pointer to other bytes than the lock's is found in a merge queue", async () => {
  const head = change(() => {
    const text = proposal.read("models/small.dvc");
    proposal.write("models/small.dvc", text.replace(/md5: [0-9a-f]{32}/, `md5: ${"e".repeat(32)}`));
  });
  const [model] = (await whole(head, true)).models;
  assert.equal(model?.verdict, "fail");
  assert.match(model?.problem?.message ?? "", /"models\/small\.dvc" names the bytes e{32}\.dir/);
});
