import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { describe, it } from "node:test";
import { openApprovals } from "../../../local/approvals.ts";
import { openGithub } from "../../../local/github/github.ts";
import { person } from "../../../local/person.ts";
import { openRunner } from "../../../local/runner/runner.ts";

const ASK = `
const { env } = process;
const [method, path, body] = env.ASK.split("|");
const answer = await fetch(env.GITHUB_API_URL + path, {
  method,
  headers: { authorization: "Bearer " + env.TOKEN, accept: "application/vnd.github+json", "content-type": "application/json" },
  body: body || undefined,
});
console.log("answered", answer.status, await answer.text());
`;

const PROPOSE = `name: Propose
on: pull_request
permissions: {}
jobs:
  read:
    permissions: { contents: read, pull-requests: write }
    runs-on: ubuntu-latest
    env: { TOKEN: "\${{ github.token }}" }
    steps:
      - run: git clone --quiet "http://x-access-token:$TOKEN@\${GITHUB_SERVER_URL#http://}/$GITHUB_REPOSITORY.git" .
      - run: |
          header="Authorization: Basic $(printf "x-access-token:$TOKEN" | base64 -w0)"
          git remote set-url origin "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY"
          git -c http.extraHeader="$header" fetch --quiet origin "$GITHUB_REF"
          git checkout --quiet FETCH_HEAD
          test "$(git rev-parse HEAD)" = "$GITHUB_SHA"
          cat word
      - env: { ASK: "POST|/repos/\${{ github.repository }}/issues/\${{ github.event.number }}/comments|{\\"body\\":\\"hello\\"}" }
        run: node ask.mjs
  none:
    runs-on: ubuntu-latest
    steps:
      - run: git clone --quiet "http://x-access-token:$TOKEN@\${GITHUB_SERVER_URL#http://}/$GITHUB_REPOSITORY.git" .
        env: { TOKEN: "\${{ github.token }}" }
`;

const JUDGE = `name: Judge
on: { workflow_run: { workflows: [Propose], types: [completed] } }
jobs:
  judge:
    runs-on: ubuntu-latest
    steps:
      - run: echo "judged \${{ github.event.workflow_run.conclusion }} of \${{ github.event.workflow_run.head_sha }} on \${{ github.ref }}"
`;

const MONITOR = `name: Monitor
on:
  schedule: [{ cron: "17 3 * * *" }]
  workflow_dispatch:
jobs:
  look:
    runs-on: ubuntu-latest
    steps: [{ run: 'echo "looked at \${{ github.sha }} because of \${{ github.event.schedule || github.event_name }}"' }]
`;

const DEPLOY = `name: Deploy
on:
  push: { branches: [main], paths: [deployments/**] }
jobs:
  deploy:
    strategy: { fail-fast: false, matrix: { environment: [staging, production] } }
    runs-on: ubuntu-latest
    environment: { name: "\${{ matrix.environment }}", url: "https://\${{ matrix.environment }}.example.com" }
    steps: [{ run: echo deployed }]
`;

describe("the runner with the local GitHub", () => {
  it("starts the file that a schedule or a person means, and what a merge pushes, behind reviewers", async () => {
    const github = await openGithub();
    const ada = await person(github, "ada");
    await github.repository("acme/wages", { collaborators: { ada: "admin" } });
    const approvals = openApprovals(["production"]);
    const runner = openRunner({ github, actions: {}, approve: approvals.ask });
    const checkout = await ada.clone("acme/wages");
    const ended = async () =>
      (await runner.settled()).map(({ workflow, event, conclusion }) => `${workflow} ${event} ${conclusion}`);
    try {
      await checkout.write(".github/workflows/monitor.yml", MONITOR);
      await checkout.write(".github/workflows/other.yml", MONITOR.replace("Monitor", "Other"));
      await checkout.write(".github/workflows/deploy.yml", DEPLOY);
      const head = await checkout.push("Begin");
      assert.deepEqual(await ended(), []);
      await github.schedule("acme/wages", ".github/workflows/monitor.yml");
      const [looked, ...others] = await runner.settled();
      assert.deepEqual([looked?.workflow, looked?.event, others.length], ["Monitor", "schedule", 0]);
      assert.match(looked?.jobs[0]?.log ?? "", new RegExp(`looked at ${head} because of 17 3 `));
      await ada.api("POST", "/repos/acme/wages/actions/workflows/other.yml/dispatches", { ref: "main" });
      assert.deepEqual(await ended(), ["Other workflow_dispatch success"]);

      await checkout.write("deployments/staging/wages.yaml", "model: wages\n");
      await checkout.propose("promote", "Promote");
      const pull = await ada.openPull("acme/wages", { title: "Promote", head: "promote" });
      assert.deepEqual(await ended(), []);
      await ada.api("PUT", `/repos/acme/wages/pulls/${pull}/merge`, { merge_method: "squash" });
      await approvals.answer("production", false);
      const [deployed] = await runner.settled();
      assert.deepEqual(
        deployed?.jobs.map(({ name, result }) => `${name} ${result}`),
        ["deploy (staging) success", "deploy (production) failure"],
      );
      const all = (await ada.api("GET", "/repos/acme/wages/deployments")) as unknown as {
        id: number;
        environment: string;
      }[];
      const told: Record<string, string[]> = {};
      for (const { id, environment } of all) {
        const path = `/repos/acme/wages/deployments/${id}/statuses`;
        const states = (await ada.api("GET", path)) as unknown as { state: string }[];
        told[environment] = states.map(({ state }) => state).reverse();
      }
      assert.deepEqual(told, {
        staging: ["in_progress", "success"],
        production: ["queued", "failure"],
      });
      assert.deepEqual(github.violations, []);
    } finally {
      await runner.close();
      await github.close();
      rmSync(checkout.folder, { recursive: true, force: true });
    }
  });

  it("runs a pull request's workflow with tokens that can do what they may, and what follows", async () => {
    const github = await openGithub();
    const ada = await person(github, "ada");
    await github.repository("acme/wages", { private: true, collaborators: { ada: "admin" } });
    const runner = openRunner({ github, actions: {} });
    const checkout = await ada.clone("acme/wages");
    try {
      await checkout.write(".github/workflows/propose.yml", PROPOSE);
      await checkout.write(".github/workflows/judge.yml", JUDGE);
      await checkout.write("ask.mjs", ASK);
      await checkout.push("Begin");
      assert.deepEqual(await runner.settled(), []);
      await checkout.write("word", "proposed\n");
      await checkout.write(".github/workflows/judge.yml", "on: push\njobs: {}\n");
      const head = await checkout.propose("change", "Change");
      const pull = await ada.openPull("acme/wages", { title: "Change", head: "change" });
      const runs = await runner.settled();

      assert.deepEqual(
        runs.map(({ workflow, event, conclusion }) => `${workflow} ${event} ${conclusion}`),
        [
          ".github/workflows/judge.yml push startup_failure",
          "Propose pull_request failure",
          "Judge workflow_run success",
        ],
      );
      const [, propose, judge] = runs;
      const [read, none] = propose?.jobs ?? [];
      assert.equal(read?.result, "success", read?.log);
      assert.match(read?.log ?? "", /^proposed$/m);
      assert.match(read?.log ?? "", /^answered 201 /m);
      assert.equal(none?.result, "failure", none?.log);
      assert.match(
        judge?.jobs[0]?.log ?? "",
        new RegExp(`^judged failure of ${head} on refs/heads/main$`, "m"),
      );
      const [comment] = (await ada.api("GET", `/repos/acme/wages/issues/${pull}/comments`)) as unknown as {
        user: { login: string };
        body: string;
      }[];
      assert.equal(`${comment?.user.login}: ${comment?.body}`, "github-actions[bot]: hello");

      const again = await runner.again(propose?.id ?? 0);
      assert.equal(again.conclusion, "failure");
      assert.deepEqual(
        (await runner.settled()).map(({ workflow }) => workflow),
        ["Propose", "Judge"],
      );
      assert.deepEqual(github.violations, []);
    } finally {
      await runner.close();
      await github.close();
      rmSync(checkout.folder, { recursive: true, force: true });
    }
  });
});
