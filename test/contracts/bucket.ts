import assert from "node:assert/strict";
import { buffer } from "node:stream/consumers";
import { describe, it } from "node:test";
import { type Bucket, KeyMissing, type Outgoing } from "../../src/ports/bucket.ts";

/**
 * What every bucket promises. An adapter is done when it passes; the fake is held to it too.
 *
 * @param open a bucket with nothing in it, each time another
 */
export function bucketContract(name: string, open: () => Promise<Bucket>): void {
  const bytes = Buffer.from("age,income\n42,50000\n");
  const key = "files/md5/60/b725f10c9c85c70d97880dfe8191b3";
  const opened = async (work: (bucket: Bucket) => Promise<void>): Promise<void> => {
    const bucket = await open();
    try {
      await work(bucket);
    } finally {
      await bucket.close();
    }
  };

  describe(`${name} keeps the bucket contract`, () => {
    it("gives back the bytes it was given, however they were cut, and from a byte on", () =>
      opened(async (bucket) => {
        await bucket.write(key, outgoing(bytes.subarray(0, 5), bytes.subarray(5)));
        assert.equal(await bucket.size(key), bytes.length);
        assert.deepEqual(await buffer(bucket.read(key)), bytes);
        assert.deepEqual(await buffer(bucket.read(key, 7)), bytes.subarray(7));
        for (const [from, to] of [
          [0, 4],
          [7, 9],
          [7, bytes.length],
        ] as const) {
          const part = await buffer(bucket.range?.(key, from, to) ?? bucket.read(key, from));
          assert.deepEqual(
            part.subarray(0, to - from),
            bytes.subarray(from, to),
            "more may come, and not less",
          );
        }
      }));

    it("keeps nothing of no bytes apart from nothing", () =>
      opened(async (bucket) => {
        assert.equal(await bucket.size(key), undefined);
        await bucket.write(key, outgoing());
        assert.equal(await bucket.size(key), 0);
        assert.equal((await buffer(bucket.read(key))).length, 0);
      }));

    it("keeps megabytes, and a key of many kinds of characters", () =>
      opened(async (bucket) => {
        const odd = "trainyard/a b+c%20d/日本 é&=?.json";
        const large = Buffer.alloc(9 << 20, "abcdefg");
        await bucket.write(odd, outgoing(large.subarray(0, 1 << 20), large.subarray(1 << 20)));
        assert.ok(large.equals(await buffer(bucket.read(odd))));
        assert.deepEqual(await buffer(bucket.read(odd, large.length - 3)), large.subarray(-3));
        const [from, to] = [100, large.length - 100]; // longer than what one request brings
        const most = await buffer(bucket.range?.(odd, from, to) ?? bucket.read(odd, from));
        assert.ok(large.subarray(from, to).equals(most.subarray(0, to - from)));
      }));

    it("replaces what was there, also where two write at once", () =>
      opened(async (bucket) => {
        await bucket.write(key, outgoing(Buffer.from("old")));
        await Promise.all([bucket.write(key, outgoing(bytes)), bucket.write(key, outgoing(bytes))]);
        assert.deepEqual(await buffer(bucket.read(key)), bytes);
      }));

    it("keeps nothing of a write that broke off", () =>
      opened(async (bucket) => {
        await assert.rejects(bucket.write(key, brokenOff(bytes)), /connection reset/);
        assert.equal(await bucket.size(key), undefined);
        await bucket.write(key, outgoing(bytes));
        assert.deepEqual(await buffer(bucket.read(key)), bytes);
      }));

    it("says what is missing, and where", () =>
      opened(async (bucket) => {
        await assert.rejects(buffer(bucket.read(key)), new KeyMissing(key, bucket.url));
      }));

    it("removes, also what is not there", () =>
      opened(async (bucket) => {
        await bucket.write(key, outgoing(bytes));
        await bucket.remove([key, "files/md5/00/00000000000000000000000000000000"]);
        assert.equal(await bucket.size(key), undefined);
      }));

    it("lists what starts with a prefix, or says that it cannot list", () =>
      opened(async (bucket) => {
        const keys = ["files/md5/60/b1", "files/md5/60/b2", "files/md5/61/c", "trainyard/x.json"];
        for (const one of keys) await bucket.write(one, outgoing(bytes));
        if (!bucket.lists) {
          await assert.rejects(all(bucket.list("")));
          return;
        }
        const found = async (prefix: string): Promise<string[]> =>
          (await all(bucket.list(prefix))).map((entry) => entry.key).sort();
        assert.deepEqual(await found(""), keys);
        assert.deepEqual(await found("files/md5/60/"), keys.slice(0, 2));
        assert.deepEqual(await found("files/md5/60/b2"), keys.slice(1, 2));
        assert.deepEqual(await found("nowhere/"), []);
        const [entry] = await all(bucket.list("trainyard/"));
        assert.equal(entry?.size, bytes.length);
        if (entry?.modified !== undefined) {
          assert.ok(Math.abs(entry.modified.getTime() - Date.now()) < 3_600_000);
        }
      }));
  });
}

/** Chunks as something to send. */
export function outgoing(...parts: readonly Uint8Array[]): Outgoing {
  const whole = Buffer.concat(parts);
  return {
    size: whole.length,
    async *bytes(from = 0, to = whole.length) {
      if (from === 0 && to === whole.length) yield* parts;
      else if (to > from) yield whole.subarray(from, to);
    },
  };
}

function brokenOff(bytes: Uint8Array): Outgoing {
  return {
    size: bytes.length,
    async *bytes() {
      yield bytes.subarray(0, 7);
      throw new Error("connection reset");
    },
  };
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
