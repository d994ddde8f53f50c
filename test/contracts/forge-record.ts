import assert from "node:assert/strict";
import { type Check, TagTaken } from "../../src/ports/forge.ts";
import type { Bench, Having } from "./forge.ts";

/** Checks, statuses, tags, releases and deployments. */
export function recordContract(having: Having, bench: () => Bench): void {
  const check = (more: Partial<Check> = {}): Check => ({
    name: "trainyard",
    commit: bench().change,
    conclusion: "failure",
    title: "accuracy fell",
    summary: "accuracy is 0.81, below 0.84",
    annotations: [],
    ...more,
  });

  having("checks", "writes one check of a name on a commit", async () => {
    const { forge, change } = bench();
    const first = await forge.checks.put(check());
    const again = await forge.checks.put(check());
    const better = await forge.checks.put(check({ conclusion: "success", title: "accuracy holds" }));
    assert.deepEqual([first.outcome, again.outcome, better.outcome], ["created", "unchanged", "updated"]);
    assert.equal(better.id, first.id);
    const found = (await forge.checks.of(change)).filter(({ name }) => name === "trainyard");
    assert.deepEqual(
      found.map(({ name, conclusion, app }) => [name, conclusion, typeof app]),
      [["trainyard", "success", "number"]],
    );
  });

  having("checks", "writes a check that has not ended, and ends it", async () => {
    const { forge, change } = bench();
    const name = "trainyard / pending";
    const ended = async () => (await forge.checks.of(change)).find((one) => one.name === name)?.conclusion;
    await forge.checks.put(check({ name, conclusion: undefined }));
    assert.equal(await ended(), undefined);
    await forge.checks.put(check({ name, conclusion: "neutral" }));
    assert.equal(await ended(), "neutral");
  });

  having("checks", "cuts a summary that is too long for a check", async () => {
    const { forge } = bench();
    const long = check({ name: "trainyard / long", summary: "long ".repeat(20_000) });
    await forge.checks.put(long);
    assert.equal((await forge.checks.put(long)).outcome, "unchanged");
  });

  having(
    ["checks", "annotations"],
    "writes more annotations than one request may hold, once each",
    async () => {
      const { forge } = bench();
      const annotations = Array.from({ length: 120 }, (_, i) => ({
        path: "trainyard.yaml",
        line: i + 1,
        level: "failure" as const,
        title: `gate ${i}`,
        message: "not met",
      }));
      const many = check({ name: "trainyard / many", annotations });
      const first = await forge.checks.put(many);
      assert.equal((await forge.checks.put(many)).outcome, "unchanged");
      const fewer = await forge.checks.put({ ...many, annotations: annotations.slice(0, 3) });
      assert.equal(fewer.outcome, "updated");
      assert.equal(
        (await forge.checks.put({ ...many, annotations: annotations.slice(0, 3) })).outcome,
        "unchanged",
      );
      assert.ok(first.id > 0);
    },
  );

  having("statuses", "keeps the newest status of each context, with a description that fits", async () => {
    const { forge, change } = bench();
    const url = "https://example.com/report";
    await forge.statuses.put(change, { context: "trainyard", state: "pending", description: "being judged" });
    await forge.statuses.put(change, { context: "other", state: "success", description: "", url });
    await forge.statuses.put(change, {
      context: "trainyard",
      state: "failure",
      description: "é".repeat(200),
    });
    await forge.statuses.put(change, {
      context: "trainyard",
      state: "failure",
      description: "é".repeat(200),
    });
    const found = await forge.statuses.of(change);
    assert.deepEqual(
      found.toSorted((a, b) => a.context.localeCompare(b.context)),
      [
        { context: "other", state: "success", description: "", url },
        { context: "trainyard", state: "failure", description: `${"é".repeat(139)}…` },
      ],
    );
    assert.deepEqual(
      (await forge.checks.of(change)).filter(({ name }) => name === "other"),
      [{ name: "other", conclusion: "success", app: undefined }],
    );
  });

  having("tags", "makes an annotated tag, once, and lists it by how it begins", async () => {
    const { forge, other, main, change } = bench();
    const first = { name: "wages@v0.1.0", commit: main, message: "wages v0.1.0\n\nTrainyard-Sha256: ab\n" };
    const second = { name: "wages#production#2", commit: main, message: "wages v0.1.0 serves in production" };
    assert.deepEqual(await forge.tags.list("wages@v0.1"), []);
    const made = await forge.tags.create(first);
    assert.equal(made.name, first.name);
    assert.equal(made.commit, main);
    assert.equal(made.message.trimEnd(), first.message.trimEnd());
    assert.ok(made.tagger.length > 0);
    assert.equal(new Date(made.at).toISOString(), made.at);
    assert.deepEqual(await forge.tags.create(first), made);
    assert.deepEqual(await other.tags.create(first), made); // whoever asks: it stands
    await forge.tags.create(second);
    assert.deepEqual(await forge.tags.list("wages@v0.1"), [made]);
    assert.deepEqual(
      (await other.tags.list("wages#production#")).map(({ name, commit }) => [name, commit]),
      [[second.name, main]],
    );
    assert.deepEqual(await forge.tags.names("wages#"), [second.name]);
    for (const other of [{ commit: change }, { message: "something else" }]) {
      await assert.rejects(forge.tags.create({ ...first, ...other }), (error) => {
        assert.ok(error instanceof TagTaken);
        assert.deepEqual(error.found, made);
        return true;
      });
    }
    assert.deepEqual(await forge.tags.list("wages@v0.1"), [made]);
  });

  having("tags", "gives one name to one of two who ask at once", async () => {
    const { forge, other, main } = bench();
    const tag = (message: string) => ({ name: "wages@v0.2.0", commit: main, message });
    const ends = await Promise.allSettled([
      forge.tags.create(tag("of the one")),
      other.tags.create(tag("of the other")),
    ]);
    const [kept, ...more] = await forge.tags.list("wages@v0.2.0");
    assert.equal(more.length, 0);
    const won = ends.flatMap((end) => (end.status === "fulfilled" ? [end.value.message.trimEnd()] : []));
    assert.deepEqual(won, [kept?.message.trimEnd()]);
    const lost = ends.flatMap((end) => (end.status === "rejected" ? [end.reason as unknown] : []));
    assert.ok(lost.length === 1 && lost[0] instanceof TagTaken);
  });

  having("releases", "finds no release where there is none", async () => {
    assert.equal(await bench().forge.releases.find("wages@v9.9.9"), undefined);
  });

  having(["releases", "assets"], "publishes a release with its assets, once", async () => {
    const { forge, main } = bench();
    const release = {
      tag: "wages@v1.0.0",
      commit: main,
      name: "wages 1.0.0",
      body: "The first.",
      prerelease: false,
      assets: [
        { name: "model.onnx", bytes: Buffer.from([0, 1, 2, 255]), type: "application/octet-stream" },
        { name: "card.md", bytes: Buffer.from("# Card\n"), type: "text/markdown" },
      ],
    };
    const made = await forge.releases.publish(release);
    assert.equal(made.draft, false);
    assert.deepEqual(
      made.assets.toSorted((a, b) => a.name.localeCompare(b.name)),
      [
        { name: "card.md", size: 7 },
        { name: "model.onnx", size: 4 },
      ],
    );
    assert.equal((await forge.releases.publish(release)).id, made.id);
    assert.deepEqual(await forge.releases.find(release.tag), made);
  });

  having("deployments", "records a deployment and how it went, once", async () => {
    const { forge, main } = bench();
    const payload = { model: "wages", version: "1.0.0" };
    const wanted = {
      ref: main,
      environment: "staging",
      production: false,
      description: "wages 1.0.0",
      payload,
    };
    const made = await forge.deployments.create(wanted);
    assert.equal((await forge.deployments.create(wanted)).id, made.id);
    const done = { state: "success", description: "serves" } as const;
    await forge.deployments.status(made.id, { state: "in_progress", description: "starts" });
    await forge.deployments.status(made.id, done);
    await forge.deployments.status(made.id, done);

    const [kept, ...more] = await forge.deployments.list("staging");
    assert.equal(more.length, 0);
    assert.deepEqual(
      [kept?.id, kept?.sha, kept?.state, kept?.payload, kept?.creator],
      [made.id, main, "success", payload, (await forge.speaker()).login],
    );
    assert.deepEqual(await forge.deployments.list("production"), []);
  });

  having("deployments", "finds the newest that is wanted, in a state that counts", async () => {
    const { forge, main } = bench();
    const made: number[] = [];
    const states = ["success", "failure", "in_progress", undefined] as const;
    for (const [index, state] of [...states, "success" as const].entries()) {
      const payload = { model: index === 4 ? "other" : "wages", index };
      const wanted = { ref: main, environment: "followed", production: true, description: "", payload };
      const { id } = await forge.deployments.create(wanted);
      made.push(id);
      if (state !== undefined) await forge.deployments.status(id, { state, description: "" });
    }
    const ofWages = ({ payload }: { readonly payload: unknown }) =>
      (payload as { model: string }).model === "wages";
    const newest = (...wanted: ("success" | "in_progress" | "inactive")[]) =>
      forge.deployments.newest("followed", ofWages, wanted);
    assert.equal((await newest("success", "in_progress"))?.id, made[2]);
    const served = await newest("success");
    assert.deepEqual(
      [served?.id, served?.state, served?.payload],
      [made[0], "success", { model: "wages", index: 0 }],
    );
    assert.equal(await newest("inactive"), undefined);
    assert.equal(await forge.deployments.newest("nowhere", () => true, ["success"]), undefined);
  });

  having("deployments", "deploys again what served before", async () => {
    const { forge, main } = bench();
    const wanted = (version: string) => ({
      ref: main,
      environment: "live",
      production: true,
      description: version,
      payload: { version },
    });
    const first = await forge.deployments.create(wanted("1"));
    await forge.deployments.create(wanted("2"));
    const back = await forge.deployments.create(wanted("1"));
    assert.notEqual(back.id, first.id);
    assert.deepEqual(
      (await forge.deployments.list("live")).map(({ payload }) => payload),
      [{ version: "1" }, { version: "2" }, { version: "1" }],
    );
  });
}
