import assert from "node:assert/strict";
import { test } from "node:test";
import { openDuckdb } from "../../src/adapters/engines/duckdb/engine.ts";
import { add } from "../../src/artifacts/add.ts";
import { diffTrees } from "../../src/artifacts/data-diff.ts";
import { treeAt, workingTree } from "../../src/artifacts/tree.ts";
import type { Ports } from "../../src/ports/ports.ts";
import { tableDiffs } from "../../src/works/table-diffs.ts";
import { git, silent, temporaryWorkspace, write } from "../artifacts/temporary.ts";

/** Two tables, changed since the last commit. */
async function changed() {
  const { folder, workspace } = await temporaryWorkspace({ "a.csv": "x\n1\n", "b.csv": "y\n1\n2\n" });
  const addAll = async () => {
    for (const path of ["a.csv", "b.csv"]) await add(workspace, path);
  };
  await addAll();
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "-m", "first");
  write(folder, { "a.csv": "x\n1\n2\n3\n", "b.csv": "y\n1\n" });
  await addAll();
  const found = await diffTrees(workspace, await treeAt(workspace, "HEAD"), workingTree(workspace), {
    targets: [],
  });
  return { folder, workspace, found };
}

const portsWith = (folder: string, engine: Ports["engine"], said: string[] = []): Ports =>
  ({ folder, engine, progress: silent(said) }) as unknown as Ports;

test("says what became of several tables, with one engine", async () => {
  const { folder, workspace, found } = await changed();
  let opened = 0;
  const ports = portsWith(folder, () => {
    opened++;
    return openDuckdb({});
  });
  const tables = await tableDiffs(ports, workspace, found, false);
  assert.deepEqual(
    [...tables].map(([path, { rows }]) => [path, rows]),
    [
      ["a.csv", { before: 1, after: 3 }],
      ["b.csv", { before: 2, after: 1 }],
    ],
  );
  assert.equal(opened, 1);
});

test("knows which files differ where no engine is to be had", async () => {
  const { folder, workspace, found } = await changed();
  const said: string[] = [];
  const ports = portsWith(folder, () => Promise.reject(new Error("Cannot find module\nstack")), said);
  assert.equal((await tableDiffs(ports, workspace, found, false)).size, 0);
  assert.deepEqual(said, ["tables are not compared: Cannot find module"]);
});
