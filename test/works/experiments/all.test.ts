import assert from "node:assert/strict";
import { it } from "node:test";
import { openPorts } from "../../../src/adapters/open.ts";
import { printExperiment } from "../../../src/core/experiments/record.ts";
import { knownExperiments } from "../../../src/works/experiments/all.ts";
import { experimentsHere, removeHere } from "../../../src/works/experiments/remove.ts";
import { git, temporaryRepository, write } from "../../artifacts/temporary.ts";
import { made } from "../../core/experiments/made.ts";

it("experiments of this machine and of the ledger stand in one list, and what is none of them is said", async () => {
  const folder = temporaryRepository({ "trainyard.yaml": "model: wages\n" });
  const judged = made({ source: "judge", pull: 12, params: { epochs: 5 } });
  const elsewhere = made({ source: "judge", folder: "other" });
  git(folder, "switch", "-q", "--orphan", "trainyard");
  write(folder, {
    "experiments/wages/12/a.json": printExperiment(judged),
    "experiments/wages/12/b.json": "{}",
    "experiments/other/3/c.json": printExperiment(elsewhere),
    "verdicts/wages/12/a.json": "{}",
  });
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "-m", "Records");
  git(folder, "switch", "-q", "main");

  const here = made({ params: { epochs: 9 } });
  write(folder, {
    [`.trainyard/experiments/${here.id}.json`]: printExperiment(here),
    ".trainyard/experiments/20261122T010203Z-0123456789.json": printExperiment(here),
    ".trainyard/experiments/20261122T010203Z-aaaaaaaaaa.json": "{",
  });
  const ports = openPorts({ folder, stream: process.stderr, environment: { CI: "true" } });
  const { experiments, notes } = await knownExperiments(ports, {});
  assert.deepEqual(experiments.map(({ id }) => id).sort(), [judged.id, here.id].sort());
  assert.equal(notes.length, 1);
  assert.match(notes[0] ?? "", /0123456789\.json, 20261122T010203Z-aaaaaaaaaa\.json/);

  const files = await experimentsHere(ports, undefined);
  await assert.rejects(
    removeHere(files, [here, judged]),
    /is a record of the ledger, which is only added to/,
  );
  assert.equal((await experimentsHere(ports, undefined)).length, 1, "nothing went");
  await removeHere(files, [here]);
  assert.equal((await experimentsHere(ports, undefined)).length, 0);
});
