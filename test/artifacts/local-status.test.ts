import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { add } from "../../src/artifacts/add.ts";
import { localStatus } from "../../src/artifacts/local-status.ts";
import { temporaryWorkspace, write } from "./temporary.ts";

test("says in DVC's words what differs from its version", async () => {
  const files = Object.fromEntries(["a", "b", "c", "d"].map((name) => [`data/${name}.csv`, `${name}\n`]));
  const { folder, workspace } = await temporaryWorkspace({ ...files, "data/images/1.txt": "1" });
  const paths = [...Object.keys(files), "data/images"];
  for (const path of paths) await add(workspace, path);
  const states = async (...asked: string[]): Promise<Record<string, string>> =>
    Object.fromEntries((await localStatus(workspace, asked)).map(({ path, state }) => [path, state]));
  assert.deepEqual(await states(), Object.fromEntries(paths.map((path) => [path, "in place"])));

  write(folder, { "data/a.csv": "other\n", "data/images/2.txt": "2" });
  rmSync(join(folder, "data/b.csv"));
  const [{ md5 } = { md5: "" }] = await localStatus(workspace, ["data/c.csv"]);
  rmSync(join(folder, `.dvc/cache/files/md5/${md5.slice(0, 2)}/${md5.slice(2)}`));
  assert.deepEqual(await states(), {
    "data/a.csv": "modified",
    "data/b.csv": "deleted",
    "data/c.csv": "not in cache",
    "data/d.csv": "in place",
    "data/images": "modified",
  });
  assert.deepEqual(await states("data/d.csv"), { "data/d.csv": "in place" });
  await assert.rejects(states("data/none"), /nothing names a version of "data\/none"/);
});
