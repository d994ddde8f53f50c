import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { add } from "../../../src/artifacts/add.ts";
import { push } from "../../../src/artifacts/push.ts";
import { send } from "../../../src/artifacts/transfer.ts";
import { parseLock } from "../../../src/core/artifacts/lock.ts";
import type { Judgement } from "../../../src/core/proposal/documents.ts";
import { renderComment } from "../../../src/core/report/comment.ts";
import { judge } from "../../../src/works/judge.ts";
import { pullSources } from "../../../src/works/pull-sources.ts";
import { FACTS } from "../../core/report/comment-cases.ts";
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
  assert.equal(model.verdict, "inconclusive");
  assert.equal(judgement.verdict, "inconclusive");
  assert.match(
    judgement.notes.join(),
    /the workflows are others than the base's \(\.github\/workflows\/own\.yml\)/,
  );
});

/** Judges a change with what was trained of it. */
async function judged(head: string) {
  const trees = proposal.layOut(head, base);
  const { out } = await proposal.handOver(trees);
  return proposal.judge(trees, { trained: await proposal.train(out) });
}

test("a weight on one row shows nobody its label: by other rows verdicts alone are shown", async () => {
  const head = change(() => {
    const query = "SELECT *, CASE WHEN id = 'r4' THEN 1e9 ELSE 1.0 END AS w FROM rows\n";
    proposal.write("rows.sql", query);
    proposal.edit("trainyard.yaml", "  roles: {", "  table: rows.sql\n  roles: { weight: w,");
    proposal.edit("trainyard.yaml", "    - accuracy >= 0.4\n", "    - accuracy >= 0.4\n    - brier <= 0.5\n");
  });
  const { model, judgement } = await judged(head);
  const { proposed, report } = model;
  assert.match(proposed?.withheld ?? "", /^the change alters data, roles, split or groups/);
  assert.deepEqual(
    proposed?.gates.map(({ condition }) => condition),
    ["accuracy >= 0.4", "brier <= 0.5", "accuracy >= baseline - 0.5"],
  );
  for (const { value, interval, limit } of proposed?.gates ?? [])
    assert.deepEqual([value, interval, limit], [null, null, null]);
  assert.deepEqual([proposed?.metrics, proposed?.fairness, proposed?.confusion], [[], [], null]);
  assert.match(
    renderComment({ kind: "judged", judgement, back: { state: "none" }, facts: FACTS }),
    /By the proposed rules verdicts alone are shown: the change/,
  );
  // who sees the branch sees its lock: it says what the base's rules found
  const lock = parseLock(model.files.find(({ path }) => path === "trainyard.lock")?.text, "lock");
  const known = Object.fromEntries(report?.metrics.map(({ name, value }) => [name, value]) ?? []);
  assert.ok(Object.keys(known).length > 0);
  assert.deepEqual(lock.get("evaluate")?.facts.metrics, known);
  assert.equal(lock.get("report")?.facts.sentence, report?.sentence);
});

test("however much else changes, no change of the rows is lost in it", async () => {
  const head = change(() => {
    const expected = Array.from(
      { length: 250 },
      (_, by) => `    - column: a\n      between: [-1000, ${1000 + by}]\n`,
    );
    proposal.edit("trainyard.yaml", "  roles: {", `  expect:\n${expected.join("")}  roles: {`);
    proposal.edit("trainyard.yaml", "holdout: 30%", "holdout: 10%");
  });
  const { model } = await judged(head);
  assert.equal(model.rules.length, 200); // told; all of them decide
  assert.match(model.proposed?.withheld ?? "", /^the change alters data, roles, split or groups/);
});

test("gates alone may change, and their values by the proposed rules are shown", async () => {
  const { model } = await judged(
    change(() => proposal.edit("trainyard.yaml", "accuracy >= 0.4", "accuracy >= 0.3")),
  );
  assert.equal(model.proposed?.withheld, undefined);
  assert.notEqual(model.proposed?.gates[0]?.value, null);
});

test("a first model over data that the base holds back for another waits for a person, and tells of no row", async () => {
  const beside = (more: (text: string) => string): string =>
    change(() => {
      const text = contract().replace("model: small", "model: fresh").replace("data/rows.csv", "own.csv");
      proposal.write("fresh/trainyard.yaml", more(text));
      proposal.write("fresh/own.csv", rows());
    });
  const told = async (head: string) =>
    (await judged(head)).judgement.models.find(({ model }) => model === "fresh");

  const each = (text: string): string =>
    text
      .replace("sensitive: [g]", "sensitive: [id]")
      .replace("evaluate:\n", "evaluate:\n  groups: { min_size: 1 }\n");
  const hidden = await told(beside(each));
  assert.equal(hidden?.verdict, "inconclusive");
  assert.match(
    hidden?.report?.sentence ?? "",
    /holds rows of the same data back for "small"; no number is shown/,
  );
  assert.deepEqual([hidden?.report?.fairness, hidden?.report?.metrics], [[], []]);
  assert.doesNotMatch(hidden?.files.map(({ text }) => text).join("") ?? "", /accuracy: [0-9]/);

  const same = await told(beside((text) => text));
  assert.equal(same?.verdict, "inconclusive");
  assert.equal(same?.report?.withheld, undefined);
  assert.ok((same?.report?.metrics.length ?? 0) > 0);

  const other = change(() => {
    const text = contract().replace("model: small", "model: fresh").replace("data/rows.csv", "own.csv");
    proposal.write("fresh/trainyard.yaml", text);
    proposal.write("fresh/own.csv", rows(160));
  });
  assert.equal((await told(other))?.verdict, "pass");
});

/** The rows that are handed over with a label, by their ids, and all that are. */
async function handedRows(out: string, folder: string, label: string) {
  const engine = await proposal.ports(out).engine();
  try {
    const path = join(out, "work", folder, ".trainyard", "prepared.parquet");
    await engine.load("handed", { paths: [path], format: "parquet" });
    const rows = await engine.rows(`SELECT __id, ${label} IS NOT NULL AS told FROM handed`);
    const idsOf = (some: typeof rows) => some.map(({ __id }) => String(__id));
    return { all: idsOf(rows), told: idsOf(rows.filter(({ told }) => told === true)) };
  } finally {
    await engine.close();
  }
}

test("a first model over the same bytes, by a pointer of its own, is taught no row that the base holds back", async () => {
  const pointed = await (async () => {
    proposal.git("checkout", "--quiet", "--force", "--detach", base);
    const workspace = await proposal.ports(proposal.folder).workspace(proposal.folder);
    proposal.git("rm", "--quiet", "--cached", "data/rows.csv");
    await add(workspace, "data/rows.csv");
    await push(workspace);
    return proposal.commit();
  })();
  const again = change(() => proposal.edit("trainyard.yaml", "epochs: 3", "epochs: 6"), pointed);
  const held = await proposal.handOver(proposal.layOut(again, pointed));
  const known = await handedRows(held.out, ".", "y");
  const back = known.all.filter((id) => !known.told.includes(id));
  assert.ok(back.length > 20);

  const head = change(() => {
    const own = contract({ gates: "    - accuracy >= 0.01\n" })
      .replace("model: small", "model: fresh")
      .replace("data/rows.csv", "mine.csv")
      .replace("holdout: 30%", "holdout: 5%, seed: 11");
    proposal.write("fresh/trainyard.yaml", own);
    proposal.write("fresh/mine.csv.dvc", proposal.read("data/rows.csv.dvc").replace("rows.csv", "mine.csv"));
    proposal.write("fresh/.gitignore", "/mine.csv\n");
  }, pointed);
  const trees = proposal.layOut(head, pointed);
  await pullSources(proposal.ports(join(trees, "head")), { force: false });
  const { models, out } = await proposal.handOver(trees);
  const why = models.find(({ folder }) => folder === "fresh")?.why.join() ?? "";
  assert.match(why, /^\d+ rows are left out, since the base holds them back for "small"$/);
  const { told } = await handedRows(out, "fresh", "y");
  assert.ok(told.length > 80);
  assert.deepEqual(
    back.filter((id) => told.includes(id)),
    [],
  );

  const judged = await proposal.judge(trees, { trained: await proposal.train(out) });
  const place = judged.judgement.models.findIndex(({ folder }) => folder === "fresh");
  const model = judged.judgement.models[place];
  assert.equal(model?.verdict, "inconclusive");
  assert.match(
    judged.judgement.notes.join("\n"),
    /fresh: there are \d+ rows to train on .* for "small"; they were left out of the training/,
  );

  // the same model, pushed from a laptop, may know all of them
  for (const { path, text } of model?.files ?? []) proposal.write(path, text);
  const workspace = await proposal.ports(proposal.folder).workspace(proposal.folder);
  await workspace.cache.put(join(judged.out, "models", String(place)));
  await send(model?.digest?.md5 as never, workspace.cache, await workspace.remote());
  const claimed = await proposal.judge(proposal.layOut(proposal.commit(), pointed), { outside: true });
  const shown = claimed.judgement.models[place];
  assert.equal(shown?.origin, "trained outside");
  assert.match(shown?.report?.sentence ?? "", /nobody knows that they were left out of the training/);
});

test("which rows there are tells no training what the base holds back of them", async () => {
  const head = change(() =>
    proposal.edit("trainyard.yaml", "split:", 'prepare:\n  rows: [{ where: "y = 1 or a < 2" }]\nsplit:'),
  );
  const { models, out } = await proposal.handOver(proposal.layOut(head, base));
  assert.match(
    models[0]?.why.join() ?? "",
    /are not shown at all, since prepare\.rows chooses rows by their answers/,
  );
  const { all, told } = await handedRows(out, ".", "y");
  assert.ok(told.length > 40);
  assert.deepEqual(all.sort(), told.sort()); // of the base's holdout not a row

  const harmless = change(() =>
    proposal.edit("trainyard.yaml", "split:", 'prepare:\n  rows: [{ where: "y is not null" }]\nsplit:'),
  );
  const whole = await proposal.handOver(proposal.layOut(harmless, base));
  assert.equal(whole.models[0]?.why.join(), "");
  assert.equal((await handedRows(whole.out, ".", "y")).all.length, 150);
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
