import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { commitTo } from "../../../src/adapters/forge/memory.ts";
import { deploy } from "../../../src/works/release/deploy.ts";
import { promote } from "../../../src/works/release/promote.ts";
import { sha } from "../../core/deployments/make-records.ts";
import { openTown, PRODUCTION, STAGING, state, type Town, type Watch } from "./town.ts";

const BRANCH = "trainyard-promote-production-wages";
const everything = { environment: undefined, model: undefined };

async function serve(town: Town, environment: string, digest: string): Promise<void> {
  const scene = await town.scene();
  town.serving.set("https://staging.example.com", digest);
  const found = await deploy(scene, { environment, model: "wages", sha256: sha(digest), patience: 0 });
  assert.equal(found.outcome, "deployed", found.sentence);
}

async function goOn(town: Town, watch?: Watch) {
  const [found, ...more] = await promote(await town.scene(undefined, watch), everything);
  assert.equal(more.length, 0);
  return found;
}

const pullsOf = ({ world }: Town) =>
  [...world.pulls.values()].map(({ title, state }) => [title, state] as const);

const fileOf = ({ world }: Town): string =>
  String(world.commits.get(world.branches.get(BRANCH) ?? "")?.tree.get(PRODUCTION));

/** A second version that serves in staging. */
async function second(town: Town): Promise<void> {
  town.judged("b", { pull: 9 });
  town.put({ [STAGING]: state("b") });
  await town.version("b", "v1.1.0");
  await serve(town, "staging", "b");
}

describe("a promotion", () => {
  let town: Town;
  beforeEach(async () => {
    town = await openTown();
    town.put({ ".github/CODEOWNERS": "deployments/production/ @acme/ops\n" });
    await serve(town, "staging", "a");
  });

  it("is one pull request with one line, a verdict and its owners", async () => {
    const found = await goOn(town);
    assert.equal(found?.outcome, "proposed");
    assert.deepEqual(pullsOf(town), [["Promote wages v1.0.0 to production", "open"]]);
    assert.equal(fileOf(town), state("a", "v1.0.0"));
    const { body } = town.world.pulls.get(found.pull ?? 0) ?? { body: "" };
    assert.match(body, /pass in #7: Better than the model in production/);
    assert.match(body, /since 2026-11-21 10:00 UTC; read back: `sha256 a{64}`/);
    assert.match(body, /`@acme\/ops`, who own `deployments\/production\/wages\.yaml`/);
    assert.match(body, /starts no workflow/);
    assert.equal((await goOn(town))?.outcome, "stands");
  });

  it("killed before or after any write and asked again is one pull request", async () => {
    const seen: string[] = [];
    await goOn(town, (what, when) => seen.push(`${when} ${what}`));
    assert.deepEqual(
      seen.filter((step) => step.startsWith("after")),
      ["after branch", "after commit", "after pull"],
    );
    for (const step of seen) {
      town = await openTown();
      await serve(town, "staging", "a");
      const killed = goOn(town, (what, when) => {
        if (`${when} ${what}` === step) throw new Error("the machine is lost");
      });
      await assert.rejects(killed, /the machine is lost/);
      await goOn(town);
      assert.deepEqual(pullsOf(town), [["Promote wages v1.0.0 to production", "open"]], step);
      assert.equal(fileOf(town), state("a", "v1.0.0"), step);
    }
  });

  it("is brought up to date in place by a newer version, killed or not", async () => {
    const first = await goOn(town);
    await second(town);
    const killed = goOn(town, (what) => {
      if (what === "update") throw new Error("the machine is lost");
    });
    await assert.rejects(killed, /the machine is lost/);
    const found = await goOn(town);
    assert.equal(found?.pull, first?.pull);
    assert.deepEqual(pullsOf(town), [["Promote wages v1.1.0 to production", "open"]]);
    assert.equal(fileOf(town), state("b", "v1.1.0"));
  });

  it("begins anew where the state was changed on the default branch meanwhile", async () => {
    await goOn(town);
    await second(town);
    town.put({ [PRODUCTION]: state("c") });
    assert.equal((await goOn(town))?.outcome, "proposed");
    assert.deepEqual(pullsOf(town), [
      ["Promote wages v1.0.0 to production", "closed"],
      ["Promote wages v1.1.0 to production", "open"],
    ]);
    const left = await (await town.scene()).forge.pulls.mergeBase("main", BRANCH);
    assert.equal(left, town.world.branches.get("main"), "it can be merged");
  });

  it("is opened for the next version after the first was merged, squashed or not", async () => {
    const first = await goOn(town);
    town.put({ [PRODUCTION]: state("a", "v1.0.0") }); // the squash commit
    await (await town.scene()).forge.pulls.update(first?.pull ?? 0, { state: "closed" });
    await serve(town, "production", "a");
    assert.equal((await goOn(town))?.outcome, "none");
    await second(town);
    assert.equal((await goOn(town))?.outcome, "proposed");
    assert.deepEqual(pullsOf(town).at(-1), ["Promote wages v1.1.0 to production", "open"]);
  });

  it("leaves a branch alone that a person committed to", async () => {
    await goOn(town);
    commitTo(town.world, BRANCH, { message: "Wait", author: "ada", write: { "NOTES.md": "wait\n" } });
    const head = town.world.branches.get(BRANCH);
    await second(town);
    const found = await goOn(town);
    assert.equal(found?.outcome, "left");
    assert.match(found.sentence, /somebody else committed to "trainyard-promote-production-wages"/);
    assert.equal(town.world.branches.get(BRANCH), head);
  });

  it("that a person closed is not opened again, and the next version is", async () => {
    const found = await goOn(town);
    await (await town.scene()).forge.pulls.update(found?.pull ?? 0, { state: "closed" });
    assert.equal((await goOn(town))?.outcome, "left");
    assert.equal(pullsOf(town).length, 1);
    await second(town);
    assert.equal((await goOn(town))?.outcome, "proposed");
  });

  it("is closed with a reason where production is to serve the bytes already", async () => {
    const found = await goOn(town);
    town.put({ [PRODUCTION]: state("a", "v1.0.0") });
    assert.equal((await goOn(town))?.outcome, "closed");
    assert.deepEqual(pullsOf(town), [["Promote wages v1.0.0 to production", "closed"]]);
    const [comment] = town.world.comments.filter(({ issue }) => issue === found?.pull);
    assert.match(comment?.body ?? "", /Closed: production is to serve v1\.0\.0 already\./);
  });

  it("of bytes that served in production and were taken back is not proposed", async () => {
    await second(town);
    town.put({ [PRODUCTION]: state("a") });
    await serve(town, "production", "a");
    town.put({ [PRODUCTION]: state("b") });
    await serve(town, "production", "b");
    town.put({ [PRODUCTION]: state("a") });
    await serve(town, "production", "a");
    const found = await goOn(town);
    assert.equal(found?.outcome, "none");
    assert.match(found.sentence, /v1\.1\.0 served in production before and was taken back/);
  });
});
