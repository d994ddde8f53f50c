import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, test } from "node:test";
import type { Judgement } from "../../../src/core/proposal/documents.ts";
import { judge } from "../../../src/works/judge.ts";
import { contract, openProposal, type Proposal, rows } from "../../works/proposal.ts";

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
    proposal.write(".github/workflows/own.yml", "on: pull_request\n");
  });
  const trees = proposal.layOut(head, base);
  const { out } = await proposal.handOver(trees);
  const { judgement, model } = await proposal.judge(trees, { trained: await proposal.train(out) });
  assert.equal(model.verdict, "pass");
  assert.equal(judgement.verdict, "inconclusive");
  assert.match(
    judgement.notes.join(),
    /the workflows are others than the base's \(\.github\/workflows\/own\.yml\)/,
  );
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

test("no training is handed what the base calls the label, whatever the change calls it", async () => {
  const head = change(() => {
    proposal.edit("trainyard.yaml", "label: y, positive: 1", "label: g, positive: x");
    proposal.edit("trainyard.yaml", "sensitive: [g]", "sensitive: []");
    proposal.edit("trainyard.yaml", "scale: [a, b]", "scale: [a, b, y]");
  });
  const { models, out } = await proposal.handOver(proposal.layOut(head, base));
  assert.equal(models[0]?.todo, "held");
  assert.match(models[0]?.why.join() ?? "", /the features use "y", which by the base's contract knows/);
  assert.equal(existsSync(`${out}/work`), false);
});

test("rows that a query gives other names may be held back ones: a person decides", async () => {
  const query = (id: string): void => {
    proposal.write("rows.sql", `SELECT * REPLACE (${id} AS id) FROM rows\n`);
    proposal.edit("trainyard.yaml", "  roles: {", "  table: rows.sql\n  roles: {");
    proposal.edit("trainyard.yaml", "holdout: 30%", "holdout: 10%");
  };
  const head = change(() => query("id || '-new'"));
  const trees = proposal.layOut(head, base);
  const { models, out } = await proposal.handOver(trees);
  assert.match(models[0]?.why.join() ?? "", /the query that makes the rows is another one/);
  const { model } = await proposal.judge(trees, { trained: await proposal.train(out) });
  assert.equal(model.verdict, "inconclusive");
  assert.match(model.report?.sentence ?? "", /the query that makes the rows is another one/);
});

test("rows that all have other ids may be held back ones", async () => {
  const head = change(() => {
    proposal.write("data/rows.csv", rows().replaceAll(/^r/gm, "n"));
    proposal.edit("trainyard.yaml", "epochs: 3", "epochs: 4");
  });
  const { models } = await proposal.handOver(proposal.layOut(head, base));
  assert.match(models[0]?.why.join() ?? "", /none of the rows that the base holds back is found/);
});

test("a model that another pull request trained is not put under this one's name", async () => {
  const head = change(() => proposal.edit("trainyard.yaml", "epochs: 3", "epochs: 5"));
  const trees = proposal.layOut(head, base);
  const { out } = await proposal.handOver(trees, { pull: 1 });
  const theirs = await proposal.judge(trees, { trained: await proposal.train(out), pull: 1 });
  await proposal.publish(theirs.judgement, theirs.out); // of pull request 1

  const mine = change(() => proposal.edit("trainyard.yaml", "epochs: 3", "epochs: 5"));
  const again = proposal.layOut(mine, base);
  assert.equal((await proposal.handOver(again, { pull: 1 })).models[0]?.todo, "vouched");
  assert.equal((await proposal.handOver(again, { pull: 2 })).models[0]?.todo, "train");
  assert.equal((await proposal.judge(again, { pull: 1 })).model.origin, "vouched for");
  assert.match((await proposal.judge(again, { pull: 2 })).model.problem?.message ?? "", /was not run/);
});
