import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type Github, openGithub } from "../../../local/github/github.ts";
import { client, git, remote } from "./client.ts";

describe("Git of the local GitHub", () => {
  let github: Github;
  let work: string;
  let ada: string;
  let eve: string;
  const wages = { owner: "acme", repo: "wages" };

  before(async () => {
    github = await openGithub();
    work = mkdtempSync(join(tmpdir(), "local-git-"));
    [ada, eve] = [await github.user("ada"), await github.user("eve")];
    await github.repository("acme/wages", { collaborators: { ada: "admin" } });
    await github.repository("acme/secret", { private: true, collaborators: { ada: "write" } });
    await git(work, "clone", "--quiet", remote(github, ada, "acme/wages"), "wages");
  });
  after(async () => {
    await github.close();
    rmSync(work, { recursive: true, force: true });
  });

  const commit = async (folder: string, path: string, content: string): Promise<string> => {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), content);
    await git(folder, "add", ".");
    await git(folder, "commit", "--quiet", "-m", `Change ${path}`);
    return git(folder, "rev-parse", "HEAD");
  };

  it("lets read and write whom it may, and tells the others what GitHub tells them", async () => {
    const list = (token: string, name: string): Promise<string> =>
      git(work, "ls-remote", remote(github, token, name));
    assert.match(await list(eve, "acme/wages"), /refs\/heads\/main/);
    await assert.rejects(list(eve, "acme/secret"), /Repository not found/);
    assert.match(await list(ada, "acme/secret"), /refs\/heads\/main/);
    const open = `${github.url}/acme/secret`;
    await assert.rejects(
      git(work, "-c", "credential.helper=", "ls-remote", open),
      /could not read Username|terminal prompts/,
    );
    const reads = github.jobToken("acme/secret", 1, { contents: "read" });
    assert.match(await list(reads, "acme/secret"), /refs\/heads\/main/);
    await assert.rejects(
      list(github.jobToken("acme/wages", 1, { contents: "write" }), "acme/secret"),
      /not found/,
    );
    await assert.rejects(
      list(github.jobToken("acme/secret", 1, { issues: "write" }), "acme/secret"),
      /not found/,
    );
    github.revoke(reads);
    await assert.rejects(list(reads, "acme/secret"), /Authentication failed|401|could not read/);

    const folder = join(work, "wages");
    await commit(folder, "a.txt", "a");
    const push = (token: string): Promise<string> =>
      git(folder, "push", "--quiet", remote(github, token, "acme/wages"), "HEAD:refs/heads/eve");
    await assert.rejects(push(eve), /Permission to acme\/wages\.git denied to eve|403/);
    await push(github.jobToken("acme/wages", 1, { contents: "write" }));
    const event = github.events.at(-1);
    assert.equal(event?.name, "push");
    assert.equal(event?.actor, "github-actions[bot]");
    assert.equal(event?.startsWorkflows, false);
    assert.equal(event?.ref, "refs/heads/eve");
  });

  it("refuses a workflow's token that would write workflow files", async () => {
    const folder = join(work, "wages");
    await commit(folder, ".github/workflows/evil.yml", "on: push\n");
    const push = (token: string): Promise<string> =>
      git(folder, "push", "--quiet", remote(github, token, "acme/wages"), "HEAD:refs/heads/workflow");
    await assert.rejects(
      push(github.jobToken("acme/wages", 1, { contents: "write" })),
      /refusing to allow a GitHub App to create or update workflow/,
    );
    await push(ada);
    await git(folder, "reset", "--quiet", "--hard", "origin/main");
  });

  it("rejects the second of two who push upon the same commit", async () => {
    const [one, two] = [join(work, "one"), join(work, "two")];
    await git(work, "clone", "--quiet", remote(github, ada, "acme/wages"), "one");
    await git(work, "clone", "--quiet", remote(github, ada, "acme/wages"), "two");
    await commit(one, "one.txt", "1");
    await commit(two, "two.txt", "2");
    await git(one, "push", "--quiet", "origin", "HEAD:refs/heads/ledger");
    await assert.rejects(
      git(two, "push", "--quiet", "origin", "HEAD:refs/heads/ledger"),
      /rejected|fetch first/,
    );
    await git(two, "pull", "--quiet", "--rebase", "origin", "ledger");
    await git(two, "push", "--quiet", "origin", "HEAD:refs/heads/ledger");
  });

  it("gives any commit that is asked for by its hash, a fork's too, and keeps the refs of pull requests", async () => {
    assert.equal(await github.fork("acme/wages", "eve"), "eve/wages");
    await git(work, "clone", "--quiet", remote(github, eve, "eve/wages"), "fork");
    const folder = join(work, "fork");
    const head = await commit(folder, "b.txt", "b");
    await git(folder, "push", "--quiet", "origin", "HEAD:refs/heads/change");
    const api = client(github, eve);
    const { data: pull } = await api.pulls.create({
      ...wages,
      title: "Mine",
      head: "eve:change",
      base: "main",
    });
    const event = github.events.at(-1);
    assert.equal(event?.lowTrust, true);
    assert.equal(event?.name, "pull_request");
    const other = join(work, "one");
    await git(other, "fetch", "--quiet", "origin", head);
    const refs = await git(other, "ls-remote", "origin", "refs/pull/*");
    assert.match(refs, new RegExp(`${head}\\trefs/pull/${pull.number}/head`));
    await assert.rejects(
      git(other, "push", "origin", `HEAD:refs/pull/${pull.number}/head`),
      /hidden ref|deny updating/,
    );

    const next = await commit(folder, "c.txt", "c");
    await git(folder, "push", "--quiet", "origin", "HEAD:refs/heads/change");
    const moved = github.events.at(-1);
    assert.equal(moved?.payload.action, "synchronize");
    assert.equal(moved?.payload.before, head);
    const { data } = await api.pulls.get({ ...wages, pull_number: pull.number });
    assert.equal(data.head.sha, next);
    assert.equal(moved?.sha, data.merge_commit_sha);
    const { data: compared } = await api.repos.compareCommitsWithBasehead({
      ...wages,
      basehead: "main...eve:change",
    });
    assert.equal(compared.merge_base_commit.sha, data.base.sha);
    assert.deepEqual(
      compared.files?.map(({ filename }) => filename),
      ["b.txt", "c.txt"],
    );
  });

  it("starts no workflow for a pull request that conflicts", async () => {
    const folder = join(work, "wages");
    await git(folder, "switch", "--quiet", "-c", "left", "origin/main");
    await commit(folder, "same.txt", "left");
    await git(folder, "push", "--quiet", "origin", "left");
    await git(folder, "switch", "--quiet", "-c", "right", "origin/main");
    await commit(folder, "same.txt", "right");
    await git(folder, "push", "--quiet", "origin", "right:main");
    const { data } = await client(github, ada).pulls.create({
      ...wages,
      title: "Left",
      head: "left",
      base: "main",
    });
    assert.equal(data.mergeable, false);
    assert.equal(data.mergeable_state, "dirty");
    assert.equal(github.events.at(-1)?.startsWorkflows, false);
    assert.equal(await git(folder, "ls-remote", "origin", `refs/pull/${data.number}/merge`), "");
  });

  it("closes a pull request whose branch is deleted, and one whose commits came to the base", async () => {
    const folder = join(work, "wages");
    await git(folder, "fetch", "--quiet", "origin");
    await git(folder, "switch", "--quiet", "-c", "gone", "origin/main");
    await commit(folder, "gone.txt", "1");
    await git(folder, "push", "--quiet", "origin", "gone");
    const api = client(github, ada);
    const { data: first } = await api.pulls.create({ ...wages, title: "Gone", head: "gone", base: "main" });
    await git(folder, "push", "--quiet", "origin", ":gone");
    assert.equal((await api.pulls.get({ ...wages, pull_number: first.number })).data.state, "closed");
    await git(folder, "push", "--quiet", "origin", "HEAD:refs/heads/back");
    const { data: second } = await api.pulls.create({ ...wages, title: "Back", head: "back", base: "main" });
    await git(folder, "push", "--quiet", "origin", "HEAD:main");
    const { data } = await api.pulls.get({ ...wages, pull_number: second.number });
    assert.equal(data.merged, true);
    assert.equal(data.merged_by?.login, "ada");
    assert.deepEqual(github.violations, []);
  });

  it("opens one of two equal pull requests that are asked for at once", async () => {
    const folder = join(work, "wages");
    await git(folder, "switch", "--quiet", "-c", "race", "origin/main");
    await commit(folder, "race.txt", "1");
    await git(folder, "push", "--quiet", "origin", "race");
    const api = client(github, ada);
    const ask = (): Promise<unknown> =>
      api.pulls.create({ ...wages, title: "Race", head: "race", base: "main" });
    const asked = await Promise.allSettled([ask(), ask(), ask()]);
    assert.equal(asked.filter(({ status }) => status === "fulfilled").length, 1);
    assert.match(
      String((asked.find(({ status }) => status === "rejected") as PromiseRejectedResult).reason),
      /already exists/,
    );
  });

  it("lets the others on when one goes away in the middle of a push", async () => {
    const { host } = new URL(github.url);
    const [name = "", port = ""] = host.split(":");
    const half = connect(Number(port), name);
    half.write(
      `POST /acme/wages.git/git-receive-pack HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Basic ${Buffer.from(`x:${ada}`).toString("base64")}\r\n` +
        "Content-Type: application/x-git-receive-pack-request\r\nContent-Length: 5000\r\n\r\n00a5",
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    half.destroy();
    await git(join(work, "wages"), "push", "--quiet", "origin", "HEAD:refs/heads/after");
    assert.equal(github.events.at(-1)?.ref, "refs/heads/after");
  });
});
