import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { failing, fails } from "../../../adapters/forge/failing.ts";

const MARKER = "<!-- trainyard -->";

describe("the GitHub adapter, where GitHub does what it does not say", () => {
  const github = failing();

  describe("in the middle of a write", () => {
    const writes: readonly (readonly [string, string, RegExp, () => Promise<unknown>])[] = [
      [
        "comment",
        "POST",
        /\/issues\/\d+\/comments$/,
        () => github.forge.comments.upsert(github.bench.pull, MARKER, MARKER),
      ],
      [
        "check",
        "POST",
        /\/check-runs$/,
        () =>
          github.forge.checks.put({
            name: "cut",
            commit: github.bench.change,
            conclusion: "success",
            title: "fine",
            summary: "",
            annotations: [],
          }),
      ],
      ["label", "POST", /\/labels$/, () => github.forge.labels.add(github.bench.pull, ["cut"])],
      [
        "issue",
        "POST",
        /\/issues$/,
        () => github.forge.issues.open({ title: "cut", body: "cut", labels: [] }),
      ],
      [
        "pull request",
        "POST",
        /\/pulls$/,
        async () => {
          await github.forge.createBranch("cut", github.bench.change);
          return github.forge.pulls.create({ title: "cut", body: "", head: "cut", base: "main" });
        },
      ],
      ["branch", "POST", /\/git\/refs$/, () => github.forge.createBranch("cut-off", github.bench.main)],
      [
        "status",
        "POST",
        /\/statuses\//,
        () =>
          github.forge.statuses.put(github.bench.change, {
            context: "cut",
            state: "success",
            description: "",
          }),
      ],
      [
        "deployment",
        "POST",
        /\/deployments$/,
        () =>
          github.forge.deployments.create({
            ref: github.bench.main,
            environment: "cut",
            production: false,
            description: "",
            payload: {},
          }),
      ],
      [
        "release",
        "POST",
        /\/releases$/,
        () =>
          github.forge.releases.publish({
            tag: "cut",
            commit: github.bench.main,
            name: "cut",
            body: "",
            prerelease: false,
            assets: [],
          }),
      ],
    ];

    for (const [name, method, path, write] of writes) {
      it(`makes one ${name} where the answer was cut`, async () => {
        github.fault(method, path, "cut");
        assert.equal(await github.count(method, path, write), name === "label" ? 2 : 1);
        assert.equal(await github.count(method, path, write), 0, "asked again, nothing is posted");
      });

      it(`makes one ${name} after a server error`, async () => {
        if (name !== "comment" && name !== "issue" && name !== "status") return;
        const again = async (): Promise<unknown> => {
          if (name === "comment")
            return github.forge.comments.upsert(github.bench.pull, "<!-- 500 -->", "<!-- 500 -->");
          if (name === "issue") return github.forge.issues.open({ title: "500", body: "500", labels: [] });
          return github.forge.statuses.put(github.bench.change, {
            context: "500",
            state: "success",
            description: "",
          });
        };
        github.fault(method, path, { status: 500 });
        assert.equal(await github.count(method, path, again), 2);
      });
    }

    it("makes one commit where the answer was cut", async () => {
      await github.forge.createBranch("cut-commit", github.bench.change);
      github.fault("POST", /\/graphql$/, "cut");
      const path = "models/wages.dvc";
      const { sha } = await github.forge.commit({
        branch: "cut-commit",
        expectedHead: github.bench.change,
        message: "Train",
        write: [{ path, bytes: Buffer.from("1\n") }],
        remove: [],
      });
      assert.equal(await github.forge.branch("cut-commit"), sha);
      assert.equal(await github.forge.pulls.mergeBase(github.bench.change, sha), github.bench.change);
    });

    it("makes one release where two are made at once", async () => {
      const release = {
        tag: "two",
        commit: github.bench.main,
        name: "two",
        body: "",
        prerelease: false,
        assets: [],
      };
      const [a, b] = await Promise.all([
        github.forge.releases.publish(release),
        github.forge.releases.publish(release),
      ]);
      assert.equal(a.id, b.id);
      const url = `${github.bench.github.apiUrl}/repos/acme/wages/releases?per_page=100`;
      const answer = await fetch(url, { headers: { authorization: `Bearer ${github.bench.token}` } });
      const all = (await answer.json()) as { tag_name: string }[];
      assert.equal(all.filter(({ tag_name }) => tag_name === "two").length, 1);
    });

    it("adds annotations once where the answer was cut", async () => {
      const annotations = Array.from({ length: 70 }, (_, i) => ({
        path: "trainyard.yaml",
        line: i + 1,
        level: "warning" as const,
        title: `t${i}`,
        message: "m",
      }));
      github.fault("PATCH", /\/check-runs\/\d+$/, "cut");
      const check = {
        name: "annotated",
        commit: github.bench.change,
        conclusion: "failure",
        title: "t",
        summary: "s",
        annotations,
      } as const;
      const { id } = await github.forge.checks.put(check);
      assert.equal((await github.forge.checks.put(check)).outcome, "unchanged");
      const url = `${github.bench.github.apiUrl}/repos/acme/wages/check-runs/${id}`;
      const answer = await fetch(url, { headers: { authorization: `Bearer ${github.bench.token}` } });
      const { output } = (await answer.json()) as { output: { annotations_count: number } };
      assert.equal(output.annotations_count, 70);
    });

    it("takes a release up again where an upload stopped, and sends what was not whole anew", async () => {
      const release = {
        tag: "v2",
        commit: github.bench.main,
        name: "v2",
        body: "",
        prerelease: true,
        assets: ["a", "b"].map((name) => ({
          name,
          bytes: Buffer.from(name.repeat(1000)),
          type: "application/octet-stream",
        })),
      };
      const uploads = /\/releases\/\d+\/assets$/;
      github.fault("POST", uploads, { status: 422, body: { message: "no room" } });
      await fails(github.forge.releases.publish(release), /no room/);
      assert.equal((await github.forge.releases.find("v2"))?.draft, true);
      // What is under that name now is not the asset: it was cut, or is of an earlier build.
      await github.forge.releases.publish({ ...release, assets: [] }).catch(() => undefined);
      const made = await github.forge.releases.publish(release);
      assert.equal(made.draft, false);
      assert.deepEqual(
        made.assets.map(({ name, size }) => `${name} ${size}`),
        ["a 1000", "b 1000"],
      );
      assert.equal(await github.count("POST", uploads, () => github.forge.releases.publish(release)), 0);
    });
  });
});
