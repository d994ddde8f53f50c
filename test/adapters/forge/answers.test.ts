import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openForge } from "../../../src/adapters/forge/github.ts";
import type { Scripted } from "./answering.ts";
import { SHORT } from "./bench.ts";
import { scripted } from "./scripted.ts";

const AT = "/repos/acme/wages";

/** What GitHub may answer that the local one does not: each written down as GitHub documents it. */
describe("the GitHub adapter reads", () => {
  const { server, forgeAt } = scripted();

  describe("who speaks", () => {
    const refused = { status: 403, body: { message: "Resource not accessible by integration" } };
    const viewer = (login: string) => ({ body: { data: { viewer: { login } } } });

    it("a person", async () => {
      const forge = await forgeAt({ "GET /user": { body: { login: "ada", type: "User" } } });
      assert.deepEqual(await forge.speaker(), { login: "ada", triggersWorkflows: true, kind: "user" });
    });

    it("a workflow's own token, whether GraphQL knows it or not", async () => {
      const workflow = { login: "github-actions[bot]", triggersWorkflows: false, kind: "workflow" };
      for (const answer of [viewer("github-actions[bot]"), viewer("github-actions"), { status: 404 }]) {
        const forge = await forgeAt({ "GET /user": refused, "POST /graphql": answer });
        assert.deepEqual(await forge.speaker(), workflow);
      }
    });

    it("an App whose token came from elsewhere", async () => {
      const forge = await forgeAt({ "GET /user": refused, "POST /graphql": viewer("acme-trainyard[bot]") });
      const app = { login: "acme-trainyard[bot]", triggersWorkflows: true, kind: "app" };
      assert.deepEqual(await forge.speaker(), app);
    });

    it("once, but again after a failure", async () => {
      const answers = [{ status: 401, body: {} }, { body: { login: "ada", type: "User" } }];
      const { url, asked } = await server(() => ({ "GET /user": answers }));
      const environment = { GITHUB_API_URL: url, GITHUB_REPOSITORY: "acme/wages" };
      const forge = await openForge({ token: "x" }, environment, SHORT);
      await assert.rejects(forge.speaker());
      await forge.speaker();
      await forge.speaker();
      assert.equal(asked.length, 2);
    });
  });

  describe("what a branch requires", () => {
    const none = { body: [] };
    const unprotected = { body: { name: "main", protected: false, protection: { enabled: false } } };

    it("from rulesets", async () => {
      const rules = [
        {
          type: "required_status_checks",
          parameters: {
            required_status_checks: [{ context: "trainyard", integration_id: 5 }, { context: "lint" }],
          },
        },
        {
          type: "pull_request",
          parameters: {
            required_approving_review_count: 2,
            require_code_owner_review: true,
            dismiss_stale_reviews_on_push: true,
          },
        },
        { type: "merge_queue", parameters: {} },
      ];
      const forge = await forgeAt({
        [`GET ${AT}/rules/branches/main`]: { body: rules },
        [`GET ${AT}/branches/main`]: unprotected,
      });
      assert.deepEqual(await forge.rules("main"), {
        required: [
          { context: "trainyard", app: 5 },
          { context: "lint", app: undefined },
        ],
        codeOwners: true,
        approvals: 2,
        staleApprovalsDismissed: true,
        mergeQueue: true,
        protected: true,
      });
    });

    it("from branch protection, in full for an administrator", async () => {
      const checks = { contexts: ["trainyard", "old"], checks: [{ context: "trainyard", app_id: 5 }] };
      const forge = await forgeAt({
        [`GET ${AT}/rules/branches/main`]: none,
        [`GET ${AT}/branches/main`]: { body: { protected: true, protection: {} } },
        [`GET ${AT}/branches/main/protection`]: {
          body: {
            required_status_checks: checks,
            required_pull_request_reviews: {
              required_approving_review_count: 1,
              require_code_owner_reviews: true,
              dismiss_stale_reviews: false,
            },
          },
        },
      });
      assert.deepEqual(await forge.rules("main"), {
        required: [
          { context: "trainyard", app: 5 },
          { context: "old", app: undefined },
        ],
        codeOwners: true,
        approvals: 1,
        staleApprovalsDismissed: false,
        mergeQueue: false,
        protected: true,
      });
    });

    it("in short for everybody else, and that it cannot be said", async () => {
      const forbidden = { status: 403, body: { message: "Resource not accessible by integration" } };
      const short = await forgeAt({
        [`GET ${AT}/rules/branches/main`]: none,
        [`GET ${AT}/branches/main`]: {
          body: { protected: true, protection: { required_status_checks: { contexts: ["trainyard"] } } },
        },
        [`GET ${AT}/branches/main/protection`]: forbidden,
      });
      const { required, protected: held } = await short.rules("main");
      assert.deepEqual([required, held], [[{ context: "trainyard", app: undefined }], true]);

      const free = "Upgrade to GitHub Pro or make this repository public to enable this feature.";
      const unknown = await forgeAt({
        [`GET ${AT}/rules/branches/main`]: { status: 403, body: { message: free } },
        [`GET ${AT}/branches/main`]: unprotected,
      });
      assert.equal((await unknown.rules("main")).protected, undefined);
    });
  });

  describe("what somebody may do", () => {
    const path = `GET ${AT}/collaborators/ada/permission`;
    for (const [role_name, permission, may] of [
      ["maintain", "write", "maintain"],
      ["triage", "read", "triage"],
      ["data scientist", "write", "write"],
      ["none", "none", "none"],
    ] as const) {
      it(`with the role "${role_name}"`, async () => {
        const forge = await forgeAt({ [path]: { body: { role_name, permission } } });
        assert.equal(await forge.permission("ada"), may);
      });
    }

    it("nothing, where there is nobody of that name", async () => {
      assert.equal(await (await forgeAt({})).permission("nobody"), "none");
    });
  });

  it("a run of a fork that is gone", async () => {
    const run = {
      id: 9,
      event: "pull_request",
      path: ".github/workflows/trainyard.yml@refs/pull/1/merge",
      head_sha: "a".repeat(40),
      head_branch: null,
      head_repository: null,
      conclusion: null,
      html_url: "https://github.com/acme/wages/actions/runs/9",
    };
    const forge = await forgeAt({ [`GET ${AT}/actions/runs/9`]: { body: run } });
    assert.deepEqual(await forge.runs.get(9), {
      id: 9,
      attempt: 1,
      event: "pull_request",
      path: ".github/workflows/trainyard.yml",
      headSha: "a".repeat(40),
      headBranch: undefined,
      headRepository: undefined,
      conclusion: undefined,
      seconds: undefined,
      url: run.html_url,
    });
  });

  for (const GITHUB_ACTIONS of ["true", "false"]) {
    it(`a draft that an earlier attempt left, and sends what had not come whole (${GITHUB_ACTIONS})`, async () => {
      const whole = Buffer.from("whole");
      const draft = (url: string) => ({
        id: 4,
        tag_name: "v1",
        name: "v1",
        draft: true,
        html_url: "https://github.com/acme/wages/releases/tag/v1",
        upload_url: `${url}${AT}/releases/4/assets{?name,label}`,
      });
      const asset = (id: number, name: string, state: string, size: number) => ({ id, name, state, size });
      const kept = asset(1, "kept", "uploaded", whole.length);
      const all = [kept, asset(3, "cut", "uploaded", 5), asset(4, "other", "uploaded", 5)];
      const before = [kept, asset(2, "cut", "starter", 5), asset(5, "other", "uploaded", 3)];
      const { url, asked } = await server((url) => ({
        [`GET ${AT}/releases`]: { body: [draft(url)] },
        [`GET ${AT}/releases/4/assets`]: [
          { body: before },
          { body: before },
          { body: before },
          { body: all },
        ],
        [`DELETE ${AT}/releases/assets/2`]: { status: 204 },
        [`DELETE ${AT}/releases/assets/5`]: { status: 204 },
        [`POST ${AT}/releases/4/assets`]: { status: 201, body: kept },
        [`PATCH ${AT}/releases/4`]: { body: { ...draft(url), draft: false } },
      }));
      const environment = { GITHUB_API_URL: url, GITHUB_REPOSITORY: "acme/wages", GITHUB_ACTIONS };
      const forge = await openForge({ token: "x" }, environment, SHORT);
      const assets = ["kept", "cut", "other"].map((name) => ({ name, bytes: whole, type: "text/plain" }));
      const commit = "a".repeat(40);
      const made = await forge.releases.publish({
        tag: "v1",
        commit,
        name: "v1",
        body: "",
        prerelease: false,
        assets,
      });
      assert.equal(made.draft, false);
      assert.deepEqual(
        asked.map(({ route }) => route.replace(AT, "")).filter((route) => !route.startsWith("GET")),
        [
          "DELETE /releases/assets/2",
          "POST /releases/4/assets",
          "DELETE /releases/assets/5",
          "POST /releases/4/assets",
          "PATCH /releases/4",
        ],
      );
      const uploads = asked.filter(({ route }) => route === `POST ${AT}/releases/4/assets`);
      // GitHub takes no upload whose length it does not know.
      assert.deepEqual(
        uploads.map(({ headers }) => headers["content-length"]),
        ["5", "5"],
      );
    });
  }

  it("the paths of a file that moved, both of them", async () => {
    const files = [{ filename: "b.csv", previous_filename: "a.csv", status: "renamed" }, { filename: "c" }];
    const forge = await forgeAt({ [`GET ${AT}/pulls/1/files`]: { body: files } });
    assert.deepEqual(await forge.pulls.files(1), ["b.csv", "a.csv", "c"]);
  });

  it("nothing into a page of something else", async () => {
    const html: Scripted = (response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end("<html>a proxy of the company</html>");
    };
    const forge = await forgeAt({ [`GET ${AT}/pulls/1`]: html });
    await assert.rejects(forge.pulls.get(1), /^UserError: GitHub did not answer GET .*not valid JSON/);
  });
});
