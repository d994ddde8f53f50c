import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseDeploymentRecord } from "../../../src/core/deployments/records.ts";
import { deploy } from "../../../src/works/release/deploy.ts";
import { planRelease } from "../../../src/works/release/plan.ts";
import { sha } from "../../core/deployments/make-records.ts";
import { CONTRACT, openTown, PRODUCTION, STAGING, state, type Town, type Watch } from "./town.ts";

const toStaging = { environment: "staging", model: "wages", sha256: sha("a"), patience: 0 };

const recordsOf = ({ records }: Town) =>
  [...records].filter(([path]) => path.startsWith("deployments/")).map(([path]) => path);

const tagsOf = ({ world }: Town) => world.tags.map(({ name }) => name).filter((name) => name.includes("#"));

async function goOn(town: Town, watch?: Watch) {
  return deploy(await town.scene(undefined, watch), toStaging);
}

describe("a deployment", () => {
  it("is one deployment, one tag and one record, and says what the server serves", async () => {
    const town = await openTown();
    const found = await goOn(town);
    assert.equal(found.outcome, "deployed");
    assert.match(found.served ?? "", /^sha256 a{64}$/);
    const [one, ...more] = town.world.deployments;
    assert.equal(more.length, 0);
    assert.deepEqual(
      one?.statuses.map(({ state, environmentUrl }) => [state, environmentUrl]),
      [
        ["in_progress", "https://staging.example.com"],
        ["success", "https://staging.example.com"],
      ],
    );
    assert.deepEqual(tagsOf(town), ["wages#staging#1"]);
    const [path = ""] = recordsOf(town);
    assert.equal(path, `deployments/staging/wages/${one.id}-success.json`);
    const record = parseDeploymentRecord(town.records.get(path) ?? "");
    assert.deepEqual([record?.version, record?.pull, record?.reason], ["v1.0.0", 7, "merged"]);
    assert.equal((await goOn(town)).outcome, "unchanged");
  });

  it("killed before or after any write and asked again is made once", async () => {
    const seen: string[] = [];
    await goOn(await openTown(), (what, when) => seen.push(`${when} ${what}`));
    assert.deepEqual(
      seen.filter((step) => step.startsWith("after")),
      ["after deployment", "after status in_progress", "after status success", "after tag", "after record"],
    );
    for (const step of seen) {
      const town = await openTown();
      const killed = goOn(town, (what, when) => {
        if (`${when} ${what}` === step) throw new Error("the machine is lost");
      });
      await assert.rejects(killed, /the machine is lost/);
      const again = await goOn(town);
      assert.equal(again.outcome, step === "after record" ? "unchanged" : "deployed", step);
      assert.equal(town.world.deployments.length, 1, step);
      assert.deepEqual(tagsOf(town), ["wages#staging#1"], step);
      assert.equal(recordsOf(town).length, 1, step);
      assert.equal(town.world.deployments[0]?.statuses.at(-1)?.state, "success", step);
    }
  });

  it("done twice at once leaves one that counts", async () => {
    const town = await openTown();
    await Promise.all([goOn(town), goOn(town)]);
    const counting = town.world.deployments.filter(({ statuses }) => statuses.at(-1)?.state === "success");
    assert.equal(counting.length, 1);
    assert.deepEqual(tagsOf(town), ["wages#staging#1"]);
    assert.equal(recordsOf(town).length, 1);
  });

  it("fails where the server serves other bytes, says which, and is taken up again", async () => {
    const town = await openTown();
    town.serving.set("https://staging.example.com", "b");
    const found = await goOn(town);
    assert.equal(found.outcome, "failed");
    assert.match(found.sentence, /does not serve in staging: sha256 b{64}/);
    assert.deepEqual(tagsOf(town), []);
    assert.match(recordsOf(town).join(), /-failure\.json$/);
    town.serving.delete("https://staging.example.com");
    assert.match((await goOn(town)).served ?? "", /answers 503/);
    town.serving.set("https://staging.example.com", "a");
    assert.equal((await goOn(town)).outcome, "deployed");
    assert.equal(town.world.deployments.length, 1);
  });

  it("says that servers follow, where no address is given", async () => {
    const town = await openTown(CONTRACT.replace(/, url: "[^"]+"/, ""));
    const found = await goOn(town);
    assert.equal(found.served, null);
    assert.match(found.sentence, /approved; servers follow/);
  });

  it("of an older commit is left out where a newer one wants other bytes", async () => {
    const town = await openTown();
    const older = town.world.branches.get("main");
    town.judged("b", { pull: 9 });
    town.put({ [STAGING]: state("b") });
    const found = await deploy(await town.scene(older), toStaging);
    assert.equal(found.outcome, "superseded");
    assert.deepEqual(town.world.deployments, []);
  });

  it("needs a version, a verdict, and the state's own digest", async () => {
    const town = await openTown();
    const scene = await town.scene();
    await assert.rejects(
      deploy(scene, { ...toStaging, sha256: sha("c") }),
      /names a{64}, and c{64} was to be/,
    );
    await assert.rejects(
      deploy(scene, { ...toStaging, environment: "production" }),
      /there is no deployments/,
    );
    town.put({ [STAGING]: state("b") });
    const unjudged = deploy(await town.scene(), { ...toStaging, sha256: sha("b") });
    await assert.rejects(unjudged, /deployments\/staging\/wages\.yaml:2 .*no verdict in the ledger/);
    town.judged("b");
    const unnamed = deploy(await town.scene(), { ...toStaging, sha256: sha("b") });
    await assert.rejects(unnamed, /no tag names a version of wages with sha256 b{12}/);
  });
});

describe("two models of one environment", () => {
  it("do not end one another", async () => {
    const town = await openTown();
    await goOn(town);
    town.put({ "pay/trainyard.yaml": CONTRACT.replace("model: wages", "model: pay") });
    town.put({ "deployments/staging/pay.yaml": state("a").replace("wages", "pay") });
    town.judged("a", { model: "pay" });
    const message = `pay v1.0.0: Passes\n\nTrainyard-Sha256: ${sha("a")}\n`;
    const scene = await town.scene();
    await scene.forge.tags.create({ name: "pay@v1.0.0", commit: scene.commit, message });
    assert.equal((await deploy(scene, { ...toStaging, model: "pay" })).outcome, "deployed");
    assert.deepEqual(
      town.world.deployments.map(({ statuses }) => statuses.at(-1)?.state),
      ["success", "success"],
    );
    assert.deepEqual(tagsOf(town).sort(), ["pay#staging#1", "wages#staging#1"]);
  });
});

describe("the plan", () => {
  it("goes on with the others where one is refused, broken or somebody else's", async () => {
    const town = await openTown();
    town.put({
      [PRODUCTION]: state("b"),
      "deployments/base/nginx.yaml": "kind: Deployment\n",
      "broken/trainyard.yaml": "model: [",
    });
    const { states } = await planRelease(await town.scene());
    assert.deepEqual(
      states.map(({ path, decision }) => [path, decision.kind]),
      [
        [PRODUCTION, "refused"],
        [STAGING, "due"],
      ],
    );
  });
});
