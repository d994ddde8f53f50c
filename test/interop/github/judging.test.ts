import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { explain } from "../../../local/world.ts";
import { pullOf } from "../../github/reading.ts";
import { type Found, look } from "./found.ts";
import { assertKilled, assertOneVoice, killAlong } from "./killing.ts";
import { everyBorder, placesOf } from "./places.ts";
import { openTeam, runOf, type Team } from "./team.ts";

/* judge.yml with the workflow's own token: killed everywhere, run twice, run concurrently. */

const JUDGE = "trainyard-judge.yml";

describe("judge.yml, interrupted", () => {
  let team: Team;
  let alone: Found;
  before(async () => {
    team = await openTeam();
    const proposal = await team.propose("alone");
    const runs = await team.world.settled();
    alone = await look(team, proposal);
    assert.equal(alone.comments.length, 1, explain(runs));
    assert.deepEqual(
      alone.checks.map((checks) => checks.length),
      [1, 1],
    );
    assert.equal(alone.records.length, 5);
    await team.forget(proposal);
  });
  after(() => team?.close());

  it("comes to the same verdict, killed as any step begins and when it has ended", async (context) => {
    const { world } = team;
    const [first, ...others] = everyBorder(placesOf("judge.yml", "judge"));
    assert.ok(first !== undefined && others.length >= 12, `${others.length}`);
    world.runner.kill(first);
    const proposal = await team.propose("killed");
    const judge = runOf(await world.settled(), JUDGE, "workflow_run");
    assertKilled(judge, first);
    await killAlong(team, judge.id, others, () => assertOneVoice(team, proposal.pull));
    await world.settled();
    assert.deepEqual(await look(team, proposal), alone);
    context.diagnostic(`killed ${others.length + 1} times`);
    await team.forget(proposal);
  });

  it("comes to the same verdict, killed after any of its writes", async () => {
    const { world } = team;
    world.runner.kill({ job: "judge / write", step: "Publish", when: "begins" });
    const proposal = await team.propose("killed-writing");
    const judge = runOf(await world.settled(), JUDGE, "workflow_run");
    const upon = `(?!${proposal.head})[0-9a-f]{40}`; // the commit with pointer and lock
    const writes = [
      /^POST .*\/git-receive-pack$/,
      /^POST .*\/check-runs$/,
      new RegExp(`^POST .*/statuses/${proposal.head}$`),
      /^POST .*\/comments$/,
      new RegExp(`^GET .*/commits/${upon}/check-runs$`), // asked right after the commit was made
      /^POST .*\/check-runs$/,
      new RegExp(`^POST .*/statuses/${upon}$`),
      /^PATCH .*\/comments\/\d+$/,
    ];
    const places = writes.map((asked) => ({ job: "judge / write", step: "Publish", when: { asked } }));
    await killAlong(team, judge.id, places, () => assertOneVoice(team, proposal.pull));
    await world.settled();
    assert.notEqual((await pullOf(world, proposal.pull)).head.sha, proposal.head);
    assert.deepEqual(await look(team, proposal), alone);

    await world.runner.again(judge.id);
    await world.settled();
    assert.deepEqual(await look(team, proposal), alone, "run again after all was said");
    await team.forget(proposal);
  });

  it("says one thing where two runs judge one commit at the same time", async () => {
    const { world } = team;
    world.runner.kill({ job: "judge / resolve", step: "Find the pull request", when: "begins" });
    const proposal = await team.propose("twice");
    const runs = await world.settled();
    const judge = runOf(runs, JUDGE, "workflow_run");
    await world.runner.again(runOf(runs, "trainyard.yml", "pull_request").id); // which is judged, too
    await world.runner.again(judge.id);
    await world.settled();
    assert.deepEqual(await look(team, proposal), alone);
    await team.forget(proposal);
  });

  it("judges two pull requests at the same time, each as if it were alone", async () => {
    const { world } = team;
    const [one, other] = [await team.propose("one"), await team.propose("other", 23)];
    await world.settled();
    const both = [await look(team, one), await look(team, other)];
    const [first, second] = both;
    assert.deepEqual(without(first), without(alone));
    assert.equal(second?.comments.length, 1);
    assert.deepEqual(
      second?.checks.map((checks) => checks.length),
      [1, 1],
    );
    assert.notDeepEqual(second?.checks, first?.checks);
    assert.equal(first?.records.length, 10, "five records of each");
    await team.forget(one, other);
  });
});

/** The ledger is everybody's. */
const without = (found: Found | undefined) => ({ ...found, records: undefined });
