import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { gitLedger } from "../../../src/adapters/ledger/git.ts";
import { git } from "../../artifacts/temporary.ts";
import { type GitServer, gitServer } from "../repo/git-server.ts";

const QUICK = { races: 30, outages: 3, first: 2, longest: 4, random: Math.random };

let server: GitServer;
beforeEach(async () => {
  server = await gitServer();
});
afterEach(() => server.close());

const writer = (pace = QUICK) => gitLedger({ token: "writer" }, server.environment, { pace });
const reader = () => gitLedger({}, server.environment, { pace: QUICK });
const record = (path: string, value: unknown = path) => ({ path, text: `${JSON.stringify(value)}\n` });
const files = () => git(server.repository, "ls-tree", "-r", "--name-only", "trainyard").trim().split("\n");
const pushes = () =>
  server.requests.filter((line) => line.startsWith("POST") && /receive-pack 200$/.test(line));

describe("the ledger", () => {
  it("is empty before there is a branch, and asks nobody for a token to say so", async () => {
    const ledger = reader();
    assert.deepEqual(await ledger.list("verdicts/wages"), []);
    assert.equal(await ledger.read("verdicts/wages/1.json"), undefined);
    assert.deepEqual(readdirSync(join(server.repository, "refs/heads")), []);
  });

  it("begins with its first record, on a branch without a past", async () => {
    const { commit, added } = await writer().add([record("verdicts/wages/1.json")]);
    assert.deepEqual(added, ["verdicts/wages/1.json"]);
    assert.equal(git(server.repository, "rev-parse", "trainyard").trim(), commit);
    assert.equal(git(server.repository, "rev-list", "--count", "trainyard").trim(), "1");
    assert.equal(
      git(server.repository, "log", "-1", "--format=%an <%ae>|%cn|%s", "trainyard").trim(),
      "github-actions[bot] <41898282+github-actions[bot]@users.noreply.github.com>|github-actions[bot]|Record verdicts/wages/1.json",
    );
  });

  it("takes many records in one commit, and shows them to others", async () => {
    const paths = Array.from({ length: 40 }, (_, i) => `verdicts/wages/${i % 3}/r-${i}.json`);
    const ledger = writer();
    await ledger.add([record("runs/first.json")]);
    const { commit, added } = await ledger.add(paths.map((path) => record(path, { path, é: "ü\u2028" })));
    assert.deepEqual(added, paths);
    assert.equal(git(server.repository, "rev-list", "--count", commit).trim(), "2");
    assert.equal(pushes().length, 2);
    const other = reader();
    assert.deepEqual(await other.list("verdicts/wages"), [...paths].sort());
    assert.deepEqual(await other.list("verdicts/wages/0"), paths.filter((_, i) => i % 3 === 0).sort());
    assert.deepEqual(await other.list("verdicts/wage"), []);
    for (const path of paths.slice(0, 9)) {
      assert.equal(await other.read(path), `${JSON.stringify({ path, é: "ü\u2028" })}\n`);
    }
  });

  it("reads a folder's records in one request", async () => {
    await writer().add(Array.from({ length: 30 }, (_, i) => record(`verdicts/wages/${i}.json`)));
    const ledger = reader();
    const paths = await ledger.list("verdicts/wages");
    server.requests.length = 0;
    for (const path of paths) assert.equal(await ledger.read(path), `${JSON.stringify(path)}\n`);
    assert.equal(
      server.requests.filter((line) => line.startsWith("POST")).length,
      1,
      server.requests.join("\n"),
    );
  });

  it("writes what stands already no second time", async () => {
    const one = record("verdicts/wages/1.json");
    const two = record("verdicts/wages/2.json");
    const first = await writer().add([one]);
    const again = await writer().add([one]);
    assert.deepEqual(again, { commit: first.commit, added: [] });
    assert.deepEqual((await writer().add([one, two, two])).added, [two.path]);
    assert.equal(pushes().length, 2);
  });

  it("changes no record, and adds none of the others then", async () => {
    await writer().add([record("verdicts/wages/1.json", { verdict: "fail" })]);
    const forged = [record("verdicts/wages/0.json"), record("verdicts/wages/1.json", { verdict: "pass" })];
    await assert.rejects(writer().add(forged), {
      name: "UserError",
      message:
        'the ledger of acme/wages has another "verdicts/wages/1.json"; records never change, so a new one needs a path of its own',
    });
    assert.deepEqual(files(), ["verdicts/wages/1.json"]);
    assert.equal(await reader().read("verdicts/wages/1.json"), '{"verdict":"fail"}\n');
  });

  it("sees what others added since", async () => {
    const ledger = reader();
    assert.equal(await ledger.read("runs/1.json"), undefined);
    await writer().add([record("runs/1.json")]);
    assert.equal(await ledger.read("runs/1.json"), '"runs/1.json"\n');
    await writer().add([record("runs/2.json")]);
    assert.deepEqual(await ledger.list("runs"), ["runs/1.json", "runs/2.json"]);
  });

  it("holds paths and texts to their grammar before it asks anybody", async () => {
    const paths = [
      "1.json",
      "../runs/1.json",
      "runs/../1.json",
      "runs/..json",
      "runs/a..b.json",
      "/runs/1.json",
      "runs//1.json",
      "Runs/1.json",
      "runs/É.json",
      "runs/1.txt",
      "runs/.json",
      "runs/.git/1.json",
      "runs/a b.json",
      'runs/"a".json',
      "runs/a\n.json",
      "runs/-x.json",
      "runs/a.json/b.json",
      `runs/${"x".repeat(300)}.json`,
    ];
    for (const path of paths) {
      await assert.rejects(
        writer().add([record(path)]),
        { name: "UserError", message: /is no path of a record/ },
        path,
      );
      await assert.rejects(
        reader().read(path),
        { name: "UserError", message: /is no path of a record/ },
        path,
      );
    }
    for (const folder of ["", "..", "runs/", "/", "RUNS", ".git", "runs/../x", "--all"]) {
      await assert.rejects(
        reader().list(folder),
        { name: "UserError", message: /is no folder of the ledger/ },
        folder,
      );
    }
    const texts = ["", "{}", "{\n", "x\n", `"${"x".repeat(2 ** 20)}"\n`];
    for (const text of texts) {
      await assert.rejects(writer().add([{ path: "runs/1.json", text }]), { name: "UserError" });
    }
    const two = [record("runs/1.json", 1), record("runs/1.json", 2)];
    await assert.rejects(writer().add(two), { message: '"runs/1.json" is to hold two different records' });
    assert.deepEqual(server.requests, []);
  });

  it("keeps every record of a dozen who write at once", async () => {
    const paths = Array.from({ length: 12 }, (_, i) => `runs/${i % 5}/w${i}.json`);
    const pace = { races: 40, outages: 3, first: 100, longest: 4000, random: Math.random };
    const results = await Promise.all(paths.map((path) => writer(pace).add([record(path)])));
    assert.deepEqual(files(), [...paths].sort());
    assert.ok(results.every(({ added }, i) => added.length === 1 && added[0] === paths[i]));
    assert.equal(git(server.repository, "rev-list", "--count", "trainyard").trim(), "12");
  });
});

describe("the ledger's server", () => {
  const add = (path = "runs/1.json") => writer({ ...QUICK, races: 4 }).add([record(path)]);
  const refusal = async (work: Promise<unknown>, message: RegExp) =>
    assert.rejects(work, (error: Error) => {
      assert.equal(error.name, "UserError");
      assert.match(error.message, message);
      assert.doesNotMatch(
        `${error.stack} ${(error.cause as Error | undefined)?.stack}`,
        /writer|d3JpdGVy|no-such-token/,
      );
      return true;
    });

  it("is asked again after a failure, before and after it wrote", async () => {
    server.fault(/git-upload-pack/, 1, 502);
    server.fault(/POST .*git-receive-pack/, 1, 500);
    assert.deepEqual((await add()).added, ["runs/1.json"]);
    server.fault(/POST .*git-receive-pack/, 1, "cut");
    assert.deepEqual((await add("runs/2.json")).added, ["runs/2.json"], "it was written, and nobody said so");
    assert.equal(git(server.repository, "rev-list", "--count", "trainyard").trim(), "2");
  });

  it("is given up after some attempts, and nothing is half written", async () => {
    server.fault(/POST .*git-receive-pack/, 3, 503);
    await refusal(
      add(),
      /^the ledger of acme\/wages: the server did not answer as it should in 3 attempts .*503.*; run the job again$/,
    );
    assert.deepEqual(await reader().list("runs"), []);
    const silent = gitLedger({ token: "writer" }, server.environment, {
      pace: { ...QUICK, outages: 2 },
      patience: { whole: 60, silent: 1 },
    });
    server.fault(/git-receive-pack/, 2, "silence");
    await refusal(silent.add([record("runs/1.json")]), /did not answer as it should in 2 attempts/);
  });

  it("says which permission is missing", async () => {
    const ledger = gitLedger({ token: "reader" }, server.environment, { pace: QUICK });
    await refusal(
      ledger.add([record("runs/1.json")]),
      /^the ledger of acme\/wages: the token may not write \(".*denied to github-actions\[bot\]\."\); give the job "permissions: \{ contents: write \}"$/,
    );
    const nobody = gitLedger({ token: "no-such-token" }, server.environment, { pace: QUICK });
    await refusal(nobody.list("runs"), /the token is missing, wrong or no longer valid .*contents: read/);
    await refusal(reader().add([record("runs/1.json")]), /the token is missing, wrong .*contents: write/);
  });

  it("says that a ruleset stands against it", async () => {
    const hook = `#!/bin/sh\necho "error: GH013: Repository rule violations found for refs/heads/trainyard." >&2\nexit 1\n`;
    writeFileSync(join(server.repository, "hooks/pre-receive"), hook, { mode: 0o755 });
    await refusal(
      add(),
      /a ruleset or branch protection stands against it \(".*GH013: Repository rule violations.*"\); let/,
    );
    assert.equal(pushes().length, 1, "it is not tried again");
  });

  it("gives way to others, and not for ever", async () => {
    const hook = `#!/bin/sh\ngit -c user.name=t -c user.email=t@t update-ref $1 $(git -c user.name=t -c user.email=t@t commit-tree -m $3 $(git mktree </dev/null))\n`;
    writeFileSync(join(server.repository, "hooks/update"), hook, { mode: 0o755 });
    await refusal(add(), /others were faster 4 times .*; run the job again/);
    assert.equal(pushes().length, 4);
  });

  it("is nobody's where no repository is named", () => {
    for (const repository of [
      "",
      "wages",
      "../wages",
      "acme/..",
      "acme/wages/x",
      "acme/wa ges",
      "-x/y?a",
      "--upload-pack=x/y",
    ]) {
      assert.throws(() => gitLedger({ repository }, server.environment), { name: "UserError" }, repository);
    }
    assert.throws(() => gitLedger({}, {}), { name: "UserError", message: /GITHUB_REPOSITORY/ });
    const environment = { ...server.environment, GITHUB_SERVER_URL: "file:///etc" };
    assert.throws(() => gitLedger({}, environment), { message: /GITHUB_SERVER_URL is "file:\/\/\/etc"/ });
  });
});
