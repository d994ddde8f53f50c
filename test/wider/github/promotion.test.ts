import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { RunResult } from "../../../local/contract.ts";
import { explain, type World } from "../../../local/world.ts";
import { endingsOf, pullOf, records, statusOf, verdict } from "../../github/reading.ts";
import { openTeam } from "../../github/team.ts";

/* A promotion, as a person brings it to its checks, and bytes that nobody judged. */

const DEPLOY = "deploy:\n  staging: { to: server }\n  production: { to: server, after: staging }\n";
const STATE = "deployments/production/wages.yaml";

let world: World;
let runs: readonly RunResult[] = [];

async function mergeAndSettle(pull: number): Promise<void> {
  await world.ada.api("PUT", `/repos/${world.repository}/pulls/${pull}/merge`, { merge_method: "squash" });
  runs = await world.settled();
  await toMain();
}

async function toMain(): Promise<void> {
  await world.checkout.git("switch", "--quiet", "main");
  await world.checkout.git("pull", "--quiet", "--ff-only");
}

async function propose(branch: string): Promise<number> {
  await world.checkout.propose(branch, branch);
  const pull = await world.ada.openPull(world.repository, { title: branch, head: branch });
  runs = await world.settled();
  return pull;
}

/** Brings what the release proposes as a person does whose team has no App: their own checks run. */
async function promotion(branch: string): Promise<number> {
  await world.checkout.git("fetch", "--quiet");
  const text = await world.checkout.git("show", `origin/trainyard-promote-production-wages:${STATE}`);
  await world.checkout.write(STATE, `${text.trim()}\n`);
  return propose(branch);
}

const jobsOf = (name: string): readonly string[] => endingsOf(runs, name);

before(async () => {
  world = await openTeam({ contract: DEPLOY });
  await mergeAndSettle(await propose("first-model"));
  assert.deepEqual(endingsOf(runs, "release / promote"), ["success"], explain(runs));
});
after(() => world.close());

test("a promotion is judged by its verdict and by where it served, and nothing is trained", async () => {
  const promoted = await promotion("promote-first");
  const text = await verdict(world, promoted, runs);
  assert.match(
    text,
    /^### ✅ Pass · Promotion of wages v1\.0\.0 to production: judged in \S+1 \((pass|warning)\), serving in staging since \d{4}-\d\d-\d\d$/m,
    explain(runs),
  );
  assert.deepEqual(jobsOf("propose / train"), ["skipped"], explain(runs));
  const { head } = await pullOf(world, promoted);
  assert.equal((await statusOf(world, head.sha))?.state, "success");
  const before = (await records(world)).filter((path) => path.startsWith("verdicts/"));
  assert.equal(before.length, 1, "what was judged is the first model, and it alone");
  await mergeAndSettle(promoted);
  assert.deepEqual(jobsOf("release / deploy wages to production"), ["success"], explain(runs));
});

test("bytes that never served in staging are refused on their line", async () => {
  const text = world.checkout.read(STATE);
  const forged = text.replace(/sha256: [0-9a-f]{64}/, `sha256: ${"f".repeat(64)}`);
  await world.checkout.write(STATE, forged);
  const pull = await propose("by-hand");
  const { head } = await pullOf(world, pull);
  const status = await statusOf(world, head.sha);
  assert.equal(status?.state, "failure", explain(runs));
  assert.match(status?.description ?? "", /^wages may not go to production: no verdict in the ledger/);
  await world.checkout.git("switch", "--quiet", "main");
});

test("GitHub's description allows all that was said", () => {
  assert.deepEqual([...new Set(world.github.violations)], []);
});
