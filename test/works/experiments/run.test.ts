import assert from "node:assert/strict";
import { cpSync, existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { openPorts } from "../../../src/adapters/open.ts";
import { UserError } from "../../../src/errors.ts";
import experiments from "../../../src/stages/experiments.ts";
import run from "../../../src/stages/run.ts";
import { knownExperiments } from "../../../src/works/experiments/all.ts";
import { git, temporaryRepository, write } from "../../artifacts/temporary.ts";
import { contract, rows } from "../proposal.ts";

const TRAIN = `
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
mkdirSync("dvclive/plots/metrics", { recursive: true });
writeFileSync("dvclive/metrics.json", '{"acc":0.5,"step":1}');
writeFileSync("dvclive/params.yaml", "lr: 0.1");
writeFileSync("dvclive/plots/metrics/acc.tsv", "step\\tacc\\n0\\t0.25\\n1\\t0.5\\n");
cpSync("saved", "made", { recursive: true });
`;

it("a run leaves one experiment, one that changes nothing leaves none, and one that fails says why", async () => {
  const folder = temporaryRepository({ "trainyard.yaml": contract(), "data/rows.csv": rows(60) });
  const ports = openPorts({ folder, stream: process.stderr, environment: { CI: "true", USER: "ada" } });
  const ran = async (...set: string[]): Promise<void> => {
    await run.run({ set, force: false, dryRun: false } as never, ports);
  };
  const known = async () =>
    [...(await knownExperiments(ports, {})).experiments].sort((a, b) => (a.id < b.id ? -1 : 1));
  try {
    await ran();
    const [first, ...none] = await known();
    assert.ok(first !== undefined && none.length === 0);
    assert.equal(first.status, "finished");
    assert.equal(first.params.epochs, 3);
    assert.equal(first.params["split.holdout"], 0.3);
    assert.equal(first.commit, git(folder, "rev-parse", "HEAD").trim());
    assert.equal(first.branch, "main");
    assert.equal(first.dirty, null, "what the run itself wrote is no change of anybody's");
    assert.deepEqual(
      first.digests.data.map(({ name }) => name),
      ["data/rows.csv"],
    );
    assert.ok(first.metrics.every(({ value, reason }) => (value === null) === (reason !== null)));
    assert.ok((first.metrics.find(({ name }) => name === "accuracy")?.interval?.confidence ?? 0) > 0.9);
    assert.equal(first.curves[0]?.points.length, 3);
    assert.equal(git(folder, "status", "--short", "--", ".trainyard").trim(), "", "Git ignores it");

    await ran();
    assert.equal((await known()).length, 1, "everything stands");
    rmSync(join(folder, ".trainyard/experiments"), { recursive: true });
    await ran();
    assert.equal((await known())[0]?.id.split("-")[1], first.id.split("-")[1], "it is what it was");

    write(folder, { "trainyard.yaml": contract().replace("epochs: 3", "epochs: 2") });
    git(folder, "switch", "-qc", "other");
    await ran("train.params.learning_rate=0.5");
    const other = (await known()).find(({ branch }) => branch === "other");
    assert.deepEqual(other?.set, ["train.params.learning_rate=0.5"]);
    assert.equal(other?.params.epochs, 2);
    assert.match(other?.dirty ?? "", /^[0-9a-f]{64}$/);
    const listed = await experiments.run(
      { where: "learning_rate > 0.1", sort: [], columns: [], limit: 50, all: false } as never,
      ports,
    );
    assert.equal(listed.outputs.experiments, "1");

    const broken = contract({ train: "{ run: exit 7, out: model.onnx, params: { depth: 4 } }" });
    write(folder, { "trainyard.yaml": broken });
    await assert.rejects(ran(), UserError);
    const failed = (await known()).find(({ status }) => status === "failed");
    assert.equal(failed?.params.depth, 4, "what was tried is known");
    assert.match(failed?.message ?? "", /exit 7|ended with 7|code 7/);
    assert.equal(failed?.digests.model, null);
    assert.equal(failed?.digests.fingerprint, null);

    // a command that leaves a model, and what DVCLive would
    cpSync(join(folder, "models/small"), join(folder, "saved"), { recursive: true });
    write(folder, {
      "train.mjs": TRAIN,
      "dvclive/metrics.json": '{"old":1}',
      "dvclive/params.yaml": "old: 1\n",
    });
    const command = "{ run: node train.mjs, out: made, code: [train.mjs], params: { depth: 4 } }";
    const live = contract({ train: command, gates: "    - accuracy >= 0.1\n" });
    write(folder, { "trainyard.yaml": live });
    await ran();
    const told = (await known()).find(({ params }) => params["dvclive.lr"] === 0.1);
    assert.equal(told?.metrics.find(({ name }) => name === "dvclive.acc")?.value, 0.5);
    assert.deepEqual(told?.curves, [
      {
        name: "dvclive.acc",
        points: [
          [0, 0.25],
          [1, 0.5],
        ],
      },
    ]);
    assert.equal(told?.params.depth, 4);

    write(folder, { "trainyard.yaml": `${contract()}nonsense: 1\n` });
    await assert.rejects(ran(), UserError);
    assert.equal((await known()).filter(({ status }) => status === "failed").length, 1, "nothing was tried");
    assert.ok(existsSync(join(folder, ".trainyard/.gitignore")));
    assert.ok(
      readdirSync(join(folder, ".trainyard/experiments")).every((name) =>
        /^\d{8}T\d{6}Z-[0-9a-f]{10}\.json$/.test(name),
      ),
    );
  } finally {
    await ports.close();
  }
});
