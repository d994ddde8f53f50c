import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { renameSync } from "node:fs";
import { resolve } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import type { RunResult } from "../../../local/contract.ts";
import { explain, type World } from "../../../local/world.ts";
import { endingsOf, pullOf, records, statusOf, verdict, verdicts } from "../../github/reading.ts";
import { openTeam } from "../../github/team.ts";

/* A bad promotion on a bad day: the contract is broken, the remote is away, and production goes back. */

const CLI = resolve("dist/cli.js");
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

/** The command, as ada calls it in her clone. */
async function trainyard(
  ...args: readonly string[]
): Promise<{ readonly pull: { readonly number: number } }> {
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, ...args, "--json"], {
    cwd: world.checkout.folder,
    env: {
      ...process.env,
      GITHUB_API_URL: world.github.apiUrl,
      GITHUB_GRAPHQL_URL: world.github.graphqlUrl,
      GITHUB_SERVER_URL: world.github.url,
      GITHUB_REPOSITORY: world.repository,
    },
  });
  return JSON.parse(stdout);
}

const jobsOf = (name: string): readonly string[] => endingsOf(runs, name);

before(async () => {
  world = await openTeam({ contract: DEPLOY });
  await mergeAndSettle(await propose("first-model"));
  assert.deepEqual(endingsOf(runs, "release / promote"), ["success"], explain(runs));
});
after(() => world.close());

let promoted: number;

test("a promotion is judged by its verdict and by where it served, and nothing is trained", async () => {
  promoted = await promotion("promote-first");
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

test("on a bad day a rollback passes, is deployed, and is asked for once", async () => {
  world.checkout.edit("trainyard.yaml", "epochs: 60", "epochs: 90");
  await mergeAndSettle(await propose("more-epochs"));
  await mergeAndSettle(await promotion("promote-second"));
  assert.match(world.checkout.read(STATE), /version: v1\.1\.0/, explain(runs));

  world.checkout.edit("trainyard.yaml", "model: wages", "model: [");
  await world.checkout.push("Break the contract");
  await world.settled();
  renameSync(world.store, `${world.store}-away`);

  const asked = ["rollback", "wages", "--environment", "production", "--open", "--token", world.ada.token];
  const { pull } = await trainyard(...asked);
  assert.equal((await trainyard(...asked)).pull.number, pull.number);
  runs = await world.settled();
  const [comment, ...more] = await verdicts(world, pull.number);
  assert.equal(more.length, 0);
  assert.match(
    comment?.body ?? "",
    /^### ✅ Pass · Rollback of wages in production to v1\.0\.0, a digest promoted in /m,
    explain(runs),
  );
  const { head } = await pullOf(world, pull.number);
  assert.deepEqual(await statusOf(world, head.sha), {
    ...(await statusOf(world, head.sha)),
    state: "success",
    description: `Rollback of wages in production to v1.0.0, a digest promoted in #${promoted}`,
  });
  assert.deepEqual(jobsOf("propose / fetch"), ["success"], explain(runs));
  assert.deepEqual(jobsOf("propose / train"), ["skipped"]);

  await mergeAndSettle(pull.number);
  assert.deepEqual(jobsOf("release / deploy wages to production"), ["success"], explain(runs));
  const deployments = (await world.ada.api(
    "GET",
    `/repos/${world.repository}/deployments?environment=production`,
  )) as never as readonly { readonly payload: { readonly version: string; readonly reason: string } }[];
  assert.deepEqual(
    [deployments[0]?.payload.version, deployments[0]?.payload.reason],
    ["v1.0.0", "rolled back"],
  );
});

test("GitHub's description allows all that was said", () => {
  assert.deepEqual([...new Set(world.github.violations)], []);
});
