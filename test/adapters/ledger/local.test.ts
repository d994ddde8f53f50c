import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type Github, openGithub } from "../../../local/github/github.ts";
import { gitLedger } from "../../../src/adapters/ledger/git.ts";
import { layOut } from "../../../src/adapters/repo/trees.ts";
import type { ForgeAccess } from "../../../src/ports/forge.ts";
import { temporaryFolder } from "../../artifacts/temporary.ts";
import { client } from "../../local/github/client.ts";

/* Ledger and trees on the GitHub that the demo and the workflows' tests run on. */

describe("ledger and trees on the local GitHub", () => {
  let github: Github;
  let environment: Readonly<Record<string, string>>;
  before(async () => {
    github = await openGithub();
    await github.user("ada");
    await github.repository("acme/wages", { private: true, collaborators: { ada: "admin" } });
    environment = {
      PATH: process.env.PATH ?? "",
      HOME: temporaryFolder(),
      RUNNER_TEMP: temporaryFolder(),
      GITHUB_SERVER_URL: github.url,
      GITHUB_API_URL: github.apiUrl,
      GITHUB_REPOSITORY: "acme/wages",
    };
  });
  after(() => github.close());

  const pace = { races: 5, outages: 2, first: 5, longest: 10, random: Math.random };
  const ledger = (access: ForgeAccess) => gitLedger(access, environment, { pace });
  const record = (path: string) => ({ path, text: `"${path}"\n` });
  const job = (contents: "read" | "write") => github.jobToken("acme/wages", 1, { contents });

  it("is written with a job's token and read with another's", async () => {
    await ledger({ token: job("write") }).add([record("runs/1.json")]);
    assert.equal(await ledger({ token: job("read") }).read("runs/1.json"), '"runs/1.json"\n');
    assert.equal(github.events.at(-1)?.ref, "refs/heads/trainyard");
    const message = /the token may not write \(".*denied to github-actions\[bot\].*contents: write/;
    await assert.rejects(ledger({ token: job("read") }).add([record("runs/2.json")]), {
      name: "UserError",
      message,
    });
    await assert.rejects(ledger({ token: "none" }).list("runs"), {
      name: "UserError",
      message: /contents: read/,
    });
  });

  it("is written by the team's own App", async () => {
    const { id, privateKey } = await github.app("acme-trainyard", "acme/wages", { contents: "write" });
    const app = { id: String(id), privateKey };
    const { added } = await ledger({ app }).add([record("runs/3.json")]);
    assert.deepEqual(added, ["runs/3.json"]);
    assert.equal(github.events.at(-1)?.actor, "acme-trainyard[bot]");
    await assert.rejects(ledger({ app: { ...app, privateKey: "x" } }).list("runs"), { name: "UserError" });
  });

  it("says where a rule keeps it from its branch", async () => {
    await github.protect("acme/wages", "trainyard", { approvals: 1 });
    await assert.rejects(ledger({ token: job("write") }).add([record("runs/4.json")]), {
      name: "UserError",
      message: /a ruleset or branch protection stands against it/,
    });
    assert.deepEqual(await ledger({ token: job("read") }).list("runs"), ["runs/1.json", "runs/3.json"]);
  });

  it("lays a commit of a private repository out with a job's token", async () => {
    const api = client(github, job("read"));
    const { data } = await api.repos.getBranch({ owner: "acme", repo: "wages", branch: "main" });
    const into = temporaryFolder();
    const request = { into, trees: { base: data.commit.sha }, also: [], remotesOf: "base" };
    await layOut({ ...request, token: job("read") }, environment, { pace });
    assert.ok(existsSync(join(into, "base", ".git")));
    const message =
      /the token is missing, wrong or no longer valid|it is not there, or the token may not read it/;
    await assert.rejects(layOut({ ...request, into: temporaryFolder() }, environment, { pace }), { message });
  });
});
