import assert from "node:assert/strict";
import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { RunResult } from "../../../local/contract.ts";
import { explain, type World } from "../../../local/world.ts";
import { gitLedger } from "../../../src/adapters/ledger/git.ts";
import { writeDesired } from "../../../src/core/deployments/desired.ts";
import { deploymentPath } from "../../../src/core/deployments/records.ts";
import { deployed, md5, sha } from "../../core/deployments/make-records.ts";
import { endingsOf, pullOf, statusOf, verdicts } from "../../github/reading.ts";
import { openRollback } from "../../github/rolling-back.ts";
import { openTeam } from "../../github/team.ts";

/* A bad model on a bad day: the contract is broken, the remote is away, and production goes back. */

const STATE = "deployments/production/wages.yaml";

let world: World;
let runs: readonly RunResult[];
let pull: number;

const state = (digit: string, version: string): string =>
  writeDesired({ model: "wages", digest: { sha256: sha(digit), md5: md5(digit) } as never, version });

before(async () => {
  world = await openTeam({ contract: "deploy:\n  production: { to: server }\n" });
  const { repository, ada, github, checkout } = world;
  const records = [
    deployed({ environment: "production", digest: "a", version: "v1.0.0", pull: 5, deployment: 1 }),
    deployed({ environment: "production", digest: "b", version: "v1.1.0", pull: 9, deployment: 2 }),
  ];
  await gitLedger({ repository, token: ada.token }, { GITHUB_SERVER_URL: github.url }).add(
    records.map((record) => ({ path: deploymentPath(record), text: `${JSON.stringify(record)}\n` })),
  );
  await checkout.write(STATE, state("b", "v1.1.0"));
  checkout.edit("trainyard.yaml", "model: wages", "model: [");
  rmSync(join(checkout.folder, ".github", "workflows", "trainyard-release.yml"), { force: true });
  await checkout.push("Deploy a model, and break the contract");
  await world.settled();
  renameSync(world.store, `${world.store}-away`);
  pull = await openRollback(world);
  runs = await world.settled();
});
after(() => world.close());

test("the pull request of the rollback passes, though nothing else works", async () => {
  const { head } = await pullOf(world, pull);
  const sentence = "Rollback of wages in production to v1.0.0, a digest merged in #5";
  const status = await statusOf(world, head.sha);
  assert.deepEqual([status?.state, status?.description], ["success", sentence], explain(runs));
  const [comment, ...more] = await verdicts(world, pull);
  assert.equal(more.length, 0);
  assert.match(comment?.body ?? "", /^### ✅ Pass · Rollback of wages in production to v1\.0\.0, a digest /m);
});

test("nothing is trained for it, and no data are asked for", () => {
  assert.deepEqual(endingsOf(runs, "propose / fetch"), ["success"], explain(runs));
  assert.deepEqual(endingsOf(runs, "propose / train"), ["skipped"]);
});

test("asked for once more, it is the same pull request", async () => {
  assert.equal(await openRollback(world), pull);
  await world.settled();
});

test("merged, the default branch wants the earlier bytes", async () => {
  await world.ada.api("PUT", `/repos/${world.repository}/pulls/${pull}/merge`, { merge_method: "squash" });
  await world.settled();
  await world.checkout.git("pull", "--quiet", "--ff-only");
  assert.equal(world.checkout.read(STATE), state("a", "v1.0.0"));
});

test("GitHub's description allows all that was said", () => {
  assert.deepEqual([...new Set(world.github.violations)], []);
});
