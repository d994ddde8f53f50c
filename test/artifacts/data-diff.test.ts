import assert from "node:assert/strict";
import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openWorkspace } from "../../src/adapters/workspace.ts";
import { add } from "../../src/artifacts/add.ts";
import { diffTrees } from "../../src/artifacts/data-diff.ts";
import { push } from "../../src/artifacts/push.ts";
import { treeAt, workingTree } from "../../src/artifacts/tree.ts";
import { dataDiffMarkdown, dataDiffText } from "../../src/core/report/data-diff.ts";
import type { Workspace } from "../../src/ports/workspace.ts";
import { git, silent, temporaryFolder, temporaryWorkspace, write } from "./temporary.ts";

function commit(folder: string, message: string): void {
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "-m", message);
}

async function text(workspace: Workspace, newer?: string, targets: readonly string[] = []): Promise<string> {
  const after = newer === undefined ? workingTree(workspace) : await treeAt(workspace, newer);
  const found = await diffTrees(workspace, await treeAt(workspace, "HEAD"), after, { targets });
  return dataDiffText({ ...found, tables: new Map(), showHash: false });
}

/** One commit with a file and a directory, and working files that have moved on. */
async function changed(): Promise<{ workspace: Workspace; folder: string; store: string }> {
  const made = await temporaryWorkspace({ "a.csv": "1", "old.csv": "9", "images/x": "11", "images/y": "22" });
  for (const path of ["a.csv", "old.csv", "images"]) await add(made.workspace, path);
  await push(made.workspace);
  commit(made.folder, "first");
  return made;
}

describe("diff of data", () => {
  it("says nothing where nothing changed", async () => {
    const { workspace } = await changed();
    assert.equal(await text(workspace), "");
  });

  it("compares a commit with the working tree as it is, added or not", async () => {
    const { workspace, folder } = await changed();
    write(folder, { "a.csv": "12345", "images/z": "3" });
    rmSync(join(folder, "images/y"));
    renameSync(join(folder, "old.csv"), join(folder, "new.csv"));
    renameSync(join(folder, "old.csv.dvc"), join(folder, "new.csv.dvc"));
    write(folder, {
      "new.csv.dvc":
        "outs:\n- md5: 45c48cce2e2d7fbdea1afc51c7c6ad26\n  size: 1\n  hash: md5\n  path: new.csv\n",
    });
    assert.equal(
      await text(workspace),
      [
        "Added:\n    images/z  1 B",
        "Deleted:\n    images/y  2 B",
        "Renamed:\n    old.csv -> new.csv  1 B",
        "Modified:\n    a.csv  1 B → 5 B\n    images/  4 B → 3 B",
        "files summary: 1 added, 1 deleted, 1 renamed, 1 modified",
      ].join("\n\n"),
    );
    assert.match(
      await text(workspace, undefined, ["images"]),
      /^Added:\n {4}images\/z[\s\S]*1 added, 1 deleted$/,
    );
    await assert.rejects(text(workspace, undefined, ["nowhere"]), /names a version of "nowhere"/);
  });

  it("compares two commits in a clone that has none of the data", async () => {
    const { workspace, folder } = await changed();
    write(folder, { "images/z": "3" });
    await add(workspace, "images");
    await push(workspace);
    git(folder, "checkout", "-q", "-b", "next");
    commit(folder, "next");
    git(folder, "checkout", "-q", "main");
    const clone = join(temporaryFolder(), "clone");
    git(folder, "clone", "-q", folder, clone);
    const fresh = await openWorkspace(clone, silent());
    assert.equal(
      await text(fresh, "origin/next"),
      "Added:\n    images/z\n\nModified:\n    images/  4 B → 5 B\n\nfiles summary: 1 added",
    );
    for await (const { name } of fresh.cache.list()) assert.match(name, /\.dir$/);
  });

  it("says what the cache has not, and which files it cannot tell", async () => {
    const { workspace, folder, store } = await changed();
    rmSync(workspace.cache.url, { recursive: true });
    assert.match(
      await text(workspace),
      /^Not in cache:\n {4}a\.csv\n {4}images\/\n {4}old\.csv\n\nfiles summary: 3 not in cache$/,
    );
    rmSync(store, { recursive: true });
    write(folder, { "images/z": "3" });
    assert.match(await text(workspace), /images\/ changed; which of its files, no manifest tells/);
  });

  it("does not let a path write to the terminal, nor into Markdown", () => {
    const path = "a\u001b[31m|`b`.csv";
    const diff = {
      changes: [
        { kind: "added" as const, after: { path, name: "60b725f10c9c85c70d97880dfe8191b3" as never } },
      ],
      unknown: [],
    };
    const view = { diff, missing: [], tables: new Map(), showHash: true };
    assert.equal(dataDiffText(view).includes("\u001b"), false);
    assert.match(
      dataDiffMarkdown(view),
      /^\| Status \| Hash \| Path \|\n.*\n\| added \| 60b725f1 \| `` a.*\\\||^\| Status/,
    );
    assert.equal(dataDiffMarkdown(view).includes("\u001b"), false);
  });
});
