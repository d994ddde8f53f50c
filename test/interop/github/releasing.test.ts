import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Kill, RunResult } from "../../../local/contract.ts";
import { explain, type World } from "../../../local/world.ts";
import { promotions, released } from "../../github/released.ts";
import { openTeam } from "../../github/team.ts";
import { assertKilled, killAlong } from "./killing.ts";
import { everyBorder, placesOf } from "./places.ts";
import { runOf } from "./team.ts";

/* release.yml, killed everywhere: the same stands in the end as where nothing was killed. */

const DEPLOY = "deploy:\n  staging: { to: server }\n  production: { to: server, after: staging }\n";
const RELEASE = "trainyard-release.yml";

/** Merges as the button does. @returns the run of the release */
async function merge(world: World, pull: number): Promise<RunResult> {
  await world.ada.api("PUT", `/repos/${world.repository}/pulls/${pull}/merge`, { merge_method: "squash" });
  return runOf(await world.settled(), RELEASE, "push");
}

/** A judged pull request that is waiting to be merged. */
async function judged(world: World, epochs: number): Promise<number> {
  const { checkout } = world;
  await checkout.git("switch", "--quiet", "main");
  await checkout.git("pull", "--quiet", "--ff-only");
  const text = checkout.read("trainyard.yaml");
  await checkout.write("trainyard.yaml", text.replace(/epochs: \d+/, `epochs: ${epochs}`));
  const branch = `epochs-${epochs}`;
  await checkout.propose(branch, `Train ${epochs} epochs`);
  const pull = await world.ada.openPull(world.repository, { title: branch, head: branch });
  await world.settled();
  return pull;
}

/** A model to staging, to production, and another one to staging: what a team does in a week. */
const week: readonly ((world: World) => Promise<number>)[] = [
  (world) => judged(world, 61),
  async (world) => (await promotions(world))[0]?.number ?? 0,
  (world) => judged(world, 90),
];

const stepsFor = (environment: string): readonly Kill[] =>
  everyBorder(placesOf("release.yml", "release", { model: "wages", environment }));

const write = (job: string, step: string, asked: RegExp): Kill => ({
  job: `release / ${job}`,
  step,
  when: { asked },
});

/** Where the machine is lost as soon as GitHub has taken something. */
const writes: readonly Kill[] = [
  write("register", "Register", /^POST .*\/git\/tags$/),
  write("register", "Register", /^POST .*\/git\/refs$/),
  write("register", "Register", /^POST .*\/releases$/),
  write("register", "Register", /^POST .*\/assets/),
  write("register", "Register", /^PATCH .*\/releases\/\d+$/),
  write("deploy wages to staging", "Deploy", /^POST .*\/deployments$/),
  write("deploy wages to staging", "Deploy", /^POST .*\/deployments\/\d+\/statuses$/),
  write("deploy wages to staging", "Deploy", /^POST .*\/git\/tags$/),
  write("deploy wages to staging", "Deploy", /^POST .*\/git\/refs$/),
  write("promote", "Promote", /^(POST|PATCH) .*\/git\/refs\b/),
  write("promote", "Promote", /^POST .*graphql$/),
  write("promote", "Promote", /^POST .*\/pulls$/),
];

/** Merges while the first machine is lost, and runs the release again for each of the others. */
async function mergeKilled(world: World, pull: number, places: readonly Kill[]): Promise<void> {
  const [first, ...others] = places;
  assert.ok(first);
  world.runner.kill(first);
  const run = await merge(world, pull);
  assertKilled(run, first);
  const last = await killAlong({ world }, run.id, others);
  assert.equal(last.conclusion, "success", explain([last]));
  await world.settled();
}

/**
 * The same for each write, as long as there is something left to do: a machine that is lost may have sent
 * its next request already, which then is not made again.
 *
 * @returns how often a machine was lost
 */
async function mergeKilledWhileWriting(world: World, pull: number): Promise<number> {
  const [first, ...others] = writes;
  assert.ok(first);
  world.runner.kill(first);
  const run = await merge(world, pull);
  assertKilled(run, first);
  let killed = 1;
  let last = run;
  for (const place of others) {
    world.runner.kill(place);
    last = await world.runner.again(run.id);
    if (last.conclusion === "success") break;
    killed++;
  }
  world.runner.kill({ job: "none", step: "none", when: "begins" }); // in the place of one that is still to come
  if (last.conclusion !== "success") last = await world.runner.again(run.id);
  assert.equal(last.conclusion, "success", explain([last]));
  await world.settled();
  return killed;
}

describe("release.yml, interrupted", () => {
  const alone: object[] = [];
  let world: World;
  before(async () => {
    const quiet = await openTeam({ contract: DEPLOY });
    for (const next of week) {
      const run = await merge(quiet, await next(quiet));
      assert.equal(run.conclusion, "success", explain([run]));
      alone.push(await released(quiet));
    }
    await quiet.close();
    world = await openTeam({ contract: DEPLOY });
  });
  after(() => world?.close());

  test("brings a first model to staging, killed as any step begins and when it has ended", async (context) => {
    const places = stepsFor("staging");
    assert.ok(places.length >= 12, `${places.length}`);
    await mergeKilled(world, (await week[0]?.(world)) ?? 0, places);
    assert.deepEqual(await released(world), alone[0]);
    context.diagnostic(`killed ${places.length} times`);
  });

  test("brings it to production, killed as any step begins and when it has ended", async () => {
    // With its last write the deployment is done, and the promotion after it goes on.
    const last = write("deploy wages to production", "Deploy", /^POST .*\/git-receive-pack$/);
    const places = stepsFor("production").filter(({ job }) => !/register|promote/.test(job));
    await mergeKilled(world, (await week[1]?.(world)) ?? 0, [...places.slice(0, -1), last]);
    assert.deepEqual(await released(world), alone[1]);
  });

  test("brings a second one to staging, killed after any of its writes", async (context) => {
    const killed = await mergeKilledWhileWriting(world, (await week[2]?.(world)) ?? 0);
    assert.deepEqual(await released(world), alone[2]);
    context.diagnostic(`killed ${killed} times`);
  });

  test("changes nothing, run three times at once after all was said", async () => {
    const dispatch = `/repos/${world.repository}/actions/workflows/${RELEASE}/dispatches`;
    await Promise.all([1, 2, 3].map(() => world.ada.api("POST", dispatch, { ref: "main" })));
    const runs = await world.settled();
    assert.deepEqual(
      runs.map(({ conclusion }) => conclusion),
      ["success", "success", "success"],
      explain(runs),
    );
    assert.deepEqual(await released(world), alone[2]);
    assert.deepEqual([...new Set(world.github.violations)], []);
  });
});
