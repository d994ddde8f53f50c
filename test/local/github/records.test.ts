import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Octokit } from "@octokit/rest";
import { type Github, openGithub } from "../../../local/github/github.ts";
import { client, put, refusal, runOn } from "./client.ts";

describe("what the local GitHub keeps", () => {
  let github: Github;
  let ada: string;
  let api: Octokit;
  const wages = { owner: "acme", repo: "wages" };

  before(async () => {
    github = await openGithub({ limits: { writes: 1000 } });
    ada = await github.user("ada");
    await github.repository("acme/wages", { collaborators: { ada: "admin", bob: "maintain" } });
    api = client(github, ada);
  });
  after(() => github.close());

  it("pages through lists with links", async () => {
    const { data: issue } = await api.issues.create({ ...wages, title: "Many" });
    for (let i = 0; i < 35; i++)
      await api.issues.createComment({ ...wages, issue_number: issue.number, body: `${i}` });
    const first = await api.issues.listComments({ ...wages, issue_number: issue.number });
    assert.equal(first.data.length, 30);
    assert.match(first.headers.link ?? "", /page=2>; rel="next", .*rel="last"/);
    const all = await api.paginate(api.issues.listComments, {
      ...wages,
      issue_number: issue.number,
      per_page: 10,
    });
    assert.deepEqual(
      all.map(({ body }) => body),
      Array.from({ length: 35 }, (_, i) => `${i}`),
    );
  });

  it("keeps issues, labels and reactions", async () => {
    const { data: issue } = await api.issues.create({ ...wages, title: "Drift", labels: ["drift", "wages"] });
    assert.deepEqual(
      issue.labels.map((label) => (typeof label === "string" ? label : label.name)),
      ["drift", "wages"],
    );
    const found = await api.issues.listForRepo({
      ...wages,
      labels: "drift,wages",
      creator: "ada",
      state: "all",
    });
    assert.equal(found.data.length, 1);
    await api.issues.update({
      ...wages,
      issue_number: issue.number,
      state: "closed",
      state_reason: "not_planned",
    });
    const { data: closed } = await api.issues.get({ ...wages, issue_number: issue.number });
    assert.deepEqual([closed.state, closed.state_reason], ["closed", "not_planned"]);
    await api.issues.update({ ...wages, issue_number: issue.number, state: "open" });
    assert.equal(
      (
        await refusal(api.issues.removeLabel({ ...wages, issue_number: issue.number, name: "no" }))
      ).message.split(" -")[0],
      "Label does not exist",
    );
    await api.issues.removeLabel({ ...wages, issue_number: issue.number, name: "drift" });
    const { data: comment } = await api.issues.createComment({
      ...wages,
      issue_number: issue.number,
      body: "/trainyard",
    });
    const react = (): Promise<{ status: number }> =>
      api.reactions.createForIssueComment({ ...wages, comment_id: comment.id, content: "eyes" });
    assert.deepEqual([(await react()).status, (await react()).status], [201, 200]);
    const { data: seen } = await api.issues.getComment({ ...wages, comment_id: comment.id });
    assert.equal(seen.reactions?.eyes, 1);
    assert.deepEqual(
      github.events
        .filter(({ name }) => name === "issues")
        .map(({ payload }) => payload.action)
        .slice(-4),
      ["labeled", "closed", "reopened", "unlabeled"],
    );
  });

  it("keeps drafts of releases in lists alone, until they are published with their files", async () => {
    const { data: draft } = await api.repos.createRelease({
      ...wages,
      tag_name: "wages@v1.0.0",
      draft: true,
    });
    const byTag = (): Promise<unknown> => api.repos.getReleaseByTag({ ...wages, tag: "wages@v1.0.0" });
    assert.equal((await refusal(byTag())).status, 404);
    const stranger = client(github, await github.user("eve"));
    assert.equal((await stranger.repos.listReleases(wages)).data.length, 0);
    assert.equal((await api.repos.listReleases(wages)).data.length, 1);
    assert.equal(draft.upload_url.startsWith(`${github.url}/api/uploads/`), true);
    const headers = { "content-type": "application/octet-stream" };
    const upload = (): Promise<{ data: unknown }> =>
      api.request({ method: "POST", url: draft.upload_url, name: "model.onnx", data: "bytes", headers });
    const sent = await upload();
    assert.equal((sent.data as { size: number }).size, 5);
    assert.match((await refusal(upload())).message, /already_exists/);
    await api.repos.updateRelease({ ...wages, release_id: draft.id, draft: false });
    await byTag();
    const tags = await api.repos.listTags(wages);
    assert.deepEqual(
      tags.data.map(({ name }) => name),
      ["wages@v1.0.0"],
    );
    const twice = await refusal(api.repos.createRelease({ ...wages, tag_name: "wages@v1.0.0" }));
    assert.match(twice.message, /already_exists/);
    assert.equal(github.events.at(-1)?.name, "release");
  });

  it("keeps deployments, and makes earlier ones of an environment inactive", async () => {
    const deploy = async (): Promise<number> => {
      const { data } = await api.repos.createDeployment({
        ...wages,
        ref: "main",
        environment: "staging",
        payload: { model: "wages" },
        required_contexts: [],
        auto_merge: false,
      });
      return (data as { id: number }).id;
    };
    const [one, two] = [await deploy(), await deploy()];
    for (const deployment_id of [one, two]) {
      await api.repos.createDeploymentStatus({ ...wages, deployment_id, state: "success" });
    }
    const { data: states } = await api.repos.listDeploymentStatuses({ ...wages, deployment_id: one });
    assert.deepEqual(
      states.map(({ state }) => state),
      ["inactive", "success"],
    );
    const { data: listed } = await api.repos.listDeployments({ ...wages, environment: "staging" });
    assert.deepEqual(
      listed.map(({ id }) => id),
      [two, one],
    );
    const { data: main } = await api.git.getRef({ ...wages, ref: "heads/main" });
    await api.repos.createCommitStatus({
      ...wages,
      sha: main.object.sha,
      state: "failure",
      context: "trainyard",
    });
    const stopped = await refusal(api.repos.createDeployment({ ...wages, ref: "main" }));
    assert.equal(stopped.status, 409);
    const { data: all } = await api.repos.getCombinedStatusForRef({ ...wages, ref: "main" });
    assert.deepEqual([all.state, all.total_count], ["failure", 1]);
  });

  it("knows permissions by asking, not by what a comment says", async () => {
    await github.user("eve");
    const level = async (username: string): Promise<string[]> => {
      const { data } = await api.repos.getCollaboratorPermissionLevel({ ...wages, username });
      return [data.permission, data.role_name];
    };
    assert.deepEqual(await level("ada"), ["admin", "admin"]);
    assert.deepEqual(await level("bob"), ["write", "maintain"]);
    assert.deepEqual(await level("eve"), ["read", "read"]);
    assert.equal((await refusal(level("nobody-at-all"))).status, 404);
  });

  it("starts workflows by hand, even for a workflow's token", async () => {
    const workflow =
      "on:\n  workflow_dispatch:\n    inputs:\n      reason: { type: string, required: true }\n";
    await put(github, ada, "acme/wages", "main", {
      ".github/workflows/retrain.yml": workflow,
      ".github/workflows/other.yml": "on: push\n",
    });
    const job = client(github, github.jobToken("acme/wages", 1, { actions: "write" }));
    const start = (workflow_id: string, inputs: Record<string, string>): Promise<unknown> =>
      job.actions.createWorkflowDispatch({ ...wages, workflow_id, ref: "main", inputs });
    assert.match(
      (await refusal(start("other.yml", {}))).message,
      /does not have 'workflow_dispatch' trigger/,
    );
    assert.match((await refusal(start("retrain.yml", {}))).message, /Required input 'reason' not provided/);
    assert.match((await refusal(start("retrain.yml", { reason: "x", y: "z" }))).message, /Unexpected inputs/);
    assert.equal((await refusal(start("none.yml", {}))).status, 404);
    await start("retrain.yml", { reason: "drift" });
    const event = github.events.at(-1);
    assert.deepEqual(
      [event?.name, event?.startsWorkflows, event?.ref],
      ["workflow_dispatch", true, "refs/heads/main"],
    );
    await api.repos.createDispatchEvent({
      ...wages,
      event_type: "drift",
      client_payload: { model: "wages" },
    });
    assert.equal(github.events.at(-1)?.payload.action, "drift");
  });

  it("tells that a run is over, on the default branch, in the words that a workflow reads", async () => {
    const sha = await put(github, ada, "acme/wages", "change", { "a.txt": "a" });
    const { data: pull } = await api.pulls.create({ ...wages, title: "A", head: "change", base: "main" });
    const event = github.events.findLast(({ name }) => name === "pull_request")!;
    const id = github.runs.start({ name: "Trainyard", path: ".github/workflows/trainyard.yml", event });
    github.runs.finish(id, "success");
    const told = github.events.at(-1);
    const { workflow_run: run } = (told?.payload ?? {}) as { workflow_run: Record<string, unknown> };
    assert.deepEqual(
      [run.head_sha, run.head_branch, run.event, run.path, run.conclusion, run.run_attempt],
      [sha, "change", "pull_request", ".github/workflows/trainyard.yml", "success", 1],
    );
    assert.equal((run.pull_requests as { number: number }[])[0]?.number, pull.number);
    const { data: main } = await api.git.getRef({ ...wages, ref: "heads/main" });
    assert.deepEqual(
      [told?.name, told?.sha, told?.workflowSha],
      ["workflow_run", main.object.sha, main.object.sha],
    );
    await runOn(github, "acme/wages");
    const { data: runs } = await api.actions.listWorkflowRunsForRepo({ ...wages, event: "pull_request" });
    assert.deepEqual(
      runs.workflow_runs.map((one) => one.id),
      [id],
    );
    const { data: got } = await api.actions.getWorkflowRun({ ...wages, run_id: id });
    assert.equal(got.head_repository.full_name, "acme/wages");
  });

  it("fails on demand", async () => {
    github.fault({ method: "POST", path: /\/issues\/1\/comments$/, times: 1, answer: { status: 500 } });
    github.fault({
      path: /\/issues\/1\/comments$/,
      times: 1,
      answer: { status: 403, headers: { "retry-after": "1" } },
    });
    github.fault({ path: /\/issues\/1\/comments$/, times: 1, answer: "cut" });
    const comment = (body: string): Promise<unknown> =>
      api.issues.createComment({ ...wages, issue_number: 1, body });
    assert.equal((await refusal(comment("a"))).status, 500);
    const paused = await refusal(comment("b"));
    assert.deepEqual([paused.status, paused.headers["retry-after"]], [403, "1"]);
    const cut = await fetch(`${github.apiUrl}/repos/acme/wages/issues/1/comments`, {
      method: "POST",
      headers: { authorization: `Bearer ${ada}`, "content-type": "application/json" },
      body: JSON.stringify({ body: "cut, and done" }),
    });
    await assert.rejects(cut.text(), "the answer ends in its middle");
    const all = await api.paginate(api.issues.listComments, { ...wages, issue_number: 1 });
    assert.equal(all.at(-1)?.body, "cut, and done");
    assert.equal(all.filter(({ body }) => body === "a" || body === "b").length, 0);
    const failed = github.requests.filter(
      ({ path, status }) => path === "/repos/acme/wages/issues/1/comments" && status >= 400,
    );
    assert.deepEqual(
      failed.map(({ status }) => status),
      [500, 403],
    );
    assert.deepEqual(github.violations, []);
  });
});
