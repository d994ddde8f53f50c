import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Octokit } from "@octokit/rest";
import { type Github, openGithub } from "../../../local/github/github.ts";
import { client, put, refusal } from "./client.ts";

describe("merging on the local GitHub", () => {
  let github: Github;
  let ada: string;
  let api: Octokit;
  let bob: Octokit;
  let appId: number;
  const wages = { owner: "acme", repo: "wages" };

  before(async () => {
    github = await openGithub({ limits: { writes: 1000 } });
    [ada] = [await github.user("ada")];
    await github.repository("acme/wages", { collaborators: { ada: "admin", bob: "write", eve: "read" } });
    api = client(github, ada);
    bob = client(github, await github.user("bob"));
    await put(github, ada, "acme/wages", "main", { ".github/CODEOWNERS": "gates/ @bob\n*.md\n" });
    ({ id: appId } = await github.app("acme-trainyard", "acme/wages", { statuses: "write" }));
    await github.protect("acme/wages", "main", {
      checks: [{ context: "trainyard" }, { context: "bound", app: appId }],
      approvals: 1,
      codeOwners: true,
      dismissStale: true,
    });
  });
  after(() => github.close());

  const pull = async (
    branch: string,
    files: Record<string, string>,
  ): Promise<{ number: number; sha: string }> => {
    const sha = await put(github, ada, "acme/wages", branch, files);
    const { data } = await api.pulls.create({ ...wages, title: branch, head: branch, base: "main" });
    return { number: data.number, sha };
  };
  const set = (sha: string, context: string, by = bob): Promise<unknown> =>
    by.repos.createCommitStatus({ ...wages, sha, context, state: "success" });

  it("waits for checks, bound ones by their app, for approvals, and for owners", async () => {
    const { number, sha } = await pull("rules", { "gates/auc.yaml": "0.8\n" });
    const merge = (): Promise<unknown> => api.pulls.merge({ ...wages, pull_number: number });
    const approve = (by: Octokit): Promise<unknown> =>
      by.pulls.createReview({ ...wages, pull_number: number, event: "APPROVE" });
    const missing = async (): Promise<string> => {
      const { status, message } = await refusal(merge());
      assert.equal(status, 405);
      return message;
    };
    assert.match(await missing(), /Required status check "trainyard" is expected/);
    await set(sha, "trainyard");
    await set(sha, "bound");
    assert.match(await missing(), /"bound" is expected/);
    const token = github.jobToken("acme/wages", 1, { statuses: "write" });
    await set(sha, "bound", client(github, token));
    assert.match(await missing(), /"bound" is expected/);
    const { installationToken } = await import("../../../local/github/tokens.ts");
    const app = github.world.apps.get(appId)!;
    const own = installationToken(github.world, app, app.repository!, app.permissions);
    await set(sha, "bound", client(github, own));
    assert.match(await missing(), /At least 1 approving review is required/);
    assert.match((await refusal(approve(api))).message, /Can not approve your own pull request/);
    await approve(client(github, await github.user("eve")));
    assert.match(await missing(), /At least 1 approving review/, "a reader's approval does not count");
    await approve(bob);

    const next = await put(github, ada, "acme/wages", "rules", { "gates/auc.yaml": "0.7\n" });
    const { data: reviews } = await api.pulls.listReviews({ ...wages, pull_number: number });
    assert.deepEqual(
      reviews.map(({ state }) => state),
      ["DISMISSED", "DISMISSED"],
    );
    for (const [context, by] of [
      ["trainyard", bob],
      ["bound", client(github, own)],
    ] as const)
      await set(next, context, by);
    assert.match(await missing(), /At least 1 approving/);
    await approve(bob);
    const wrong = await refusal(api.pulls.merge({ ...wages, pull_number: number, sha }));
    assert.equal(wrong.status, 409);
    const { data } = await api.pulls.merge({
      ...wages,
      pull_number: number,
      sha: next,
      merge_method: "squash",
    });
    const { data: commit } = await api.repos.getCommit({ ...wages, ref: data.sha });
    assert.equal(commit.parents.length, 1);
    assert.equal(commit.commit.verification?.verified, true);
    assert.equal(commit.commit.message.split("\n")[0], `rules (#${number})`);
  });

  it("lets nobody push to what is protected", async () => {
    const { data: head } = await api.git.getRef({ ...wages, ref: "heads/main" });
    const change = put(github, ada, "acme/wages", "main", { "a.txt": "a" });
    await assert.rejects(change, /Changes must be made through a pull request/);
    const moved = api.git.updateRef({ ...wages, ref: "heads/main", sha: head.object.sha, force: true });
    assert.equal((await refusal(moved)).status, 422);
  });

  it("shows its rules", async () => {
    const { data: rules } = await bob.request("GET /repos/{owner}/{repo}/rules/branches/{branch}", {
      ...wages,
      branch: "main",
    });
    assert.deepEqual(
      rules.map(({ type }) => type),
      ["deletion", "non_fast_forward", "pull_request", "required_status_checks"],
    );
    const { data: sets } = await bob.repos.getRepoRulesets(wages);
    const { data: set } = await bob.repos.getRepoRuleset({ ...wages, ruleset_id: sets[0]?.id ?? 0 });
    assert.equal(set.rules?.length, 4);
    assert.equal((await bob.repos.getBranch({ ...wages, branch: "main" })).data.protected, true);
  });

  it("merges by rebase, and by a queue that tests what would be", async () => {
    await github.protect("acme/wages", "main", { checks: [{ context: "trainyard" }] });
    const first = await pull("rebased", { "r.txt": "1" });
    await set(first.sha, "trainyard");
    const { data: rebased } = await api.pulls.merge({
      ...wages,
      pull_number: first.number,
      merge_method: "rebase",
    });
    assert.equal((await api.repos.getCommit({ ...wages, ref: rebased.sha })).data.parents.length, 1);

    await github.protect("acme/wages", "main", { checks: [{ context: "trainyard" }], mergeQueue: true });
    const [one, two, three] = [
      await pull("queue-1", { "q1.txt": "1" }),
      await pull("queue-2", { "q2.txt": "2" }),
      await pull("queue-3", { "q3.txt": "3" }),
    ];
    for (const { sha } of [one, two, three]) await set(sha, "trainyard");
    const direct = await refusal(api.pulls.merge({ ...wages, pull_number: one.number }));
    assert.match(direct.message, /merge queue/);
    for (const { number } of [one, two, three]) await github.enqueue("acme/wages", number, "ada");
    const groups = (): string[] =>
      github.events
        .filter(({ name, payload }) => name === "merge_group" && payload.action === "checks_requested")
        .map(({ sha }) => sha);
    const [a = "", b = ""] = groups();
    assert.match(
      github.events.findLast(({ name }) => name === "merge_group")?.ref ?? "",
      /^refs\/heads\/gh-readonly-queue\/main\/pr-/,
    );
    await set(b, "trainyard");
    assert.equal(
      (await api.pulls.get({ ...wages, pull_number: two.number })).data.merged,
      false,
      "not before the first",
    );
    await bob.repos.createCommitStatus({ ...wages, sha: a, context: "trainyard", state: "failure" });
    const built = groups().slice(3);
    assert.equal(built.length, 2, "those behind it are built anew, without it");
    for (const sha of built) await set(sha, "trainyard");
    const merged = async (number: number): Promise<boolean> =>
      (await api.pulls.get({ ...wages, pull_number: number })).data.merged;
    assert.deepEqual(
      [await merged(one.number), await merged(two.number), await merged(three.number)],
      [false, true, true],
    );
    const { data: main } = await api.git.getRef({ ...wages, ref: "heads/main" });
    assert.equal(main.object.sha, built[1]);
    assert.deepEqual(github.violations, []);
  });
});
