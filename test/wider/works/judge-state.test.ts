import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { parseDesired, writeDesired } from "../../../src/core/deployments/desired.ts";
import { contract, openProposal, type Proposal } from "../../works/proposal.ts";

/* The desired state that goes to the branch with the judged bytes. */

const DEPLOY = "deploy:\n  production: { to: server, after: staging }\n  staging: { to: server }\n";
const STAGING = "deployments/staging/small.yaml";

let proposal: Proposal;
let nothing: string;
/** The base with a first model that was judged, and the commit that brought it. */
let base: string;
let first: string;

before(async () => {
  proposal = openProposal();
  proposal.git("commit", "--quiet", "--allow-empty", "--message", "Nothing yet");
  nothing = proposal.git("rev-parse", "HEAD");
  proposal.write("trainyard.yaml", contract() + DEPLOY);
  first = proposal.commit();
});
after(() => proposal.close());

function change(from: string, alter: () => void): string {
  proposal.git("checkout", "--quiet", "--force", "--detach", from);
  alter();
  return proposal.commit();
}

async function judged(of: string, by: string) {
  const trees = proposal.layOut(of, by);
  const { out, models } = await proposal.handOver(trees);
  const trains = models.some(({ todo }) => todo === "train");
  const mergeBase = proposal.git("merge-base", by, of);
  return proposal.judge(trees, { mergeBase, ...(trains ? { trained: await proposal.train(out) } : {}) });
}

type Judged = Awaited<ReturnType<typeof judged>>;
const written = ({ model }: Judged): string | undefined =>
  model.files.find(({ path }) => path === STAGING)?.text;
const keep = ({ model }: Judged): void => {
  for (const { path, text } of model.files) proposal.write(path, text);
};
const sha = ({ model }: Judged): string => model.digest?.sha256 ?? "";

test("the first model goes to the environment that follows main, by its own contract", async () => {
  const found = await judged(first, nothing);
  assert.equal(parseDesired(written(found) ?? "", STAGING).digest.sha256, sha(found));
  assert.equal(parseDesired(written(found) ?? "", STAGING).version, undefined);
  assert.deepEqual(
    found.judgement.deployments.map(({ path, kind, sentence }) => [path, kind, sentence]),
    [[STAGING, "merge", "small goes to staging when this is merged: exactly the bytes that are judged here"]],
  );
  await proposal.publish(found.judgement, found.out);
  base = change(first, () => keep(found));
});

test("what our own commit wrote is no edit by hand when the head is judged again", async () => {
  const { model, judgement } = await judged(base, nothing);
  assert.equal(model.verdict, "pass");
  assert.equal(
    model.files.some(({ path }) => path === STAGING),
    false,
    "it stands already",
  );
  assert.deepEqual(
    judgement.deployments.map(({ kind, verdict }) => [kind, verdict]),
    [["merge", "pass"]],
  );
});

test("an equal digest with a version stays as it is, another one is corrected", async () => {
  const trained = change(base, () => proposal.edit("trainyard.yaml", "epochs: 3", "epochs: 4"));
  const found = await judged(trained, base);
  assert.equal(found.model.verdict, "pass");
  assert.notEqual(written(found), undefined);
  await proposal.publish(found.judgement, found.out);

  const { digest } = parseDesired(written(found) ?? "", STAGING);
  const named = change(trained, () => {
    proposal.write(STAGING, writeDesired({ model: "small", digest, version: "v1.1.0" }));
  });
  const again = await judged(named, base);
  assert.equal(written(again), undefined);
  assert.deepEqual(
    again.judgement.deployments.map(({ kind }) => kind),
    ["merge"],
  );

  const forged = change(trained, () => {
    const other = { ...digest, sha256: "f".repeat(64) } as typeof digest;
    proposal.write(STAGING, writeDesired({ model: "small", digest: other }));
  });
  const corrected = await judged(forged, base);
  assert.equal(written(corrected), written(found));
  assert.equal(
    corrected.judgement.verdict,
    "pass",
    "the judge's commit corrects it, and the status waits for it",
  );
});

test("a change of the contract alone does not take a rollback of staging back", async () => {
  const back = change(base, () => {
    const digest = { sha256: "e".repeat(64), md5: `${"e".repeat(32)}.dir` } as never;
    proposal.write(STAGING, writeDesired({ model: "small", digest, version: "v0.9.0" }));
  });
  const gates = change(back, () => proposal.edit("trainyard.yaml", "accuracy >= 0.4", "accuracy >= 0.45"));
  const found = await judged(gates, back);
  assert.equal(found.model.state, "judged");
  assert.equal(written(found), undefined);
  assert.deepEqual(found.judgement.deployments, []);
});

test("the base's contract says where a model goes, whatever the change says", async () => {
  const moved = change(base, () => {
    proposal.edit("trainyard.yaml", "epochs: 3", "epochs: 5");
    proposal.edit("trainyard.yaml", DEPLOY, "deploy:\n  production: { to: server }\n");
  });
  const { model } = await judged(moved, base);
  assert.deepEqual(
    model.files.map(({ path }) => path).filter((path) => path.startsWith("deployments/")),
    [STAGING],
  );
});

test("a merge queue finds the state that follows the merged model", async () => {
  const { deployments, verdict } = (await proposal.judge(proposal.layOut(base, nothing), { verify: true }))
    .judgement;
  assert.equal(verdict, "pass");
  assert.deepEqual(
    deployments.map(({ kind }) => kind),
    ["merge"],
  );
});
