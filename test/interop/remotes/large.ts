import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import type { Bucket, Outgoing } from "../../../src/ports/bucket.ts";
import { all } from "../../contracts/bucket.ts";

/** Not a multiple of any part. */
const SIZE = (40 << 20) + 5;
const CHUNK = 1_000_003;
const NOISE = randomBytes(CHUNK);

/**
 * What a bucket of an object store promises for objects that travel in parts.
 *
 * @param open a bucket with nothing in it, each time another
 */
export function largeObjects(name: string, open: () => Promise<Bucket>): void {
  const key = "files/md5/60/b725f10c9c85c70d97880dfe8191b3";

  describe(`${name} takes large objects in parts`, () => {
    it("gives back each of their bytes, from any on", async () => {
      const bucket = await open();
      await bucket.write(key, numbered(SIZE));
      assert.equal(await bucket.size(key), SIZE);
      for (const from of [0, 1, 16 << 20, SIZE - 1]) {
        assert.equal(await md5Of(bucket.read(key, from)), await md5Of(numbered(SIZE).bytes(from)));
      }
      for await (const _ of bucket.read(key)) break; // and lets go of what it had fetched ahead
      assert.equal(await md5Of(bucket.read(key, SIZE)), await md5Of(numbered(0).bytes()));
      await bucket.close();
    });

    it("keeps nothing of one that broke off, and takes it afterwards", async () => {
      const bucket = await open();
      const broken: Outgoing = {
        size: SIZE,
        async *bytes() {
          yield* numbered(35 << 20).bytes();
          throw new Error("the disk is gone");
        },
      };
      await assert.rejects(bucket.write(key, broken), /the disk is gone/);
      assert.equal(await bucket.size(key), undefined);
      assert.deepEqual(await all(bucket.list("")), []);
      await bucket.write(key, numbered(SIZE));
      assert.equal(await md5Of(bucket.read(key)), await md5Of(numbered(SIZE).bytes()));
      await bucket.close();
    });

    it("takes several at once", async () => {
      const bucket = await open();
      const keys = ["a", "b", "c", "d"];
      await Promise.all(keys.map((one, index) => bucket.write(one, numbered(SIZE + index))));
      const found = await Promise.all(keys.map((one) => md5Of(bucket.read(one))));
      const expected = keys.map((_, index) => md5Of(numbered(SIZE + index).bytes()));
      assert.deepEqual(found, await Promise.all(expected));
      await bucket.close();
    });
  });
}

/** Bytes that differ by their place; one buffer is used for all chunks, as a thrifty reader might. */
function numbered(size: number): Outgoing {
  return {
    size,
    async *bytes(from = 0, to = size) {
      const buffer = Buffer.from(NOISE);
      for (let at = from; at < to; ) {
        const number = Math.floor(at / CHUNK);
        const first = number * CHUNK;
        buffer.writeUInt32BE(number);
        const chunk = buffer.subarray(at - first, Math.min(CHUNK, to - first));
        at += chunk.length;
        yield chunk;
      }
    },
  };
}

async function md5Of(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash("md5");
  for await (const chunk of bytes) hash.update(chunk);
  return hash.digest("hex");
}
