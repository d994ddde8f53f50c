import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { ArtifactClient } from "@actions/artifact";
import { type Github, openGithub } from "../../../local/github/github.ts";
import { client, refusal, runOn } from "./client.ts";

describe("artifacts of the local GitHub, asked by @actions/artifact", () => {
  let github: Github;
  let folder: string;
  let run: number;
  let artifacts: ArtifactClient;
  const wages = { owner: "acme", repo: "wages" };
  const bytes = randomBytes(9 * 1024 * 1024); // more than one block

  before(async () => {
    github = await openGithub();
    await github.repository("acme/wages", { private: true });
    folder = mkdtempSync(join(tmpdir(), "artifacts-"));
    mkdirSync(join(folder, "models"));
    writeFileSync(join(folder, "trained.json"), "{}");
    writeFileSync(join(folder, "models", "1.onnx"), bytes);
    run = await runOn(github, "acme/wages");
    process.env.ACTIONS_RESULTS_URL = github.resultsUrl;
    process.env.ACTIONS_RUNTIME_TOKEN = github.runtimeToken(run, "train / one: two");
    process.env.GITHUB_SERVER_URL = "http://github.localhost";
    process.env.GITHUB_API_URL = github.apiUrl;
    // It looks for the API when it is loaded.
    const { DefaultArtifactClient } = await import("@actions/artifact");
    artifacts = new DefaultArtifactClient();
  });
  after(async () => {
    await github.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("keeps what a job sends, for the same run and by the API", async () => {
    const files = [join(folder, "trained.json"), join(folder, "models", "1.onnx")];
    const sent = await artifacts.uploadArtifact("trainyard-trained", files, folder, { compressionLevel: 0 });
    const { artifact } = await artifacts.getArtifact("trainyard-trained");
    assert.equal(artifact.digest, `sha256:${sent.digest}`);
    const within = join(folder, "within");
    await artifacts.downloadArtifact(artifact.id, { path: within });
    assert.ok(readFileSync(join(within, "models", "1.onnx")).equals(bytes));

    const token = github.jobToken("acme/wages", run, { actions: "read" });
    const api = client(github, token);
    const { data } = await api.actions.listWorkflowRunArtifacts({ ...wages, run_id: run });
    assert.deepEqual(
      data.artifacts.map(({ name, size_in_bytes, digest }) => ({ name, size_in_bytes, digest })),
      [{ name: "trainyard-trained", size_in_bytes: sent.size, digest: `sha256:${sent.digest}` }],
    );
    const other = join(folder, "other");
    const from = { token, workflowRunId: run, repositoryOwner: "acme", repositoryName: "wages" };
    await artifacts.downloadArtifact(artifact.id, { path: other, findBy: from });
    assert.ok(readFileSync(join(other, "models", "1.onnx")).equals(bytes));
  });

  it("is refused to a token without actions: read", async () => {
    const blind = client(github, github.jobToken("acme/wages", run, { contents: "read" }));
    const { status, headers } = await refusal(
      blind.actions.listWorkflowRunArtifacts({ ...wages, run_id: run }),
    );
    assert.equal(status, 403);
    assert.equal(headers["x-accepted-github-permissions"], "actions=read");
  });

  it("takes a name once in one attempt, and again in the next", async () => {
    const file = join(folder, "trained.json");
    await assert.rejects(artifacts.uploadArtifact("trainyard-trained", [file], folder), /already exists/);
    github.runs.finish(run, "failure");
    await assert.rejects(artifacts.uploadArtifact("late", [file], folder), /Unauthorized|the run is over/);
    assert.equal(github.runs.again(run), 2);
    process.env.ACTIONS_RUNTIME_TOKEN = github.runtimeToken(run, "train");
    await artifacts.uploadArtifact("trainyard-trained", [file], folder);
    const api = client(github, github.jobToken("acme/wages", run, { actions: "read" }));
    const { data } = await api.actions.listWorkflowRunArtifacts({ ...wages, run_id: run });
    assert.equal(data.total_count, 2);
    assert.ok((data.artifacts[0]?.id ?? 0) > (data.artifacts[1]?.id ?? 0), "newest first");
  });

  it("sends one file as it is", async () => {
    const page = join(folder, "report.html");
    writeFileSync(page, "<p>fine</p>");
    const sent = await artifacts.uploadArtifact("ignored", [page], folder, { skipArchive: true });
    assert.equal(sent.size, 11);
    const { artifact } = await artifacts.getArtifact("report.html");
    await artifacts.downloadArtifact(artifact.id, { path: join(folder, "page") });
    assert.equal(readFileSync(join(folder, "page", "report.html"), "utf8"), "<p>fine</p>");
    await artifacts.deleteArtifact("report.html");
    await assert.rejects(artifacts.getArtifact("report.html"), /not found/i);
    assert.deepEqual(github.violations, []);
  });
});
