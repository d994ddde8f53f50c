import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type Github, openGithub } from "../../../local/github/github.ts";
import { client, git, remote } from "./client.ts";

describe("the life of a pull request on the local GitHub", () => {
  let github: Github;
  let work: string;
  let ada: string;
  const wages = { owner: "acme", repo: "wages" };

  before(async () => {
    github = await openGithub();
    work = mkdtempSync(join(tmpdir(), "life-"));
    ada = await github.user("ada");
    await github.repository("acme/wages", { collaborators: { ada: "admin", bob: "write" } });
  });
  after(async () => {
    await github.close();
    rmSync(work, { recursive: true, force: true });
  });

  it("goes from a push to a merge", async () => {
    await git(work, "clone", "--quiet", remote(github, ada, "acme/wages"), "wages");
    const folder = join(work, "wages");
    await git(folder, "switch", "--quiet", "-c", "better");
    writeFileSync(join(folder, "trainyard.yaml"), "model: wages\n");
    await git(folder, "add", ".");
    await git(folder, "commit", "--quiet", "-m", "Declare the model");
    await git(folder, "push", "--quiet", "origin", "better");
    const head = await git(folder, "rev-parse", "HEAD");

    const api = client(github, ada);
    const { data: pull } = await api.pulls.create({
      ...wages,
      title: "A model",
      head: "better",
      base: "main",
    });
    assert.equal(pull.head.sha, head);
    assert.equal(pull.mergeable, true);
    const { data: files } = await api.pulls.listFiles({ ...wages, pull_number: pull.number });
    assert.deepEqual(
      files.map(({ filename }) => filename),
      ["trainyard.yaml"],
    );

    const opened = github.events.find(({ name }) => name === "pull_request");
    assert.equal(opened?.ref, "refs/pull/1/merge");
    assert.equal(opened?.sha, pull.merge_commit_sha);
    assert.equal((await git(folder, "ls-remote", "origin", "refs/pull/1/merge")).slice(0, 40), opened?.sha);

    const job = client(
      github,
      github.jobToken("acme/wages", 1, { "pull-requests": "write", statuses: "write", checks: "write" }),
    );
    await job.issues.createComment({ ...wages, issue_number: 1, body: "hello" });
    await job.repos.createCommitStatus({ ...wages, sha: head, state: "success", context: "trainyard" });
    await job.checks.create({ ...wages, name: "Trainyard", head_sha: head, conclusion: "success" });
    const { data: merged } = await api.pulls.merge({ ...wages, pull_number: 1 });
    assert.equal(merged.merged, true);
    assert.deepEqual(
      github.events.map(({ name, payload, startsWorkflows }) => [name, payload.action, startsWorkflows]),
      [
        ["push", undefined, true],
        ["pull_request", "opened", true],
        ["issue_comment", "created", false],
        ["status", undefined, false],
        ["check_run", "completed", false],
        ["pull_request", "closed", true],
        ["push", undefined, true],
      ],
    );
    assert.deepEqual(github.violations, []);
  });
});
