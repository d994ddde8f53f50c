import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Kill, RunResult } from "../../../local/contract.ts";
import { explain, type World } from "../../../local/world.ts";
import { pullOf, records, statusOf, verdicts } from "../../github/reading.ts";
import { openDrift, openRefreshed, RETRAIN } from "../../github/refreshed.ts";
import { list } from "../../github/released.ts";
import { assertKilled, killAlong } from "./killing.ts";
import { everyBorder, placesOf } from "./places.ts";
import { runOf } from "./team.ts";

/* retrain.yml with the workflows that it calls, killed everywhere: one pull request, judged once. */

/** What stands when a retraining has ended. */
interface Left {
  readonly pulls: readonly object[];
  readonly records: readonly string[];
}

describe("retrain.yml, interrupted", () => {
  let alone: Left;
  let world: World;
  before(async () => {
    const quiet = await openRefreshed();
    const runs = await ask(quiet);
    alone = await look(quiet);
    assert.equal(alone.pulls.length, 1, explain(runs));
    await quiet.close();
    world = await openRefreshed();
  });
  after(() => world?.close());

  /** Has somebody who may write ask for it by the issue's label. */
  async function ask(team: World): Promise<readonly RunResult[]> {
    const issue = await openDrift(team);
    await team.ben.api("POST", `/repos/${team.repository}/issues/${issue}/labels`, { labels: ["retrain"] });
    return team.settled();
  }

  /** All that a retraining leaves, without commits and numbers of runs. */
  async function look(team: World): Promise<Left> {
    const pulls = await list<{ number: number; title: string; body: string }>(team, "/pulls?state=all");
    const shown = pulls.map(async ({ number, title, body }) => {
      const { head } = await pullOf(team, number);
      await team.checkout.git("fetch", "--quiet", "origin", `refs/pull/${number}/head`, "main");
      const commits = await team.checkout.git("log", "--format=%s", `origin/main..${head.sha}`);
      const files = await team.checkout.git("diff", "--name-only", `origin/main...${head.sha}`);
      const said = (await verdicts(team, number)).map((comment) => /^###.*$/m.exec(comment.body)?.[0]);
      const asked = body.replace(/asked for [^.]*\./, "asked for."); // the last who did
      return { title, body: asked, commits, files, said, status: (await statusOf(team, head.sha))?.state };
    });
    const kinds = (await records(team)).map((path) => path.split("/").slice(0, 2).join("/")).sort();
    return { pulls: await Promise.all(shown), records: kinds };
  }

  test("comes to the same pull request, killed as any step begins and when it has ended", async (context) => {
    const places = placesOf("retrain.yml", "retrain");
    const called = /^retrain \/ (train|judge) \//; // held wherever they are killed in proposing and judging
    const own = everyBorder(places.filter(({ job }) => !called.test(job)));
    const within = places
      .filter(({ job, step }) => called.test(job) && /Train$|Publish/.test(step))
      .map((place): Kill => ({ ...place, when: "ends" }));
    const writes = [/^POST .*\/git\/refs$/, /^POST .*graphql$/, /^POST .*\/pulls$/].map(
      (asked): Kill => ({ job: "retrain / propose", step: "Propose them", when: { asked } }),
    );
    const written = 1 + own.findIndex(({ step }) => step === "Propose them");
    const [first, ...others] = [...own.slice(0, written), ...writes, ...own.slice(written), ...within];
    assert.ok(first !== undefined && others.length >= 12, `${others.length}`);
    world.runner.kill(first);
    const run = runOf(await ask(world), RETRAIN, "issues");
    assertKilled(run, first);
    const last = await killAlong({ world }, run.id, others, async () => {
      assert.ok((await list(world, "/pulls?state=all")).length <= 1);
    });
    assert.equal(last.conclusion, "success", explain([last]));
    await world.settled();
    assert.deepEqual(await look(world), alone);
    context.diagnostic(`killed ${others.length + 1} times`);
  });

  test("changes nothing, asked for three times at once after all was said", async () => {
    const dispatch = `/repos/${world.repository}/actions/workflows/${RETRAIN}/dispatches`;
    await Promise.all(
      [1, 2, 3].map(() => world.ada.api("POST", dispatch, { ref: "main", inputs: { model: "wages" } })),
    );
    const runs = await world.settled();
    assert.deepEqual(
      runs.map(({ conclusion }) => conclusion),
      ["success", "success", "success"],
      explain(runs),
    );
    const { pulls } = await look(world);
    assert.deepEqual(pulls, alone.pulls);
    assert.deepEqual([...new Set(world.github.violations)], []);
  });
});
