import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { send } from "../../../src/artifacts/transfer.ts";
import { contract, openProposal, type Proposal, rows } from "../../works/proposal.ts";

let proposal: Proposal;
/** The base, with a model that was judged and committed, and the ids of the rows that it holds back. */
let base: string;
let ids: readonly string[];

before(async () => {
  proposal = openProposal();
  const start = proposal.commit();
  const trees = proposal.layOut(start, start);
  const handed = await proposal.handOver(trees);
  ids = await heldBack(handed.out);
  const { judgement, model, out } = await proposal.judge(trees, {
    trained: await proposal.train(handed.out),
  });
  assert.equal(model.problem, null);
  await proposal.publish(judgement, out);
  for (const { path, text } of model.files) proposal.write(path, text);
  base = proposal.commit();
});
after(() => proposal.close());

async function judged(of: string, by: string) {
  const trees = proposal.layOut(of, by);
  const { out } = await proposal.handOver(trees);
  return proposal.judge(trees, { trained: await proposal.train(out) });
}

async function heldBack(handover: string): Promise<string[]> {
  const engine = await proposal.ports(handover).engine();
  await engine.load("p", { paths: [join(handover, "work/.trainyard/prepared.parquet")], format: "parquet" });
  const held = await engine.rows("SELECT __id FROM p WHERE __split = 'holdout'");
  await engine.close();
  return held.map(({ __id }) => String(__id));
}

function change(alter: () => void): string {
  proposal.git("checkout", "--quiet", "--force", "--detach", base);
  alter();
  return proposal.commit();
}

test("gates that the change makes harmless do not decide", async () => {
  const worse = "    - accuracy >= 0.999\n";
  proposal.git("checkout", "--quiet", "--force", "--detach", base);
  proposal.write("trainyard.yaml", contract({ gates: worse }));
  const strict = proposal.commit();
  proposal.edit("trainyard.yaml", "accuracy >= 0.999", "accuracy >= 0.1");
  const { model, judgement } = await proposal.judge(proposal.layOut(proposal.commit(), strict));
  assert.equal(model.origin, "unchanged");
  assert.equal(judgement.verdict, "fail");
  assert.equal(model.report?.gates[0]?.condition, "accuracy >= 0.999");
  assert.equal(model.report?.verdict, "fail");
  assert.equal(model.proposed?.verdict, "pass");
  assert.deepEqual(
    model.rules.map(({ name, before, after, line }) => [name, before, after, line]),
    [
      [
        "evaluate.gates.0",
        "accuracy >= 0.999 (when inconclusive: approve)",
        "accuracy >= 0.1 (when inconclusive: approve)",
        16,
      ],
    ],
  );
});

test("a smaller holdout is judged on the base's, and a model that may have seen it needs a person", async () => {
  const head = change(() => proposal.edit("trainyard.yaml", "holdout: 30%", "holdout: 10%"));
  const { model, judgement, out } = await judged(head, base);
  assert.equal(model.problem, null);
  assert.ok((model.report?.subject.rows.holdout ?? 0) > (model.proposed?.subject.rows.holdout ?? 0));
  assert.match(judgement.notes.join(), /the split is another one: .* left out of the training/);
  assert.equal(model.verdict, "pass");

  for (const { path, text } of model.files) proposal.write(path, text);
  const workspace = await proposal.ports(proposal.folder).workspace(proposal.folder);
  await workspace.cache.put(join(out, "models", "0"));
  await send(model.digest?.md5 as never, workspace.cache, await workspace.remote());
  const claimed = proposal.layOut(proposal.commit(), base);
  const shown = (await proposal.judge(claimed, { outside: true })).model;
  assert.equal(shown.origin, "trained outside");
  assert.equal(shown.verdict, "inconclusive");
  assert.match(shown.report?.sentence ?? "", /nobody knows that they were left out of the training/);
});

test("a column that the base says knows the answer cannot become a feature", async () => {
  const head = change(() => {
    proposal.edit("trainyard.yaml", ", leaks: [answer]", "");
    proposal.edit("trainyard.yaml", "  - scale: [a, b]\n", "  - scale: [a, b]\n  - one_hot: [answer]\n");
  });
  const { model } = await judged(head, base);
  assert.equal(model.state, "failed");
  assert.match(model.problem?.message ?? "", /use "answer", which by the base's contract knows the answer/);
  assert.equal(model.problem?.file, "trainyard.yaml");
  assert.equal(model.problem?.line, 10);
});

test("a model that moves to another folder keeps the base's rules", async () => {
  const head = change(() => {
    proposal.git("mv", "trainyard.yaml", "pay.yaml");
    proposal.write(
      "pay/trainyard.yaml",
      contract({ gates: "    - accuracy >= 0.01\n" }).replace("data/rows.csv", "rows.csv"),
    );
    proposal.write("pay/rows.csv", rows());
    proposal.git("rm", "--quiet", "--force", "pay.yaml");
  });
  const { model } = await judged(head, base);
  assert.equal(model.folder, "pay");
  assert.equal(model.report?.gates.length, 2);
  assert.equal(model.proposed?.gates.length, 1);
});

test("other rows are held to what the base expects of rows", async () => {
  proposal.git("checkout", "--quiet", "--force", "--detach", base);
  proposal.write("trainyard.yaml", contract({ data: "  expect: [{ column: a, between: [0, 6] }]\n" }));
  const expecting = proposal.commit();
  proposal.write("trainyard.yaml", contract());
  proposal.write("data/rows.csv", `${rows()}r900,90,1,x,is1,1\n`);
  const { model } = await judged(proposal.commit(), expecting);
  assert.equal(model.verdict, "fail");
  assert.equal(model.report?.checks[0]?.verdict, "fail");
  assert.deepEqual(model.proposed?.checks, []);
});

test("a feature that the base's rows do not have needs a person", async () => {
  const head = change(() => {
    const lines = proposal.read("data/rows.csv").trim().split("\n");
    proposal.write(
      "data/rows.csv",
      `${lines.map((line, row) => `${line},${row === 0 ? "c" : row % 5}`).join("\n")}\n`,
    );
    proposal.edit("trainyard.yaml", "scale: [a, b]", "scale: [a, b, c]");
  });
  const { model } = await judged(head, base);
  assert.equal(model.state, "judged");
  assert.equal(model.verdict, "inconclusive");
  assert.match(model.report?.sentence ?? "", /the base's rows have no column "c"/);
  assert.equal(model.proposed?.verdict, "pass");
});

test("remotes that the change names are told of, and are not asked", async () => {
  const head = change(() => {
    proposal.write(
      ".dvc/config",
      "[core]\n    remote = evil\n['remote \"evil\"']\n    url = /tmp/nowhere/evil\n",
    );
    proposal.edit("trainyard.yaml", "epochs: 3", "epochs: 4");
  });
  const { model } = await judged(head, base);
  assert.equal(model.verdict, "pass");
  assert.deepEqual(
    model.rules.map(({ name }) => name),
    [".dvc/config [core] remote", ".dvc/config [remote store] url", ".dvc/config [remote evil] url"],
  );
});

test("a contract that cannot be read fails at its place, and the others are judged", async () => {
  const head = change(() => {
    proposal.write("other/trainyard.yaml", contract().replace("accuracy >= 0.4", "acuracy >= 0.4"));
  });
  const { judgement } = await proposal.judge(proposal.layOut(head, base));
  assert.equal(judgement.verdict, "fail");
  const [good, bad] = judgement.models;
  assert.equal(good?.verdict, "pass");
  assert.deepEqual(
    [bad?.state, bad?.folder, bad?.problem?.file, bad?.problem?.line],
    ["failed", "other", "other/trainyard.yaml", 16],
  );
  assert.match(bad?.problem?.message ?? "", /"acuracy"/);
});

test("a contract that is taken away is told of", async () => {
  const head = change(() => proposal.git("rm", "--quiet", "trainyard.yaml"));
  const { judgement } = await proposal
    .judge(proposal.layOut(head, base))
    .catch((error: Error) => ({ judgement: error.message }));
  assert.equal(judgement, "nothing was judged");
});

test("training code that prints its own verdict changes nothing", async () => {
  const script = `const { readFileSync, writeFileSync, mkdirSync } = require("node:fs");
const given = JSON.parse(readFileSync(process.env.TRAINYARD_INPUTS, "utf8"));
console.log("::set-output name=verdict::pass\\nAll gates pass.");
mkdirSync(".trainyard", { recursive: true });
writeFileSync(".trainyard/report.json", JSON.stringify({ verdict: "pass" }));
writeFileSync("trainyard.lock", "schema: trainyard/lock/1\\nstages: {}\\n");
writeFileSync("predictions.csv", "id,score\\n" + readFileSync("ids.txt", "utf8").trim().split("\\n").map((id) => id + ",0.9").join("\\n") + "\\n");
`;
  const train = "{ run: node train.cjs, code: [train.cjs], out: predictions.csv }";
  const head = change(() => {
    proposal.write("trainyard.yaml", contract({ train, gates: "    - accuracy >= 0.9\n" }));
    proposal.write("train.cjs", script);
    proposal.write("ids.txt", ids.join("\n"));
  });
  const { model, out } = await judged(head, base);
  assert.equal(model.problem, null);
  assert.equal(model.proposed?.verdict, "fail");
  assert.equal(model.report?.gates[0]?.condition, "accuracy >= 0.4");
  assert.doesNotMatch(readFileSync(join(out, "judgement.json"), "utf8"), /All gates pass/);
});

test("a base that moved on since is told of", async () => {
  const moved = change(() => proposal.write("trainyard.lock", `${proposal.read("trainyard.lock")}# later\n`));
  const { model } = await proposal.judge(proposal.layOut(base, moved), { mergeBase: base });
  assert.equal(model.behind, true);
});
test("a data file that is named like a waiver does not make the change's own rows decide", async () => {
  const many = change(() => {
    proposal.edit("trainyard.yaml", "data/rows.csv", '"*.csv"');
    proposal.write("rows.csv", rows());
  });
  proposal.write("waivers.yaml: more.csv", rows(600).replaceAll(/^r/gm, "s"));
  const { model } = await judged(proposal.commit(), many);
  assert.equal(model.problem, null);
  assert.deepEqual(
    model.rules.map(({ kind, name }) => [kind, name]),
    [["data", "waivers.yaml: more.csv"]],
  );
  const held = model.report?.subject.rows.holdout ?? 0;
  assert.ok(held > 0 && held < 100, `${held} of 750 rows, of which the base has 150`);
});
