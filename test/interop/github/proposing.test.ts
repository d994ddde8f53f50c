import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { explain } from "../../../local/world.ts";
import { statusOf } from "../../github/reading.ts";
import { type Found, look } from "./found.ts";
import { assertKilled, assertOneVoice, killAlong } from "./killing.ts";
import { everyBorder, placesOf, shipped } from "./places.ts";
import { openTeam, runOf, type Team } from "./team.ts";

/* pull-request.yml where the team has an App, whose commits start workflows, and a required status. */

const PROPOSE = "trainyard.yml";
const JUDGE = "trainyard-judge.yml";

describe("pull-request.yml, interrupted", () => {
  let team: Team;
  let alone: Found;
  before(async () => {
    team = await openTeam({ app: true });
    const proposal = await team.propose("alone");
    const runs = await team.world.settled();
    alone = await look(team, proposal);
    assert.equal(alone.comments.length, 1, explain(runs));
    await team.forget(proposal);
  });
  after(() => team?.close());

  it("is one of the workflows that are interrupted here and beside this", () => {
    const proposing = ["command.yml", "judge.yml", "pull-request.yml"];
    const releasing = ["release.yml"];
    const monitoring = ["look.yml", "monitor.yml", "reconcile.yml"];
    const retraining = ["refresh.yml", "retrain.yml"];
    assert.deepEqual(shipped(), [...proposing, ...releasing, ...monitoring, ...retraining].sort());
  });

  it("comes to the same verdict, killed as any step begins and when it has ended, and run again at once", async (context) => {
    const { world } = team;
    const [first, ...others] = everyBorder(placesOf("pull-request.yml", "propose"));
    assert.ok(first !== undefined && others.length >= 9, `${others.length}`);
    world.runner.kill(first);
    const proposal = await team.propose("killed");
    const run = runOf(await world.settled(), PROPOSE, "pull_request");
    assertKilled(run, first);
    // Whoever judges meanwhile finds that the run goes on.
    const last = await killAlong(team, run.id, others, () => assertOneVoice(team, proposal.pull));
    assert.equal(last.conclusion, "success", explain([last]));
    await world.settled();
    assert.deepEqual(await look(team, proposal), alone);
    context.diagnostic(`killed ${others.length + 1} times`);
    await team.forget(proposal);
  });

  it("passes nothing where a job of it was killed, and comes to the same verdict when run again", async () => {
    const { world } = team;
    for (const place of placesOf("pull-request.yml", "propose").filter(({ step }) =>
      /data|Train/.test(step),
    )) {
      world.runner.kill({ ...place, when: "ends" });
      const proposal = await team.propose(`killed-${place.step.replaceAll(" ", "-")}`);
      const runs = await world.settled();
      const status = await statusOf(world, proposal.head);
      assert.match(status?.state ?? "none", /^(failure|error)$/, `${status?.description}\n${explain(runs)}`);
      await assertOneVoice(team, proposal.pull);
      await world.runner.again(runOf(runs, PROPOSE, "pull_request").id);
      await world.settled();
      assert.deepEqual(await look(team, proposal), alone, place.step);
      await team.forget(proposal);
    }
  });

  it("changes nothing when each of its runs is run again after all was said", async () => {
    const { world } = team;
    const proposal = await team.propose("again");
    const runs = await world.settled();
    const before = await look(team, proposal);
    assert.deepEqual(before, alone);
    const own = runs.filter(({ event }) => event === "pull_request" || event === "workflow_run");
    assert.deepEqual(
      own.map(({ path }) => path.split("/").at(-1)),
      [PROPOSE, JUDGE, PROPOSE, JUDGE],
      "the App's commit was judged on its own",
    );
    for (const run of own) {
      await world.runner.again(run.id);
      await world.settled();
      assert.deepEqual(await look(team, proposal), alone, `${run.path} ${run.id}`);
    }
    await team.forget(proposal);
  });
});
