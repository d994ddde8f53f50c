import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { jobsOf, onPush, play } from "./stand-in.ts";

const inLines = (log: string) => log.split("\n");

describe("steps", () => {
  it("run in a workspace of their own, in a clean environment", async () => {
    const { a } = jobsOf(
      await play(
        onPush(`
a:
  runs-on: ubuntu-latest
  env: { OWN: "\${{ github.ref_name }}" }
  steps:
    - run: pwd; ls -A; env | sort
`),
        {},
        { path: process.env.PATH ?? "" },
      ),
    );
    assert.equal(a?.result, "success", a?.log);
    const log = a?.log ?? "";
    const names = inLines(log).flatMap((line) => /^([A-Z_]+)=/.exec(line)?.[1] ?? []);
    const strange = names.filter(
      (name) => !/^(GITHUB|RUNNER|GIT_CONFIG)_|^(CI|HOME|LANG|OWN|PATH|PWD|OLDPWD|SHLVL|_)$/.test(name),
    );
    assert.deepEqual(strange, []);
    assert.ok(!names.includes("GITHUB_TOKEN"));
    assert.match(log, /OWN=main/);
    assert.match(log, /^GITHUB_SERVER_URL=http:\/\/github\.localhost:\d+$/m);
    assert.match(log, /^GITHUB_WORKFLOW_REF=acme\/wages\/\.github\/workflows\/a\.yml@refs\/heads\/main$/m);
    assert.match(log, /wages\/wages$/m);
  });
});
