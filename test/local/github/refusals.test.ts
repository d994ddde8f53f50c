import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Github, openGithub } from "../../../local/github/github.ts";
import { client, refusal } from "./client.ts";

const YEARS = 3e10;

describe("what the local GitHub refuses", () => {
  let github: Github;
  let ada: string;
  let now = Date.parse("2026-11-21T08:00:00Z");
  const wages = { owner: "acme", repo: "wages" };
  const secret = { owner: "acme", repo: "secret" };

  before(async () => {
    github = await openGithub({ now: () => new Date(now) });
    ada = await github.user("ada");
    await github.repository("acme/wages", { collaborators: { ada: "admin", bob: "triage" } });
    await github.repository("acme/secret", { private: true });
    await client(github, ada).issues.create({ ...wages, title: "One" });
  });
  after(() => github.close());

  it("is 401 for a token that is not known, revoked or too old", async () => {
    assert.equal((await refusal(client(github, "ghp_wrong").repos.get(wages))).status, 401);
    const token = github.jobToken("acme/wages", 1, {});
    await client(github, token).repos.get(wages);
    github.revoke(token);
    assert.equal((await refusal(client(github, token).repos.get(wages))).status, 401);
    assert.equal((await refusal(client(github).issues.create({ ...wages, title: "x" }))).status, 401);
  });

  it("is 404 for what may not be seen, and 403 with the permissions for what may not be done", async () => {
    assert.equal((await refusal(client(github, ada).repos.get(secret))).status, 404);
    assert.equal((await refusal(client(github).repos.get(secret))).status, 404);
    const job = client(github, github.jobToken("acme/wages", 1, { contents: "read" }));
    const comment = await refusal(job.issues.createComment({ ...wages, issue_number: 1, body: "x" }));
    assert.equal(comment.status, 403);
    assert.match(comment.message, /Resource not accessible by integration/);
    assert.equal(comment.headers["x-accepted-github-permissions"], "issues=write; pull_requests=write");
    const eve = client(github, await github.user("eve"));
    const sha = "0".repeat(40);
    const status = await refusal(eve.repos.createCommitStatus({ ...wages, sha, state: "success" }));
    assert.equal(status.status, 403);
    assert.match(status.message, /personal access token/);
    const check = await refusal(client(github, ada).checks.create({ ...wages, name: "x", head_sha: sha }));
    assert.match(check.message, /must authenticate via a GitHub App/);
    assert.equal((await refusal(job.users.getAuthenticated())).status, 403);
  });

  it("lets the permission for pull requests not do for issues", async () => {
    const job = client(github, github.jobToken("acme/wages", 1, { "pull-requests": "write" }));
    const found = await refusal(job.issues.createComment({ ...wages, issue_number: 1, body: "x" }));
    assert.equal(found.headers["x-accepted-github-permissions"], "issues=write");
    const right = client(github, github.jobToken("acme/wages", 1, { issues: "write" }));
    const { data } = await right.issues.createComment({ ...wages, issue_number: 1, body: "x" });
    assert.equal(data.user?.login, "github-actions[bot]");
    assert.equal(data.user?.type, "Bot");
    assert.equal(data.performed_via_github_app?.slug, "github-actions");
  });

  it("lets a stranger not edit another's comment", async () => {
    const { data } = await client(github, ada).issues.createComment({
      ...wages,
      issue_number: 1,
      body: "mine",
    });
    const eve = client(github, await github.user("eve"));
    const change = { ...wages, comment_id: data.id, body: "hers" };
    assert.equal((await refusal(eve.issues.updateComment(change))).status, 403);
    const bob = client(github, await github.user("bob"));
    assert.equal((await refusal(bob.issues.updateComment(change))).status, 403);
    const { data: kept } = await eve.issues.getComment({ ...wages, comment_id: data.id });
    assert.equal(kept.body, "mine");
  });

  it("is 422 for what is too long, and for what is there already", async () => {
    const api = client(github, ada);
    const long = await refusal(
      api.issues.createComment({ ...wages, issue_number: 1, body: "x".repeat(65_537) }),
    );
    assert.equal(long.status, 422);
    assert.match(long.message, /body is too long \(maximum is 65536 characters\)/);
    await api.issues.createComment({ ...wages, issue_number: 1, body: "x".repeat(65_536) });
    await api.issues.createLabel({ ...wages, name: "drift" });
    const label = await refusal(api.issues.createLabel({ ...wages, name: "Drift" }));
    assert.match(label.message, /already_exists/);
    const nowhere = await refusal(api.git.createRef({ ...wages, ref: "refs/heads/x", sha: "1".repeat(40) }));
    assert.match(nowhere.message, /Object does not exist/);
    const { data: main } = await api.git.getRef({ ...wages, ref: "heads/main" });
    const twice = await refusal(
      api.git.createRef({ ...wages, ref: "refs/heads/main", sha: main.object.sha }),
    );
    assert.match(twice.message, /Reference already exists/);
    const below = await refusal(
      api.git.createRef({ ...wages, ref: "refs/heads/main/below", sha: main.object.sha }),
    );
    assert.deepEqual([below.status, /Reference update failed/.test(below.message)], [422, true]);
    const assigned = { ...wages, ref: "refs/tags/wages#production#1", sha: main.object.sha };
    const { data: tag } = await api.git.createRef(assigned);
    assert.match(tag.url, /wages%23production%231$/);
    assert.deepEqual(github.violations, []);
  });

  it("says without administration nothing of a branch's protection", async () => {
    const of = { ...wages, branch: "main" };
    assert.equal((await refusal(client(github, ada).repos.getBranchProtection(of))).status, 404);
    const job = client(github, github.jobToken("acme/wages", 1, { contents: "write" }));
    const found = await refusal(job.repos.getBranchProtection(of));
    assert.equal(found.status, 403);
    assert.equal(found.headers["x-accepted-github-permissions"], "administration=read");
  });

  it("asks for a pause after 80 writes within a minute, and counts the hour's requests", async () => {
    const job = client(github, github.jobToken("acme/wages", 1, { issues: "write" }));
    now += 120_000;
    const write = (): Promise<unknown> => job.issues.createComment({ ...wages, issue_number: 1, body: "x" });
    for (let i = 0; i < 80; i++) await write();
    now += 10_000;
    const { status, message, headers } = await refusal(write());
    assert.equal(status, 403);
    assert.match(message, /secondary rate limit/);
    assert.equal(headers["retry-after"], "50");
    const { headers: fine } = await job.repos.get(wages);
    assert.equal(fine["x-ratelimit-limit"], "1000");
    assert.equal(Number(fine["x-ratelimit-remaining"]) + Number(fine["x-ratelimit-used"]), 1000);
    now += 50_000;
    await write();
    now += YEARS;
    assert.equal((await job.repos.get(wages)).headers["x-ratelimit-used"], "1");
  });

  it("holds everything else to GitHub's description", () => {
    assert.deepEqual(github.violations, []);
  });

  it("notes a request that the description does not allow", async () => {
    const answer = await fetch(`${github.apiUrl}/repos/acme/wages/issues/1/comments`, {
      method: "POST",
      headers: { authorization: `Bearer ${ada}`, "content-type": "application/json" },
      body: JSON.stringify({ text: "no body" }),
    });
    assert.equal(answer.status, 422);
    assert.match(github.violations[0] ?? "", /issues\/\{issue_number\}\/comments was asked wrongly/);
  });
});
