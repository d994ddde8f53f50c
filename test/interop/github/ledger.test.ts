import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Github, openGithub } from "../../../local/github/github.ts";
import { person } from "../../../local/person.ts";
import { gitLedger } from "../../../src/adapters/ledger/git.ts";
import { temporaryFolder } from "../../artifacts/temporary.ts";

/*
 * Fifty jobs at once, each with a token of its own, at the pace that they really have, against a GitHub
 * that takes eighty pushes a minute of them and refuses the others.
 */

describe("fifty who write to the ledger of one repository at once", () => {
  let github: Github;
  before(async () => {
    github = await openGithub();
    await github.user("ada");
    await github.repository("acme/wages", { collaborators: { ada: "admin" } });
  });
  after(() => github?.close());

  it("leave fifty records, within what GitHub lets them push", async (context) => {
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

    const pushed = github.requests.filter(({ path }) => path.endsWith("/git-receive-pack"));
    const limited = pushed.filter(({ status }) => status === 429).length;
    context.diagnostic(`${pushed.length} pushes, ${limited} of them refused by the limit`);
    assert.ok(pushed.length >= 50);
  });
});
