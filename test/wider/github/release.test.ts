import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { RunResult } from "../../../local/contract.ts";
import { explain, type World } from "../../../local/world.ts";
import type { DeploymentRecord } from "../../../src/core/deployments/documents.ts";
import { endingsOf, logOf, pullOf, records } from "../../github/reading.ts";
import { deploymentState, deployments, list, promotions, tagsOf } from "../../github/released.ts";
import { openRollback } from "../../github/rolling-back.ts";
import { openTeam } from "../../github/team.ts";

/* What is merged goes to staging, then by a pull request of one line to production, and back again. */

const DEPLOY = `deploy:
  staging: { to: server }
  production: { to: server, after: staging }
`;
const STAGING = "release / deploy wages to staging";
const PRODUCTION = "release / deploy wages to production";
const PRODUCTION_STATE = "deployments/production/wages.yaml";

let world: World;
let runs: readonly RunResult[] = [];

/** A record of the ledger. */
async function recordOf(environment: string, deployment: number): Promise<DeploymentRecord> {
  await records(world); // fetches the ledger
  const path = `deployments/${environment}/wages/${deployment}-success.json`;
  return JSON.parse(await world.checkout.git("show", `FETCH_HEAD:${path}`)) as DeploymentRecord;
}

/** The run of the release among others. */
function releaseOf(all: readonly RunResult[]): RunResult {
  const found = all.find(({ workflow }) => workflow === "Trainyard release");
  assert.ok(found, explain(all));
  return found;
}

interface Made {
  readonly staging: readonly number[];
  readonly production: readonly number[];
  readonly tags: readonly string[];
  readonly releases: readonly string[];
  readonly records: readonly string[];
  readonly promotions: readonly number[];
}

/** All that a release may make, counted: what is done twice must leave it as it is. */
async function made(): Promise<Made> {
  return {
    staging: (await deployments(world, "staging")).map(({ id }) => id),
    production: (await deployments(world, "production")).map(({ id }) => id),
    tags: await tagsOf(world),
    releases: (await list<{ tag_name: string }>(world, "/releases")).map(({ tag_name }) => tag_name),
    records: (await records(world)).filter((path) => path.startsWith("deployments/")),
    promotions: (await promotions(world)).map(({ number }) => number),
  };
}

/** Merges as the button does, and keeps the runs that followed. */
async function mergeAndSettle(pull: number, method = "squash"): Promise<void> {
  await world.ada.api("PUT", `/repos/${world.repository}/pulls/${pull}/merge`, { merge_method: method });
  runs = await world.settled();
  await world.checkout.git("switch", "--quiet", "main");
  await world.checkout.git("pull", "--quiet", "--ff-only");
}

before(async () => {
  world = await openTeam({ contract: DEPLOY, branches: ["main", "trunk"] });
});
after(() => world.close());

test("a judged pull request brings the state of the first environment", async () => {
  await world.checkout.propose("first-model", "Train the first model");
  const pull = await world.ada.openPull(world.repository, { title: "The first model", head: "first-model" });
  runs = await world.settled();
  const { head } = await pullOf(world, pull);
  await world.checkout.git("fetch", "--quiet");
  const text = await world.checkout.git("show", `${head.sha}:deployments/staging/wages.yaml`);
  assert.match(
    text,
    /^model: wages\nserve: \{ sha256: [0-9a-f]{64}, md5: [0-9a-f]{32}\.dir \}$/,
    explain(runs),
  );
  await mergeAndSettle(pull);
});

test("its merge is a version, a release and one deployment to staging", async () => {
  assert.deepEqual(endingsOf(runs, STAGING), ["success"], explain(runs));
  const [deployment, ...more] = await deployments(world, "staging");
  assert.equal(more.length, 0);
  assert.deepEqual([deployment?.payload.version, deployment?.payload.reason], ["v1.0.0", "merged"]);
  assert.equal(await deploymentState(world, deployment?.id ?? 0), "success");
  const { tags, releases, records } = await made();
  assert.deepEqual(tags, ["wages#staging#1", "wages@v1.0.0"]);
  assert.deepEqual(releases, ["wages@v1.0.0"]);
  assert.deepEqual(records, [`deployments/staging/wages/${deployment?.id}-success.json`]);
});

test("its promotion is one pull request that changes one line", async () => {
  const [promotion, ...more] = await promotions(world);
  assert.equal(more.length, 0);
  assert.equal(promotion?.title, "Promote wages v1.0.0 to production");
  assert.match(promotion.body, /serves in `staging`/);
  assert.match(promotion.body, /Judged \| pass in #1:/);
  assert.match(promotion.body, /somebody closes and reopens it/);
  const files = await list<{ filename: string }>(world, `/pulls/${promotion.number}/files`);
  assert.deepEqual(
    files.map(({ filename }) => filename),
    ["deployments/production/wages.yaml"],
  );
});

test("run again, and twice at once, it makes nothing more", async () => {
  const there = await made();
  await world.runner.again(releaseOf(runs).id);
  assert.deepEqual(await made(), there);
  const dispatch = `/repos/${world.repository}/actions/workflows/trainyard-release.yml/dispatches`;
  await Promise.all([1, 2].map(() => world.ada.api("POST", dispatch, { ref: "main" })));
  const both = await world.settled();
  assert.ok(both.length >= 2 && both.every(({ conclusion }) => conclusion === "success"), explain(both));
  assert.deepEqual(await made(), there);
});

test("a merged promotion is deployed to production, by a machine that is lost and by the next", async () => {
  const [promotion] = await promotions(world);
  world.runner.kill({ job: PRODUCTION, step: "Deploy", when: { asked: /POST .*\/statuses$/ } });
  await mergeAndSettle(promotion?.number ?? 0, "merge");
  assert.deepEqual(endingsOf(runs, PRODUCTION), ["failure"], explain(runs));
  const [first] = await deployments(world, "production");
  assert.ok(first, "the deployment was made before the machine was lost");
  const again = await world.runner.again(releaseOf(runs).id);
  assert.equal(again.conclusion, "success", explain([again]));
  const found = await made();
  assert.deepEqual(found.production, [first.id]);
  assert.deepEqual(found.tags, ["wages#production#2", "wages#staging#1", "wages@v1.0.0"]);
  assert.deepEqual(found.promotions, []);
  assert.equal(await deploymentState(world, first.id), "success");
  const record = await recordOf("production", first.id);
  assert.deepEqual([record.version, record.reason, record.pull], ["v1.0.0", "promoted", promotion?.number]);
});

describe("a second version", () => {
  before(async () => {
    world.checkout.edit("trainyard.yaml", "epochs: 60", "epochs: 90");
    await world.checkout.propose("more-epochs", "Train longer");
    const pull = await world.ada.openPull(world.repository, { title: "Train longer", head: "more-epochs" });
    await world.settled();
    await mergeAndSettle(pull, "rebase");
  });

  test("takes the place of the first in staging, and is proposed for production", async () => {
    assert.deepEqual(endingsOf(runs, STAGING), ["success"], explain(runs));
    const [newest, older] = await deployments(world, "staging");
    assert.equal(newest?.payload.version, "v1.1.0");
    assert.equal(await deploymentState(world, older?.id ?? 0), "inactive");
    const [promotion] = await promotions(world);
    assert.equal(promotion?.title, "Promote wages v1.1.0 to production");
    await mergeAndSettle(promotion.number);
    assert.equal((await deployments(world, "production"))[0]?.payload.version, "v1.1.0", explain(runs));
  });

  test("is not deployed under bytes that somebody wrote by hand, and the other environment goes on", async () => {
    const there = await made();
    const text = world.checkout.read(PRODUCTION_STATE);
    await world.checkout.write(
      PRODUCTION_STATE,
      text.replace(/sha256: [0-9a-f]{64}/, `sha256: ${"f".repeat(64)}`),
    );
    await world.checkout.push("Deploy something else");
    runs = await world.settled();
    const plan = releaseOf(runs).jobs.find(({ name }) => name === "release / plan");
    assert.equal(plan?.result, "failure", explain(runs));
    const [note] = plan.annotations;
    assert.deepEqual([note?.file, note?.line, note?.level], [PRODUCTION_STATE, 2, "error"]);
    assert.match(
      note?.message ?? "",
      /wages may not go to production: no verdict in the ledger speaks of f{12}/,
    );
    assert.deepEqual(await made(), there);
    await world.checkout.write(PRODUCTION_STATE, text);
    await world.checkout.push("Take it back");
    assert.deepEqual(endingsOf(await world.settled(), "release / plan"), ["success"]);
    assert.deepEqual(await made(), there);
  });

  test("is rolled back by one command and a merge, and not proposed again", async () => {
    const there = await deployments(world, "production");
    const pull = await openRollback(world);
    await world.settled();
    await mergeAndSettle(pull);
    assert.deepEqual(endingsOf(runs, PRODUCTION), ["success"], explain(runs));
    const [newest, ...others] = await deployments(world, "production");
    assert.equal(others.length, there.length);
    assert.deepEqual([newest?.payload.version, newest?.payload.reason], ["v1.0.0", "rolled back"]);
    assert.equal(newest?.payload.sha256, there[1]?.payload.sha256);
    assert.deepEqual((await made()).promotions, []);
    assert.match(logOf(runs, "release / promote"), /v1\.1\.0 served in production before and was taken back/);
  });

  test("is reverted: what stood before is assigned, and not registered again", async () => {
    const versions = (await made()).releases;
    const states = await world.checkout.git(
      "log",
      "--format=%H",
      "-n",
      "1",
      "--",
      "deployments/staging/wages.yaml",
    );
    await world.checkout.git("revert", "--no-edit", states);
    await world.checkout.push("Revert");
    runs = await world.settled();
    assert.deepEqual(endingsOf(runs, STAGING), ["success"], explain(runs));
    const [newest] = await deployments(world, "staging");
    assert.deepEqual([newest?.payload.version, newest?.payload.reason], ["v1.0.0", "rolled back"]);
    const found = await made();
    assert.deepEqual(found.releases, versions);
    assert.ok(found.tags.includes("wages#staging#6"), found.tags.join(" "));
  });
});

describe("when the default branch is renamed", () => {
  let there: Made;
  before(async () => {
    there = await made();
    await world.github.renameDefault(world.repository, "trunk");
    await world.checkout.git("fetch", "--quiet", "--prune");
    await world.checkout.git("switch", "--quiet", "trunk");
  });

  test("all that stands stands, and nothing is made again", async () => {
    const dispatch = `/repos/${world.repository}/actions/workflows/trainyard-release.yml/dispatches`;
    await world.ada.api("POST", dispatch, { ref: "trunk" });
    runs = await world.settled();
    assert.equal(releaseOf(runs).conclusion, "success", explain(runs));
    assert.deepEqual(await made(), there);
  });

  test("what is merged there is judged by its rules, deployed and proposed as before", async () => {
    world.checkout.edit("trainyard.yaml", "epochs: 90", "epochs: 120");
    await world.checkout.propose("even-longer", "Train even longer");
    const { repository, ada } = world;
    const pull = await ada.openPull(repository, { title: "Longer", head: "even-longer", base: "trunk" });
    await world.settled();
    await ada.api("PUT", `/repos/${repository}/pulls/${pull}/merge`, { merge_method: "squash" });
    runs = await world.settled();
    assert.deepEqual(endingsOf(runs, STAGING), ["success"], explain(runs));
    const [newest] = await deployments(world, "staging");
    assert.deepEqual([newest?.payload.version, newest?.payload.reason], ["v1.2.0", "merged"]);
    assert.equal((await promotions(world))[0]?.title, "Promote wages v1.2.0 to production");
    const tags = await tagsOf(world);
    assert.deepEqual(
      there.tags.filter((tag) => !tags.includes(tag)),
      [],
    );
  });
});

test("GitHub's description allows all that was said", () => {
  assert.deepEqual([...new Set(world.github.violations)], []);
});
