import assert from "node:assert/strict";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openPorts } from "../../src/adapters/open.ts";
import add from "../../src/stages/add.ts";
import diff from "../../src/stages/diff.ts";
import push from "../../src/stages/push.ts";
import { temporaryRepository, write } from "../artifacts/temporary.ts";

const choice = {
  paths: [],
  remote: undefined,
  jobs: undefined,
  allBranches: false,
  allTags: false,
  allCommits: false,
};

describe("push --dry-run", () => {
  it("tells what can be had nowhere, and ends as push itself would", async () => {
    const folder = temporaryRepository();
    write(folder, {
      ".dvc/config": `[core]\n    remote = store\n['remote "store"']\n    url = ../store\n`,
      "here.csv": "a\n1\n",
      "lost.csv": "a\n2\n",
      "placed.csv": "a\n3\n",
    });
    const ports = openPorts({ folder, stream: process.stderr, environment: { CI: "true" } });
    await add.run({ paths: ["lost.csv", "placed.csv"] }, ports);
    rmSync(join(folder, ".dvc/cache"), { recursive: true });
    rmSync(join(folder, "lost.csv"));
    await add.run({ paths: ["here.csv"] }, ports);
    const said = await push.run({ ...choice, allObjects: false, dryRun: true }, ports);
    assert.deepEqual(said.json, { would_send: ["here.csv", "placed.csv"], there: [], missing: ["lost.csv"] });
    assert.equal(said.exit, 1);
    const sent = await push.run({ ...choice, allObjects: false, dryRun: false }, ports);
    assert.equal(sent.exit, said.exit);
  });
});

describe("add", () => {
  it("says which files Git is to keep, as they are called where it was started", async () => {
    const root = temporaryRepository();
    const folder = join(root, "data");
    mkdirSync(folder);
    write(root, { "data/my rows.csv": "a\n1\n", "data/b.csv": "b\n" });
    const ports = openPorts({ folder, stream: process.stderr, environment: { CI: "true" } });
    const { text } = await add.run({ paths: ["my rows.csv", "b.csv"] }, ports);
    assert.equal(text.split("\n").at(-1), "commit them: git add 'my rows.csv.dvc' .gitignore b.csv.dvc");
  });
});

describe("where there is nothing to do", () => {
  it("push says that nothing has a version, and diff that nothing differs", async () => {
    const folder = temporaryRepository();
    const ports = openPorts({ folder, stream: process.stderr, environment: { CI: "true" } });
    const pushed = await push.run({ ...choice, allObjects: false, dryRun: false }, ports);
    assert.equal(
      pushed.text,
      "nothing to push: no pointer file and no lock names a version; `trainyard add` makes one",
    );
    assert.equal(pushed.exit, undefined);
    const differs = await diff.run({ targets: [] } as never, ports);
    assert.equal(differs.text, "Nothing differs.");
  });
});
