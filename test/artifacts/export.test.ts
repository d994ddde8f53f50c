import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openWorkspace } from "../../src/adapters/workspace.ts";
import { add } from "../../src/artifacts/add.ts";
import { exportTo, previewExport } from "../../src/artifacts/export.ts";
import { pull } from "../../src/artifacts/pull.ts";
import { push } from "../../src/artifacts/push.ts";
import type { Workspace } from "../../src/ports/workspace.ts";
import { git, silent, temporaryFolder, temporaryRepository, write } from "./temporary.ts";

const ALL = { allBranches: true, allTags: true };

/** A repository with an older version on a branch and a tag, in one remote, and a second one beside it. */
async function history(): Promise<{ workspace: Workspace; folder: string; target: string }> {
  const folder = temporaryRepository();
  const [store, target] = [join(temporaryFolder(), "store"), join(temporaryFolder(), "target")];
  const config = `[core]\n    remote = store\n['remote "store"']\n    url = ${store}\n['remote "dvcs"']\n    url = ${target}\n`;
  write(folder, { ".dvc/config": config, "data/a.csv": "1\n", "data/d/x": "x", "data/d/y": "y" });
  const workspace = await openWorkspace(folder, silent());
  for (const [text, how] of [
    ["1\n", ["tag", "v1"]],
    ["2\n", ["branch", "old"]],
    ["3\n", []],
  ] as const) {
    write(folder, { "data/a.csv": text });
    await add(workspace, "data/a.csv");
    await add(workspace, "data/d");
    await push(workspace);
    git(folder, "add", "-A");
    git(folder, "commit", "-q", "-m", text);
    if (how.length > 0) git(folder, ...how);
  }
  return { workspace, folder, target };
}

describe("an export", () => {
  it("has all that branches and tags name, and sends nothing twice", async () => {
    const { workspace, folder, target } = await history();
    rmSync(join(folder, ".dvc/cache"), { recursive: true });
    assert.deepEqual((await previewExport(workspace, "dvcs", ALL)).would_export, ["data/a.csv", "data/d"]);
    const done = await exportTo(workspace, "dvcs", ALL);
    assert.deepEqual(done.missing, []);
    assert.equal(done.to, target);
    assert.equal(done.objects, 6, "three versions of a file, a manifest and two files");
    assert.equal((await exportTo(workspace, "dvcs", ALL)).objects, 0);
    assert.deepEqual((await previewExport(workspace, "dvcs", ALL)).would_export, []);

    const clone = join(temporaryFolder(), "clone");
    git(folder, "clone", "-q", folder, clone);
    git(clone, "checkout", "-q", "v1");
    const there = await openWorkspace(clone, silent());
    await pull(there, { remote: "dvcs" });
    assert.equal(readFileSync(join(clone, "data/a.csv"), "utf8"), "1\n");
    assert.deepEqual(readdirSync(join(clone, "data/d")), ["x", "y"]);
  });

  it("has what the working tree names alone, where that is asked for", async () => {
    const { workspace } = await history();
    assert.equal((await exportTo(workspace, "dvcs", {})).objects, 4);
  });

  it("is not made to where the versions are, nor to a remote that is not there", async () => {
    const { workspace } = await history();
    await assert.rejects(exportTo(workspace, "store", {}), /where the versions are already/);
    await assert.rejects(exportTo(workspace, "nowhere", {}), /no remote "nowhere"/);
  });
});
