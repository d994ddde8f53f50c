import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { explain } from "../../../local/world.ts";
import { pullOf } from "../../github/reading.ts";
import { type Found, look } from "./found.ts";
import { assertKilled, assertOneVoice, killAlong } from "./killing.ts";
import { bothEnds, placesOf } from "./places.ts";
import { openTeam, runOf, type Team } from "./team.ts";

/* judge.yml with the workflow's own token: killed everywhere, run twice, run concurrently. */

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
    assert.equal(Object.keys(alone.records).length, 2);
    await team.forget(proposal);
  });
  after(() => team?.close());

  it("comes to the same verdict, killed as any step begins and when it has ended", async (context) => {
    const { world } = team;
    const [first, ...others] = bothEnds(placesOf("judge.yml", "judge"));
    assert.ok(first !== undefined && others.length >= 19, `${others.length}`);
    world.runner.kill(first);
    const proposal = await team.propose("killed");
    const judge = runOf(await world.settled(), "trainyard-judge.yml", "workflow_run");
    assertKilled(judge, first);
    await killAlong(team, judge.id, others, () => assertOneVoice(team, proposal.pull));
    await world.settled();
    assert.deepEqual(await look(team, proposal), alone);
    context.diagnostic(`killed ${others.length + 1} times`);
    await team.forget(proposal);
  });

  it("comes to the same verdict, killed after any of its writes", async () => {
    const { world } = team;
    const writes = [
      /^POST .*\/git-receive-pack$/,
      /^POST .*\/check-runs$/,
      /^POST .*\/statuses\//,
      /^POST .*\/comments$/,
      /^POST .*\/graphql$/,
    ].map((asked) => ({ job: "judge / write", step: "Publish", when: { asked } }));
    const [first, ...others] = writes;
    assert.ok(first !== undefined);
    world.runner.kill(first);
    const proposal = await team.propose("killed-writing");
    const judge = runOf(await world.settled(), "trainyard-judge.yml", "workflow_run");
    assertKilled(judge, first);
    await killAlong(team, judge.id, others, () => assertOneVoice(team, proposal.pull));
    await world.settled();
    assert.notEqual((await pullOf(world, proposal.pull)).head.sha, proposal.head);
    assert.deepEqual(await look(team, proposal), alone);
    await team.forget(proposal);
  });
});
