import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import { folderBucket } from "../../../src/adapters/remotes/buckets/folder.ts";
import { memoryBucket } from "../../../src/adapters/remotes/buckets/memory.ts";
import { folderRemote } from "../../../src/adapters/remotes/folder.ts";
import { memoryRemote } from "../../../src/adapters/remotes/memory.ts";
import { digestOf } from "../../../src/core/artifacts/digest.ts";
import { temporaryFolder } from "../../artifacts/temporary.ts";
import { bucketContract } from "../../contracts/bucket.ts";
import { remoteContract, sendingOf } from "../../contracts/remote.ts";

bucketContract("memory", async () => memoryBucket());
bucketContract("a folder", async () => folderBucket(join(temporaryFolder(), "store")));
remoteContract("memory", async () => memoryRemote());
remoteContract("a folder", async () => folderRemote(join(temporaryFolder(), "store")));

const bytes = Buffer.from("a\n");
const { md5 } = digestOf(bytes);

test("a folder remote lies as DVC's does, read-only", async () => {
  const store = join(temporaryFolder(), "store");
  await folderRemote(store).send([sendingOf(bytes)]);
  assert.equal(md5, "60b725f10c9c85c70d97880dfe8191b3");
  assert.equal(statSync(join(store, "files/md5/60/b725f10c9c85c70d97880dfe8191b3")).mode & 0o777, 0o444);
  assert.deepEqual(readdirSync(join(store, "tmp")), []);
});

test("wrong bytes are caught on their way from a remote", async () => {
  const wrong = memoryRemote(new Map([["files/md5/60/b725f10c9c85c70d97880dfe8191b3", Buffer.from("A\n")]]));
  await assert.rejects(buffer(wrong.read(md5)), /60b725f10c9c85c70d97880dfe8191b3 in memory: is damaged/);
});
