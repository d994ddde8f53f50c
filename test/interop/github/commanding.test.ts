import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { RunResult } from "../../../local/contract.ts";
import type { Checkout } from "../../../local/person.ts";
import { explain } from "../../../local/world.ts";
import { type Found, look } from "./found.ts";
import { assertKilled, assertOneVoice, killAlong } from "./killing.ts";
import { everyBorder, placesOf } from "./places.ts";
import { openTeam, type Proposal, runOf, type Team } from "./team.ts";

/* command.yml, and the two others within it: what a stranger's fork proposes, trained by request. */

const JUDGE = "trainyard-judge.yml";

describe("command.yml, interrupted", () => {
  let team: Team;
  let hers: Checkout;
  let alone: Found;
  before(async () => {
    team = await openTeam();
    const { world } = team;
    hers = await world.eve.clone(await world.github.fork(world.repository, "eve"));
    const proposal = await propose("alone");
    const { runs } = await command(proposal);
    alone = await look(team, proposal);
    assert.equal(alone.comments.length, 2, explain(runs));
    assert.equal(alone.records.length, 5);
    await team.forget(proposal);
  });
  after(() => team?.close());

  /** A stranger's pull request, which waits. */
  async function propose(branch: string): Promise<Proposal> {
    const { world } = team;
    await hers.git("switch", "--quiet", "main");
    const base = await hers.git("rev-parse", "HEAD");
    hers.edit("trainyard.yaml", "epochs: 21,", "epochs: 22,");
    const head = await hers.propose(branch, "Train for longer");
    const pull = await world.eve.openPull(world.repository, { title: "Train", head: `eve:${branch}` });
    await world.settled();
    return { branch, pull, head, base };
  }

  async function command({ pull, head }: Proposal): Promise<{ run: RunResult; runs: readonly RunResult[] }> {
    const { world } = team;
    await world.ben.comment(world.repository, pull, `/trainyard train ${head}`);
    const runs = await world.settled();
    return { run: runOf(runs, JUDGE, "issue_comment"), runs };
  }

  it("comes to the same verdict, killed as it begins, after its own steps, and where those it calls make something", async (context) => {
    const places = placesOf("command.yml", "command");
    const own = everyBorder(places.slice(0, 1));
    // Those that are called are killed everywhere in proposing and judging.
    const called = places
      .slice(1)
      .filter(({ step }) => /^(Train|Judge|Publish|Find the pull request)/.test(step))
      .map((place) => ({ ...place, when: "ends" as const }));
    const [first, ...others] = [...own, ...called];
    assert.ok(first !== undefined && others.length >= 4, `${others.length}`);
    const proposal = await propose("killed");
    team.world.runner.kill(first);
    const { run } = await command(proposal);
    assertKilled(run, first);
    const last = await killAlong(team, run.id, others, () => assertOneVoice(team, proposal.pull));
    assert.equal(last.conclusion, "success", explain([last]));
    await team.world.settled();
    assert.deepEqual(await look(team, proposal), alone);
    context.diagnostic(`killed ${others.length + 1} times`);

    await team.world.runner.again(run.id);
    await team.world.settled();
    assert.deepEqual(await look(team, proposal), alone, "run again after all was said");
    await team.forget(proposal);
  });

  it("says one thing where it is asked twice at the same time", async () => {
    const { world } = team;
    const proposal = await propose("asked-twice");
    await Promise.all([
      world.ben.comment(world.repository, proposal.pull, `/trainyard train ${proposal.head}`),
      world.ada.comment(world.repository, proposal.pull, `/trainyard train ${proposal.head}`),
    ]);
    await world.settled();
    const found = await look(team, proposal);
    const ours = (all: Found) => all.comments.filter((text) => text.startsWith("github-actions[bot]"));
    assert.deepEqual(ours(found), ours(alone));
    assert.deepEqual({ ...found, comments: [] }, { ...alone, comments: [] });
    await team.forget(proposal);
  });
});
