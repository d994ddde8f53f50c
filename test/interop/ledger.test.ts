import assert from "node:assert/strict";
import { test } from "node:test";
import { gitLedger } from "../../src/adapters/ledger/git.ts";
import { gitServer } from "../adapters/repo/git-server.ts";
import { git } from "../artifacts/temporary.ts";

/* Fifty jobs write to one ledger at once, through Git's own server. */

test("fifty who write at once leave fifty records", async (context) => {
  const server = await gitServer();
  context.after(() => server.close());
  const pace = { races: 40, outages: 3, first: 400, longest: 10_000, random: Math.random };
  const paths = Array.from({ length: 50 }, (_, i) => `runs/${i % 7}/w${i}.json`);
  const results = await Promise.all(
    paths.map((path) =>
      gitLedger({ token: "writer" }, server.environment, { pace }).add([{ path, text: `"${path}"\n` }]),
    ),
  );
  assert.deepEqual(
    git(server.repository, "ls-tree", "-r", "--name-only", "trainyard").trim().split("\n"),
    [...paths].sort(),
  );
  assert.equal(git(server.repository, "rev-list", "--count", "trainyard").trim(), "50");
  assert.ok(results.every(({ added }, i) => added.length === 1 && added[0] === paths[i]));

  const count = (pattern: RegExp) => server.requests.filter((line) => pattern.test(line)).length;
  const looks = count(/^GET .*upload-pack/);
  const pushes = count(/^POST .*receive-pack/);
  context.diagnostic(`${looks} attempts, ${pushes} pushes, ${server.requests.length} requests`);
  // Whoever is late finds out before anything is sent: GitHub counts 80 writes a minute, and these take longer.
  assert.ok(pushes <= 150, `${pushes} pushes`);
  assert.ok(looks <= 50 * 12, `${looks} attempts`);
});
