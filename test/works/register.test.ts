import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { memoryForge, memoryWorld } from "../../src/adapters/forge/memory.ts";
import type { Forge, Speaker } from "../../src/ports/forge.ts";
import { register } from "../../src/works/register.ts";
import { brought, bytesOf, sceneOf, treeOf, verdictOf } from "./registering.ts";

const BEN: Speaker = { login: "ben", triggersWorkflows: true, kind: "user" };

function bench() {
  const world = memoryWorld("acme/wages");
  const forge = memoryForge(world);
  return { world, forge, main: world.branches.get("main") ?? "" };
}

/** Stops a process at the nth thing that it writes: before it is done, or after. */
function dying(forge: Forge, write: number, when: "before" | "after"): Forge {
  let writes = 0;
  const mortal =
    <A extends readonly unknown[], T>(work: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      writes += 1;
      if (writes === write && when === "before") throw new Error("killed");
      const done = await work(...args);
      if (writes === write) throw new Error("killed");
      return done;
    };
  return {
    ...forge,
    tags: { ...forge.tags, create: mortal(forge.tags.create) },
    releases: { ...forge.releases, publish: mortal(forge.releases.publish) },
  };
}

describe("registering a model", () => {
  it("makes a tag that names its bytes, and a release with a card", async () => {
    const { world, forge, main } = bench();
    const deployed = (text: string) => `${text}\ndeploy: { staging: { to: server } }\n`;
    const scene = sceneOf(forge, [verdictOf("one")], treeOf("one", deployed));
    const made = await register(scene, brought("one", main));
    assert.deepEqual(made, {
      version: "v1.0.0",
      tag: "wages@v1.0.0",
      commit: main,
      created: true,
      url: "https://github.com/acme/wages/releases/tag/wages@v1.0.0",
    });
    const [tag] = world.tags;
    assert.equal(tag?.commit, main);
    assert.match(tag?.message ?? "", /^wages v1\.0\.0: Better than the model in production on ROC AUC/);
    assert.match(tag?.message ?? "", new RegExp(`^Trainyard-Sha256: ${bytesOf("one").sha256}$`, "m"));
    assert.match(tag?.message ?? "", /^Trainyard-Metric: 0\.8421 roc_auc$/m);

    const [release] = world.releases;
    assert.equal(release?.draft, false);
    assert.equal(release?.name, "wages v1.0.0");
    const [card, manifest] = release?.assets.map(({ bytes }) => Buffer.from(bytes).toString("utf8")) ?? [];
    assert.ok(
      card?.startsWith("---\n") && card.endsWith(`---\n\n${release?.body}`),
      "the file has metadata before it",
    );
    for (const part of [
      "# wages v1.0.0",
      "Does a worker earn above the median hourly wage?",
      "✅ **Pass.** Better than",
      "binary-classification",
      "acme/ml-team",
      bytesOf("one").sha256,
      "| `roc_auc` | 0.842 |",
      "`roc_auc >= 0.65`",
      "`data/cps.csv`",
      "git checkout wages@v1.0.0\ntrainyard pull models/wages\n",
      "trainyard serve --environment staging --model wages ",
    ]) {
      assert.ok(card?.includes(part), `${part} is not in the card:\n${card}`);
    }
    const { data, judged, ...rest } = JSON.parse(manifest ?? "{}") as Record<string, unknown>;
    assert.deepEqual(rest, {
      schema: "trainyard/manifest/1",
      model: "wages",
      version: "v1.0.0",
      tag: "wages@v1.0.0",
      commit: main,
      folder: ".",
      digest: bytesOf("one"),
      task: "binary-classification",
      owner: "@acme/ml-team",
      problem: "Does a worker earn above the median hourly wage?",
      label: "high_wage",
      trainer: "logistic",
    });
    assert.deepEqual(data, [{ name: "data/cps.csv", sha256: "a".repeat(64), size: 21_500 }]);
    assert.equal((judged as { pull: number }).pull, 12);
  });

  it("finds bytes that have a version, whatever commit brings them back", async () => {
    const { world, forge, main } = bench();
    const scene = sceneOf(forge, [verdictOf("one"), verdictOf("two")]);
    const first = await register(scene, brought("one", main));
    const second = await register({ ...scene, bump: "major" }, brought("two", main));
    assert.equal(second.version, "v2.0.0");
    const reverted = await forge.commit({
      branch: "main",
      expectedHead: main,
      message: "Revert",
      write: [],
      remove: [],
    });
    const body = world.releases[0]?.body;
    const back = await register(scene, brought("one", reverted.sha));
    assert.deepEqual(back, { ...first, created: false });
    assert.deepEqual([world.tags.length, world.releases.length], [2, 2]);
    assert.equal(world.releases[0]?.body, body, "a release that is whole is left as it is");
  });

  it("goes on where it was killed, after any step", async () => {
    const steps: [number, "before" | "after"][] = [
      [1, "before"],
      [1, "after"],
      [2, "before"],
      [2, "after"],
    ];
    for (const [write, when] of steps) {
      const { world, forge, main } = bench();
      const scene = sceneOf(forge, [verdictOf("one")]);
      const model = brought("one", main);
      await assert.rejects(register({ ...scene, forge: dying(forge, write, when) }, model), /killed/);
      const { version, url } = await register(scene, model);
      assert.equal(version, "v1.0.0", `${when} ${write}`);
      assert.ok(url.length > 0);
      assert.deepEqual(
        [world.tags.map(({ name }) => name), world.releases.map(({ tag, draft }) => [tag, draft])],
        [["wages@v1.0.0"], [["wages@v1.0.0", false]]],
        `${when} ${write}`,
      );
    }
  });

  it("gives two that run at once with the same bytes one version", async () => {
    const { world, forge, main } = bench();
    const scene = sceneOf(forge, [verdictOf("one")]);
    const other = { ...scene, forge: memoryForge(world, BEN) };
    const made = await Promise.all([
      register(scene, brought("one", main)),
      register(other, brought("one", main)),
      register(scene, brought("one", world.branches.get("main") ?? "")),
    ]);
    assert.deepEqual([...new Set(made.map(({ version }) => version))], ["v1.0.0"]);
    assert.deepEqual([world.tags.length, world.releases.length], [1, 1]);
  });

  it("gives many that run at once with bytes of their own versions of their own", async () => {
    const { world, forge, main } = bench();
    const words = Array.from({ length: 8 }, (_, i) => `bytes ${i}`);
    const scene = sceneOf(
      forge,
      words.map((word) => verdictOf(word)),
    );
    const made = await Promise.all(words.map((word) => register(scene, brought(word, main))));
    assert.deepEqual(
      made.map(({ version }) => version).sort(),
      words.map((_, i) => `v1.${i}.0`),
    );
    assert.equal(world.releases.length, 8);
  });

  it("passes by names that other tags have, and keeps other models' tags apart", async () => {
    const { world, forge, main } = bench();
    await forge.tags.create({ name: "wages@v1.0.0", commit: main, message: "by hand" });
    await forge.tags.create({ name: "wages@v1.1.0-rc.1", commit: main, message: "by hand" });
    await forge.tags.create({ name: "wages2@v7.0.0", commit: main, message: "another model" });
    const { version } = await register(sceneOf(forge, [verdictOf("one")]), brought("one", main));
    assert.equal(version, "v1.1.0");
    assert.equal(world.tags.length, 4);
  });

  it("takes the next name where one is taken that no list shows", async () => {
    const { forge, main } = bench();
    const hidden: Forge = {
      ...forge,
      tags: { ...forge.tags, list: async () => [], names: async () => [] },
    };
    await forge.tags.create({ name: "wages@v1.0.0", commit: main, message: "by hand" });
    const scene = sceneOf(hidden, [verdictOf("one")]);
    assert.equal((await register(scene, brought("one", main))).version, "v1.1.0");
    assert.equal((await register(scene, brought("one", main))).version, "v1.1.0");
  });

  it("refuses bytes that no verdict lets pass", async () => {
    const { world, forge, main } = bench();
    const scene = sceneOf(forge, [verdictOf("one", { verdict: "fail" })]);
    await assert.rejects(register(scene, brought("one", main)), /no verdict that lets it pass/);
    await assert.rejects(register(scene, brought("never judged", main)), /no verdict that lets it pass/);
    assert.deepEqual([world.tags.length, world.releases.length], [0, 0]);
  });

  it("says of others' words no more than text, on the card and in the tag", async () => {
    const { world, forge, main } = bench();
    const evil = "<img src=x> ![](http://x) @acme/all #1\n\n# Owned | `x`";
    const contract = (text: string) =>
      text.replace('owner: "@acme/ml-team"', `owner: ${JSON.stringify("@acme/all [x](javascript:1)")}`);
    const record = verdictOf("one", {
      sentence: evil,
      metrics: { "a`|b\n@acme/all": 1 },
      gates: [{ condition: "<!-- `|` -->", verdict: "warn" }],
      tool: evil,
    });
    await register(sceneOf(forge, [record], treeOf("one", contract)), brought("one", main));
    const [release] = world.releases;
    const body = release?.body ?? "";
    assert.ok(!/<img|<!--|\]\(http:|\]\(javascript/.test(body), body);
    assert.ok(!/@acme|#1\b|^# Owned/m.test(body), body);
    assert.deepEqual(body.match(/^#+ .*$/gm), [
      "# wages v1.0.0",
      "## Training",
      "## Data",
      "## Metrics",
      "## Gates",
      "## Use it",
    ]);
    const [headline, blank, ...trailers] = (world.tags[0]?.message ?? "").trimEnd().split("\n");
    assert.ok((headline?.length ?? 0) <= 200);
    assert.equal(blank, "");
    assert.ok(trailers.every((line) => line.startsWith("Trainyard-")));
  });
});
