import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import { folderRemote } from "../../../src/adapters/remotes/folder.ts";
import { memoryRemote } from "../../../src/adapters/remotes/memory.ts";
import { verified } from "../../../src/adapters/remotes/verified.ts";
import { openWorkspace } from "../../../src/adapters/workspace.ts";
import { digestOf, type Md5 } from "../../../src/core/artifacts/digest.ts";
import { silent, temporaryFolder } from "../../artifacts/temporary.ts";
import { chunks, remoteContract } from "../../contracts/remote.ts";

remoteContract("memory", async () => memoryRemote());
remoteContract("folder", async () => folderRemote(join(temporaryFolder(), "store")));
remoteContract("verified memory", async () => verified(memoryRemote()));
remoteContract("cache", async () => (await openWorkspace(temporaryFolder(), silent())).cache);

const bytes = Buffer.from("a\n");
const { md5 } = digestOf(bytes);

test("a folder remote lies as DVC's does, read-only", async () => {
  const store = join(temporaryFolder(), "store");
  await folderRemote(store).write(md5, chunks(bytes));
  assert.equal(md5, "60b725f10c9c85c70d97880dfe8191b3");
  assert.equal(statSync(join(store, "files/md5/60/b725f10c9c85c70d97880dfe8191b3")).mode & 0o777, 0o444);
  assert.deepEqual(readdirSync(join(store, "tmp")), []);
});

test("a folder does not take wrong bytes under a name", async () => {
  const remote = folderRemote(join(temporaryFolder(), "store"));
  await assert.rejects(remote.write(md5, chunks(Buffer.from("b\n"))), /damaged/);
  assert.equal(await remote.has(md5), false);
});

test("verified catches wrong bytes both ways, of manifests too", async () => {
  const wrong = memoryRemote(new Map([[md5, Buffer.from("A\n")]]));
  await assert.rejects(
    buffer(verified(wrong).read(md5)),
    /60b725f10c9c85c70d97880dfe8191b3 in memory: is damaged/,
  );
  const empty = memoryRemote();
  await assert.rejects(verified(empty).write(md5, chunks(Buffer.from("x"))), /damaged/);
  const manifest = `${md5}.dir` as Md5;
  await assert.rejects(verified(empty).write(manifest, chunks(Buffer.from("[]"))), /damaged/);
  assert.equal(await empty.has(md5), false);
  assert.equal(await empty.has(manifest), false);
});
