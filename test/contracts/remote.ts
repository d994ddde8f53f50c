import assert from "node:assert/strict";
import { buffer } from "node:stream/consumers";
import { describe, it } from "node:test";
import { digestOf, type Md5 } from "../../src/core/artifacts/digest.ts";
import { ObjectMissing, type Remote } from "../../src/ports/remote.ts";

/** What every remote promises. An adapter is done when it passes; the fake is held to it too. */
export function remoteContract(name: string, open: () => Promise<Remote>): void {
  const bytes = Buffer.from("age,income\n42,50000\n");
  const { md5 } = digestOf(bytes);

  describe(`${name} keeps the remote contract`, () => {
    it("gives back the bytes it was given, however they were cut", async () => {
      const remote = await open();
      await remote.write(md5, chunks(bytes.subarray(0, 5), bytes.subarray(5)));
      assert.deepEqual(await buffer(remote.read(md5)), bytes);
    });

    it("keeps an object of no bytes, and a manifest", async () => {
      const remote = await open();
      const empty = digestOf("").md5;
      const manifest = `${digestOf("[]").md5}.dir` as Md5;
      await remote.write(empty, chunks());
      await remote.write(manifest, chunks(Buffer.from("[]")));
      assert.equal((await buffer(remote.read(empty))).length, 0);
      assert.deepEqual((await all(remote.list())).sort(), [empty, manifest].sort());
      assert.equal(await remote.has(manifest.slice(0, 32) as Md5), false);
    });

    it("keeps megabytes", async () => {
      const remote = await open();
      const large = Buffer.alloc(3 << 20, "abcdefg");
      const name = digestOf(large).md5;
      await remote.write(name, chunks(large.subarray(0, 1 << 20), large.subarray(1 << 20)));
      assert.equal(digestOf(await buffer(remote.read(name))).md5, name);
    });

    it("holds one object for one content, also where two write it at once", async () => {
      const remote = await open();
      await Promise.all([remote.write(md5, chunks(bytes)), remote.write(md5, chunks(bytes))]);
      await remote.write(md5, chunks(bytes));
      assert.deepEqual(await all(remote.list()), [md5]);
    });

    it("keeps nothing of a write that broke off", async () => {
      const remote = await open();
      await assert.rejects(remote.write(md5, brokenOff(bytes)), /connection reset/);
      assert.equal(await remote.has(md5), false);
      assert.deepEqual(await all(remote.list()), []);
      await remote.write(md5, chunks(bytes));
      assert.equal(await remote.has(md5), true);
    });

    it("says what is missing, and where", async () => {
      const remote = await open();
      await assert.rejects(buffer(remote.read(md5)), new ObjectMissing(md5, remote.url));
    });
  });
}

export async function* chunks(...parts: readonly Uint8Array[]): AsyncIterable<Uint8Array> {
  yield* parts;
}

async function* brokenOff(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes.subarray(0, 7);
  throw new Error("connection reset");
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
