import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { recordsOf } from "../../../src/core/proposal/record.ts";
import { checkOf } from "../../../src/core/report/check.ts";
import { contract, openProposal, type Proposal } from "../../works/proposal.ts";

const GATES = `    - accuracy >= 0.4
    - gate: accuracy >= 0.999
`;

const waivers = (until: string, more = "") => `waivers:
  - gate: accuracy >= 0.999
    by: "@anna"
    because: the new sensor needs three months
    until: ${until}
${more}`;

let proposal: Proposal;
/** The base without waivers, with a model that fails, and a change of its training. */
let base: string;
let head: string;
let trained: string;

before(async () => {
  proposal = openProposal();
  proposal.write("trainyard.yaml", contract({ gates: GATES }));
  const first = proposal.commit();
  const nothing = proposal.git("commit-tree", proposal.git("mktree", "--missing"), "-m", "Nothing yet");
  const trees = proposal.layOut(first, nothing);
  const { judgement, out } = await proposal.judge(trees, {
    trained: await proposal.train((await proposal.handOver(trees)).out),
  });
  await proposal.publish(judgement, out);
  for (const { path, text } of judgement.models[0]?.files ?? []) proposal.write(path, text);
  base = proposal.commit();
  head = change(base, () => proposal.edit("trainyard.yaml", "epochs: 3", "epochs: 4"));
  trained = await proposal.train((await proposal.handOver(proposal.layOut(head, base))).out);
});
after(() => proposal.close());

/** Commits a change of a commit. */
function change(from: string, alter: () => void): string {
  proposal.git("checkout", "--quiet", "--force", "--detach", from);
  alter();
  return proposal.commit();
}

/** The base and the change with the same files of waivers in both. */
function withWaivers(text: string): { readonly trees: string; readonly head: string } {
  const there = change(base, () => proposal.write("waivers.yaml", text));
  const changed = change(there, () => proposal.edit("trainyard.yaml", "epochs: 3", "epochs: 4"));
  return { trees: proposal.layOut(changed, there), head: changed };
}

/** What was trained of a change, as if it had been trained of another commit with the same files. */
async function trainedOf(trees: string): Promise<string> {
  return proposal.train((await proposal.handOver(trees)).out);
}

test("a gate that the base waives lets the change through, and is no pass", async () => {
  const { trees } = withWaivers(waivers("2999-12-31"));
  const { judgement, model } = await proposal.judge(trees, { trained: await trainedOf(trees) });
  assert.equal(model.problem, null);
  assert.equal(model.verdict, "waived");
  assert.equal(judgement.verdict, "waived");
  assert.deepEqual(model.rules, []);
  assert.match(model.report?.sentence ?? "", /^Let through by a waiver of @anna until 2999-12-31: Accuracy/);
  assert.equal(model.report?.waivers?.[0]?.state, "holds");
  assert.equal(checkOf(judgement, new Map()).conclusion, "neutral");
  const facts = { pull: 1, trainedBy: null, judgedBy: "run", judgedAt: "2026-11-22T07:00:00Z", tool: "t" };
  const [record] = recordsOf(judgement, facts);
  assert.equal(record?.verdict, "waived");
  assert.deepEqual(record?.gates[1], {
    condition: "accuracy >= 0.999",
    verdict: "waived",
    waived: {
      by: "@anna",
      because: "the new sensor needs three months",
      until: "2999-12-31",
      instead_of: "fail",
    },
  });
});

test("a change cannot waive itself: its waiver is shown, and holds once it is merged", async () => {
  const own = change(head, () => proposal.write("waivers.yaml", waivers("2999-12-31")));
  const trees = proposal.layOut(own, base);
  const { model } = await proposal.judge(trees, { trained: await trainedOf(trees) });
  assert.equal(model.verdict, "fail");
  assert.equal(model.proposed?.verdict, "waived");
  assert.deepEqual(
    model.report?.waivers?.map(({ state }) => state),
    ["proposed"],
  );
  assert.deepEqual(
    model.rules.map(({ name, before }) => [name, before]),
    [["waivers.yaml: accuracy >= 0.999", null]],
  );
});

test("one that is for another pull request, or is over, has no effect", async () => {
  const { trees } = withWaivers(
    waivers(
      "2020-01-01",
      `  - { gate: accuracy >= 0.999, by: "@b", because: c, until: 2999-01-01, pull: 7 }\n`,
    ),
  );
  const of = await trainedOf(trees);
  const other = await proposal.judge(trees, { trained: of, pull: 8 });
  assert.equal(other.model.verdict, "fail");
  assert.deepEqual(
    other.model.report?.waivers?.map(({ state }) => state),
    ["expired", "elsewhere"],
  );
  const same = await proposal.judge(trees, { trained: of, pull: 7 });
  assert.equal(same.model.verdict, "waived");
});

test("where waivers change, and nothing else, a person has to agree", async () => {
  const alone = change(base, () => proposal.write("waivers.yaml", waivers("2999-12-31")));
  const { judgement, model } = await proposal.judge(proposal.layOut(alone, base));
  assert.equal(model.state, "unchanged");
  assert.equal(judgement.verdict, "inconclusive");
  assert.match(
    judgement.notes.join(),
    /this change adds waivers\.yaml: accuracy >= 0\.999: @anna until 2999-12-31/,
  );
  const draft = checkOf(judgement, new Map());
  assert.equal(draft.conclusion, "action_required");
  assert.match(draft.title, /Waivers change/);
  const after = change(alone, () => proposal.write("README.md", "More.\n"));
  assert.equal((await proposal.judge(proposal.layOut(after, alone))).judgement.verdict, "pass");
});

test("a broken file of waivers is refused with its place", async () => {
  const own = change(head, () =>
    proposal.write("waivers.yaml", waivers("2999-12-31").replace("0.999", "0.99")),
  );
  const { model } = await proposal.judge(proposal.layOut(own, base), { trained });
  assert.equal(model.state, "failed");
  assert.deepEqual([model.problem?.file, model.problem?.line], ["waivers.yaml", 2]);
  assert.match(
    model.problem?.message ?? "",
    /has no gate "accuracy >= 0.99"; the nearest is "accuracy >= 0.999"/,
  );
});

test("a waived verdict of the base's own model does not outlive its waiver in a merge queue", async () => {
  const there = change(base, () => proposal.write("waivers.yaml", waivers("2999-12-31")));
  change(there, () => proposal.edit("trainyard.yaml", "resamples: 20", "resamples: 21"));
  const asked = proposal.git("rev-parse", "HEAD");
  const { judgement, model, out } = await proposal.judge(proposal.layOut(asked, there));
  assert.equal(model.verdict, "waived");
  await proposal.publish(judgement, out);
  for (const { path, text } of model.files) proposal.write(path, text);
  const locked = proposal.commit();
  const verified = await proposal.judge(proposal.layOut(locked, there), { verify: true });
  assert.deepEqual(verified.judgement.notes, []); // it is this very lock that was judged
  assert.equal(verified.model.verdict, "waived");

  const gone = await proposal.judge(proposal.layOut(locked, base), { verify: true });
  assert.equal(gone.model.problem, null);
  assert.equal(gone.model.verdict, "fail");
  assert.match(
    gone.judgement.notes.join(),
    /the waiver of "accuracy >= 0\.999" until 2999-12-31 stands on the base branch no longer; let the pull/,
  );
});
