import assert from "node:assert/strict";
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { add } from "../../src/artifacts/add.ts";
import { push } from "../../src/artifacts/push.ts";
import { type Verified, verify } from "../../src/artifacts/verify.ts";
import { digestOf, legacyMd5, type ObjectName, objectPath } from "../../src/core/artifacts/digest.ts";
import { printVerifyState } from "../../src/core/artifacts/verify-state.ts";
import type { Workspace } from "../../src/ports/workspace.ts";
import { temporaryWorkspace, write } from "./temporary.ts";

const LOOK = { repair: false };
const REPAIR = { repair: true };
const A = digestOf("aaa").md5;

/** A file and a directory, pushed. */
async function pushed(): Promise<{ workspace: Workspace; folder: string; store: string }> {
  const made = await temporaryWorkspace({ "a.csv": "aaa", "images/x": "xx", "images/y": "yy" });
  for (const path of ["a.csv", "images"]) await add(made.workspace, path);
  await push(made.workspace);
  return made;
}

function damage(folder: string, name: ObjectName, bytes = "bad"): void {
  const path = join(folder, objectPath(name));
  chmodSync(path, 0o644);
  writeFileSync(path, bytes);
}

const shown = ({ findings }: Verified): readonly string[] =>
  findings.map(({ kind, name, path, repaired }) => `${repaired ? "repaired" : kind} ${name} ${path}`);

describe("verify", () => {
  it("finds nothing where all is well, in the cache and in the remote", async () => {
    const { workspace } = await pushed();
    const here = await verify(workspace, undefined, LOOK);
    assert.deepEqual([here.objects, here.bytes > 0, here.findings, here.unlisted], [4, true, [], 0]);
    const there = await verify(workspace, await workspace.remote(), LOOK);
    assert.deepEqual([there.objects, there.findings], [4, []]);
  });

  it("tells what is damaged, what is missing and what nothing names, and changes nothing", async () => {
    const { workspace, folder } = await pushed();
    write(folder, { "b.csv": "b" });
    await add(workspace, "b.csv");
    rmSync(join(folder, "b.csv.dvc"));
    damage(workspace.cache.url, A);
    workspace.cache.drop(digestOf("xx").md5);
    const found = await verify(workspace, undefined, LOOK);
    assert.deepEqual(
      [...shown(found)].sort(),
      [`damaged ${A} a.csv`, `missing ${digestOf("xx").md5} images`].sort(),
    );
    assert.equal(found.unlisted, 1);
    assert.equal(readFileSync(join(workspace.cache.url, objectPath(A)), "utf8"), "bad");
  });

  it("repairs the cache from the working tree, else from the remote", async () => {
    for (const keepsFiles of [true, false]) {
      const { workspace, folder, store } = await pushed();
      if (keepsFiles) rmSync(store, { recursive: true });
      else for (const path of ["a.csv", "images"]) rmSync(join(folder, path), { recursive: true });
      damage(workspace.cache.url, A);
      workspace.cache.drop(digestOf("xx").md5);
      const found = await verify(workspace, undefined, REPAIR);
      assert.deepEqual(
        found.findings.map(({ repaired }) => repaired),
        [true, true],
        `files are kept: ${keepsFiles}`,
      );
      assert.deepEqual((await verify(workspace, undefined, LOOK)).findings, []);
    }
  });

  it("repairs the remote from the cache, and says what nobody has", async () => {
    const { workspace, folder, store } = await pushed();
    damage(store, A);
    rmSync(join(store, objectPath(digestOf("yy").md5)));
    const remote = await workspace.remote();
    assert.equal((await verify(workspace, remote, LOOK)).findings.length, 2);
    assert.deepEqual(
      (await verify(workspace, remote, REPAIR)).findings.map(({ repaired }) => repaired),
      [true, true],
    );
    assert.deepEqual((await verify(workspace, remote, LOOK)).findings, []);

    damage(store, A);
    damage(workspace.cache.url, A, "worse");
    rmSync(join(folder, "a.csv"));
    assert.deepEqual(shown(await verify(workspace, remote, REPAIR)), [`damaged ${A} a.csv`]);
    assert.ok(existsSync(join(store, objectPath(A))), "what nobody has whole is left as it is");
  });

  it("holds bytes against what vouches for them", async () => {
    const { workspace } = await pushed();
    const remote = await workspace.remote();
    await remote.vouch(A, { sha256: digestOf("other").sha256 });
    assert.deepEqual(shown(await verify(workspace, remote, REPAIR)), [`forged ${A} a.csv`]);
  });

  it("goes on at a voucher that is none, and at a manifest that only the voucher is left of", async () => {
    const { workspace, folder, store } = await pushed();
    const { md5: images } = await add(workspace, "images");
    const voucher = join(store, "trainyard/sha256", `${A.slice(0, 2)}/${A.slice(2)}`);
    writeFileSync(voucher, "<html>log in</html>\n");
    rmSync(join(store, objectPath(images)));
    workspace.cache.drop(images);
    rmSync(join(folder, "images"), { recursive: true });
    const remote = await workspace.remote();
    for (const how of [LOOK, REPAIR]) {
      assert.deepEqual([...shown(await verify(workspace, remote, how))].sort(), [
        `missing ${images} images`,
        `unreadable ${A} a.csv`,
      ]);
    }
    assert.equal(readFileSync(voucher, "utf8"), "<html>log in</html>\n");
    await push(workspace, { allObjects: true }).catch(() => {});
    assert.doesNotMatch(readFileSync(voucher, "utf8"), /html/);
  });

  it("goes on where an interrupted run was", async () => {
    const { workspace, folder } = await pushed();
    const names: string[] = [];
    for await (const { name } of workspace.cache.list()) names.push(name);
    const { url } = workspace.cache;
    const last = names.sort()[1] ?? "";
    damage(url, A);
    const note = (await import("node:crypto")).createHash("md5").update(url).digest("hex");
    const state = join(folder, ".trainyard", `verify-${note}.json`);
    write(folder, { [`.trainyard/verify-${note}.json`]: printVerifyState({ url, last, damaged: [A] }) });
    const found = await verify(workspace, undefined, LOOK);
    assert.deepEqual([found.before, shown(found)], [2, [`damaged ${A} a.csv`]]);
    assert.equal(existsSync(state), false);
    assert.equal((await verify(workspace, undefined, LOOK)).before, 0);
  });

  it("knows the names of DVC 2 from damage", async () => {
    const { workspace } = await pushed();
    const crlf = Buffer.from("line1\r\nline2\r\n");
    const name = legacyMd5("4fcc82a88ee38e0aa16c17f512c685c9");
    assert.ok(name);
    await workspace.cache.receive(name, async function* () {
      yield crlf;
    });
    assert.deepEqual((await verify(workspace, undefined, LOOK)).findings, []);
    damage(workspace.cache.url, name);
    assert.deepEqual(shown(await verify(workspace, undefined, LOOK)), [`damaged ${name} undefined`]);
  });
});
