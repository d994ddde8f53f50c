import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { GithubEvent } from "../../../local/contract.ts";
import { silenced, starts } from "../../../local/runner/triggers.ts";
import type { Workflow } from "../../../local/runner/workflow.ts";

const event = (name: string, payload: object = {}, ref = "refs/heads/main"): GithubEvent => ({
  name,
  repository: "acme/wages",
  payload: payload as GithubEvent["payload"],
  sha: "",
  ref,
  workflowSha: "",
  actor: "ada",
  startsWorkflows: true,
  lowTrust: false,
});

const pull = (action: string, base = "main") =>
  event("pull_request", { action, pull_request: { base: { ref: base } } });
const ran = (name: string, branch: string, action = "completed") =>
  event("workflow_run", { action, workflow_run: { name, head_branch: branch } });

const cases: readonly [string, Workflow["on"], GithubEvent, boolean, (readonly string[])?][] = [
  ["a push to any branch", "push", event("push"), true],
  ["another event", ["issues", "push"], event("fork"), false],
  ["a new pull request", { pull_request: null }, pull("opened"), true],
  ["a label, unless it is asked for", { pull_request: null }, pull("labeled"), false],
  ["a label that is asked for", { pull_request: { types: ["labeled"] } }, pull("labeled"), true],
  [
    "a pull request against another branch",
    { pull_request: { branches: ["main"] } },
    pull("opened", "dev"),
    false,
  ],
  [
    "a pull request against a pattern",
    { pull_request: { branches: ["rel/**"] } },
    pull("opened", "rel/1/2"),
    true,
  ],
  [
    "a branch that is ignored",
    { push: { "branches-ignore": ["dev*"] } },
    event("push", {}, "refs/heads/dev1"),
    false,
  ],
  [
    "a tag where branches are named",
    { push: { branches: ["main"] } },
    event("push", {}, "refs/tags/v1"),
    false,
  ],
  ["a tag", { push: { tags: ["v*"] } }, event("push", {}, "refs/tags/v1"), true],
  ["a branch where tags are named", { push: { tags: ["v*"] } }, event("push"), false],
  ["a file that is meant", { push: { paths: ["data/**"] } }, event("push"), true, ["a.md", "data/x/y.csv"]],
  [
    "no file that is meant",
    { push: { paths: ["data/**", "!data/x/**"] } },
    event("push"),
    false,
    ["data/x/y.csv"],
  ],
  ["ignored files alone", { push: { "paths-ignore": ["**.md"] } }, event("push"), false, ["a.md", "b/c.md"]],
  [
    "a file besides ignored ones",
    { push: { "paths-ignore": ["**.md"] } },
    event("push"),
    true,
    ["a.md", "b.ts"],
  ],
  ["a run of that name", { workflow_run: { workflows: ["A", "B"] } }, ran("B", "x"), true],
  ["a run of another name", { workflow_run: { workflows: ["A"] } }, ran("B", "x"), false],
  [
    "a run on another branch",
    { workflow_run: { workflows: ["A"], branches: ["main"] } },
    ran("A", "x"),
    false,
  ],
  [
    "a run that only begins",
    { workflow_run: { workflows: ["A"], types: ["completed"] } },
    ran("A", "x", "requested"),
    false,
  ],
  [
    "a merge group",
    { merge_group: { branches: ["main"] } },
    event("merge_group", { action: "checks_requested", merge_group: { base_ref: "refs/heads/main" } }),
    true,
  ],
  [
    "a deleted comment",
    { issue_comment: { types: ["created"] } },
    event("issue_comment", { action: "deleted" }),
    false,
  ],
];

describe("triggers", () => {
  it("start one file alone on its own schedule, and by hand", async () => {
    const changes = { paths: async () => [], message: async () => "" };
    const schedule = [{ cron: "17 3 * * *" }, { cron: "5 * * * *" }];
    const crons = { on: { schedule, workflow_dispatch: null } as unknown as Workflow["on"] };
    const at = (workflow: string, schedule?: string) =>
      event(schedule === undefined ? "workflow_dispatch" : "schedule", { workflow, schedule });
    const on = (happened: GithubEvent) => starts(crons, happened, changes, ".github/workflows/a.yml");
    assert.equal(await on(at(".github/workflows/a.yml", "5 * * * *")), true);
    assert.equal(await on(at(".github/workflows/a.yml", "6 * * * *")), false);
    assert.equal(await on(at(".github/workflows/b.yml", "5 * * * *")), false);
    assert.equal(await on(at(".github/workflows/a.yml")), true);
    assert.equal(await on(at(".github/workflows/b.yml")), false);
    const bare = { on: "schedule" };
    assert.equal(await starts(bare, at(".github/workflows/a.yml", "5 * * * *"), changes), false);
  });

  for (const [what, on, one, wanted, files] of cases) {
    it(`${wanted ? "start" : "do not start"} on ${what}`, async () => {
      const changes = { paths: async () => files ?? [], message: async () => "" };
      assert.equal(await starts({ on }, one, changes), wanted);
    });
  }

  it("heed a commit that asks for silence", async () => {
    const says = (message: string) => ({ paths: async () => [], message: async () => message });
    assert.equal(await silenced(event("push"), says("Fix [skip ci]")), true);
    assert.equal(await silenced(event("pull_request"), says("Fix\n\nskip-checks: true")), true);
    assert.equal(await silenced(event("push"), says("Fix skip ci")), false);
    assert.equal(await silenced(event("workflow_run"), says("Fix [skip ci]")), false);
  });
});
