import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { insidersAttack } from "../../../local/attacks.ts";
import type { RunResult } from "../../../local/contract.ts";
import { explain, type World } from "../../../local/world.ts";
import {
  annotationsOf,
  checksOf,
  comments,
  commitOf,
  endingsOf,
  logOf,
  merge,
  pullOf,
  records,
  statusOf,
  verdict,
} from "../../github/reading.ts";
import { openTeam } from "../../github/team.ts";

/* A team whose App speaks, and whose default branch requires the App's status. */

let world: World;
let first: number;
let proposed: string;
let runs: readonly RunResult[];

before(async () => {
  world = await openTeam({ app: true });
});
after(() => world.close());

describe("the first pull request of a new repository", () => {
  before(async () => {
    proposed = await world.checkout.propose("first-model", "Train the first model");
    first = await world.ada.openPull(world.repository, { title: "The first model", head: "first-model" });
    runs = await world.settled();
  });

  test("passes with a note, in one comment of the App's", async () => {
    const said = await comments(world, first);
    assert.deepEqual(
      said.map(({ user }) => user.login),
      ["acme-trainyard[bot]"],
      explain(runs),
    );
    const body = await verdict(world, first, runs);
    assert.match(body, /### ✅ Pass · First model, there is none in production to compare it with/);
    assert.match(body, /👀 \*\*Review now\.\*\* Commit .* carries pointer and lock of exactly these bytes/);
  });

  test("has pointer and lock committed by the App, and nothing else", async () => {
    const { head } = await pullOf(world, first);
    const commit = await commitOf(world, head.sha);
    assert.equal(commit.author.login, "acme-trainyard[bot]");
    assert.deepEqual(
      commit.parents.map(({ sha }) => sha),
      [proposed],
    );
    assert.deepEqual(commit.files.map(({ filename }) => filename).sort(), [
      "models/.gitignore",
      "models/wages.dvc",
      "trainyard.lock",
    ]);
  });

  test("brings the bytes to the remote and the verdict to the ledger", async () => {
    await world.checkout.git("pull", "--quiet");
    const [, md5 = ""] = /md5: ([0-9a-f]{32}\.dir)/.exec(world.checkout.read("models/wages.dvc")) ?? [];
    assert.ok(existsSync(join(world.store, "files", "md5", md5.slice(0, 2), md5.slice(2))), md5);
    const found = await records(world);
    const of = found.filter((path) => path.startsWith(`verdicts/wages/${first}/`));
    assert.equal(of.length, 1, found.join("\n"));
    assert.ok(of[0]?.startsWith(`verdicts/wages/${first}/${proposed}-`), of[0]);
  });

  test("has one check and a status on either commit", async () => {
    const { head } = await pullOf(world, first);
    for (const commit of [proposed, head.sha]) {
      const checks = await checksOf(world, commit);
      assert.deepEqual(
        checks.map(({ conclusion }) => conclusion),
        ["success"],
      );
      assert.equal((await statusOf(world, commit))?.state, "success");
    }
  });

  test("is not judged again after the App's commit, on which its check stands, and nothing is trained", async () => {
    assert.deepEqual(endingsOf(runs, "propose / train"), ["success", "skipped"]);
    assert.match(logOf(runs, "propose / fetch"), /vouched {4}wages \(\.\): a verdict vouches for the model/);
    assert.deepEqual(endingsOf(runs, "judge / resolve"), ["success", "success"]);
    assert.deepEqual(endingsOf(runs, "judge / score"), ["success", "skipped"]);
    assert.deepEqual(endingsOf(runs, "judge / write"), ["success", "skipped"]);
    const ahead = await world.checkout.git("rev-list", "--count", "origin/main..origin/first-model");
    assert.equal(ahead, "2");
  });

  test("is merged, for the status that is required is there", async () => {
    await merge(world, first);
    assert.equal((await pullOf(world, first)).merged, true);
    assert.match(world.checkout.read("trainyard.lock"), /roc_auc/);
  });
});

describe("an insider's pull request with easier gates, a forged lock and a status of its own", () => {
  let forged: number;
  let head: string;

  before(async () => {
    const bens = await world.ben.clone(world.repository);
    await insidersAttack(bens, `${world.store}-elsewhere`);
    head = await bens.propose("surely-better", "Surely better");
    forged = await world.ben.openPull(world.repository, { title: "Surely better", head: "surely-better" });
    const pasted = `<!-- trainyard:verdict -->\n<!-- trainyard:about ${head} judged -->\n\n### ✅ Pass`;
    await world.ben.comment(world.repository, forged, pasted);
    runs = await world.settled();
  });

  test("fails by the rules of the base, and both are shown", async () => {
    const body = await verdict(world, forged, runs);
    assert.match(body, /### ❌ Fail/);
    assert.match(body, /\*\*Rules changed\*\* .*By those of `main`, which decide: ❌ \*\*fail\*\*/);
    assert.match(body, /`evaluate\.gates\.0[^|]*\| .*roc_auc >= 0\.65.* \| .*roc_auc >= 0\.01/);
    assert.equal((await checksOf(world, head))[0]?.conclusion, "failure");
    const [note] = await annotationsOf(world, head);
    assert.equal(note?.path, "trainyard.yaml");
    assert.equal(note.annotation_level, "failure");
  });

  test("says nothing by a comment that somebody else began with our marker", async () => {
    const pasted = (await comments(world, forged)).filter(({ user }) => user.login === "ben");
    assert.deepEqual(
      pasted.map(({ body }) => body.split("\n").at(-1)),
      ["### ✅ Pass"],
    );
  });

  test("is not merged, whoever sets the status beside the App", async () => {
    assert.match(logOf(runs, "forge"), /201/);
    const url = `/repos/${world.repository}/statuses/${head}`;
    await world.ben.api("POST", url, { state: "success", context: "trainyard", description: "trust me" });
    const pull = `/repos/${world.repository}/pulls/${forged}`;
    await assert.rejects(world.ben.api("PUT", `${pull}/merge`), /Required status check .*trainyard/);
    assert.equal((await pullOf(world, forged)).head.sha, head);
  });

  test("saw no secret, and wrote to no other place", () => {
    assert.match(logOf(runs, "propose / train"), /secrets to be seen: none/);
    assert.equal(existsSync(`${world.store}-elsewhere`), false);
  });
});

test("GitHub's description allows all that was said", () => {
  assert.deepEqual([...new Set(world.github.violations)], []);
});
