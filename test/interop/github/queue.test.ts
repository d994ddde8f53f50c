import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { after, before, test } from "node:test";
import type { RunResult } from "../../../local/contract.ts";
import type { Checkout } from "../../../local/person.ts";
import { explain, type World } from "../../../local/world.ts";
import { endingsOf, pullOf, statusOf, verdict } from "../../github/reading.ts";
import { openTeam } from "../../github/team.ts";

/* Two changes from one base, one after the other through the merge queue; then a lock from a laptop. */

const CLI = resolve("dist/cli.js");

let world: World;
let hers: Checkout;
let his: Checkout;
let first: number;
let second: number;
let judges: readonly RunResult[];

before(async () => {
  world = await openTeam();
  await world.github.protect(world.repository, "main", {
    checks: [{ context: "trainyard" }],
    mergeQueue: true,
  });
  hers = world.checkout;
  hers.edit("trainyard.yaml", "epochs: 60", "epochs: 70");
  await hers.propose("longer", "Train for longer");
  his = await world.ben.clone(world.repository);
  his.edit("trainyard.yaml", "[told, noise]", "[told]");
  await his.propose("fewer", "Learn from less");
  first = await world.ada.openPull(world.repository, { title: "Train for longer", head: "longer" });
  second = await world.ben.openPull(world.repository, { title: "Learn from less", head: "fewer" });
  judges = (await world.settled()).filter(({ event }) => event === "workflow_run");
});
after(() => world.close());

const mergeable = async (pull: number): Promise<boolean> =>
  ((await pullOf(world, pull)) as unknown as { mergeable: boolean }).mergeable;

async function enqueue(pull: number): Promise<readonly RunResult[]> {
  await world.github.enqueue(world.repository, pull, "ada");
  return world.settled();
}

test("both pass, each by itself", async () => {
  for (const pull of [first, second]) {
    assert.match(await verdict(world, pull, judges), /### ✅ Pass · First model/);
    assert.equal(await mergeable(pull), true);
  }
});

test("the first is merged by the queue; the second conflicts in lock and pointer alone", async () => {
  const runs = await enqueue(first);
  assert.equal((await pullOf(world, first)).merged, true, explain(runs));
  assert.equal(await mergeable(second), false);
  await his.git("pull", "--quiet");
  await his.git("fetch", "--quiet", "origin");
  await assert.rejects(his.git("merge", "--quiet", "origin/main"));
  const open = (await his.git("diff", "--name-only", "--diff-filter=U")).split("\n").sort();
  assert.deepEqual(open, ["models/wages.dvc", "trainyard.lock"]);
  for (const path of open) await his.git("checkout", "--theirs", "--", path);
});

test("judged again, the second one's comment says how to go on", async () => {
  let body = "";
  for (const { id } of judges) {
    await world.runner.again(id);
    body = await verdict(world, second, await world.settled());
    if (body.includes("has moved on")) break;
  }
  assert.match(body, /\*\*`main` has moved on\*\* since this branch began/);
  assert.match(body, /`git merge origin\/main`, keep either side of both whole, `git push`/);
});

test("what it says leads on: the merge is trained and judged anew, and the queue merges it", async () => {
  await his.push("Merge main"); // with the other side's lock whole
  const runs = await world.settled();
  assert.deepEqual(endingsOf(runs, "propose / train"), ["success"], explain(runs));
  const body = await verdict(world, second, runs);
  // both models rank all of some hundred rows rightly, which does not prove that they are alike within the margin
  assert.match(body, /### (?:✅ Pass|⚠️ Warning · Not told apart)/);
  assert.doesNotMatch(body, /has moved on|First model/);
  assert.equal(await mergeable(second), true);
  const queued = await enqueue(second);
  assert.deepEqual(endingsOf(queued, "propose / train"), ["skipped"]);
  assert.equal((await pullOf(world, second)).merged, true, explain(queued));
});

test("a lock that nobody vouched for is not merged", async () => {
  const bens = await world.ben.clone(world.repository);
  bens.edit("trainyard.yaml", "epochs: 70", "epochs: 40");
  execFileSync(process.execPath, [CLI, "run"], { cwd: bens.folder, stdio: "pipe" }); // on a laptop
  const sha = await bens.propose("laptop", "Train on a laptop [skip ci]");
  const theirs = await world.ben.openPull(world.repository, { title: "From a laptop", head: "laptop" });
  await world.settled();
  const status = { state: "success", context: "trainyard", description: "trust me" };
  await world.ben.api("POST", `/repos/${world.repository}/statuses/${sha}`, status);
  const runs = await enqueue(theirs);
  assert.equal((await pullOf(world, theirs)).merged, false, explain(runs));
  const group = world.github.events.findLast(({ name }) => name === "merge_group");
  assert.equal(group?.payload.reason, "dequeued");
  const said = await statusOf(world, group.sha);
  assert.equal(said?.state, "failure", explain(runs));
  assert.match(said.description, /no verdict in the ledger speaks of the model/);
});

test("GitHub's description allows all that was said", () => {
  assert.deepEqual([...new Set(world.github.violations)], []);
});
