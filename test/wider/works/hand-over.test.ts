import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { add } from "../../../src/artifacts/add.ts";
import { push } from "../../../src/artifacts/push.ts";
import { runWorks } from "../../../src/pipeline/run.ts";
import { openProject } from "../../../src/works/project.ts";
import { pullSources } from "../../../src/works/pull-sources.ts";
import { WORKS } from "../../../src/works/works.ts";
import { contract, openProposal, type Proposal, rows } from "../../works/proposal.ts";

let proposal: Proposal;
let base: string;
/** What is handed over for a change of the training alone. */
let plain: Awaited<ReturnType<Proposal["handOver"]>>;

before(async () => {
  proposal = openProposal();
  proposal.write(
    "data/rows.csv",
    rows(150, (row, label) => `answer_${row}_${label}`),
  );
  base = proposal.commit();
  const head = change(() => proposal.edit("trainyard.yaml", "epochs: 3", "epochs: 4"));
  plain = await proposal.handOver(proposal.layOut(head, base));
});
after(() => proposal.close());

/** Commits a change of the base and goes back to it. */
function change(alter: () => void): string {
  proposal.git("checkout", "--quiet", "--detach", base);
  alter();
  return proposal.commit();
}

const handedOf = async (folder: string, file: string) => {
  const engine = await proposal.ports(folder).engine();
  try {
    await engine.load("handed", { paths: [join(folder, "work", ".trainyard", file)], format: "parquet" });
    return await engine.rows("SELECT * FROM handed ORDER BY __row");
  } finally {
    await engine.close();
  }
};

test("what is handed over holds no label of a row that is held back, and no answer", async () => {
  const { out, models } = plain;
  assert.deepEqual(models[0]?.todo, "train");

  const features = await handedOf(out, "features.parquet");
  const held = features.filter(({ __split }) => __split === "holdout");
  assert.ok(held.length > 20 && held.length < 80, String(held.length));
  assert.ok(held.every(({ __label }) => __label === null));
  assert.ok(features.filter(({ __split }) => __split !== "holdout").every(({ __label }) => __label !== null));

  const prepared = await handedOf(out, "prepared.parquet");
  assert.deepEqual(Object.keys(prepared[0] ?? {}), ["__row", "a", "b", "y", "__id", "__split"]);
  assert.ok(prepared.every(({ __split, y }) => (__split === "holdout") === (y === null)));

  const files = readdirSync(out, { recursive: true, encoding: "utf8", withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  assert.ok(files.some((file) => file.endsWith("code/trainyard.yaml")));
  assert.ok(!files.some((file) => file.endsWith("rows.csv")));
  for (const file of files) assert.doesNotMatch(readFileSync(file, "latin1"), /answer_\d/, file);
});

test("a model of a built-in trainer is the one that a run on a laptop makes, byte for byte", async () => {
  const head = change(() => proposal.edit("trainyard.yaml", "epochs: 3", "epochs: 5"));
  const { out } = await proposal.handOver(proposal.layOut(head, base));
  const trained = await proposal.train(out);
  const project = await openProject(
    proposal.ports(proposal.folder),
    join(proposal.folder, "trainyard.yaml"),
    {},
  );
  const { lock } = await runWorks(WORKS, project, { until: "train" });
  const handed = JSON.parse(readFileSync(join(trained, "trained.json"), "utf8")) as {
    readonly models: readonly {
      readonly fingerprint: string;
      readonly digest: { readonly sha256: string };
    }[];
  };
  assert.equal(handed.models[0]?.fingerprint, lock.get("train")?.fingerprint);
  assert.equal(handed.models[0]?.digest.sha256, lock.get("train")?.out[0]?.sha256);
  proposal.git("checkout", "--quiet", "--force", "--detach", base);
});

test("rows that the base holds back are held back although the change would train on them", async () => {
  const own = await handedOf(plain.out, "features.parquet");
  const head = change(() => proposal.edit("trainyard.yaml", "holdout: 30%", "holdout: 5%"));
  const { out, models } = await proposal.handOver(proposal.layOut(head, base));
  const now = await handedOf(out, "features.parquet");
  const sideOf = new Map(now.map(({ __row, __split, __label }) => [__row, { __split, __label }]));
  const held = own.filter(({ __split }) => __split === "holdout");
  assert.ok(held.length > 20);
  for (const { __row } of held) assert.deepEqual(sideOf.get(__row), { __split: "holdout", __label: null });
  assert.match(models[0]?.why.join() ?? "", /\d+ rows are left out, since the base holds them back/);
});

test("rows are known by their ids where the data are others", async () => {
  const more = rows(200, (row, label) => `answer_${row}_${label}`).split("\n");
  const head = change(() => {
    proposal.write("data/rows.csv", `${[more[0], ...more.slice(1).reverse()].filter(Boolean).join("\n")}\n`);
    proposal.edit("trainyard.yaml", "holdout: 30%", "holdout: 1%");
  });
  const { out, models } = await proposal.handOver(proposal.layOut(head, base));
  assert.doesNotMatch(models[0]?.why.join() ?? "", /could not be told/);
  const prepared = await handedOf(out, "prepared.parquet");
  const held = prepared.filter(({ y }) => y === null).map(({ __id }) => String(__id));
  const ofBase = (await handedOf(plain.out, "prepared.parquet")).filter(({ y }) => y === null);
  for (const { __id } of ofBase) assert.ok(held.includes(String(__id)), String(__id));
});

test("where rows cannot be told apart it is said", async () => {
  proposal.git("checkout", "--quiet", "--detach", base);
  proposal.edit("trainyard.yaml", "id: id, ", "");
  const unnamed = proposal.commit();
  proposal.write(
    "data/rows.csv",
    proposal
      .read("data/rows.csv")
      .split("\n")
      .map((line, index) => (line === "" ? "" : `${line},${index === 0 ? "more" : index}`))
      .join("\n"),
  );
  const head = proposal.commit();
  const { models } = await proposal.handOver(proposal.layOut(head, unnamed));
  assert.equal(models[0]?.todo, "train");
  assert.match(models[0]?.why.join() ?? "", /could not be told: the columns changed/);
});

test("what the change planted is not believed", async () => {
  const head = change(() => {
    proposal.edit("trainyard.yaml", "epochs: 3", "epochs: 8");
    proposal.write("trainyard.lock", "<<<<<<< no lock at all\n");
    proposal.write(".trainyard/features.parquet", "planted");
    proposal.git("add", "--force", ".trainyard/features.parquet");
    proposal.write("models/small.dvc", "outs: nonsense\n");
  });
  const { out, models } = await proposal.handOver(proposal.layOut(head, base));
  assert.equal(models[0]?.todo, "train");
  assert.ok((await handedOf(out, "features.parquet")).length > 100);
});

test("a broken contract holds itself and no other", async () => {
  const head = change(() => {
    proposal.write("other/trainyard.yaml", "model: [\n");
    proposal.edit("trainyard.yaml", "epochs: 3", "epochs: 9");
  });
  const { models } = await proposal.handOver(proposal.layOut(head, base));
  assert.deepEqual(
    models.map(({ folder, todo }) => [folder, todo]),
    [
      [".", "train"],
      ["other", "held"],
    ],
  );
  assert.match(models[1]?.why.join() ?? "", /other\/trainyard\.yaml:/);
});

test("drafts wait, and a command, a label or the budget decides", async () => {
  const head = change(() => proposal.edit("trainyard.yaml", "epochs: 3", "epochs: 10"));
  const trees = proposal.layOut(head, base);
  const todo = async (more: Parameters<Proposal["handOver"]>[1]) => {
    const { models } = await proposal.handOver(trees, more);
    return [models[0]?.todo, models[0]?.why.join()];
  };
  assert.deepEqual(await todo({ draft: true }), [
    "held",
    "it is a draft, and train.when is ready; mark it ready for review",
  ]);
  assert.equal((await todo({ draft: true, asked: true }))[0], "train");
});

test("a training command is given the rows to predict, and no label of them", async () => {
  const script = `const { readFileSync, writeFileSync } = require("node:fs");
const given = JSON.parse(readFileSync(process.env.TRAINYARD_INPUTS, "utf8"));
writeFileSync("seen.txt", readFileSync(given.holdout, "latin1"));
process.exit(3);
`;
  const head = change(() => {
    proposal.write("trainyard.yaml", contract({ train: "{ run: node train.cjs, code: [train.cjs] }" }));
    proposal.write("train.cjs", script);
  });
  const { out } = await proposal.handOver(proposal.layOut(head, base));
  const trained = await proposal.train(out);
  const told = JSON.parse(readFileSync(join(trained, "trained.json"), "utf8")) as {
    readonly models: readonly unknown[];
    readonly failed: readonly { readonly message: string }[];
  };
  assert.deepEqual(told.models, []);
  assert.match(told.failed[0]?.message ?? "", /exit.*3/);
  assert.ok(readFileSync(join(out, "code", "seen.txt"), "latin1").startsWith("PAR1"));
});

test("a model of a command is given the weights that its threshold is chosen by, and none of rows held back", async () => {
  const onnx = JSON.stringify(resolve("test/fixtures/models/logistic.onnx"));
  const head = change(() => {
    proposal.write(
      "trainyard.yaml",
      contract({ train: "{ run: node train.cjs, code: [train.cjs] }" })
        .replace("id: id,", "id: id, weight: w,")
        .replace("{ threshold: 0.5 }", "{ maximize: f1 }")
        .replace("scale: [a, b]", "keep: [a, b, c, d]"),
    );
    proposal.write("train.cjs", `require("node:fs").copyFileSync(${onnx}, "model.onnx");`);
    const wide = proposal.read("data/rows.csv").trim().split("\n");
    const more = wide.map((line, row) => `${line},${row === 0 ? "c,d,w" : `1,2,${1 + (row % 3)}`}`);
    proposal.write("data/rows.csv", `${more.join("\n")}\n`);
  });
  const { out } = await proposal.handOver(proposal.layOut(head, base));
  const prepared = await handedOf(out, "prepared.parquet");
  assert.ok(prepared.every(({ __split, w }) => (__split === "holdout") === (w === null)));
  const trained = await proposal.train(out);
  const told = JSON.parse(readFileSync(join(trained, "trained.json"), "utf8"));
  assert.deepEqual(told.failed, []);
});

test("data that only a pointer names are those that were pulled, for the base as well", async () => {
  proposal.git("checkout", "--quiet", "--force", "--detach", base);
  const workspace = await proposal.ports(proposal.folder).workspace(proposal.folder);
  proposal.git("rm", "--quiet", "--cached", "data/rows.csv");
  await add(workspace, "data/rows.csv");
  await push(workspace);
  const pointed = proposal.commit();
  proposal.edit("trainyard.yaml", "holdout: 30%", "holdout: 5%");
  const trees = proposal.layOut(proposal.commit(), pointed);
  const pulled = await pullSources(proposal.ports(join(trees, "head")), { force: false });
  assert.deepEqual(pulled.written, ["data/rows.csv"]);
  rmSync(join(trees, "base", ".dvc", "config")); // no remote to ask
  const { models, out } = await proposal.handOver(trees);
  assert.equal(models[0]?.todo, "train");
  assert.match(models[0]?.why.join() ?? "", /\d+ rows are left out, since the base holds them back$/);
  assert.ok(!existsSync(join(out, "code", "data", "rows.csv")));
});

test("a hand-over that leads out of its folder is refused", async () => {
  const folder = proposal.room();
  mkdirSync(folder);
  const model = { model: "small", folder: "../../etc", fingerprint: "0".repeat(64), todo: "train", why: [] };
  const handover = { schema: "trainyard/handover/1", commit: "0".repeat(40), models: [model] };
  writeFileSync(join(folder, "handover.json"), JSON.stringify(handover));
  await assert.rejects(proposal.train(folder), /names the folder "\.\.\/\.\.\/etc", which leads out/);
});
