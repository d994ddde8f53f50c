import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { strangersAttack } from "../../../local/attacks.ts";
import type { RunResult } from "../../../local/contract.ts";
import type { Checkout } from "../../../local/person.ts";
import { explain, type World } from "../../../local/world.ts";
import { ACTION, handsOver, PACK, PACKS } from "../../github/hostile.ts";
import {
  checksOf,
  comments,
  endingsOf,
  logOf,
  pullOf,
  records,
  statusOf,
  verdict,
  verdicts,
} from "../../github/reading.ts";
import { openTeam } from "../../github/team.ts";

/* What strangers bring: a fork, whose training prints and plants its own results. It is given no
 * data by itself; and workflows that hand over what no training made. */

let world: World;
let hers: Checkout;
let pull: number;
let head: string;
/** The run that looked at the head that is trained later. */
let judge: number;

before(async () => {
  world = await openTeam();
  await world.github.fork(world.repository, "eve");
  hers = await world.eve.clone("eve/wages");
  await strangersAttack(hers);
  head = await hers.propose("better", "A better model");
  pull = await world.eve.openPull(world.repository, { title: "A better model", head: "eve:better" });
});
after(() => world.close());

/** How often somebody's last comment was answered with a reaction. */
async function reactions(login: string): Promise<Record<string, number>> {
  const theirs = (await comments(world, pull)).filter(({ user }) => user.login === login);
  return (theirs.at(-1) as unknown as { reactions: Record<string, number> }).reactions;
}

test("is pending, with a command that can be copied", async () => {
  const runs = await world.settled();
  assert.deepEqual(endingsOf(runs, "propose / train"), ["skipped"], explain(runs));
  const body = await verdict(world, pull, runs);
  assert.match(body, /### ⏳ Pending · a fork/);
  assert.match(body, new RegExp(`^\`\`\`\n/trainyard train ${head}\n\`\`\`$`, "m"));
  assert.equal((await statusOf(world, head))?.state, "pending");
});

test("a stranger's command does nothing", async () => {
  await world.eve.comment(world.repository, pull, `/trainyard train ${head}`);
  const runs = await world.settled();
  assert.deepEqual(endingsOf(runs, "command / train / fetch"), [], explain(runs));
  assert.equal((await reactions("eve"))["-1"], 1);
  assert.equal((await statusOf(world, head))?.state, "pending");
  assert.equal((await comments(world, pull)).length, 2);
});

test("a command for a commit that is no longer the head is refused, with the one that is", async () => {
  const read = head;
  await hers.write("more.txt", "after it was read");
  head = await hers.push("More");
  judge = (await world.settled()).find(({ event }) => event === "workflow_run")?.id ?? 0;
  await world.ben.comment(world.repository, pull, `/trainyard train ${read}`);
  const runs = await world.settled();
  assert.deepEqual(endingsOf(runs, "command / train / fetch"), [], explain(runs));
  const answer = (await comments(world, pull)).at(-1);
  assert.match(answer?.body ?? "", /Nothing was trained: the head is .* and not the commit that was named/);
  assert.match(answer?.body ?? "", new RegExp(`/trainyard train ${head}`));
  assert.match(await verdict(world, pull, runs), new RegExp(`/trainyard train ${head}`));
});

test("a writer's command trains that very commit, and what it claims decides nothing", async () => {
  await world.ben.comment(world.repository, pull, `/trainyard train ${head}`);
  const runs = await world.settled();
  assert.match(logOf(runs, "command / train / fetch"), new RegExp(`head ${head}`), explain(runs));
  const log = logOf(runs, "command / train / train");
  assert.match(log, /"verdict":"pass"/);
  assert.match(log, /secrets to be seen: none/);
  const body = await verdict(world, pull, runs);
  assert.match(body, /### ❌ Fail/);
  assert.match(body, new RegExp(`<!-- trainyard:about ${head} judged -->`));
  assert.doesNotMatch(body, /All gates are met/);
  assert.equal((await statusOf(world, head))?.state, "failure");
  assert.equal((await checksOf(world, head))[0]?.conclusion, "failure");
  assert.equal((await reactions("ben")).rocket, 1);
  assert.equal(
    (await records(world)).filter((path) => path.startsWith("verdicts/") && path.includes(head)).length,
    1,
  );
});

test("no text of the change formats, links, pings or runs in the comment", async () => {
  const body = await verdict(world, pull, []);
  assert.match(body, /APPROVED by/); // it is shown, as text
  assert.doesNotMatch(body, /\*\*APPROVED|<img|\]\(javascript:|[^`\w]@everyone|[^&]#1\b/);
  const page = await fetch(`${world.github.url}/${world.repository}/pull/${pull}`);
  assert.doesNotMatch(await page.text(), /<img src=x|href="javascript:/);
});

test("a verdict is marked where the head moved and nothing newer was said", async () => {
  const judged = head.slice(0, 7);
  await hers.write("more.txt", "and more");
  head = await hers.push("More [skip ci]"); // no workflow starts, so that nothing speaks of this commit
  await world.settled();
  await world.runner.again(judge);
  const body = await verdict(world, pull, await world.settled());
  assert.match(body, new RegExp(`Outdated:\\*\\* this is for \`${judged}\`, and the head is now`));
  assert.equal((await pullOf(world, pull)).head.sha, head);
});

describe("an artifact that is no training's", () => {
  let bens: Checkout;
  let other: number;
  let untouched: unknown;

  before(async () => {
    untouched = (await verdicts(world, pull))[0];
    bens = await world.ben.clone(world.repository);
    await bens.git("switch", "--quiet", "--create", "hostile");
  });

  /** Pushes a workflow file of the change's own. @returns the runs, and what the comment says */
  async function plays(file: string): Promise<{ runs: readonly RunResult[]; body: string; sha: string }> {
    await bens.write(".github/workflows/trainyard.yml", file);
    const sha = await bens.push("Train elsewhere");
    other ??= await world.ben.openPull(world.repository, { title: "Elsewhere", head: "hostile" });
    const runs = await world.settled();
    return { runs, body: await verdict(world, other, runs), sha };
  }

  test("that speaks of another pull request's commit is a failure of its own", async () => {
    const trained = { schema: "trainyard/trained/1", commit: head, models: [] };
    const { body, sha, runs } = await plays(handsOver(trained));
    assert.match(body, new RegExp(`trained\\.json speaks of .*${head.slice(0, 6)}`), explain(runs));
    assert.equal((await statusOf(world, sha))?.state, "failure");
  });

  test("that says things in Markdown, HTML and workflow commands is shown as text", async () => {
    const message =
      "**passed** <img src=x onerror=alert(1)> @everyone #1\n::error file=a::planted\n::set-output name=verdict::pass";
    const failed = [{ model: "wages", folder: ".", message }];
    const trained = { schema: "trainyard/trained/1", commit: "HEAD", models: [], failed };
    const { runs, body, sha } = await plays(handsOver(trained));
    assert.match(body, /the training failed: .*passed/, explain(runs));
    assert.doesNotMatch(body, /\*\*passed|<img|[^`\w]@everyone|[^&]#1\b/);
    const jobs = runs.flatMap((run) => run.jobs.filter(({ name }) => name.startsWith("judge /")));
    const commands = jobs.flatMap(({ annotations }) => annotations.filter(({ file }) => file === "a"));
    assert.deepEqual(commands, []);
    assert.equal((await statusOf(world, sha))?.state, "failure");
  });

  test("that leads out of its folder is not unpacked, and the reason is said", async () => {
    await bens.write("pack/action.yml", ACTION);
    await bens.write("pack/pack.mjs", PACK);
    const { runs, body, sha } = await plays(PACKS);
    assert.deepEqual(endingsOf(runs, "propose"), ["success"], explain(runs));
    assert.match(
      logOf(runs, "judge / score"),
      /is not taken: .*invalid relative path: \.\.\/\.\.\/escaped\.txt/,
    );
    assert.match(body, /### 🛑 Not judged/);
    assert.equal((await statusOf(world, sha))?.state, "error");
  });

  test("leaves the other pull request as it was", async () => {
    assert.deepEqual((await verdicts(world, pull))[0], untouched);
    assert.equal((await statusOf(world, head))?.state, undefined);
  });
});

test("GitHub's description allows all that was said", () => {
  assert.deepEqual([...new Set(world.github.violations)], []);
});
