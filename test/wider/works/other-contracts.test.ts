import assert from "node:assert/strict";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { add } from "../../../src/artifacts/add.ts";
import { push } from "../../../src/artifacts/push.ts";
import { pullSources } from "../../../src/works/pull-sources.ts";
import { contract, openProposal, type Proposal, rows } from "../../works/proposal.ts";

/* What a training is handed where other contracts of the base read the same data. */

let proposal: Proposal;
/** The base: "small" alone, which learns y. */
let base: string;
/** The base with a second model, "second", which learns g from the same rows and holds fewer of them back. */
let two: string;

before(async () => {
  proposal = openProposal();
  proposal.write("data/rows.csv", named());
  base = proposal.commit();
  bring("second", second());
  two = proposal.commit();
});
after(() => proposal.close());

/** Rows of which the column that knows the answer could be a name. */
function named(count = 150): string {
  return rows(count, (row, label) => `is${label}_${row}`);
}

/** A contract over `rows.csv` in its own folder, with a split of its own. */
function beside(model: string): string {
  return contract()
    .replace("model: small", `model: ${model}`)
    .replace("data/rows.csv", "rows.csv")
    .replace("holdout: 30%", "holdout: 5%");
}

/** The same, of another label. */
function second(model = "second"): string {
  return beside(model)
    .replace("label: y, positive: 1", "label: g, positive: x")
    .replace("sensitive: [g], leaks: [answer]", "leaks: []");
}

function bring(folder: string, text: string, data = named()): void {
  proposal.write(`${folder}/trainyard.yaml`, text);
  proposal.write(`${folder}/rows.csv`, data);
}

function change(from: string, alter: () => void): string {
  proposal.git("checkout", "--quiet", "--force", "--detach", from);
  alter();
  return proposal.commit();
}

/** What becomes of the model in one folder, and the rows that its training is handed. */
async function handed(head: string, from: string, folder: string) {
  const trees = proposal.layOut(head, from);
  return { trees, ...(await handedOf(trees, folder)) };
}

async function handedOf(trees: string, folder: string) {
  const { models, out } = await proposal.handOver(trees);
  const model = models.find((one) => one.folder === folder);
  return { out, todo: model?.todo, why: model?.why.join("; ") ?? "", labels: await labelsOf(out, folder) };
}

/** The rows that are handed over with a label, by their ids. */
async function labelsOf(out: string, folder: string): Promise<ReadonlySet<string>> {
  const engine = await proposal.ports(out).engine();
  try {
    const path = join(out, "work", folder, ".trainyard", "features.parquet");
    await engine.load("handed", { paths: [path], format: "parquet" });
    const found = await engine.rows("SELECT __row FROM handed WHERE __label IS NOT NULL");
    return new Set(found.map(({ __row }) => String(__row)));
  } catch {
    return new Set();
  } finally {
    await engine.close();
  }
}

/** The rows that "small" holds back. */
async function heldBySmall(): Promise<ReadonlySet<string>> {
  const head = change(base, () => proposal.edit("trainyard.yaml", "epochs: 3", "epochs: 4"));
  const { labels } = await handed(head, base, ".");
  const all = Array.from({ length: 150 }, (_, row) => String(row + 1));
  return new Set(all.filter((row) => !labels.has(row)));
}

const none = (held: ReadonlySet<string>, labels: ReadonlySet<string>): boolean =>
  labels.size > 50 && [...held].every((row) => !labels.has(row));

test("a first model learns no answer that another contract over the same bytes holds back", async () => {
  const held = await heldBySmall();
  assert.ok(held.size > 20);
  const head = change(base, () => bring("fresh", beside("fresh")));
  const { why, labels } = await handed(head, base, "fresh");
  assert.match(why, /^\d+ rows are left out, since the base holds them back for "small"$/);
  assert.ok(none(held, labels));
});

test("a first model of another label over the same table is trained on all of its rows", async () => {
  const head = change(base, () => bring("second", second()));
  const { why, labels, out, trees } = await handed(head, base, "second");
  assert.equal(why, "");
  assert.ok(labels.size > 125, String(labels.size)); // all but the 5 % that it holds back itself
  const { judgement } = await proposal.judge(trees, { trained: await proposal.train(out) });
  const model = judgement.models.find((one) => one.model === "second");
  assert.equal(model?.verdict, "inconclusive"); // once: from then on the base has its rules
  assert.match(model?.report?.sentence ?? "", /for "small"; no number is shown/);
  assert.doesNotMatch(model?.report?.sentence ?? "", /trained on/);
});

test("what another contract says knows the answer is no feature, no weight and no name of rows", async () => {
  const feature = change(base, () =>
    bring("fresh", second("fresh").replace("scale: [a, b]", "keep: [a, y]")),
  );
  const asFeature = await handed(feature, base, "fresh");
  assert.equal(asFeature.todo, "held");
  assert.match(asFeature.why, /would be shown "y" of all rows, which by the base's contract of "small"/);
  const { judgement } = await proposal.judge(asFeature.trees, {
    trained: await proposal.train(asFeature.out),
  });
  const refused = judgement.models.find(({ folder }) => folder === "fresh");
  assert.equal(refused?.verdict, "fail");
  assert.match(refused?.problem?.message ?? "", /would be shown "y" of all rows/);
  assert.equal(refused?.problem?.file, "fresh/trainyard.yaml");

  const name = change(base, () => bring("fresh", second("fresh").replace("id: id", "id: answer")));
  assert.match((await handed(name, base, "fresh")).why, /would be shown "answer" of all rows/);

  const weight = change(base, () => bring("fresh", second("fresh").replace("id: id", "id: id, weight: y")));
  const weighed = await handed(weight, base, "fresh");
  assert.match(weighed.why, /rows are left out, since the base holds them back for "small"/);
  assert.ok(none(await heldBySmall(), weighed.labels));
});

test("a first model of another label is not shown which of the rows have an answer", async () => {
  const held = await heldBySmall();
  const text = second("fresh").replace("split:", 'prepare:\n  rows: [{ where: "y = 1" }]\nsplit:');
  const { why, labels } = await handed(
    change(base, () => bring("fresh", text)),
    base,
    "fresh",
  );
  assert.match(
    why,
    /rows are left out, since the base holds them back for "small"; rows that the base holds/,
  );
  assert.ok(labels.size > 30);
  assert.ok([...held].every((row) => !labels.has(row)));
});

test("no training is told the answer by the names of its rows", async () => {
  const head = change(base, () =>
    proposal.edit("trainyard.yaml", "id: id, sensitive: [g], leaks: [answer]", "id: answer"),
  );
  const { todo, why, trees } = await handed(head, base, ".");
  assert.equal(todo, "held");
  assert.match(why, /rows are named by "answer" \(data\.roles\.id\), which by the base's contract knows/);
  assert.match((await proposal.judge(trees)).model.problem?.message ?? "", /rows are named by "answer"/);
});

test("data that nothing shares are left alone, and are not even read", async () => {
  const lost = change(base, () => proposal.git("rm", "--quiet", "data/rows.csv"));
  const head = change(lost, () => bring("fresh", beside("fresh").replace("5%", "30%"), named(160)));
  const { todo, why, labels, trees, out } = await handed(head, lost, "fresh");
  assert.deepEqual([todo, why], ["train", ""]);
  assert.ok(labels.size > 90);
  const { judgement } = await proposal.judge(trees, { trained: await proposal.train(out) });
  assert.equal(judgement.models.find(({ model }) => model === "fresh")?.verdict, "pass");
});

test("where the other contract's data are not to be had its rules decide, or it is said", async () => {
  const lacking = (split: string): string =>
    change(base, () => {
      proposal.edit("trainyard.yaml", "{ rows: data/rows.csv }", "{ rows: data/rows.csv, more: gone.csv }");
      proposal.edit("trainyard.yaml", "  roles: {", "  table: rows\n  roles: {");
      proposal.edit("trainyard.yaml", "by: hash", split);
    });
  const exact = lacking("by: hash");
  const head = change(exact, () => bring("fresh", beside("fresh")));
  const told = await handed(head, exact, "fresh");
  assert.match(told.why, /^\d+ rows are left out, since the base holds them back for "small"$/);
  assert.ok(none(await heldBySmall(), told.labels));

  const vague = lacking("by: random");
  const other = change(vague, () => bring("fresh", beside("fresh")));
  const unsure = await handed(other, vague, "fresh");
  assert.match(
    unsure.why,
    /could not be told: for "small", the base's own rows could not be read: .*gone\.csv/,
  );
  const { judgement } = await proposal.judge(unsure.trees, { trained: await proposal.train(unsure.out) });
  const model = judgement.models.find((one) => one.folder === "fresh");
  assert.equal(model?.verdict, "inconclusive");
  assert.match(
    model?.report?.sentence ?? "",
    /which they are could not be told: for "small", the base's own/,
  );
});

test("a broken contract of the base is asked about where it reads the same data, or may", async () => {
  const broken = change(base, () => proposal.edit("trainyard.yaml", "accuracy >= 0.4", "acuracy >= 0.4"));
  const same = change(broken, () => bring("fresh", beside("fresh")));
  const told = await handed(same, broken, "fresh");
  assert.match(told.why, /could not be told: the base's contract "trainyard\.yaml" is broken: .*"acuracy"/);
  const { judgement } = await proposal.judge(told.trees, { trained: await proposal.train(told.out) });
  const model = judgement.models.find((one) => one.folder === "fresh");
  assert.equal(model?.verdict, "inconclusive");
  assert.equal(model?.report?.metrics.length, 0);
  assert.match(model?.report?.sentence ?? "", /whether the base holds rows of the same data back could not/);

  const others = change(broken, () => bring("fresh", beside("fresh"), named(160)));
  assert.equal((await handed(others, broken, "fresh")).why, "");

  const torn = change(base, () => proposal.write("trainyard.yaml", "model: [\n"));
  const any = change(torn, () => bring("fresh", beside("fresh"), named(160)));
  assert.match((await handed(any, torn, "fresh")).why, /the base's contract "trainyard\.yaml" is broken/);
});

test("two contracts over one table are each other's business only where a change shows more", async () => {
  const held = await heldBySmall();
  const plain = change(two, () => proposal.edit("second/trainyard.yaml", "epochs: 3", "epochs: 4"));
  const everyday = await handed(plain, two, "second");
  assert.equal(everyday.why, "");
  assert.ok(everyday.labels.size > 125);

  const label = change(two, () =>
    proposal.edit("second/trainyard.yaml", "label: g, positive: x", "label: y, positive: 1"),
  );
  const taught = await handed(label, two, "second");
  assert.match(taught.why, /rows are left out, since the base holds them back for "small"/);
  assert.ok(none(held, taught.labels));

  const feature = change(two, () => proposal.edit("second/trainyard.yaml", "scale: [a, b]", "keep: [a, y]"));
  assert.match((await handed(feature, two, "second")).why, /would be shown "y" of all rows/);
});

test("what the base's own contract shows already stays shown, also where its split moves", async () => {
  const same = change(base, () => bring("same", beside("same"))); // learns y, as small does
  const moved = change(same, () => proposal.edit("same/trainyard.yaml", "holdout: 5%", "holdout: 6%"));
  const { why, labels } = await handed(moved, same, "same");
  assert.equal(why, "");
  assert.ok(labels.size > 120, String(labels.size));
  const fewer = change(same, () =>
    proposal.edit("same/trainyard.yaml", "split:", 'prepare:\n  rows: [{ where: "a < 3" }]\nsplit:'),
  );
  const more = change(fewer, () => proposal.edit("same/trainyard.yaml", "a < 3", "a < 9"));
  const anew = await handed(more, fewer, "same");
  const held = await heldBySmall();
  const low = (row: string): boolean => (Number(row) - 1) % 7 < 3;
  assert.match(anew.why, /rows are left out, since the base holds them back for "small"/);
  assert.ok([...held].every((row) => low(row) || !anew.labels.has(row))); // those are shown first now
  assert.ok([...held].some((row) => low(row) && anew.labels.has(row))); // these were before
});

test("a pointer that comes to name another contract's bytes is seen through, inside of a folder too", async () => {
  proposal.git("checkout", "--quiet", "--force", "--detach", base);
  const workspace = await proposal.ports(proposal.folder).workspace(proposal.folder);
  proposal.git("rm", "--quiet", "--cached", "data/rows.csv");
  proposal.edit("trainyard.yaml", "data/rows.csv", "data/*.csv");
  await add(workspace, "data");
  bring("other", beside("other"), named(160).replaceAll(/^r/gm, "o"));
  await add(workspace, "other/rows.csv");
  await push(workspace);
  const pointed = proposal.commit();
  const [md5] = /[0-9a-f]{32}\.dir/.exec(proposal.read("data.dvc")) ?? [];
  const head = change(pointed, () => {
    proposal.git("rm", "--quiet", "other/rows.csv.dvc");
    proposal.write("other/own.dvc", `outs:\n- md5: ${md5}\n  hash: md5\n  path: own\n`);
    proposal.write("other/.gitignore", "/own\n");
    proposal.edit("other/trainyard.yaml", "rows: rows.csv", "rows: own/rows.csv");
  });
  const trees = proposal.layOut(head, pointed);
  mkdirSync(join(trees, "head", "other"), { recursive: true });
  await pullSources(proposal.ports(join(trees, "head")), { force: false });
  rmSync(join(trees, "base", ".dvc", "tmp"), { recursive: true, force: true });
  const { why, labels } = await handedOf(trees, "other");
  assert.match(why, /rows are left out, since the base holds them back for "small"/);
  assert.ok(none(await heldBySmall(), labels));
});
