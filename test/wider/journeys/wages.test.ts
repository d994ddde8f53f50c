import assert from "node:assert/strict";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Report } from "../../../src/core/report/report.ts";
import { openRepository } from "../../journeys/repository.ts";

/** Stage names of a run's JSON, by what became of them. */
function outcomes(stdout: string): Record<string, string> {
  const { contracts } = JSON.parse(stdout) as {
    contracts: { stages: { stage: string; outcome: string }[] }[];
  };
  return Object.fromEntries(contracts[0]!.stages.map(({ stage, outcome }) => [stage, outcome]));
}

test("another positive class, or another sensitive column, is another model or another judgement", (context) => {
  const repository = openRepository(context, "wages");
  repository.edit("trainyard.yaml", "epochs: 60", "epochs: 3");
  assert.ok([0, 1, 3].includes(repository.trainyard("run").status ?? -1));
  repository.edit("trainyard.yaml", "positive: true", "positive: false");
  repository.edit("trainyard.yaml", "sensitive: [gender, race]", "sensitive: [gender]");
  const again = outcomes(repository.trainyard("run", "--json").stdout);
  assert.deepEqual([again.train, again.evaluate, again.report], ["performed", "performed", "performed"]);
  const report = repository.json(".trainyard/report.json") as Report;
  assert.equal(report.subject.positive, "false");
  assert.deepEqual(
    report.fairness.map(({ column }) => column),
    ["gender"],
  );
});

test("the same inputs and seed give the same model, from an empty folder and after losing the outputs", (context) => {
  const digestOf = (repository: ReturnType<typeof openRepository>): unknown =>
    (repository.json(".trainyard/report.json") as Report).subject.digest;
  const here = openRepository(context, "wages");
  const there = openRepository(context, "wages");
  assert.equal(here.trainyard("run").status, 0);
  assert.equal(there.trainyard("run").status, 0);
  assert.deepEqual(digestOf(here), digestOf(there));
  assert.equal(
    here.read("trainyard.lock"),
    there.read("trainyard.lock"),
    "the lock is the same, byte for byte",
  );

  rmSync(join(here.folder, ".trainyard"), { recursive: true });
  rmSync(join(here.folder, "models/wages"), { recursive: true });
  const restored = here.trainyard("run", "--json");
  assert.equal(restored.status, 0, restored.stderr);
  assert.ok(
    !Object.values(outcomes(restored.stdout)).includes("performed"),
    "what the cache has is fetched, not made again",
  );
  assert.ok(existsSync(join(here.folder, "models/wages/model.json")));
});

test("a clone that pulls has the model, and runs nothing", (context) => {
  const author = openRepository(context, "wages");
  author.write("remote.txt", "");
  assert.equal(author.trainyard("run").status, 0);
  author.write(
    ".dvc/config",
    `[core]\n    remote = store\n['remote "store"']\n    url = ../../${author.folder.split("/").pop()}-store\n`,
  );
  context.after(() => rmSync(`${author.folder}-store`, { recursive: true, force: true }));
  author.git("add", "--all");
  author.git("commit", "--quiet", "--message", "First model");
  const wouldSend = author.trainyard("push", "--dry-run", "--json");
  assert.ok((JSON.parse(wouldSend.stdout) as { would_send: string[] }).would_send.includes("models/wages"));
  const pushed = author.trainyard("push", "--json");
  assert.equal(pushed.status, 0, pushed.stderr);
  assert.ok((JSON.parse(pushed.stdout) as { objects: number }).objects > 0);

  const reader = openRepository(context);
  reader.git("pull", "--quiet", author.folder, "main");
  const wouldWrite = reader.trainyard("pull", "models/wages", "--dry-run", "--json");
  assert.deepEqual(JSON.parse(wouldWrite.stdout), { would_write: ["models/wages"], kept: [], missing: [] });
  assert.equal(existsSync(join(reader.folder, "models/wages")), false, "a dry run writes nothing");
  assert.match(reader.trainyard("run", "--dry-run").stdout, /restores +train/);
  const pulled = reader.trainyard("pull", "models/wages");
  assert.equal(pulled.status, 0, pulled.stderr + pulled.stdout);
  const run = reader.trainyard("run", "--json");
  assert.equal(run.status, 0, run.stderr);
  assert.ok(!Object.values(outcomes(run.stdout)).includes("performed"), run.stdout);
});
