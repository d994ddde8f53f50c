import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openForge } from "../../../../src/adapters/forge/github.ts";
import type { Forge } from "../../../../src/ports/forge.ts";
import { freePort } from "../../../adapters/forge/answering.ts";
import { SHORT } from "../../../adapters/forge/bench.ts";
import { failing, fails } from "../../../adapters/forge/failing.ts";

describe("the GitHub adapter, where GitHub fails", () => {
  const github = failing();

  describe("for a moment", () => {
    it("asks again after a server error, with or without a time to wait", async () => {
      github.fault("GET", /\/pulls\/\d+$/, { status: 502 });
      github.fault("GET", /\/pulls\/\d+$/, { status: 503, headers: { "retry-after": "0" } });
      assert.equal((await github.forge.pulls.get(github.bench.pull))?.number, github.bench.pull);
    });

    it("asks again where the answer was cut, on the first page or a later one", async () => {
      github.fault("GET", /\/pulls\/\d+$/, "cut");
      assert.equal((await github.forge.pulls.get(github.bench.pull))?.number, github.bench.pull);
      github.fault("GET", /\/statuses$/, "cut");
      assert.deepEqual(await github.forge.statuses.of(github.bench.main), []);
      github.fault("GET", /\/contents\//, "cut");
      assert.equal(await github.forge.file("data.csv", github.bench.change), "age,income\n42,50000\n");
    });

    it("asks again after a limit on the rate, with the server's own time", async () => {
      github.fault("GET", /\/pulls\/\d+$/, { status: 403, headers: { "retry-after": "0" } });
      github.fault("GET", /\/pulls\/\d+$/, { status: 429, headers: { "retry-after": "0" } });
      const past = String(Math.floor(Date.now() / 1000) - 2);
      const usedUp = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": past };
      github.fault("GET", /\/pulls\/\d+$/, { status: 403, headers: usedUp });
      assert.equal((await github.forge.pulls.get(github.bench.pull))?.number, github.bench.pull);
    });

    it("posts again after a limit on the rate: what was refused was not done", async () => {
      const path = /\/issues\/\d+\/comments$/;
      github.fault("POST", path, { status: 403, headers: { "retry-after": "0" } });
      const marker = "<!-- limited -->";
      assert.equal(
        await github.count("POST", path, () =>
          github.forge.comments.upsert(github.bench.pull, marker, marker),
        ),
        2,
      );
      assert.equal(
        (await github.bench.comments(github.bench.pull)).filter(({ body }) => body.includes(marker)).length,
        1,
      );
    });

    it("waits for a slow answer", async () => {
      github.fault("GET", /\/pulls\/\d+$/, { delay: 300 });
      assert.equal((await github.forge.pulls.get(github.bench.pull))?.number, github.bench.pull);
    });
  });

  it("is as patient with requests that are spaced, as they are away from this machine", async () => {
    const spaced = (url: string): string => url.replace("127.0.0.1", "0.0.0.0");
    const { GITHUB_API_URL = "", GITHUB_GRAPHQL_URL = "" } = github.bench.environment;
    const away = {
      ...github.bench.environment,
      GITHUB_API_URL: spaced(GITHUB_API_URL),
      GITHUB_GRAPHQL_URL: spaced(GITHUB_GRAPHQL_URL),
    };
    const far = await openForge({ token: github.bench.token }, away, SHORT);
    github.fault("GET", /\/pulls\/\d+$/, { status: 403, headers: { "retry-after": "0" } });
    github.fault("GET", /\/pulls\/\d+$/, "cut");
    assert.equal((await far.pulls.get(github.bench.pull))?.number, github.bench.pull);
    github.fault("POST", /\/git\/refs$/, "cut");
    await far.createBranch("spaced", github.bench.change);
    github.fault("POST", /\/graphql$/, { status: 502 });
    const { sha } = await far.commit({
      branch: "spaced",
      expectedHead: github.bench.change,
      message: "m",
      write: [{ path: "a", bytes: Buffer.from("1") }],
      remove: [],
    });
    assert.equal(await far.branch("spaced"), sha);
  });

  describe("for good", () => {
    it("says that GitHub fails, and where", async () => {
      github.fault("GET", /\/pulls\/7$/, { status: 502 }, 9);
      await fails(
        github.forge.pulls.get(7),
        /^GitHub failed at GET \/repos\/acme\/wages\/pulls\/7 \(502: .*githubstatus/,
      );
    });

    it("says until when a limit holds, where that is longer than it waits", async () => {
      github.fault("GET", /\/pulls\/8$/, { status: 403, headers: { "retry-after": "3600" } });
      await fails(
        github.forge.pulls.get(8),
        /limit on requests is reached .*it ends at \d{4}-\d\d-\d\dT.*run again after/,
      );
      const reset = String(Math.floor(Date.now() / 1000) + 1800);
      const usedUp = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset };
      github.fault("GET", /\/pulls\/8$/, { status: 429, headers: usedUp });
      await fails(github.forge.pulls.get(8), /limit on requests is reached/);
    });

    it("says what cannot be done now or at all", async () => {
      github.fault("PATCH", /\/issues\/\d+$/, { status: 409, body: { message: "conflict" } });
      await fails(
        github.forge.issues.update(1, { state: "open" }),
        /cannot do PATCH .* now \(409: conflict\)/,
      );
      github.fault("PATCH", /\/issues\/\d+$/, { status: 410, body: { message: "Issues are disabled" } });
      await fails(github.forge.issues.update(1, { state: "open" }), /is gone \(410: Issues are disabled\)/);
    });

    it("says that a body is too long", async () => {
      const long = github.forge.comments.upsert(github.bench.pull, "<!-- long -->", "x".repeat(70_000));
      await fails(long, /^GitHub refused POST .*\(422: .*too long/);
    });

    it("says that a token is not taken", async () => {
      const none = await openForge({ token: "ghs_wrong" }, github.bench.environment, SHORT);
      await fails(none.pulls.get(1), /^GitHub does not take the token \(401 .*Bad credentials\)/);
    });

    it("says that nobody answers", async () => {
      const away = { ...github.bench.environment, GITHUB_API_URL: `http://127.0.0.1:${await freePort()}` };
      const none = await openForge({ token: "x" }, away, { ...SHORT, tries: 2 });
      await fails(none.pulls.get(1), /^GitHub did not answer GET .*; run again when it can be reached/);
    });

    it("wants a token within Actions, and a repository everywhere", async () => {
      await fails(openForge({}, { GITHUB_ACTIONS: "true", GITHUB_REPOSITORY: "a/b" }), /no token/);
      await fails(openForge({ token: "x" }, {}), /no repository is named/);
      await fails(openForge({ token: "x", repository: "a/../b" }, {}), /"a\/..\/b" is not a repository/);
    });

    it("ends in one message where GitHub refuses what an App asks of itself", async () => {
      const app = await github.bench.github.app("refused", "acme/wages", { contents: "read" });
      for (const path of [/\/app$/, /\/installation$/, /\/access_tokens$/]) {
        github.fault(path.source.includes("access") ? "POST" : "GET", path, {
          status: 401,
          body: { message: "A JSON web token could not be decoded" },
        });
        const access = { app: { id: String(app.id), privateKey: app.privateKey } };
        await fails(openForge(access, github.bench.environment, SHORT), /could not be decoded/);
      }
    });

    it("says where an App is not installed, and that its key is none", async () => {
      const app = await github.bench.github.app("elsewhere", "acme/wages", { contents: "read" });
      await github.bench.github.repository("acme/other");
      const access = { app: { id: String(app.id), privateKey: app.privateKey }, repository: "acme/other" };
      await fails(
        openForge(access, github.bench.environment, SHORT),
        /App \d+ is not installed on acme\/other/,
      );
      const broken = { app: { id: "1", privateKey: "nonsense" } };
      await fails(
        openForge(broken, github.bench.environment, SHORT),
        /private key of the GitHub App 1 cannot be read/,
      );
    });
  });

  describe("for want of a permission", () => {
    const refusals: readonly (readonly [string, (forge: Forge) => Promise<unknown>])[] = [
      ["pull-requests: write", (forge) => forge.comments.upsert(github.bench.pull, "<!-- new -->", "new")],
      ["issues: write", (forge) => forge.labels.add(github.bench.pull, ["new"])],
      ["issues: write", (forge) => forge.issues.open({ title: "t", body: "b", labels: [] })],
      [
        "statuses: write",
        (forge) => forge.statuses.put(github.bench.main, { context: "c", state: "error", description: "" }),
      ],
      [
        "checks: write",
        (forge) =>
          forge.checks.put({
            name: "n",
            commit: github.bench.main,
            conclusion: undefined,
            title: "",
            summary: "",
            annotations: [],
          }),
      ],
      ["contents: write", (forge) => forge.createBranch("new", github.bench.main)],
      [
        "contents: write",
        (forge) =>
          forge.commit({
            branch: "main",
            expectedHead: github.bench.main,
            message: "m",
            write: [],
            remove: [],
          }),
      ],
      [
        "contents: write",
        (forge) =>
          forge.releases.publish({
            tag: "new",
            commit: github.bench.main,
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
      await github.bench.github.repository("acme/hidden", { private: true });
      const access = { token: github.bench.token, repository: "acme/hidden" };
      const blind = await openForge(access, github.bench.environment, SHORT);
      const commit = { branch: "main", expectedHead: github.bench.main, message: "m", write: [], remove: [] };
      await fails(blind.commit(commit), /refused a commit on "main" \(Could not resolve to a Repository/);
      await fails(blind.repositoryInfo(), /nothing to show for GET \/repos\/acme\/hidden \(404\)/);
    });

    refusals.forEach(([permission, work], i) => {
      it(`says which, and the lines that grant it: ${permission} (${i + 1})`, async () => {
        const token = github.bench.github.jobToken("acme/wages", 1, { metadata: "read" });
        const bare = await openForge({ token }, github.bench.environment, SHORT);
        const block = `lacks ${permission}, so give the job, beside what it has:\n\npermissions:\n  ${permission}$`;
        await fails(work(bare), new RegExp(block));
      });
    });
  });
});
