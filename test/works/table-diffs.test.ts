import assert from "node:assert/strict";
import { test } from "node:test";
import { openDuckdb } from "../../src/adapters/engines/duckdb/engine.ts";
import { add } from "../../src/artifacts/add.ts";
import { diffTrees } from "../../src/artifacts/data-diff.ts";
import { treeAt, workingTree } from "../../src/artifacts/tree.ts";
import type { Ports } from "../../src/ports/ports.ts";
import { tableDiffs } from "../../src/works/table-diffs.ts";
import { git, silent, temporaryWorkspace, write } from "../artifacts/temporary.ts";

const NOW = { "a.csv": "x\n1\n2\n3\n", "b.csv": "y\n1\n" };

/** Two tables, changed since the last commit. */
async function changed(b = "y\n1\n2\n", now: Readonly<Record<string, string>> = NOW) {
  const { folder, workspace } = await temporaryWorkspace({ "a.csv": "x\n1\n", "b.csv": b });
  const addAll = async () => {
    for (const path of ["a.csv", "b.csv"]) await add(workspace, path);
  };
  await addAll();
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "-m", "first");
  write(folder, now);
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

test("names a table that cannot be read by its path, not by the cache's, and says which of the two it is", async () => {
  const torn = "y,z\n1,2\n1,2\n3\n";
  const { folder, workspace, found } = await changed(torn, {
    "a.csv": "x,w\n1,2\n1,2\n1\n",
    "b.csv": "y\n1\n",
  });
  const said: string[] = [];
  const tables = await tableDiffs(
    portsWith(folder, () => openDuckdb({}), said),
    workspace,
    found,
    false,
  );
  assert.equal(tables.size, 0);
  const cells =
    'has 1 cell where there are 2 columns; correct the line, or say the delimiter (it was read with ",")';
  assert.deepEqual(said, [
    `a.csv is not compared as a table: a.csv:4 ${cells}`,
    `b.csv is not compared as a table: the older b.csv:4 ${cells}`,
  ]);
});
