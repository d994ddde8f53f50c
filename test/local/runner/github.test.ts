import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { describe, it } from "node:test";
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

describe("the runner with the local GitHub", () => {
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
