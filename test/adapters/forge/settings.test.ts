import assert from "node:assert/strict";
import { createServer } from "node:http";
import { describe, it, type TestContext } from "node:test";
import { openForge } from "../../../src/adapters/forge/github.ts";
import type { RepositorySettings } from "../../../src/ports/settings.ts";

type Answers = Readonly<Record<string, unknown>>;

const BASE = "/repos/acme/wages";
const ALL: Answers = {
  [`${BASE}/actions/permissions/workflow`]: {
    default_workflow_permissions: "write",
    can_approve_pull_request_reviews: false,
  },
  [`${BASE}/actions/workflows`]: {
    total_count: 2,
    workflows: [
      { id: 1, path: ".github/workflows/trainyard.yml", state: "active" },
      { id: 2, path: ".github/workflows/trainyard-monitor.yml", state: "disabled_inactivity" },
    ],
  },
  [`${BASE}/rulesets`]: [
    { id: 1, name: "off", target: "tag", enforcement: "disabled" },
    { id: 2, name: "on", target: "tag", enforcement: "active" },
  ],
  [`${BASE}/rulesets/2`]: {
    id: 2,
    name: "on",
    target: "tag",
    enforcement: "active",
    rules: [{ type: "update" }],
  },
  [`${BASE}/actions/variables`]: {
    total_count: 1,
    variables: [{ name: "TRAINYARD_APP_ID", value: "7", created_at: "", updated_at: "" }],
  },
  [`${BASE}/actions/organization-variables`]: { total_count: 0, variables: [] },
  [`${BASE}/environments`]: {
    total_count: 1,
    environments: [
      {
        name: "Trainyard",
        deployment_branch_policy: { protected_branches: true, custom_branch_policies: false },
      },
    ],
  },
};

/** What the adapter says of a repository where GitHub answers so; a number is a refusal with that status. */
async function settingsOf(
  context: TestContext,
  change: Answers = {},
): Promise<RepositorySettings | undefined> {
  const answers = { ...ALL, ...change };
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "", "http://x").pathname;
    const answer = answers[path] ?? 404;
    const status = typeof answer === "number" ? answer : 200;
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(status === 200 ? answer : { message: "Not for you" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.after(() => server.close());
  const { port } = server.address() as { port: number };
  const forge = await openForge(
    { repository: "acme/wages", token: "x" },
    { GITHUB_API_URL: `http://127.0.0.1:${port}` },
  );
  return forge.settings?.({ environment: "trainyard", variable: "TRAINYARD_APP_ID" });
}

describe("a repository's settings", () => {
  it("are all told to an administrator", async (context) => {
    assert.deepEqual(await settingsOf(context), {
      defaultPermissions: "write",
      disabled: new Map([[".github/workflows/trainyard-monitor.yml", "disabled_inactivity"]]),
      tagsProtected: true,
      variable: "7",
      environment: { exists: true, restricted: true },
    });
  });

  it("are left out where the token may not see them", async (context) => {
    const nothing = Object.fromEntries(Object.keys(ALL).map((path) => [path, 403]));
    assert.deepEqual(await settingsOf(context, nothing), {});
  });

  it("know what is not there from what is not told", async (context) => {
    const found = await settingsOf(context, {
      [`${BASE}/rulesets`]: [],
      [`${BASE}/actions/variables`]: { total_count: 0, variables: [] },
      [`${BASE}/actions/organization-variables`]: 404,
      [`${BASE}/environments`]: { total_count: 0, environments: [] },
      [`${BASE}/actions/workflows`]: { total_count: 0, workflows: [] },
    });
    assert.deepEqual(found, {
      defaultPermissions: "write",
      disabled: new Map(),
      tagsProtected: false,
      variable: null,
      environment: { exists: false, restricted: false },
    });
  });

  it("know a variable that the organisation shares", async (context) => {
    const found = await settingsOf(context, {
      [`${BASE}/actions/variables`]: { total_count: 0, variables: [] },
      [`${BASE}/actions/organization-variables`]: {
        total_count: 1,
        variables: [{ name: "TRAINYARD_APP_ID", value: "9", created_at: "", updated_at: "" }],
      },
    });
    assert.equal(found?.variable, "9");
  });

  it("take a ruleset that only asks for signatures for none", async (context) => {
    const rules = [{ type: "required_signatures" }];
    const found = await settingsOf(context, {
      [`${BASE}/rulesets/2`]: { id: 2, name: "on", target: "tag", enforcement: "active", rules },
    });
    assert.equal(found?.tagsProtected, false);
  });

  it("take an environment that every branch may use for open", async (context) => {
    const environments = [{ name: "trainyard", deployment_branch_policy: null }];
    const found = await settingsOf(context, { [`${BASE}/environments`]: { total_count: 1, environments } });
    assert.deepEqual(found?.environment, { exists: true, restricted: false });
  });
});
