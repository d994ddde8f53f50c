import assert from "node:assert/strict";
import { utimesSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { folderRemote } from "../../src/adapters/remotes/folder.ts";
import { openWorkspace } from "../../src/adapters/workspace.ts";
import { add } from "../../src/artifacts/add.ts";
import { deleteUnused } from "../../src/artifacts/gc.ts";
import { push } from "../../src/artifacts/push.ts";
import { sendAll } from "../../src/artifacts/send-all.ts";
import { verify } from "../../src/artifacts/verify.ts";
import { objectPath } from "../../src/core/artifacts/digest.ts";
import type { Remote } from "../../src/ports/remote.ts";
import type { Workspace } from "../../src/ports/workspace.ts";
import { silent, temporaryRepository, temporaryWorkspace, write } from "./temporary.ts";

const DAY = 24 * 60 * 60 * 1000;

/** A version that lies in the remote, old and named by no commit, and another clone that collects there. */
async function scene(): Promise<{
  workspace: Workspace;
  folder: string;
  remote: Remote;
  collect: () => Promise<number>;
}> {
  const { workspace, folder, store } = await temporaryWorkspace({
    "d/a": "1",
    "d/b": "2",
    "single.csv": "3",
  });
  for (const path of ["d", "single.csv"]) await add(workspace, path);
  await push(workspace);
  const remote = folderRemote(store);
  const old = new Date(Date.now() - 30 * DAY);
  for await (const { name } of remote.list()) utimesSync(join(store, objectPath(name)), old, old);
  const other = temporaryRepository();
  write(other, { ".dvc/config": "" });
  const elsewhere = await openWorkspace(other, silent());
  const collect = async (): Promise<number> => {
    const before = new Date(Date.now() - 14 * DAY);
    const rest = { keep: { all: true }, others: [], blindly: false, forget: false };
    const { places } = await deleteUnused(elsewhere, { ...rest, before, cloud: remote });
    return places.flatMap(({ unused }) => unused).length;
  };
  return { workspace, folder, remote, collect };
}

describe("push beside gc --cloud", () => {
  it("sends again what was there when it looked, and went while it sent the rest", async () => {
    const { workspace, folder, remote, collect } = await scene();
    write(folder, { "d/new": "4" });
    const wanted = [
      { name: (await add(workspace, "d")).md5 },
      { name: (await add(workspace, "single.csv")).md5 },
    ];
    let deleted = 0;
    const interleaved: Remote = {
      ...remote,
      async send(...args) {
        if (deleted === 0) deleted = await collect();
        await remote.send(...args);
      },
    };
    const sent = await sendAll(wanted, workspace.cache, interleaved);
    assert.ok(deleted >= 3, `${deleted}`);
    assert.equal(sent.objects, 5, "the new file and its directory, and the three that went");
    assert.deepEqual((await verify(workspace, remote, { repair: false })).findings, []);
  });

  it("keeps its old files with the directory that it has just written", async () => {
    const { workspace, folder, remote, collect } = await scene();
    write(folder, { "d/new": "4" });
    await add(workspace, "d");
    await push(workspace);
    assert.equal(await collect(), 2, "the directory that it was before, and what this push did not bring");
    const { findings } = await verify(workspace, remote, { repair: false });
    assert.deepEqual(
      findings.map(({ path, kind }) => [path, kind]),
      [["single.csv", "missing"]],
    );
    assert.equal((await push(workspace)).objects, 1, "which the next one brings");
    assert.deepEqual((await verify(workspace, remote, { repair: false })).findings, []);
  });
});
