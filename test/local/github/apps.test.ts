import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { createAppAuth } from "@octokit/auth-app";
import { Octokit } from "@octokit/rest";
import { type Github, openGithub } from "../../../local/github/github.ts";
import { client, commitOn, put, refusal } from "./client.ts";

describe("apps, checks and commits of the local GitHub", () => {
  let github: Github;
  let app: { readonly id: number; readonly privateKey: string };
  const wages = { owner: "acme", repo: "wages" };

  before(async () => {
    github = await openGithub();
    await github.repository("acme/wages", { private: true, collaborators: { ada: "admin" } });
    app = await github.app("acme-trainyard", "acme/wages", {
      checks: "write",
      contents: "write",
      "pull-requests": "write",
    });
  });
  after(() => github.close());

  const as = (privateKey: string, options: object = {}): Octokit =>
    new Octokit({
      baseUrl: github.apiUrl,
      authStrategy: createAppAuth,
      auth: { appId: app.id, privateKey, ...options },
      log: { debug() {}, info() {}, warn() {}, error() {} },
    });

  it("gives an app a token for its installation, and less than it has where that is asked for", async () => {
    const { data: own } = await as(app.privateKey).apps.getAuthenticated();
    assert.equal(own?.slug, "acme-trainyard");
    const { data: installation } = await as(app.privateKey).apps.getRepoInstallation(wages);
    const api = as(app.privateKey, { installationId: installation.id });
    const { data: repository } = await api.repos.get(wages);
    assert.equal(repository.private, true);
    const { data: less } = await as(app.privateKey).apps.createInstallationAccessToken({
      installation_id: installation.id,
      permissions: { contents: "read" },
    });
    const sha = "0".repeat(40);
    assert.equal(
      (await refusal(client(github, less.token).checks.create({ ...wages, name: "x", head_sha: sha })))
        .status,
      403,
    );
    const more = as(app.privateKey).apps.createInstallationAccessToken({
      installation_id: installation.id,
      permissions: { administration: "write" },
    });
    assert.match((await refusal(more)).message, /not granted to this installation/);
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const forged = as(privateKey.export({ type: "pkcs1", format: "pem" }).toString());
    assert.equal((await refusal(forged.apps.getAuthenticated())).status, 401);
  });

  it("lets an app change its own checks alone, with fifty annotations at a time", async () => {
    const ada = await github.user("ada");
    const sha = await put(github, ada, "acme/wages", "change", { "a.txt": "a" });
    const { data: installation } = await as(app.privateKey).apps.getRepoInstallation(wages);
    const api = as(app.privateKey, { installationId: installation.id });
    const annotations = (count: number): object[] =>
      Array.from({ length: count }, (_, i) => ({
        path: "trainyard.yaml",
        start_line: i + 1,
        end_line: i + 1,
        annotation_level: "failure",
        message: "too low",
      }));
    const output = (count: number): object => ({
      title: "Fails",
      summary: "no",
      annotations: annotations(count),
    });
    const create = (count: number): Promise<{ data: { id: number | bigint } }> =>
      api.request("POST /repos/{owner}/{repo}/check-runs", {
        ...wages,
        name: "Trainyard",
        head_sha: sha,
        status: "in_progress",
        output: output(count) as never,
      });
    assert.equal((await refusal(create(51))).status, 422);
    github.violations.length === 1 && (github.violations as string[]).pop();
    const { data: check } = await create(50);
    const { data: done } = await api.request("PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}", {
      ...wages,
      check_run_id: Number(check.id),
      conclusion: "failure",
      output: output(5) as never,
    });
    assert.equal(done.output.annotations_count, 55);
    assert.equal(done.status, "completed");
    const all = await api.paginate(api.checks.listAnnotations, { ...wages, check_run_id: Number(check.id) });
    assert.equal(all.length, 55);
    const job = client(github, github.jobToken("acme/wages", 1, { checks: "write" }));
    const foreign = await refusal(
      job.checks.update({ ...wages, check_run_id: Number(check.id), conclusion: "success" }),
    );
    assert.match(foreign.message, /can only be modified by the GitHub App that created it/);
    await job.checks.create({ ...wages, name: "Trainyard", head_sha: sha, conclusion: "success" });
    const { data: listed } = await api.checks.listForRef({ ...wages, ref: "change" });
    assert.deepEqual(listed.check_runs.map(({ app: by, conclusion }) => [by?.slug, conclusion]).sort(), [
      ["acme-trainyard", "failure"],
      ["github-actions", "success"],
    ]);
    const { data: ours } = await api.checks.listForRef({ ...wages, ref: "change", app_id: app.id });
    assert.equal(ours.total_count, 1);
    const { data: pulls } = await client(github, ada).pulls.list(wages);
    assert.equal(pulls.length, 0);
  });

  it("commits upon the head that was expected, signed and in the token's name, or not at all", async () => {
    const token = github.jobToken("acme/wages", 1, { contents: "write" });
    const ada = await github.user("ada");
    const head = await put(github, ada, "acme/wages", "back", {
      "keep.txt": "k",
      "drop.txt": "d",
      "run.sh": "#!/bin/sh",
    });
    const sha = await commitOn(github, token, "acme/wages", "back", head, { "models/a b.dvc": "md5: 1\n" }, [
      "drop.txt",
    ]);
    const api = client(github, ada);
    const { data: commit } = await api.repos.getCommit({ ...wages, ref: sha });
    assert.equal(commit.author?.login, "github-actions[bot]");
    assert.equal(commit.commit.verification?.verified, true);
    assert.deepEqual(
      commit.files?.map(({ filename, status }) => [filename, status]),
      [
        ["drop.txt", "removed"],
        ["models/a b.dvc", "added"],
      ],
    );
    const { data: file } = await api.repos.getContent({ ...wages, path: "models/a b.dvc", ref: "back" });
    assert.equal(Buffer.from((file as { content: string }).content, "base64").toString(), "md5: 1\n");
    const late = commitOn(github, token, "acme/wages", "back", head, { "x.txt": "x" });
    await assert.rejects(late, (error: { errors: { type: string; message: string }[] }) => {
      assert.equal(error.errors[0]?.type, "STALE_DATA");
      assert.equal(
        error.errors[0]?.message,
        `Expected branch to point to "${head}" but it did not.  Pull and try again.`,
      );
      return true;
    });
    await assert.rejects(
      commitOn(github, github.jobToken("acme/wages", 1, { contents: "read" }), "acme/wages", "back", sha, {
        x: "x",
      }),
      /Resource not accessible by integration/,
    );
    await assert.rejects(
      commitOn(github, token, "acme/wages", "back", sha, {}, ["none.txt"]),
      /does not exist as of commit/,
    );
    await assert.rejects(commitOn(github, token, "acme/wages", "back", sha, { "../x": "x" }), /malformed/);
    await assert.rejects(
      commitOn(github, token, "acme/wages", "back", sha, { ".github/workflows/a.yml": "x" }),
      /without `workflows` permission/,
    );
    const { data: now } = await api.git.getRef({ ...wages, ref: "heads/back" });
    assert.equal(now.object.sha, sha);
    const push = github.events.findLast(({ name }) => name === "push");
    assert.equal(push?.startsWorkflows, false);
    assert.deepEqual(github.violations, []);
  });

  it("says in whose name a token speaks, and which fields it does not know", async () => {
    const job = client(github, github.jobToken("acme/wages", 1, {}));
    assert.deepEqual(await job.graphql("query { me: viewer { login } }"), {
      me: { login: "github-actions[bot]" },
    });
    await assert.rejects(job.graphql("query { viewer { shoeSize } }"), /Field 'shoeSize' doesn't exist/);
    await assert.rejects(
      job.graphql("mutation { burn(input: {}) { x } }"),
      /Field 'burn' doesn't exist on type 'Mutation'/,
    );
  });
});
