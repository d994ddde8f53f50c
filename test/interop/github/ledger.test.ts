import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Github, openGithub } from "../../../local/github/github.ts";
import { person } from "../../../local/person.ts";
import { gitLedger } from "../../../src/adapters/ledger/git.ts";
import { temporaryFolder } from "../../artifacts/temporary.ts";

/* Fifty jobs at once, each with a token of its own, at the pace that they really have. */

const WRITES = 80; // a minute, as GitHub lets one account change content

describe("fifty who write to the ledger of one repository at once", () => {
  let github: Github;
  before(async () => {
    github = await openGithub();
    await github.user("ada");
    await github.repository("acme/wages", { collaborators: { ada: "admin" } });
  });
  after(() => github?.close());

  it("leave fifty records, and push no more often than GitHub lets them", async (context) => {
    const pushes: number[] = [];
    let seen = 0;
    const watch = setInterval(() => {
      const fresh = github.requests.slice(seen);
      seen += fresh.length;
      for (const { method, path } of fresh) {
        if (method === "POST" && path.endsWith("/git-receive-pack")) pushes.push(Date.now());
      }
    }, 20);
    context.after(() => clearInterval(watch));
    const paths = Array.from({ length: 50 }, (_, i) => `verdicts/wages/${i}/${i}.json`);
    await Promise.all(
      paths.map((path, run) => {
        const token = github.jobToken("acme/wages", run, { contents: "write" });
        const environment = {
          PATH: process.env.PATH ?? "",
          HOME: temporaryFolder(),
          RUNNER_TEMP: temporaryFolder(),
          GITHUB_SERVER_URL: github.url,
          GITHUB_API_URL: github.apiUrl,
          GITHUB_REPOSITORY: "acme/wages",
        };
        return gitLedger({ token }, environment).add([{ path, text: `${run}\n` }]);
      }),
    );
    const ada = await person(github, "ada");
    const { git } = await ada.clone("acme/wages");
    const listed = await git("ls-tree", "-r", "--name-only", "origin/trainyard");
    assert.deepEqual(listed.split("\n").sort(), [...paths].sort());
    assert.equal(await git("rev-list", "--count", "origin/trainyard"), "50");

    const busiest = Math.max(
      ...pushes.map((at) => pushes.filter((other) => other >= at && other < at + 60_000).length),
    );
    context.diagnostic(`${pushes.length} pushes, at most ${busiest} in one minute`);
    assert.ok(pushes.length >= 50 && busiest <= WRITES, `${busiest} pushes in one minute`);
  });
});
