import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Judgement } from "../../../src/core/proposal/documents.ts";
import { contract, openProposal, type Proposal } from "../../works/proposal.ts";

let proposal: Proposal;
let base: string;
let first: Judgement;

/** The contract with a metric of its own and a budget. */
const own = (value: string, looks: number) =>
  `${contract()}  holdout: { looks: ${looks} }
  custom:
    mine: { value: "${value}", better: higher }
`;

before(async () => {
  proposal = openProposal();
  proposal.write("trainyard.yaml", own("label * prediction", 1));
  const nothing = proposal.git("commit-tree", proposal.git("mktree", "--missing"), "-m", "Nothing yet");
  first = (await judged(proposal.commit(), nothing)).judgement;
  for (const { path, text } of first.models[0]?.files ?? []) proposal.write(path, text);
  base = proposal.commit();
});
after(() => proposal.close());

function change(from: string, alter: () => void): string {
  proposal.git("checkout", "--quiet", "--force", "--detach", from);
  alter();
  return proposal.commit();
}

/** Trains and judges a change, and keeps what was found as the last job does. */
async function judged(head: string, by: string) {
  const trees = proposal.layOut(head, by);
  const trained = await proposal.train((await proposal.handOver(trees)).out);
  const found = await proposal.judge(trees, { trained });
  assert.equal(found.model.problem, null);
  await proposal.publish(found.judgement, found.out);
  return { ...found, again: () => proposal.judge(trees, { trained }) };
}

const row = ({ models }: Judgement) => models[0]?.report?.metrics.find(({ name }) => name === "mine");

test("each model that is judged is one look at the base's holdout, and a warning says when it is too many", async () => {
  assert.equal(first.models[0]?.report?.holdout?.looks, 1);
  const { model, again } = await judged(
    change(base, () => proposal.edit("trainyard.yaml", "epochs: 3", "epochs: 4")),
    base,
  );
  assert.equal(model.report?.holdout?.looks, 2);
  assert.equal(model.report?.holdout?.budget, 1);
  assert.match(model.report?.warnings.map(({ title }) => title).join() ?? "", /looked at more often/);
  assert.equal((await again()).model.report?.holdout?.looks, 2, "the same bytes are the same look");
  assert.equal((await proposal.ledger.list("looks")).length, 2);
  assert.equal(row({ models: [model] } as unknown as Judgement)?.value === null, false);
});

test("a metric that a change brings or alters is measured once it is merged", async () => {
  assert.match(row(first)?.reason ?? "", /once a code owner has agreed and it is merged/);
  const spying = change(base, () =>
    proposal.edit("trainyard.yaml", "label * prediction", "case when id = 'r3' then label else 0 end"),
  );
  const { model } = await judged(spying, base);
  const found = [model.report, model.proposed].map((report) =>
    report?.metrics.find(({ name }) => name === "mine"),
  );
  assert.notEqual(found[0]?.value, null, "by the base's definition");
  assert.equal(found[1]?.value, null, "not by the change's");
});

test("another epoch draws another holdout, on which nothing was measured yet", async () => {
  const drawn = change(base, () => proposal.edit("trainyard.yaml", "by: hash,", "by: hash, epoch: 2026-q4,"));
  const { model } = await judged(drawn, base);
  assert.deepEqual(
    model.rules.map(({ name }) => name),
    ["split.epoch"],
  );
  const [now, then] = [model.report?.subject.rows.holdout, first.models[0]?.report?.subject.rows.holdout];
  assert.equal(now, then, "the base's rows decide until it is merged");
  assert.equal(model.report?.holdout?.epoch, null);
  assert.match(model.proposed?.baseline.reason ?? "", /the split is another one/);
});
