import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type { Fault } from "../../../local/contract.ts";
import { openForge } from "../../../src/adapters/forge/github.ts";
import { UserError } from "../../../src/errors.ts";
import type { Forge } from "../../../src/ports/forge.ts";
import { freePort } from "./answering.ts";
import { type LocalBench, openBench, SHORT } from "./bench.ts";

const MARKER = "<!-- trainyard -->";

describe("the GitHub adapter, where GitHub fails", () => {
  let bench: LocalBench;
  let forge: Forge;
  before(async () => {
    bench = await openBench();
  });
  after(async () => {
    assert.deepEqual(
      bench.github.violations.filter((words) => !words.includes(" answered ")),
      [],
    );
    await bench.close();
  });
  beforeEach(async () => {
    forge = await openForge({ token: bench.token }, bench.environment, SHORT);
  });

  const fault = (method: string, path: RegExp, answer: Fault["answer"], times = 1): void =>
    bench.github.fault({ method, path, times, answer });
  const count = async (method: string, path: RegExp, work: () => Promise<unknown>): Promise<number> => {
    const start = bench.github.requests.length;
    await work();
    return bench.github.requests.slice(start).filter((one) => one.method === method && path.test(one.path))
      .length;
  };
  const fails = (work: Promise<unknown>, message: RegExp): Promise<void> =>
    assert.rejects(work, (error) => {
      assert.ok(error instanceof UserError, String(error));
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /ghs_|ghp_/);
      return true;
    });

  describe("for a moment", () => {
    it("asks again after a server error, with or without a time to wait", async () => {
      fault("GET", /\/pulls\/\d+$/, { status: 502 });
      fault("GET", /\/pulls\/\d+$/, { status: 503, headers: { "retry-after": "0" } });
      assert.equal((await forge.pulls.get(bench.pull))?.number, bench.pull);
    });

    it("asks again where the answer was cut, on the first page or a later one", async () => {
      fault("GET", /\/pulls\/\d+$/, "cut");
      assert.equal((await forge.pulls.get(bench.pull))?.number, bench.pull);
      fault("GET", /\/statuses$/, "cut");
      assert.deepEqual(await forge.statuses.of(bench.main), []);
      fault("GET", /\/contents\//, "cut");
      assert.equal(await forge.file("data.csv", bench.change), "age,income\n42,50000\n");
    });

    it("asks again after a limit on the rate, with the server's own time", async () => {
      fault("GET", /\/pulls\/\d+$/, { status: 403, headers: { "retry-after": "0" } });
      fault("GET", /\/pulls\/\d+$/, { status: 429, headers: { "retry-after": "0" } });
      const past = String(Math.floor(Date.now() / 1000) - 2);
      const usedUp = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": past };
      fault("GET", /\/pulls\/\d+$/, { status: 403, headers: usedUp });
      assert.equal((await forge.pulls.get(bench.pull))?.number, bench.pull);
    });

    it("posts again after a limit on the rate: what was refused was not done", async () => {
      const path = /\/issues\/\d+\/comments$/;
      fault("POST", path, { status: 403, headers: { "retry-after": "0" } });
      const marker = "<!-- limited -->";
      assert.equal(await count("POST", path, () => forge.comments.upsert(bench.pull, marker, marker)), 2);
      assert.equal((await bench.comments(bench.pull)).filter(({ body }) => body.includes(marker)).length, 1);
    });

    it("waits for a slow answer", async () => {
      fault("GET", /\/pulls\/\d+$/, { delay: 300 });
      assert.equal((await forge.pulls.get(bench.pull))?.number, bench.pull);
    });
  });

  describe("in the middle of a write", () => {
    const writes: readonly (readonly [string, string, RegExp, () => Promise<unknown>])[] = [
      [
        "comment",
        "POST",
        /\/issues\/\d+\/comments$/,
        () => forge.comments.upsert(bench.pull, MARKER, MARKER),
      ],
      [
        "check",
        "POST",
        /\/check-runs$/,
        () =>
          forge.checks.put({
            name: "cut",
            commit: bench.change,
            conclusion: "success",
            title: "fine",
            summary: "",
            annotations: [],
          }),
      ],
      ["label", "POST", /\/labels$/, () => forge.labels.add(bench.pull, ["cut"])],
      ["issue", "POST", /\/issues$/, () => forge.issues.open({ title: "cut", body: "cut", labels: [] })],
      [
        "pull request",
        "POST",
        /\/pulls$/,
        async () => {
          await forge.createBranch("cut", bench.change);
          return forge.pulls.create({ title: "cut", body: "", head: "cut", base: "main" });
        },
      ],
      ["branch", "POST", /\/git\/refs$/, () => forge.createBranch("cut-off", bench.main)],
      [
        "status",
        "POST",
        /\/statuses\//,
        () => forge.statuses.put(bench.change, { context: "cut", state: "success", description: "" }),
      ],
      [
        "deployment",
        "POST",
        /\/deployments$/,
        () =>
          forge.deployments.create({
            ref: bench.main,
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
          forge.releases.publish({
            tag: "cut",
            commit: bench.main,
            name: "cut",
            body: "",
            prerelease: false,
            assets: [],
          }),
      ],
    ];

    for (const [name, method, path, write] of writes) {
      it(`makes one ${name} where the answer was cut`, async () => {
        fault(method, path, "cut");
        assert.equal(await count(method, path, write), name === "label" ? 2 : 1);
        assert.equal(await count(method, path, write), 0, "asked again, nothing is posted");
      });

      it(`makes one ${name} after a server error`, async () => {
        if (name !== "comment" && name !== "issue" && name !== "status") return;
        const again = async (): Promise<unknown> => {
          if (name === "comment") return forge.comments.upsert(bench.pull, "<!-- 500 -->", "<!-- 500 -->");
          if (name === "issue") return forge.issues.open({ title: "500", body: "500", labels: [] });
          return forge.statuses.put(bench.change, { context: "500", state: "success", description: "" });
        };
        fault(method, path, { status: 500 });
        assert.equal(await count(method, path, again), 2);
      });
    }

    it("makes one commit where the answer was cut", async () => {
      await forge.createBranch("cut-commit", bench.change);
      fault("POST", /\/graphql$/, "cut");
      const path = "models/wages.dvc";
      const { sha } = await forge.commit({
        branch: "cut-commit",
        expectedHead: bench.change,
        message: "Train",
        write: [{ path, bytes: Buffer.from("1\n") }],
        remove: [],
      });
      assert.equal(await forge.branch("cut-commit"), sha);
      assert.equal(await forge.pulls.mergeBase(bench.change, sha), bench.change);
    });

    it("makes one release where two are made at once", async () => {
      const release = {
        tag: "two",
        commit: bench.main,
        name: "two",
        body: "",
        prerelease: false,
        assets: [],
      };
      const [a, b] = await Promise.all([forge.releases.publish(release), forge.releases.publish(release)]);
      assert.equal(a.id, b.id);
      const url = `${bench.github.apiUrl}/repos/acme/wages/releases?per_page=100`;
      const answer = await fetch(url, { headers: { authorization: `Bearer ${bench.token}` } });
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
      fault("PATCH", /\/check-runs\/\d+$/, "cut");
      const check = {
        name: "annotated",
        commit: bench.change,
        conclusion: "failure",
        title: "t",
        summary: "s",
        annotations,
      } as const;
      const { id } = await forge.checks.put(check);
      assert.equal((await forge.checks.put(check)).outcome, "unchanged");
      const url = `${bench.github.apiUrl}/repos/acme/wages/check-runs/${id}`;
      const answer = await fetch(url, { headers: { authorization: `Bearer ${bench.token}` } });
      const { output } = (await answer.json()) as { output: { annotations_count: number } };
      assert.equal(output.annotations_count, 70);
    });

    it("takes a release up again where an upload stopped, and sends what was not whole anew", async () => {
      const release = {
        tag: "v2",
        commit: bench.main,
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
      fault("POST", uploads, { status: 422, body: { message: "no room" } });
      await fails(forge.releases.publish(release), /no room/);
      assert.equal((await forge.releases.find("v2"))?.draft, true);
      // What is under that name now is not the asset: it was cut, or is of an earlier build.
      await forge.releases.publish({ ...release, assets: [] }).catch(() => undefined);
      const made = await forge.releases.publish(release);
      assert.equal(made.draft, false);
      assert.deepEqual(
        made.assets.map(({ name, size }) => `${name} ${size}`),
        ["a 1000", "b 1000"],
      );
      assert.equal(await count("POST", uploads, () => forge.releases.publish(release)), 0);
    });
  });

  describe("for good", () => {
    it("says that GitHub fails, and where", async () => {
      fault("GET", /\/pulls\/7$/, { status: 502 }, 9);
      await fails(
        forge.pulls.get(7),
        /^GitHub failed at GET \/repos\/acme\/wages\/pulls\/7 \(502: .*githubstatus/,
      );
    });

    it("says until when a limit holds, where that is longer than it waits", async () => {
      fault("GET", /\/pulls\/8$/, { status: 403, headers: { "retry-after": "3600" } });
      await fails(
        forge.pulls.get(8),
        /limit on requests is reached .*it ends at \d{4}-\d\d-\d\dT.*run again after/,
      );
      const reset = String(Math.floor(Date.now() / 1000) + 1800);
      const usedUp = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset };
      fault("GET", /\/pulls\/8$/, { status: 429, headers: usedUp });
      await fails(forge.pulls.get(8), /limit on requests is reached/);
    });

    it("says what cannot be done now or at all", async () => {
      fault("PATCH", /\/issues\/\d+$/, { status: 409, body: { message: "conflict" } });
      await fails(forge.issues.update(1, { state: "open" }), /cannot do PATCH .* now \(409: conflict\)/);
      fault("PATCH", /\/issues\/\d+$/, { status: 410, body: { message: "Issues are disabled" } });
      await fails(forge.issues.update(1, { state: "open" }), /is gone \(410: Issues are disabled\)/);
    });

    it("says that a body is too long", async () => {
      const long = forge.comments.upsert(bench.pull, "<!-- long -->", "x".repeat(70_000));
      await fails(long, /^GitHub refused POST .*\(422: .*too long/);
    });

    it("says that a token is not taken", async () => {
      const none = await openForge({ token: "ghs_wrong" }, bench.environment, SHORT);
      await fails(none.pulls.get(1), /^GitHub does not take the token \(401 .*Bad credentials\)/);
    });

    it("says that nobody answers", async () => {
      const away = { ...bench.environment, GITHUB_API_URL: `http://127.0.0.1:${await freePort()}` };
      const none = await openForge({ token: "x" }, away, { ...SHORT, tries: 2 });
      await fails(none.pulls.get(1), /^GitHub did not answer GET .*; run again when it can be reached/);
    });

    it("wants a token within Actions, and a repository everywhere", async () => {
      await fails(openForge({}, { GITHUB_ACTIONS: "true", GITHUB_REPOSITORY: "a/b" }), /no token/);
      await fails(openForge({ token: "x" }, {}), /no repository is named/);
      await fails(openForge({ token: "x", repository: "a/../b" }, {}), /"a\/..\/b" is not a repository/);
    });

    it("says where an App is not installed, and that its key is none", async () => {
      const app = await bench.github.app("elsewhere", "acme/wages", { contents: "read" });
      await bench.github.repository("acme/other");
      const access = { app: { id: String(app.id), privateKey: app.privateKey }, repository: "acme/other" };
      await fails(openForge(access, bench.environment, SHORT), /App \d+ is not installed on acme\/other/);
      const broken = { app: { id: "1", privateKey: "nonsense" } };
      await fails(
        openForge(broken, bench.environment, SHORT),
        /private key of the GitHub App 1 cannot be read/,
      );
    });
  });

  it("is as patient with requests that are spaced, as they are away from this machine", async () => {
    const spaced = (url: string): string => url.replace("127.0.0.1", "0.0.0.0");
    const { GITHUB_API_URL = "", GITHUB_GRAPHQL_URL = "" } = bench.environment;
    const away = {
      ...bench.environment,
      GITHUB_API_URL: spaced(GITHUB_API_URL),
      GITHUB_GRAPHQL_URL: spaced(GITHUB_GRAPHQL_URL),
    };
    const far = await openForge({ token: bench.token }, away, SHORT);
    fault("GET", /\/pulls\/\d+$/, { status: 403, headers: { "retry-after": "0" } });
    fault("GET", /\/pulls\/\d+$/, "cut");
    assert.equal((await far.pulls.get(bench.pull))?.number, bench.pull);
    fault("POST", /\/git\/refs$/, "cut");
    await far.createBranch("spaced", bench.change);
    fault("POST", /\/graphql$/, { status: 502 });
    const { sha } = await far.commit({
      branch: "spaced",
      expectedHead: bench.change,
      message: "m",
      write: [{ path: "a", bytes: Buffer.from("1") }],
      remove: [],
    });
    assert.equal(await far.branch("spaced"), sha);
  });

  describe("for want of a permission", () => {
    const refusals: readonly (readonly [string, (forge: Forge) => Promise<unknown>])[] = [
      ["pull-requests: write", (forge) => forge.comments.upsert(bench.pull, "<!-- new -->", "new")],
      ["issues: write", (forge) => forge.labels.add(bench.pull, ["new"])],
      ["issues: write", (forge) => forge.issues.open({ title: "t", body: "b", labels: [] })],
      [
        "statuses: write",
        (forge) => forge.statuses.put(bench.main, { context: "c", state: "error", description: "" }),
      ],
      [
        "checks: write",
        (forge) =>
          forge.checks.put({
            name: "n",
            commit: bench.main,
            conclusion: undefined,
            title: "",
            summary: "",
            annotations: [],
          }),
      ],
      ["contents: write", (forge) => forge.createBranch("new", bench.main)],
      [
        "contents: write",
        (forge) =>
          forge.commit({ branch: "main", expectedHead: bench.main, message: "m", write: [], remove: [] }),
      ],
      [
        "contents: write",
        (forge) =>
          forge.releases.publish({
            tag: "new",
            commit: bench.main,
            name: "n",
            body: "",
            prerelease: false,
            assets: [],
          }),
      ],
      [
        "deployments: write",
        (forge) =>
          forge.deployments.create({
            ref: "main",
            environment: "new",
            production: true,
            description: "",
            payload: {},
          }),
      ],
      ["actions: write", (forge) => forge.dispatch("trainyard.yml", "main", {})],
    ];
    it("says it where the repository is not even to be seen", async () => {
      await bench.github.repository("acme/hidden", { private: true });
      const access = { token: bench.token, repository: "acme/hidden" };
      const blind = await openForge(access, bench.environment, SHORT);
      const commit = { branch: "main", expectedHead: bench.main, message: "m", write: [], remove: [] };
      await fails(blind.commit(commit), /refused a commit on "main" \(Could not resolve to a Repository/);
      await fails(blind.repositoryInfo(), /nothing to show for GET \/repos\/acme\/hidden \(404\)/);
    });

    refusals.forEach(([permission, work], i) => {
      it(`says which, and the lines that grant it: ${permission} (${i + 1})`, async () => {
        const token = bench.github.jobToken("acme/wages", 1, { metadata: "read" });
        const bare = await openForge({ token }, bench.environment, SHORT);
        const block = `lacks ${permission}, so give the job, beside what it has:\n\npermissions:\n  ${permission}$`;
        await fails(work(bare), new RegExp(block));
      });
    });
  });
});
