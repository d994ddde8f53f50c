import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Kill, RunResult } from "../../../local/contract.ts";
import { explain } from "../../../local/world.ts";
import { parseMonitorRecord } from "../../../src/core/triage/record.ts";
import { comments, records } from "../../github/reading.ts";
import { asTrained, openWatched, type Watched } from "../../github/watched.ts";
import { assertKilled, killAlong } from "./killing.ts";
import { everyBorder, placesOf } from "./places.ts";
import { runOf } from "./team.ts";

/* monitor.yml, look.yml and reconcile.yml, killed everywhere: ONE issue, and no record is lost. */

const MONITOR = "trainyard-monitor.yml";
const TRIAGE = "monitor / monitor";

describe("monitor.yml, interrupted", () => {
  let watched: Watched;
  before(async () => {
    watched = await openWatched();
  });
  after(() => watched?.close());

  /** Lets the hour come, and the run be killed at each place, one after the other, before it may end. */
  async function lookKilled(places: readonly Kill[]): Promise<readonly RunResult[]> {
    const { world } = watched;
    const [first, ...others] = places;
    assert.ok(first);
    world.runner.kill(first);
    const run = runOf(await watched.look(), MONITOR, "schedule");
    assertKilled(run, first);
    const last = await killAlong(watched, run.id, others, async () => {
      assert.ok((await watched.issues()).length <= 1);
    });
    assert.equal(last.conclusion, "success", explain([last]));
    return world.settled();
  }

  const asked = (request: RegExp): Kill => ({
    job: TRIAGE,
    step: "Say what has moved",
    when: { asked: request },
  });

  /** What the ledger has of the monitor, oldest first. */
  async function seen(): Promise<readonly { readonly verdict: string; readonly did: string | undefined }[]> {
    const { world } = watched;
    const paths = (await records(world)).filter((path) => path.startsWith("monitor/"));
    const texts = await Promise.all(
      paths.sort().map((path) => world.checkout.git("show", `FETCH_HEAD:${path}`)),
    );
    return texts.map((text) => {
      const record = parseMonitorRecord(text);
      assert.ok(record, text);
      return { verdict: record.verdict, did: record.issue?.did };
    });
  }

  test("comes to one issue, killed as any step begins and when it has ended", async (context) => {
    watched.ask(400, asTrained);
    watched.ask(1200, () => "professional");
    const places = [
      ...everyBorder(placesOf("monitor.yml", "monitor")),
      ...everyBorder(placesOf("reconcile.yml", "reconcile")),
    ];
    assert.ok(places.length >= 16, `${places.length}`);
    await lookKilled(places);
    const [issue, ...more] = await watched.issues();
    assert.ok(issue);
    assert.equal(more.length, 0);
    assert.equal(issue.state, "open");
    assert.match(issue.body, /1,600 predictions/);
    assert.deepEqual(await comments(watched.world, issue.number), []);
    const verdicts = await seen();
    assert.ok(verdicts.length > 0 && verdicts.every(({ verdict }) => verdict === "moved"));
    assert.ok(verdicts.filter(({ did }) => did === "opened").length <= 1, JSON.stringify(verdicts));
    context.diagnostic(`killed ${places.length} times`);
  });

  test("closes it with one comment, killed after any of its writes", async () => {
    watched.forget();
    watched.ask(600, asTrained);
    const before = (await seen()).length;
    await lookKilled([
      asked(/^POST .*\/comments$/),
      asked(/^PATCH .*\/issues\/\d+$/),
      asked(/^POST .*\/git-receive-pack$/),
    ]);
    const [issue, ...more] = await watched.issues();
    assert.equal(more.length, 0);
    assert.deepEqual([issue?.state, issue?.state_reason], ["closed", "completed"]);
    const said = await comments(watched.world, issue?.number ?? 0);
    assert.equal(said.length, 1, said.map(({ body }) => body).join("\n---\n"));
    assert.ok((await seen()).length > before);
  });

  test("opens it again with one comment, killed after any of its writes, and starts the retraining", async () => {
    watched.ask(2400, () => "professional");
    const runs = await lookKilled([
      asked(/^POST .*\/comments$/),
      asked(/^PATCH .*\/issues\/\d+$/),
      asked(/^POST .*\/dispatches$/),
      asked(/^POST .*\/git-receive-pack$/),
    ]);
    const [issue, ...more] = await watched.issues();
    assert.equal(more.length, 0);
    assert.equal(issue?.state, "open", explain(runs));
    assert.match(issue.body, /3,000 predictions/);
    const said = await comments(watched.world, issue.number);
    assert.deepEqual(
      said.map(({ body }) => /It is back|Gone/.exec(body)?.[0]),
      ["Gone", "It is back"],
    );
    const started = runs.filter(({ path, event }) => /retrain/.test(path) && event === "workflow_dispatch");
    assert.ok(started.length >= 1, explain(runs));
    assert.deepEqual([...new Set(watched.world.github.violations)], []);
  });
});
